import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, type AnyAuthMethod, type ClientChannel } from 'ssh2';
import { startExchange } from '../exchange.ts';
import { HostFailure } from '../failure.ts';
import { openPromise } from '../open-promise.ts';
import type { Attempt } from '../transport.ts';
import { within } from '../within.ts';
import { hostKeyAlgorithms, offeredAlgorithms } from './algorithms.ts';
import {
  closedFailure,
  forwardFailure,
  handshakeFailure,
  loginFailure,
  noIdentification,
  refusedCommand,
  type Ssh2Error,
} from './connection-failure.ts';
import { hostKeyFailure } from './host-key.ts';
import type { Identities } from './identity.ts';
import { Keyring } from './keyring.ts';
import { plainKeys, type KnownHostKeys } from './known-hosts.ts';
import { createTrace } from './trace.ts';

/** How to log in, and what the handshake may take. */
export interface Login {
  readonly user: string;
  readonly identities: Identities;
  readonly knownKeys: KnownHostKeys;
  readonly legacyAlgorithms: boolean;
  /** Deadline of the handshake, and of every later answer of the server to a request. */
  readonly seconds: number;
}

/** Bytes that a server may send before and beside what is asked of it: identification, key exchange, banner, packet overhead. */
const handshakeBytes = 512 * 1024;

const greetingBytes = 64 * 1024;

/** What may come over the wire for so many bytes of payload: a host may put few bytes into each packet. */
export function wireBytes(payload: number): number {
  return handshakeBytes + 4 * payload;
}

/** Time for the last packets to leave; a peer that does not read must not keep the process alive. */
const lingerMilliseconds = 500;

/** One SSH connection over a stream that it owns. Whatever happens, the stream is destroyed and nothing is thrown late. */
export class SshConnection {
  readonly #client = new Client();
  readonly #stream: Duplex;
  readonly #login: Login;
  readonly #trace = createTrace();
  readonly #waiting = new Set<(failure: HostFailure) => void>();
  #failure: HostFailure | undefined;
  #greeting = '';
  #bytesLeft = handshakeBytes;

  private constructor(stream: Duplex, login: Login) {
    this.#stream = stream;
    this.#login = login;
  }

