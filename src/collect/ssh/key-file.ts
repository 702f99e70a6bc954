import { readFile, stat } from 'node:fs/promises';
import { platform, userInfo } from 'node:os';
import ssh2, { type ParsedKey } from 'ssh2';
import { HostFailure } from '../failure.ts';

/** A key file as it lies there. */
export interface KeyFile {
  readonly path: string;
  readonly text: Buffer;
  /** public: only the public half, as ssh_config allows for keys that the agent holds. */
  readonly form: 'private' | 'encrypted' | 'public';
  /** The public half in SSH wire format, where the file shows it without its passphrase. */
  readonly publicBlob?: Buffer;
}

const magic = 'openssh-key-v1\0';

function failure(reason: string, cause?: unknown): HostFailure {
  return new HostFailure('auth', 'keys', reason, cause === undefined ? {} : { cause });
}

/** Refuses a file that others can read, as OpenSSH does for a user's own private keys. */
export async function assertPrivate(path: string): Promise<void> {
  if (platform() === 'win32') return;
  const { mode, uid } = await stat(path);
  if (uid === userInfo().uid && (mode & 0o077) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, '0');
    throw failure(
      `${path} can be read by others (mode ${shown}), so it is not used. Take the rights of group and others away (chmod 600)`,
    );
  }
}

/** The strings of an unencrypted header of PROTOCOL.key (OpenSSH): cipher, KDF, KDF options, key count, first public key. */
function opensshHeader(text: string): { cipher: string; publicBlob: Buffer } | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END OPENSSH PRIVATE KEY-----/.exec(text)?.[1];
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body, 'base64');
  if (bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  let at = magic.length;
  const next = (): Buffer | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    const field = bytes.subarray(at + 4, end);
    at = end;
    return field;
  };
  const cipher = next();
  next();
  next();
  at += 4;
  const publicBlob = next();
  return cipher === undefined || publicBlob === undefined
    ? undefined
    : { cipher: cipher.toString('latin1'), publicBlob };
}

/** Reads a private key file (or the .pub file of a key that the agent holds) and sees whether it is encrypted. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  let text: Buffer;
  try {
    text = await readFile(path);
  } catch (error) {
    throw failure(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, error);
  }
  const header = opensshHeader(text.toString('latin1'));
  if (header !== undefined) {
    await assertPrivate(path);
    return { path, text, form: header.cipher === 'none' ? 'private' : 'encrypted', publicBlob: header.publicBlob };
  }
  const publicKey = ssh2.utils.parseKey(text);
  if (!(publicKey instanceof Error) && !publicKey.isPrivateKey()) {
    return { path, text, form: 'public', publicBlob: publicKey.getPublicSSH() };
  }
  await assertPrivate(path);
  const encrypted = /^(?:Proc-Type: 4,ENCRYPTED|Encryption: aes)/m.test(text.toString('latin1'));
  return { path, text, form: encrypted ? 'encrypted' : 'private' };
}

/** The private key of a file. The only place that sees a passphrase; no message made here repeats it. */
export function unlock(file: KeyFile, passphrase: string | undefined): ParsedKey {
  const parsed = ssh2.utils.parseKey(file.text, passphrase);
  // An array only for files with several keys, which OpenSSH has never written.
  const key = Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed;
  if (key instanceof Error) {
    const wrong = file.form === 'encrypted' && passphrase !== undefined;
    const what = wrong ? 'does not open with the passphrase given' : 'is not a usable private key';
    throw failure(`${file.path} ${what} (${key.message})`);
  }
  if (key.type === 'ssh-dss') throw failure(`${file.path} is a DSA key, which is not supported; use ed25519`);
  return key;
}
