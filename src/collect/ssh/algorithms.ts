import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';

// Left out on purpose: group exchange (the client tests the server's prime for minutes of CPU time), chacha20-poly1305
// and CBC (the two that the Terrapin attack needs, CVE-2023-48795), everything with SHA-1, and compression.
const modern = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
} as const;

// What OpenSSH 4.3 to 6.4 (RHEL 5 and 6) has in common with ssh2.
const legacy = { kex: ['diffie-hellman-group14-sha1'], hmac: ['hmac-sha1'] } as const;

// By known_hosts key type, in order of preference.
const signatures: ReadonlyMap<string, readonly ServerHostKeyAlgorithm[]> = new Map([
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
]);

/**
 * The host-key algorithms that can prove one of the known keys: a host with several keys must present one that is known,
 * or it would look changed.
 */
export function hostKeyAlgorithms(knownTypes: Iterable<string>, legacyAlgorithms: boolean): ServerHostKeyAlgorithm[] {
  const types = new Set(knownTypes);
  const usable = [...signatures].flatMap(([type, algorithms]) => (types.has(type) ? algorithms : []));
  return legacyAlgorithms && types.has('ssh-rsa') ? [...usable, 'ssh-rsa'] : usable;
}

/** Everything that is offered to a host. */
export function offeredAlgorithms(serverHostKey: ServerHostKeyAlgorithm[], legacyAlgorithms: boolean): Algorithms {
  return {
    kex: [...modern.kex, ...(legacyAlgorithms ? legacy.kex : [])],
    serverHostKey,
    cipher: [...modern.cipher],
    hmac: [...modern.hmac, ...(legacyAlgorithms ? legacy.hmac : [])],
    compress: ['none'],
  };
}
