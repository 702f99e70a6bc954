import { missing } from '../../facts/fact.ts';
import type { CommandStep } from './commands.ts';
import type { Step } from './framing.ts';
import { oneLine } from './notes.ts';
import { isUnreadable, type Unreadable } from './row.ts';

/** The lines of one command that ended with 0, or why there are none. */
export type Lines = readonly string[] | { readonly missing: string };

/** What the commands of the cmd tier answered, by step. */
export type Answers = (step: CommandStep) => Lines;

/** The answers of the steps that a host printed. */
export function answersOf(steps: ReadonlyMap<string, Step>): Answers {
  return (name) => {
    const step = steps.get(name);
    if (step === undefined) return missing(`${name} was not run`);
    if (step.exitCode === 0) return step.lines;
    return missing(`${name} ended with ${step.exitCode}: ${oneLine(step.lines.join(' '), 200)}`);
  };
}

/** Reads the lines of a step, when there are any. */
export function mapLines<Fact extends object>(
  lines: Lines,
  read: (lines: readonly string[]) => Fact,
): Fact | { readonly missing: string } {
  return 'missing' in lines ? lines : read(lines);
}

/** Reads the lines of a step with a parser that may give up. */
export function usable<Read extends object>(
  lines: Lines,
  read: (lines: readonly string[]) => Read | Unreadable,
): Read | { readonly missing: string } {
  if ('missing' in lines) return lines;
  const value = read(lines);
  return isUnreadable(value) ? missing(value.unreadable) : value;
}
