import type { UnreachableKind } from '../contracts/snapshot.ts';

/** How far a host was got; every failure message begins with it. */
export type Phase =
  | 'known hosts'
  | 'keys'
  | 'name'
  | 'tcp'
  | 'jump'
  | 'identification'
  | 'key exchange'
  | 'authentication'
  | 'channel'
  | 'exec'
  | 'start'
  | 'output';

interface FailureDetails {
  readonly cause: unknown;
  readonly output: Buffer;
  readonly tryAgain: boolean;
}

/** Nothing usable came from one host, and why. It becomes that host's `unreachable`; the run goes on. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';
  readonly kind: UnreachableKind;
  readonly phase: Phase;
  /** What happened and the next step, without the phase. */
  readonly reason: string;
  /** What had come of the probe's output. */
  readonly output: Buffer | undefined;
  /** The server turned us away before it said anything: worth another try. */
  readonly tryAgain: boolean;

  constructor(kind: UnreachableKind, phase: Phase, reason: string, more: Partial<FailureDetails> = {}) {
    super(`${phase}: ${reason}`, more.cause === undefined ? {} : { cause: more.cause });
    this.kind = kind;
    this.phase = phase;
    this.reason = reason;
    this.output = more.output;
    this.tryAgain = more.tryAgain ?? false;
  }
}

/** What ends the wait for a host from outside: the reason that its AbortSignal carries. */
export interface Stop {
  readonly kind: 'timeout' | 'interrupted';
  readonly reason: string;
}

/** The failure of a host that was stopped in a phase; `reason` is what its AbortSignal carries. */
export function stopped(phase: Phase, reason: unknown): HostFailure {
  const stop = reason as Stop;
  return new HostFailure(stop.kind, phase, stop.reason);
}
