import { BaseAgent, type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import type { Identity } from './identity.ts';

/** The keys that are offered to one host, in the form that ssh2 takes for its one method "agent". */
export class Keyring extends BaseAgent<ParsedKey> {
  readonly #keys: readonly Identity[];
  readonly #legacyAlgorithms: boolean;
  readonly #notes: string[] = [];
  #signed = false;

  constructor(keys: readonly Identity[], legacyAlgorithms: boolean) {
    super();
    this.#keys = keys;
    this.#legacyAlgorithms = legacyAlgorithms;
  }

  /** What went wrong while signing. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** The host has taken one of the keys, and its signature. */
  get signed(): boolean {
    return this.#signed;
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    done(
      null,
      this.#keys.map((key) => key.publicKey),
    );
  }

  override sign(
    publicKey: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    const hash = typeof options === 'function' ? undefined : options.hash;
    if (done === undefined) return;
    const refuse = (note: string): void => {
      this.#notes.push(note);
      done(new Error(note));
    };
    const identity = this.#keys.find((key) => key.publicKey === publicKey);
    if (identity === undefined) return refuse('asked to sign with a key that was not offered');
    if (hash === 'sha1' && !this.#legacyAlgorithms) {
      return refuse(
        'the host takes RSA signatures with SHA-1 only; use an ed25519 key, or set legacyAlgorithms: true for this host',
      );
    }
    identity.sign(data, hash, (error, signature) => {
      if (error) return refuse(`signing failed: ${error.message}`);
      this.#signed = true;
      done(null, signature);
    });
  }
}
