import { Command, CommanderError } from 'commander';
import { exitCodes, InputError } from '../errors.ts';
import { auditCommand } from './audit.ts';
import { collectCommand } from './collect.ts';
import { demoCommand } from './demo.ts';
import { evaluateCommand } from './evaluate.ts';
import { explainCommand } from './explain.ts';
import type { Finish } from './finish.ts';
import { lintCommand } from './lint.ts';
import { planCommand } from './plan.ts';
import { renderCommand } from './render.ts';
import { rulesCommand } from './rules.ts';
import { schemaCommand } from './schema.ts';
import { selftestCommand } from './selftest.ts';
import { isClosedPipe, type Streams } from './streams.ts';
import { tool } from './tool.ts';

/**
 * Runs the program and returns its exit code. Errors of the user's input are sentences and exit code 2; anything else
 * that is thrown is a bug: it keeps its stack and exits with 70.
 */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  let exitCode: number = exitCodes.compliant;
  const finish: Finish = (code) => {
    exitCode = code;
  };
  const program = programFor(streams, finish);
  // The stream also emits what writeText was told.
  for (const stream of [streams.stdout, streams.stderr]) {
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) throw error;
    });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.invalidInput;
    if (error instanceof InputError) {
      streams.stderr.write(
        `${error.problems.length > 1 ? `${error.problems.length} errors; nothing was scanned\n` : ''}${error.message}\n`,
      );
      return error.exitCode;
    }
    streams.stderr.write(
      `dsr-audit: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exitCodes.internalError;
  }
}

function programFor(streams: Streams, finish: Finish): Command {
  const program = new Command('dsr-audit')
    .description('Audits the backends of Direct Server Return load balancing: finds the ones that fail silently.')
    .version(tool.version, '-V, --version')
    .showHelpAfterError('(dsr-audit COMMAND --help shows the options)')
    .addHelpText('after', helpAfter)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    });
  const commands = [
    auditCommand,
    collectCommand,
    evaluateCommand,
    renderCommand,
    explainCommand,
    planCommand,
    lintCommand,
    rulesCommand,
    schemaCommand,
    selftestCommand,
    demoCommand,
  ];
  for (const command of commands) program.addCommand(inherit(command(streams, finish), program));
  return program;
}

// commander copies these settings to commands made by .command() only.
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
}

const helpAfter = `
Examples:
  dsr-audit demo                                     try it: an embedded fleet, no root, no network
  dsr-audit lint inventory.yaml                      what can be said without contacting a host
  dsr-audit audit inventory.yaml                     audit every backend, text on standard output
  dsr-audit audit inventory.yaml -q -o json=/var/lib/dsr-audit/last.json -o html=/var/www/dsr.html
  dsr-audit audit inventory.yaml --limit service:web --fail-on high
  dsr-audit collect inventory.yaml -o night.json     keep what the hosts said ...
  dsr-audit evaluate inventory.yaml night.json       ... and judge it later, with other rules or another inventory
  dsr-audit explain inventory.yaml web02 10.77.0.100 --snapshot night.json

Exit codes: 0 compliant, 1 at least one failure at or above --fail-on, 2 wrong usage or input (nothing was scanned),
3 incomplete (nothing failed, but not everything could be checked), 4 nothing assessed, 70 internal error,
130/143 interrupted (the partial report is written). Nothing checked is never green.`;
