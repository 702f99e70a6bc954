import type { Streams } from './streams.ts';

/** Asks for a key's passphrase on the terminal without echo; undefined where there is no terminal to ask on. */
export type AskPassphrase = (keyFile: string) => Promise<string | undefined>;

interface TerminalInput {
  readonly isTTY?: boolean;
  setRawMode?: (raw: boolean) => unknown;
}

/** A prompt on standard error that reads standard input in raw mode. */
export function passphrasePrompt(streams: Streams): AskPassphrase {
  return async (keyFile) => {
    const terminal = streams.stdin as Streams['stdin'] & TerminalInput;
    if (terminal.isTTY !== true || terminal.setRawMode === undefined) return undefined;
    streams.stderr.write(`Passphrase for ${JSON.stringify(keyFile)}: `);
    terminal.setRawMode(true);
    terminal.resume();
    try {
      return await readLine(terminal);
    } finally {
      terminal.setRawMode(false);
      terminal.pause();
      streams.stderr.write('\n');
    }
  };
}

function readLine(stdin: Streams['stdin']): Promise<string | undefined> {
  return new Promise((resolve) => {
    let typed = '';
    const finish = (answer: string | undefined): void => {
      stdin.off('data', onData);
      resolve(answer);
    };
    const onData = (chunk: Buffer | string): void => {
      for (const character of chunk.toString()) {
        if (character === '\r' || character === '\n') return finish(typed);
        if (character === '\u0003' || character === '\u0004') return finish(undefined);
        if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1);
        else typed += character;
      }
    };
    stdin.on('data', onData);
  });
}
