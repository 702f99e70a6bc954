import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Finish } from './finish.ts';
import { writeText, type Streams } from './streams.ts';

/** dsr-audit selftest windows: the script by which an operator confirms on a real host what could not be run elsewhere. */
export function selftestCommand(streams: Streams, _finish: Finish): Command {
  const command = new Command('selftest').description(
    'print a script that confirms on a real host what our tests cannot run',
  );
  const argument = command.createArgument('<platform>', 'windows').choices(['windows']);
  return command.addArgument(argument).action(async () => {
    await writeText(
      streams.stdout,
      await readFile(new URL('../collect/windows/selftest.ps1', import.meta.url), 'utf8'),
    );
  });
}
