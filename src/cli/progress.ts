import type { HostSnapshot } from '../contracts/snapshot.ts';
import type { Streams } from './streams.ts';

/** Shows how far a collection is: a line that renews itself on a terminal, one line per ten percent elsewhere. */
export interface Progress {
  readonly onHostDone: (host: HostSnapshot, done: number, total: number) => void;
  /** Leaves the terminal's line clean. */
  readonly end: () => void;
}

/** Progress on standard error; silent with `quiet`, one line a host with `verbose`. */
export function progressOn(streams: Streams, verbosity: 'quiet' | 'normal' | 'verbose'): Progress {
  const stderr = streams.stderr;
  if (verbosity === 'quiet') return { onHostDone: () => undefined, end: () => undefined };
  if (verbosity === 'verbose') {
    return {
      onHostDone: (host, done, total) => {
        const state = host.state === 'collected' ? 'collected' : `unreachable (${host.unreachable?.kind ?? 'unknown'})`;
        stderr.write(`[${done}/${total}] ${host.name}: ${state} in ${Math.round(host.durationMs ?? 0)} ms\n`);
      },
      end: () => undefined,
    };
  }
  let unreachable = 0;
  let lastTenth = 0;
  return {
    onHostDone: (host, done, total) => {
      if (host.state === 'unreachable') unreachable += 1;
      const line = `collected ${done}/${total} hosts${unreachable > 0 ? `, ${unreachable} unreachable` : ''}`;
      const tenth = Math.floor((done * 10) / total);
      if (stderr.isTTY === true) stderr.write(`\r\u001b[K${line}`);
      else if (tenth > lastTenth) stderr.write(`${line}\n`);
      lastTenth = Math.max(lastTenth, tenth);
    },
    end: () => {
      if (stderr.isTTY === true) stderr.write('\r\u001b[K');
    },
  };
}