  /** Verifies the host, then logs in. Takes the stream over, whether it succeeds or rejects with a HostFailure. */
  static async open(stream: Duplex, login: Login, signal: AbortSignal): Promise<SshConnection> {
    const connection = new SshConnection(stream, login);
    try {
      await connection.#handshake(signal);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Why the connection ended, once it has. */
  get failure(): HostFailure | undefined {
    return this.#failure;
  }

  /** Runs a probe; resolves to its output, end mark included. */
  async run(attempt: Attempt, signal: AbortSignal): Promise<Buffer> {
    this.#bytesLeft += wireBytes(attempt.probe.outputLimit);
    this.#trace.enter('channel');
    const asked = this.#ask<ClientChannel>((resolve, reject) =>
      this.#client.exec(attempt.probe.command, (error, channel) => {
        if (error) reject(refusedCommand(error, this.#trace.phase()));
        else resolve(channel);
      }),
    );
    const channel = await this.#during(asked, signal, this.#late);
    this.#trace.enter('output');
    const exchange = startExchange(attempt, channel, channel.stderr);
    channel.on('exit', exchange.exited);
    channel.on('close', exchange.closed);
    channel.on('error', () => undefined);
    channel.end(attempt.script);
    try {
      return await this.#during(exchange.answer, signal);
    } catch (error) {
      // A host that floods is not waited for until it has taken leave.
      if (error instanceof HostFailure && error.kind === 'output-cap') this.#end(error);
      throw error;
    }
  }

  /** Opens a stream to another host through this one; `bytes` is what may come through it. */
  async forward(address: string, port: number, bytes: number, signal: AbortSignal): Promise<Duplex> {
    this.#bytesLeft += wireBytes(bytes);
    this.#trace.enter('jump');
    const place = `${address} port ${port}`;
    let abandoned = false;
    const asked = this.#ask<Duplex>((resolve, reject) =>
      this.#client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
        if (error) reject(forwardFailure(error, place));
        else if (abandoned) channel.destroy();
        else resolve(channel);
      }),
    );
    const late = (): HostFailure =>
      new HostFailure('timeout', 'tcp', `the jump host did not reach ${place} within ${this.#login.seconds} s`);
    try {
      return await this.#during(asked, signal, late);
    } catch (error) {
      abandoned = true;
      throw error;
    }
  }

  /** Takes leave and closes; safe at any time. */
  close(): void {
    if (this.#failure === undefined) {
      this.#failure = new HostFailure('protocol', this.#trace.phase(), 'the connection is closed');
      this.#client.end();
    }
    const stream = this.#stream;
    if (stream.destroyed) return;
    if (!(stream instanceof Socket)) {
      stream.destroy();
      return;
    }
    const timer = setTimeout(() => stream.destroy(), lingerMilliseconds);
    stream.once('close', () => clearTimeout(timer));
    stream.destroySoon();
  }

  #state() {
    const { knownKeys, legacyAlgorithms } = this.#login;
    return {
      phase: this.#trace.phase(),
      offer: this.#trace.offer,
      greeting: this.#greeting,
      knownKeys,
      legacyAlgorithms,
    };
  }

  // The first failure is the cause; ssh2 raises up to a hundred more while a connection falls apart.
  #end(failure: HostFailure): void {
    if (this.#failure === undefined) {
      this.#failure = failure;
      for (const reject of this.#waiting) reject(failure);
    }
    this.#stream.destroy();
  }

  // ssh2 throws "Not connected" when the connection has just gone.
  #ask<T>(request: (resolve: (value: T) => void, reject: (failure: HostFailure) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      try {
        request(resolve, reject);
      } catch {
        reject(this.#failure ?? closedFailure(this.#state()));
      }
    });
  }

  readonly #late = (): HostFailure =>
    new HostFailure('timeout', this.#trace.phase(), `the host did not go on within ${this.#login.seconds} s`);

  /** Waits for work until the connection or the clock ends; with `late` also for no longer than the login's seconds. */
  #during<T>(work: Promise<T>, signal: AbortSignal, late?: () => HostFailure): Promise<T> {
    const broken = openPromise<never>();
    if (this.#failure === undefined) this.#waiting.add(broken.reject);
    else broken.reject(this.#failure);
    const limits = {
      signal,
      phase: this.#trace.phase,
      ...(late === undefined ? {} : { late, seconds: this.#login.seconds }),
    };
    return within(Promise.race([work, broken.promise]), limits).finally(() => this.#waiting.delete(broken.reject));
  }

  #handshake(signal: AbortSignal): Promise<void> {
    const client = this.#client;
    const login = this.#login;
    const ready = new Promise<void>((resolve) => {
      client.once('ready', resolve);
    });
    client.once('handshake', () => this.#trace.enter('authentication'));
    // Stays for good: 'error' may come many times, and one without a listener would end the process.
    client.on('error', (error: Ssh2Error) => {
      // One key that could not sign; the next is tried, and the keyring has noted why.
      if (error.level !== 'agent') this.#end(handshakeFailure(error, this.#state()));
    });
    client.on('close', () => this.#end(closedFailure(this.#state())));
    const hostKeyTypes = plainKeys(login.knownKeys).map((line) => line.type);
    client.connect({
      sock: this.#stream,
      username: login.user,
      // RFC 4253, section 4.2: no hyphen.
      ident: 'dsr_audit',
      // Its deadline would cover the handshake only; ours cover everything.
      readyTimeout: 0,
      algorithms: offeredAlgorithms(hostKeyAlgorithms(hostKeyTypes, login.legacyAlgorithms), login.legacyAlgorithms),
      hostVerifier: (key: Buffer, verify: (accepted: boolean) => void): void => {
        verify(this.#accepts(key));
      },
      authHandler: this.#loginOnce(),
      debug: this.#trace.line,
    });
    // ssh2 has paused the stream and resumes it later, so this does not take data from it.
    this.#stream.on('data', (chunk: Buffer) => this.#count(chunk));
    return this.#during(ready, signal, this.#late);
  }

  // ssh2 accepts a key unless it is told a strict false, so every way out of here is a boolean.
  #accepts(key: Buffer): boolean {
    try {
      const failure = hostKeyFailure(this.#login.knownKeys, key);
      if (failure === undefined) return true;
      this.#end(failure);
    } catch (error) {
      this.#end(new HostFailure('protocol', 'key exchange', 'the host key could not be judged', { cause: error }));
    }
    return false;
  }

  /** Public keys, once; no password, no keyboard-interactive, and no "none" that would only cost a round trip. */
  #loginOnce(): (methods: string[], partial: boolean, next: (method: AnyAuthMethod) => void) => void {
    const { user, identities, legacyAlgorithms } = this.#login;
    const keyring = new Keyring(identities.keys, legacyAlgorithms);
    let offered = false;
    return (_methods, _partial, next) => {
      if (offered) {
        this.#end(loginFailure(user, this.#trace.offer, keyring.signed, [...identities.notes, ...keyring.notes]));
        return;
      }
      offered = true;
      next({ type: 'agent', username: user, agent: keyring });
    };
  }

  #count(chunk: Buffer): void {
    this.#bytesLeft -= chunk.length;
    if (this.#bytesLeft < 0) {
      const phase = this.#trace.phase();
      this.#end(
        new HostFailure('output-cap', phase, 'the host sends more than was asked of it; the connection was cut'),
      );
    } else if (this.#trace.phase() === 'identification') {
      if (this.#greeting.length > greetingBytes) {
        this.#end(noIdentification(`${this.#greeting.length} bytes without an identification`, this.#greeting));
      }
      this.#greeting += chunk.toString('latin1');
    }
  }
}
