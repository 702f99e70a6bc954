import type { Readable } from 'node:stream';
import { readAnswer } from './answer.ts';
import { HostFailure } from './failure.ts';
import { openPromise } from './open-promise.ts';
import { quoteRemote } from './remote-text.ts';
import { errorOutputLimit, shownErrorOutput, type Attempt } from './transport.ts';

// How long the rest may take after the end of standard output; some servers never close the channel (Win32-OpenSSH#1769).
const closeGraceMilliseconds = 1000;

/** A probe that is running, on whatever transport. */
export interface Exchange {
  /** The output up to the end mark; rejects when the probe ends without it or sends too much. */
  readonly answer: Promise<Buffer>;
  /** The exit code, or the signal that ended the probe. */
  readonly exited: (code: number | null, signal: string | null | undefined) => void;
  /** Nothing more will come. */
  readonly closed: () => void;
}

/** Reads both streams of a probe to their end, always: an unread one would keep its peer from closing. */
export function startExchange(attempt: Attempt, output: Readable, errorOutput: Readable): Exchange {
  const { endMark, probe } = attempt;
  const reader = readAnswer(endMark, probe.outputLimit);
  let errorBytes = 0;
  let errorText = '';
  let exit = 'no exit status';
  let grace: NodeJS.Timeout | undefined;
  let settled = false;
  const answer = openPromise<Buffer>();

  function fail(failure: HostFailure): void {
    settled = true;
    clearTimeout(grace);
    answer.reject(failure);
  }
  function closed(): void {
    if (!settled) fail(incomplete(exit, errorText, reader.bytes()));
  }

  output.on('data', (chunk: Buffer) => {
    if (settled) return;
    const state = reader.take(chunk);
    if (state === 'too-much') fail(flood('standard output', probe.outputLimit));
    if (state === 'complete') {
      settled = true;
      answer.resolve(reader.bytes());
    }
  });
  output.on('end', () => {
    if (!settled) grace = setTimeout(closed, closeGraceMilliseconds);
  });
  errorOutput.on('data', (chunk: Buffer) => {
    if (settled) return;
    errorBytes += chunk.length;
    if (errorText.length < shownErrorOutput) errorText += chunk.toString('utf8', 0, 4 * shownErrorOutput);
    if (errorBytes > errorOutputLimit) fail(flood('standard error', errorOutputLimit));
  });
  return {
    answer: answer.promise,
    exited(code, signal) {
      exit = code === null ? `ended by signal ${quoteRemote(signal ?? 'unknown', 20)}` : `exit status ${code}`;
    },
    closed,
  };
}

function incomplete(exit: string, errorText: string, output: Buffer): HostFailure {
  const said = errorText.trim() === '' ? '' : `; it wrote ${quoteRemote(errorText, shownErrorOutput)}`;
  const advice = 'Does the login shell of the account run commands, and is the shell of the probe there?';
  return new HostFailure(
    'probe-incomplete',
    'output',
    `the probe ended before its end mark (${exit}${said}). ${advice}`,
    {
      output,
    },
  );
}

function flood(stream: string, limit: number): HostFailure {
  return new HostFailure('output-cap', 'output', `more than ${limit} bytes came on ${stream}; the probe was cut off`);
}
