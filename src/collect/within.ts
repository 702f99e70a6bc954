import { stopped, type HostFailure, type Phase } from './failure.ts';

/** What ends a wait before the work does. */
export interface Limits {
  /** The host's clock. */
  readonly signal: AbortSignal;
  /** Asked when the clock stops. */
  readonly phase: () => Phase;
  /** A deadline of the phase's own, with the failure that it means. */
  readonly seconds?: number;
  readonly late?: () => HostFailure;
}

/** Settles as the work does, or rejects with a HostFailure when a limit is reached first; the work itself is not stopped. */
export function within<T>(work: Promise<T>, limits: Limits): Promise<T> {
  const { signal, phase, seconds, late } = limits;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const release = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      release();
      reject(stopped(phase(), signal.reason));
    };
    if (signal.aborted) onAbort();
    else {
      signal.addEventListener('abort', onAbort);
      if (seconds !== undefined && late !== undefined) {
        timer = setTimeout(() => {
          release();
          reject(late());
        }, seconds * 1000);
      }
    }
    work.then(resolve, reject).finally(release);
  });
}
