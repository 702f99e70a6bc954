import process from 'node:process';

/** The first signal ends the run early and keeps what was collected; a second one ends the process at once. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** The signal that came, or null. */
  readonly caught: () => 'SIGINT' | 'SIGTERM' | null;
  /** Stops listening. */
  readonly release: () => void;
}

/** Listens for SIGINT and SIGTERM until released. */
export function listenForInterruption(onFirst: (signal: 'SIGINT' | 'SIGTERM') => void): Interruption {
  const controller = new AbortController();
  let caught: 'SIGINT' | 'SIGTERM' | null = null;
  const listener = (signal: 'SIGINT' | 'SIGTERM'): void => {
    caught = signal;
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
    onFirst(signal);
    controller.abort();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    signal: controller.signal,
    caught: () => caught,
    release: () => {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}
