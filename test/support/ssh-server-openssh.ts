import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Where OpenSSH's programs are not installed, or the account has no shell to log in with, its tests are skipped; on CI that
 * is a failure.
 */
export const withoutOpenSsh =
  process.env['CI'] !== 'true' &&
  (/\/(?:nologin|false)$/.test(userInfo().shell ?? '') ||
    !['/usr/sbin/sshd', '/usr/bin/ssh', '/usr/bin/ssh-keygen'].every((path) => existsSync(path)));

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

/** Makes a key pair with ssh-keygen; returns the private file, beside which stands the .pub. */
export function generateKey(
  folder: string,
  name: string,
  type: KeyType = 'ed25519',
  more: readonly string[] = [],
): string {
  const path = join(folder, name);
  const passphrase = more.includes('-N') ? [] : ['-N', ''];
  execFileSync('/usr/bin/ssh-keygen', [
    '-q',
    '-t',
    type,
    ...(type === 'rsa' ? ['-b', '2048'] : []),
    '-f',
    path,
    ...passphrase,
    ...more,
  ]);
  return path;
}

/** Type and base64 of a .pub file. */
export function publicPart(privatePath: string): string {
  return readFileSync(`${privatePath}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim();
}

export interface Sshd {
  readonly port: number;
  /** What sshd has logged so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** The account that a test's sshd lets in: an sshd without root can only be itself. */
export const ownAccount = userInfo().username;

/**
 * A bash built with SSH_SOURCE_BASHRC, as Debian's is, reads ~/.bashrc for every command of an sshd, and that may take seconds;
 * not so where SHLVL says that it is no first shell (tried with OpenSSH 9.2 and bash 5.2).
 */
const shellWithoutStartFile = 'SetEnv SHLVL=2';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** Starts OpenSSH's sshd on loopback with a configuration of its own. */
export async function startSshd(
  folder: string,
  options: {
    hostKeys: readonly string[];
    authorizedKeys: string;
    config?: readonly string[];
    addresses?: readonly string[];
  },
): Promise<Sshd> {
  // The folder that sshd changes its root to when root starts it; packages make it at boot.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  const { addresses = ['127.0.0.1'] } = options;
  const authorizedKeys = join(folder, `authorized_keys-${port}`);
  writeFileSync(authorizedKeys, options.authorizedKeys, { mode: 0o600 });
  const config = join(folder, `sshd_config-${port}`);
  const lines = [
    ...(options.config ?? []),
    ...addresses.map((address) => `ListenAddress ${address}:${port}`),
    ...options.hostKeys.map((path) => `HostKey ${path}`),
    `AuthorizedKeysFile ${authorizedKeys}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'StrictModes no',
    'UsePAM no',
    shellWithoutStartFile,
    'PidFile none',
    'LogLevel VERBOSE',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const child: ChildProcess = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.split('Server listening').length > addresses.length) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd ended: ${log}`)));
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  return {
    port,
    log: () => log,
    stop() {
      child.kill();
      return ended;
    },
  };
}
