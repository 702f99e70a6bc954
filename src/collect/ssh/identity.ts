import type { ParsedKey, SignCallback } from 'ssh2';

/** The hash of an RSA signature, as the key exchange of algorithms names it. */
export type RsaHash = 'sha1' | 'sha256' | 'sha512';

/** A key to log in with, wherever its private half is. */
export interface Identity {
  readonly publicKey: ParsedKey;
  sign(data: Buffer, hash: RsaHash | undefined, done: SignCallback): void;
}

/** The keys for a host, and what should be said when none of them lets us in. */
export interface Identities {
  readonly keys: readonly Identity[];
  readonly notes: readonly string[];
}
