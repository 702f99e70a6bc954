import { connect, type Socket } from 'node:net';
import ssh2, { type GetStreamCallback, type ParsedKey } from 'ssh2';
import type { Identities, Identity } from './identity.ts';

/** The user's ssh-agent. */
export interface AgentConnection {
  /** The keys that it holds, asked for once; a note instead when it does not answer. */
  identities(): Promise<Identities>;
  /** Ends every request under way. */
  close(): void;
}

const answerMilliseconds = 10_000;

// ssh2 gives no way to end a request to an agent that does not answer (a locked one, or one that waits for a touch);
// the sockets are ours, so that they can be closed with the run.
class TrackedAgent extends ssh2.OpenSSHAgent {
  readonly sockets = new Set<Socket>();
  readonly #path: string;

  constructor(path: string) {
    super(path);
    this.#path = path;
  }

  override getStream(done: GetStreamCallback): void {
    const socket = connect(this.#path);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    const fail = (error: Error): void => done(error);
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      // ssh2 adds its own listener; this one outlives it.
      socket.on('error', () => undefined);
      done(null, socket);
    });
  }
}

/** Opens the agent that listens at `path` (SSH_AUTH_SOCK). */
export function openAgent(path: string): AgentConnection {
  const agent = new TrackedAgent(path);

  function listKeys(): Promise<Identities> {
    return new Promise((resolve) => {
      const refuse = (why: string): void => resolve({ keys: [], notes: [`ssh-agent (${path}): ${why}`] });
      const timer = setTimeout(() => {
        refuse(`no answer within ${answerMilliseconds / 1000} s`);
        close();
      }, answerMilliseconds);
      agent.getIdentities((error, keys) => {
        clearTimeout(timer);
        if (error) return refuse(error.message);
        const found = (keys ?? []) as ParsedKey[];
        if (found.length === 0) return refuse('it holds no key of a supported type');
        resolve({ keys: found.map(heldKey), notes: [] });
      });
    });
  }

  function heldKey(publicKey: ParsedKey): Identity {
    return {
      publicKey,
      sign: (data, hash, done) => {
        agent.sign(publicKey, data, hash === undefined ? {} : { hash }, done);
      },
    };
  }

  function close(): void {
    for (const socket of agent.sockets) socket.destroy();
  }

  let listed: Promise<Identities> | undefined;
  return { identities: () => (listed ??= listKeys()), close };
}
