import pLimit, { type LimitFunction } from 'p-limit';
import type { Host } from '../../inventory/model.ts';
import { HostFailure } from '../failure.ts';
import type { SshConnection } from './connection.ts';

/** A jump host in use: one connection for all hosts behind it. */
export interface Hop {
  readonly name: string;
  readonly connection: SshConnection;
  /** Keeps few handshakes in flight through it: sshd drops unauthenticated connections above MaxStartups (10). */
  readonly handshakes: LimitFunction;
}

/** The jump hosts of a run. */
export interface Hops {
  /** The jump host of a name, connected on first use; rejects with kind jump. */
  to(name: string): Promise<Hop>;
  close(): void;
}

const handshakesAtOnce = 8;

/** A failure of a jump host as it concerns the hosts behind it. */
export function behindHop(name: string, failure: HostFailure): HostFailure {
  if (failure.kind === 'interrupted') return failure;
  return new HostFailure('jump', 'jump', `through ${name}: ${failure.message}`, { cause: failure });
}

/** Refuses a chain of jump hosts that goes in a circle, or names a host that is not there or not reached by SSH. */
export function assertChain(host: Host, hosts: ReadonlyMap<string, Host>): void {
  const path = [host.name];
  for (let name = host.jump; name !== undefined;) {
    const next = hosts.get(name);
    const circle = path.includes(name);
    path.push(name);
    if (circle) throw new HostFailure('jump', 'jump', `the jump hosts go in a circle: ${path.join(' -> ')}`);
    if (next === undefined) throw new HostFailure('jump', 'jump', `the inventory has no host ${name}`);
    if (next.transport !== 'ssh') {
      throw new HostFailure('jump', 'jump', `${name} has transport ${next.transport}; a jump host needs ssh`);
    }
    name = next.jump;
  }
}

/** Jump hosts that `open` connects to. */
export function createHops(open: (name: string) => Promise<SshConnection>): Hops {
  const hops = new Map<string, Promise<Hop>>();

  async function openHop(name: string): Promise<Hop> {
    try {
      return { name, connection: await open(name), handshakes: pLimit(handshakesAtOnce) };
    } catch (error) {
      throw error instanceof HostFailure ? behindHop(name, error) : error;
    }
  }

  return {
    to(name) {
      let hop = hops.get(name);
      if (hop === undefined) hops.set(name, (hop = openHop(name)));
      return hop;
    },
    close() {
      for (const hop of hops.values()) {
        hop.then(
          ({ connection }) => connection.close(),
          () => undefined,
        );
      }
    },
  };
}
