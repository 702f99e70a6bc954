import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../inventory/model.ts';
import type { Clock, StartClock } from '../clock.ts';
import { HostFailure } from '../failure.ts';
import { firstAnswered, type Transport } from '../transport.ts';
import { within } from '../within.ts';
import { openAgent } from './agent.ts';
import { SshConnection, wireBytes, type Login } from './connection.ts';
import { assertKnown } from './host-key.ts';
import { createIdentityStore, type Secrets } from './identity-store.ts';
import { assertChain, behindHop, createHops } from './jump.ts';
import { knownHostsReader, lookUpHost } from './known-hosts.ts';
import { createDial } from './tcp.ts';

/** What the SSH transport of one run needs. */
export interface SshOptions extends Secrets {
  /** Every host of the inventory by name: jump hosts are looked up here. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** For each of: name look-up, TCP connection, handshake, each later answer of the server. */
  readonly connectTimeoutSeconds: number;
  readonly startClock: StartClock;
}

/** The SSH transport of one run, with the connections that its hosts share. */
export interface SshTransport {
  readonly transport: Transport;
  /** Opens every private key that these hosts need, so that nobody is asked for a passphrase in the middle of the run. */
  prepare(hosts: readonly Host[]): Promise<void>;
  close(): void;
}

const defaultPort = 22;
const tries = 3;

/** Starts the SSH transport; nothing is contacted before it is used. */
export function createSsh(options: SshOptions): SshTransport {
  const { environment, hosts, startClock, connectTimeoutSeconds: seconds } = options;
  const agentPath = environment['SSH_AUTH_SOCK'];
  const agent = agentPath === undefined || agentPath === '' ? undefined : openAgent(agentPath);
  const identitiesOf = createIdentityStore(options, agent);
  const readKnownHosts = knownHostsReader();
  const dial = createDial();
  const hops = createHops(openHop);

  async function loginTo(host: Host): Promise<Login> {
    const paths = host.knownHosts.length > 0 ? host.knownHosts : usualKnownHosts();
    const files = await Promise.all(paths.map(readKnownHosts));
    const knownKeys = lookUpHost(files, host.address, host.port ?? defaultPort, host.hostKeyAlias);
    assertKnown(knownKeys, files, host.legacyAlgorithms);
    const identities = await identitiesOf(host);
    return { user: host.user ?? ownName(), identities, knownKeys, legacyAlgorithms: host.legacyAlgorithms, seconds };
  }

  async function openDirect(host: Host, login: Login, clock: Clock): Promise<SshConnection> {
    const socket = await dial(host.address, host.port ?? defaultPort, seconds, clock);
    return SshConnection.open(socket, login, clock.signal);
  }

  async function openBehind(jump: string, host: Host, login: Login, bytes: number, clock: Clock) {
    clock.pause();
    const hop = await within(hops.to(jump), { signal: clock.signal, phase: () => 'jump' });
    clock.resume();
    const stream = await hop.connection.forward(host.address, host.port ?? defaultPort, bytes, clock.signal);
    clock.pause();
    return hop.handshakes(() => {
      clock.resume();
      return SshConnection.open(stream, login, clock.signal);
    });
  }

  /** The end of a jump host's connection ends those inside it too; it is the failure to name. */
  async function cause(error: unknown, host: Host): Promise<unknown> {
    if (host.jump === undefined || !(error instanceof HostFailure) || !['protocol', 'timeout'].includes(error.kind)) {
      return error;
    }
    const { name, connection } = await hops.to(host.jump);
    return connection.failure === undefined ? error : behindHop(name, connection.failure);
  }

  /** `bytes` is what may come from the host. */
  async function open(host: Host, bytes: number, clock: Clock): Promise<SshConnection> {
    const login = await loginTo(host);
    for (let left = tries - 1; ; left -= 1) {
      try {
        return await (host.jump === undefined
          ? openDirect(host, login, clock)
          : openBehind(host.jump, host, login, bytes, clock));
      } catch (error) {
        if (!(error instanceof HostFailure && error.tryAgain) || left === 0) throw error;
        // At random, so that those who were turned away together do not come back together.
        const pause = sleep(500 + 1000 * Math.random(), undefined, { signal: clock.signal });
        await within(pause, { signal: clock.signal, phase: () => 'identification' });
      }
    }
  }

  async function openHop(name: string): Promise<SshConnection> {
    const host = hosts.get(name);
    if (host === undefined) throw new Error(`assertChain let ${name} pass`);
    const clock = startClock(seconds * tries);
    try {
      return await open(host, wireBytes(0), clock);
    } finally {
      clock.close();
    }
  }

  return {
    async transport(host, attempts, clock) {
      assertChain(host, hosts);
      const bytes = attempts.reduce((sum, attempt) => sum + wireBytes(attempt.probe.outputLimit), 0);
      let connection: SshConnection | undefined;
      try {
        const opened = await open(host, bytes, clock);
        connection = opened;
        return await firstAnswered(attempts, (attempt) => opened.run(attempt, clock.signal));
      } catch (error) {
        throw await cause(error, host);
      } finally {
        connection?.close();
      }
    },
    async prepare(selected) {
      const needed = new Set(selected);
      for (const host of needed) {
        const jump = host.jump === undefined ? undefined : hosts.get(host.jump);
        if (jump !== undefined) needed.add(jump);
      }
      for (const host of needed) {
        // A key that does not open fails the hosts that need it, each with this same reason, when their turn comes.
        if (host.transport === 'ssh') await Promise.allSettled([identitiesOf(host)]);
      }
    },
    close() {
      hops.close();
      agent?.close();
    },
  };
}

function usualKnownHosts(): readonly string[] {
  return [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'];
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    throw new HostFailure('auth', 'keys', 'this account has no name: set user for the host', { cause: error });
  }
}
