import type { Readable, Writable } from 'node:stream';

/** What a command may read and write; tests and the demo pass their own. */
export interface Streams {
  readonly stdin: Readable;
  /** The report and nothing else. */
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Progress and complaints. */
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Whether to colour a stream: never under NO_COLOR (https://no-color.org), always under FORCE_COLOR, else on a terminal. */
export function wantsColour(stream: Streams['stdout'], environment: Streams['environment']): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0';
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/** Writes text and resolves when the stream has taken it; a reader that went away (`| head`) is not an error. */
export function writeText(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined || isClosedPipe(error)) resolve();
      else reject(error);
    });
  });
}

/** Whether an error says that nobody reads any more. */
export function isClosedPipe(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === 'EPIPE';
}
