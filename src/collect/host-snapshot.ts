import type { HostSnapshot } from '../contracts/snapshot.ts';
import type { Host } from '../inventory/model.ts';
import { HostFailure } from './failure.ts';
import type { Probe } from './platform.ts';

/** When a host was asked, and how long it took. */
export interface Timing {
  readonly startedAt: string;
  readonly durationMs: number;
}

const longestMessage = 4096;

/** What one host said, in the form of the snapshot document; a failure when the output is incomplete. */
export function collectedHost(host: Host, probe: Probe, output: Buffer, nonce: string, timing?: Timing): HostSnapshot {
  const raw = output.toString('utf8');
  let result;
  try {
    result = probe.parse(raw, host, nonce);
  } catch (error) {
    // A parser's mistake about one host must not cost the others their result. Its stack goes along: it is a bug.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const reason = `the answer could not be parsed; this is a bug of dsr-audit: ${stack}`;
    return unreachableHost(
      host,
      new HostFailure('probe-incomplete', 'output', reason, { cause: error, output }),
      timing,
    );
  }
  if ('incomplete' in result) {
    return unreachableHost(host, new HostFailure('probe-incomplete', 'output', result.incomplete, { output }), timing);
  }
  return { ...identity(host), state: 'collected', ...timing, raw, ...compact(result) };
}

/** Parsed texts are slices that keep what they were cut from. Written and read again, a fleet takes a quarter of the memory. */
function compact<T>(result: T): T {
  return JSON.parse(JSON.stringify(result)) as T;
}

/** Why one host said nothing, in the form of the snapshot document. */
export function unreachableHost(host: Host, failure: HostFailure, timing?: Timing): HostSnapshot {
  const { kind, message, output } = failure;
  return {
    ...identity(host),
    state: 'unreachable',
    unreachable: { kind, message: message.slice(0, longestMessage) },
    ...timing,
    ...(output === undefined || output.length === 0 ? {} : { raw: output.toString('utf8') }),
  };
}

function identity(host: Host) {
  const { name, address, platform, transport } = host;
  return { name, address, platform, transport };
}
