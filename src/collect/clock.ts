import type { Stop } from './failure.ts';

/** The time that one host may take. Waiting for a turn does not count: a slow neighbour must not use up another's time. */
export interface Clock {
  /** Aborts, with a Stop as its reason, when the time is up or the run is interrupted. */
  readonly signal: AbortSignal;
  pause(): void;
  resume(): void;
  /** Releases the timer; every clock must be closed. */
  close(): void;
}

/** Starts clocks that run for so many seconds. */
export type StartClock = (seconds: number) => Clock;

/** The clocks of one run; all of them stop when the run is interrupted. */
export function createClocks(interrupted: AbortSignal | undefined): StartClock {
  const running = new Set<AbortController>();
  const stop: Stop = { kind: 'interrupted', reason: 'the run was interrupted' };
  // One listener for the run: one a host would make Node warn of a leak.
  interrupted?.addEventListener('abort', () => running.forEach((controller) => controller.abort(stop)), { once: true });

  return (seconds) => {
    const controller = new AbortController();
    const timeUp: Stop = { kind: 'timeout', reason: `no complete answer within ${seconds} s` };
    let left = seconds * 1000;
    let resumedAt = 0;
    let timer: NodeJS.Timeout | undefined;
    const clock: Clock = {
      signal: controller.signal,
      pause() {
        if (timer === undefined) return;
        clearTimeout(timer);
        timer = undefined;
        left -= performance.now() - resumedAt;
      },
      resume() {
        if (timer !== undefined || !running.has(controller)) return;
        resumedAt = performance.now();
        timer = setTimeout(() => controller.abort(timeUp), left);
      },
      close() {
        running.delete(controller);
        clock.pause();
      },
    };
    running.add(controller);
    if (interrupted?.aborted === true) controller.abort(stop);
    clock.resume();
    return clock;
  };
}
