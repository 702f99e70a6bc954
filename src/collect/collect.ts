import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import type { HostSnapshot } from '../contracts/snapshot.ts';
import type { Host } from '../inventory/model.ts';
import { createClocks, type Clock } from './clock.ts';
import { HostFailure, stopped } from './failure.ts';
import { collectedHost, unreachableHost } from './host-snapshot.ts';
import { createLocal } from './local.ts';
import type { Probe, Probes } from './platform.ts';
import { createSsh } from './ssh/ssh.ts';
import type { Attempt, Environment, Transport } from './transport.ts';

/** How a collection is run. */
export interface CollectOptions {
  readonly probes: Probes;
  /** Every host of the inventory by name: jump hosts need not be selected. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** Hosts at once; 64 when left out. */
  readonly concurrency?: number;
  /** What one host may take as a whole, waiting for its turn not counted; 30 when left out. */
  readonly timeoutSeconds?: number;
  /** For each of: name look-up, TCP connection, handshake, each later answer of a server; 10 when left out. */
  readonly connectTimeoutSeconds?: number;
  /** Ends the run: hosts that are not done become unreachable with kind interrupted. */
  readonly signal?: AbortSignal;
  readonly onHostDone?: (snapshot: HostSnapshot, done: number, total: number) => void;
  /** process.env: SSH_AUTH_SOCK, PATH, and the variables that identityPassphrase names. */
  readonly environment: Environment;
  /** Asks for the passphrase of a key file; resolves to undefined where nobody can be asked. */
  readonly askPassphrase?: (keyFile: string) => Promise<string | undefined>;
  /** PowerShell remoting; the other transports are built in. */
  readonly powershell?: Transport;
}

/**
 * Asks every host and returns what each said, or why it said nothing, in the order given. One host's failure is never
 * another's, and never the run's.
 */
export async function collect(hosts: readonly Host[], options: CollectOptions): Promise<readonly HostSnapshot[]> {
  const { environment, askPassphrase, signal, powershell } = options;
  const startClock = createClocks(signal);
  const ssh = createSsh({
    hosts: options.hosts,
    environment,
    startClock,
    connectTimeoutSeconds: options.connectTimeoutSeconds ?? 10,
    ...(askPassphrase === undefined ? {} : { askPassphrase }),
  });
  const transports: Readonly<Record<Host['transport'], Transport>> = {
    ssh: ssh.transport,
    local: createLocal(environment),
    powershell: powershell ?? notCollected('no PowerShell is available on this station'),
    evidence: notCollected('its transport is evidence, and no evidence file was given for it (--evidence)'),
  };
  const limit = pLimit(options.concurrency ?? 64);
  let done = 0;
  try {
    if (signal?.aborted !== true) await ssh.prepare(hosts);
    return await Promise.all(
      hosts.map((host) =>
        limit(async () => {
          const clock = startClock(options.timeoutSeconds ?? 30);
          const snapshot = await collectHost(host, options.probes[host.platform], transports[host.transport], clock);
          done += 1;
          options.onHostDone?.(snapshot, done, hosts.length);
          return snapshot;
        }),
      ),
    );
  } finally {
    ssh.close();
  }
}

async function collectHost(host: Host, probe: Probe, transport: Transport, clock: Clock): Promise<HostSnapshot> {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const timing = () => ({ startedAt, durationMs: Math.round(performance.now() - start) });
  try {
    if (clock.signal.aborted) throw stopped('start', clock.signal.reason);
    const attempts = [probe, ...(probe.alternatives ?? [])].map((way) => attemptWith(way, host));
    const { attempt, output } = await transport(host, attempts, clock);
    return collectedHost(host, attempt.probe, output, attempt.nonce, timing());
  } catch (error) {
    return unreachableHost(host, error instanceof HostFailure ? error : bug(error), timing());
  } finally {
    clock.close();
  }
}

function attemptWith(probe: Probe, host: Host): Attempt {
  // Unguessable, so that what a login shell prints cannot pass for the probe's output.
  const nonce = randomBytes(16).toString('hex');
  return { probe, nonce, script: probe.script(host, nonce), endMark: probe.endMark(nonce) };
}

function notCollected(reason: string): Transport {
  return () => Promise.reject(new HostFailure('not-collected', 'start', reason));
}

// A mistake of ours about one host must not cost the others their result; its stack stands in the message.
function bug(error: unknown): HostFailure {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new HostFailure('protocol', 'start', `this is a bug of dsr-audit: ${stack}`, { cause: error });
}
