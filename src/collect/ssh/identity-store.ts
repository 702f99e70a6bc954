import { createPrivateKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import type { Host } from '../../inventory/model.ts';
import { HostFailure } from '../failure.ts';
import type { Environment } from '../transport.ts';
import type { AgentConnection } from './agent.ts';
import type { Identities, Identity } from './identity.ts';
import { assertPrivate, readKeyFile, unlock, type KeyFile } from './key-file.ts';

/** Where passphrases come from. */
export interface Secrets {
  readonly environment: Environment;
  /** Asks a person; resolves to undefined where nobody can be asked. */
  readonly askPassphrase?: (keyFile: string) => Promise<string | undefined>;
}

const usualFiles = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

// ssh2 signs from a PEM text, which OpenSSL decodes each time: 0.5 ms a signature against 0.05 ms with a kept KeyObject.
function fileIdentity(key: ParsedKey): Identity {
  const privateKey = createPrivateKey(key.getPrivatePEM());
  const fixedHash = new Map<string, string | null>([
    ['ssh-ed25519', null],
    ['ecdsa-sha2-nistp256', 'sha256'],
    ['ecdsa-sha2-nistp384', 'sha384'],
    ['ecdsa-sha2-nistp521', 'sha512'],
  ]).get(key.type);
  return {
    publicKey: key,
    sign: (data, hash, done) => done(null, sign(fixedHash === undefined ? hash : fixedHash, data, privateKey)),
  };
}

async function readPassphrase(reference: string, environment: Environment): Promise<string> {
  if (reference.startsWith('env:')) {
    const value = environment[reference.slice(4)];
    if (value === undefined)
      throw new HostFailure(
        'auth',
        'keys',
        `identityPassphrase: the environment variable ${reference.slice(4)} is not set`,
      );
    return value;
  }
  const path = reference.replace(/^file:/, '').replace(/^~(?=\/)/, homedir());
  try {
    await assertPrivate(path);
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof HostFailure) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new HostFailure('auth', 'keys', `identityPassphrase: ${path} cannot be read (${code})`, { cause: error });
  }
}

/** The keys of a run: every file is read and decrypted once, however many hosts use it. */
export function createIdentityStore(
  secrets: Secrets,
  agent: AgentConnection | undefined,
): (host: Host) => Promise<Identities> {
  const opened = new Map<string, Promise<Identity>>();
  const chosen = new Map<string, Promise<Identities>>();
  const noAgent: Identities = { keys: [], notes: ['SSH_AUTH_SOCK is not set'] };
  const held = (): Promise<Identities> => agent?.identities() ?? Promise.resolve(noAgent);

  async function unlockFile(file: KeyFile, reference: string | undefined): Promise<Identity> {
    if (file.form === 'private') return fileIdentity(unlock(file, undefined));
    const inAgent = (await held()).keys.find((key) => file.publicBlob?.equals(key.publicKey.getPublicSSH()));
    if (inAgent !== undefined) return inAgent;
    const why = (await held()).notes.map((note) => ` (${note})`).join('');
    if (file.form === 'public') {
      throw new HostFailure(
        'auth',
        'keys',
        `${file.path} is a public key, and ssh-agent does not hold its private half${why}`,
      );
    }
    const passphrase =
      reference === undefined
        ? await secrets.askPassphrase?.(file.path)
        : await readPassphrase(reference, secrets.environment);
    if (passphrase === undefined) {
      const advice = 'set identityPassphrase (env:NAME or file:PATH), or load the key into ssh-agent';
      throw new HostFailure('auth', 'keys', `${file.path} is encrypted and there is no passphrase: ${advice}${why}`);
    }
    return fileIdentity(unlock(file, passphrase));
  }

  function open(path: string, reference: string | undefined): Promise<Identity> {
    const key = JSON.stringify([path, reference]);
    let identity = opened.get(key);
    if (identity === undefined) {
      identity = readKeyFile(path).then((file) => unlockFile(file, reference));
      opened.set(key, identity);
    }
    return identity;
  }

  async function configured(files: readonly string[], reference: string | undefined): Promise<Identities> {
    const keys: Identity[] = [];
    // One after the other: each may ask for its passphrase on the terminal.
    for (const path of files) keys.push(await open(path, reference));
    return { keys, notes: [] };
  }

  async function usual(reference: string | undefined): Promise<Identities> {
    const inAgent = await held();
    const keys = [...inAgent.keys];
    const notes = [...inAgent.notes];
    for (const name of usualFiles) {
      try {
        const key = await open(join(homedir(), '.ssh', name), reference);
        const blob = key.publicKey.getPublicSSH();
        if (!keys.some((other) => other.publicKey.getPublicSSH().equals(blob))) keys.push(key);
      } catch (error) {
        // A usual file that is missing or locked is no mistake of the user's: it is named only when no key lets us in.
        if (!(error instanceof HostFailure)) throw error;
        notes.push(error.reason);
      }
    }
    if (keys.length > 0) return { keys, notes };
    throw new HostFailure('auth', 'keys', `there is no key to log in with: set identityFile. ${notes.join('; ')}`);
  }

  return (host) => {
    const key = JSON.stringify([host.identityFiles, host.identityPassphrase]);
    let identities = chosen.get(key);
    if (identities === undefined) {
      identities =
        host.identityFiles.length > 0
          ? configured(host.identityFiles, host.identityPassphrase)
          : usual(host.identityPassphrase);
      chosen.set(key, identities);
    }
    return identities;
  };
}
