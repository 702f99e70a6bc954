import { HostFailure } from '../failure.ts';
import {
  fingerprint,
  judgeHostKey,
  plainKeys,
  type KnownHostKeys,
  type KnownHostLine,
  type KnownHostsFile,
} from './known-hosts.ts';
import { hostKeyAlgorithms } from './algorithms.ts';

const addAdvice = (keys: KnownHostKeys): string =>
  "Read the host's fingerprint at its console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), fetch the key with ssh-keyscan, " +
  `compare the two with ssh-keygen -lf, and only then add the line under the name ${keys.name}`;

function searched(files: readonly KnownHostsFile[]): string {
  return files
    .map((file) => file.path + (file.unreadable === undefined ? '' : ` (not read: ${file.unreadable})`))
    .join(', ');
}

/**
 * Refuses a host before it is contacted when known_hosts holds nothing that could identify it.
 * Certificates are not supported by ssh2, so a @cert-authority line identifies nobody here.
 */
export function assertKnown(keys: KnownHostKeys, files: readonly KnownHostsFile[], legacyAlgorithms: boolean): void {
  const plain = plainKeys(keys);
  const types = plain.map((line) => line.type);
  if (hostKeyAlgorithms(types, legacyAlgorithms).length > 0) return;
  const lines = [...keys.lines, ...(keys.bare?.lines ?? [])];
  const authority = lines.find((line) => line.marker === 'cert-authority');
  const revoked = lines.find((line) => line.marker === 'revoked');
  let reason = `no key for ${keys.name} in ${searched(files)}`;
  if (plain.length > 0) {
    const held = plain.map((line) => `${line.type} (${line.place})`).join(', ');
    reason = `for ${keys.name} there are only key types that are not supported: ${held}`;
  } else if (authority !== undefined) {
    reason =
      `${authority.place} trusts ${keys.name} by a certificate authority, and host certificates are not supported; ` +
      'a plain key is needed beside it';
  } else if (revoked !== undefined) {
    reason = `${revoked.place} revokes a key of ${keys.name} and there is no other`;
  }
  throw new HostFailure('host-key-unknown', 'known hosts', `${reason}. ${addAdvice(keys)}`);
}

function shown(line: KnownHostLine): string {
  return `${line.type} ${fingerprint(line.blob)} (${line.place})`;
}

/** The failure that a presented host key means, or nothing when it is the known one. */
export function hostKeyFailure(keys: KnownHostKeys, presented: Buffer): HostFailure | undefined {
  const judgement = judgeHostKey(keys, presented);
  switch (judgement.verdict) {
    case 'accepted':
      return undefined;
    case 'revoked':
      return new HostFailure(
        'host-key-revoked',
        'key exchange',
        `the host presented the key ${fingerprint(presented)}, which ${judgement.line.place} revokes. ` +
          'Whoever holds that key can pass for this host: find out who answers at this address',
      );
    case 'changed':
      return new HostFailure(
        'host-key-changed',
        'key exchange',
        `the host presented the key ${fingerprint(presented)}; known is ${shown(judgement.line)}. Nothing was sent to it. ` +
          'Somebody may be answering in its place. If it was reinstalled, confirm the new fingerprint at its console, ' +
          `remove the old line (ssh-keygen -R '${keys.name}', with -f for a file of your own) and add the new key`,
      );
    case 'unknown':
      return new HostFailure(
        'host-key-unknown',
        'key exchange',
        `the host presented the key ${fingerprint(presented)}, which is not known for ${keys.name}. Nothing was sent to it. ${addAdvice(keys)}`,
      );
  }
}

/**
 * The failure of a host that offers no key of a known type: OpenSSH calls a host changed when it presents
 * a key beside the known ones.
 */
export function noKnownTypeFailure(keys: KnownHostKeys, offered: string): HostFailure {
  return new HostFailure(
    'host-key-changed',
    'key exchange',
    `the host offers ${offered}; known for ${keys.name} is ${plainKeys(keys).map(shown).join(', ')}. Nothing was sent to it. ` +
      'Somebody may be answering in its place. If its keys were replaced, confirm the new fingerprint at its console before you add it',
  );
}
