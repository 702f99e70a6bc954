import type { Host } from '../inventory/model.ts';
import type { Clock } from './clock.ts';
import { HostFailure } from './failure.ts';
import type { Probe } from './platform.ts';

/** One script to run on a host. */
export interface Attempt {
  readonly probe: Probe;
  readonly nonce: string;
  /** All of its standard input. */
  readonly script: string;
  /** See Probe.endMark. */
  readonly endMark: string;
}

/** The attempt that a host answered, and its standard output up to the end mark. */
export interface Answered {
  readonly attempt: Attempt;
  readonly output: Buffer;
}

/** One way of reaching hosts: makes the attempts in turn until one is answered; rejects with a HostFailure. */
export type Transport = (host: Host, attempts: readonly Attempt[], clock: Clock) => Promise<Answered>;

/** Bytes of standard error after which a host is given up. */
export const errorOutputLimit = 64 * 1024;

/** Characters of standard error that a message may show. */
export const shownErrorOutput = 300;

/** Environment variables by name, as process.env holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Runs attempts in turn: the next one only when the one before ended without its end mark. */
export async function firstAnswered(
  attempts: readonly Attempt[],
  run: (attempt: Attempt) => Promise<Buffer>,
): Promise<Answered> {
  let first: HostFailure | undefined;
  for (const attempt of attempts) {
    try {
      return { attempt, output: await run(attempt) };
    } catch (error) {
      if (!(error instanceof HostFailure) || error.kind !== 'probe-incomplete') throw error;
      first ??= error;
    }
  }
  throw first ?? new Error('no attempt was given');
}
