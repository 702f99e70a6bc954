import { InvalidArgumentError, Option, type Command } from 'commander';
import { severities } from '../report/verdict.ts';
import { renderers } from '../report/render.ts';

/** Collects a repeatable option. */
export function repeatable(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** Reads a whole number within bounds. */
export function wholeNumber(minimum: number, maximum: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^[0-9]+$/.test(value) || number < minimum || number > maximum) {
      throw new InvalidArgumentError(`Expected a whole number from ${minimum} to ${maximum}.`);
    }
    return number;
  };
}

/** --limit. */
export function addLimit(command: Command): Command {
  return command.option(
    '--limit <choice>',
    'only these hosts: HOST, GLOB, tag:TAG or service:SERVICE (repeatable)',
    repeatable,
    [],
  );
}

/** Options of the commands that contact hosts. */
export function addCollecting(command: Command): Command {
  return command
    .option('--concurrency <n>', 'hosts contacted at the same time', wholeNumber(1, 1024), 64)
    .option('--timeout <seconds>', 'time for one host as a whole', wholeNumber(1, 3600), 30)
    .option(
      '--connect-timeout <seconds>',
      'time for connection, key exchange and authentication',
      wholeNumber(1, 600),
      10,
    )
    .option(
      '--evidence <[host=]file>',
      'use the saved output of a collection script instead of contacting the host (repeatable)',
      repeatable,
      [],
    );
}

/** Options of the commands that judge. */
export function addJudging(command: Command): Command {
  return command
    .option('--rules <folder>', 'also load the rules of this folder (repeatable)', repeatable, [])
    .option('--rule <choice>', 'only these rules: ID, GLOB, tag:TAG or severity:SEVERITY (repeatable)', repeatable, [])
    .addOption(
      new Option('--fail-on <severity>', 'failures at or above this severity count')
        .choices(severities.filter((severity) => severity !== 'info'))
        .default('low'),
    );
}

/** -o, with what each format is. */
export function addOutput(command: Command, more: string = ''): Command {
  const formats = [...renderers.keys()].join(', ');
  return command.option(
    '-o, --output <format[=file]>',
    `write the report as ${formats}${more}; without =FILE to standard output (repeatable)`,
    repeatable,
    [],
  );
}

/** -q and -v. */
export function addVerbosity(command: Command): Command {
  return command
    .option('-q, --quiet', 'no progress on standard error')
    .option('-v, --verbose', 'one line a host on standard error; passing results in the text report');
}

/** How much standard error is told. */
export function verbosityOf(options: {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}): 'quiet' | 'normal' | 'verbose' {
  if (options.verbose === true) return 'verbose';
  return options.quiet === true ? 'quiet' : 'normal';
}
