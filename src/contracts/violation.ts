import { InputError, type Problem } from '../errors.ts';
import { pathText } from './quoted.ts';

/** Where a value stands in a document: the keys and list indexes that lead to it. */
export type DocumentPath = readonly (string | number)[];

/** Where something stands in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a document. */
export interface Violation {
  readonly path: DocumentPath;
  /** Whether the key at the end of the path is wrong, or the value below it. */
  readonly at: 'key' | 'value';
  /** Where that is, if the path does not tell: the second of two equal keys. */
  readonly position?: Position;
  /** What is wrong, what was expected, what to do next; only asked for when it is shown, because suggestions cost time. */
  readonly message: () => string;
}

/** A value that is wrong. */
export function wrong(path: DocumentPath, message: () => string): Violation {
  return { path, at: 'value', message };
}

/** The position of an offset in the text. */
export type Place = (offset: number) => Position;

/** Says where a key or value of a document stands; for a path that the document does not have, its nearest ancestor. */
export type PositionOf = (path: DocumentPath, at?: 'key' | 'value') => Position;

/** A document with a great many problems has one cause; nobody reads more of them than this. */
const mostProblems = 100;

/** The problems of one file in reading order, none twice, the first hundred and how many more. */
export function problemsOf(file: string, violations: readonly Violation[], positionOf?: PositionOf): Problem[] {
  const located = violations.map((violation) => ({
    violation,
    position: violation.position ?? positionOf?.(violation.path, violation.at),
  }));
  located.sort((a, b) => comparePositions(a.position, b.position));
  const problems = new Map<string, Problem>();
  let done = 0;
  for (const { violation, position } of located) {
    if (problems.size === mostProblems) break;
    const path = pathText(violation.path);
    const message = violation.message();
    problems.set(JSON.stringify([position, path, message]), { file, ...position, path, message });
    done += 1;
  }
  const more = located.length - done;
  return more === 0 ? [...problems.values()] : [...problems.values(), { file, message: `and ${more} more problems` }];
}

/** Throws an InputError with the problems of one file, if there is any violation. */
export function refuse(file: string, violations: readonly Violation[], positionOf?: PositionOf): void {
  if (violations.length > 0) throw new InputError(problemsOf(file, violations, positionOf));
}

/** Orders positions as one reads: by line, then by column; what has none stays where it is. */
export function comparePositions(a: Position | undefined, b: Position | undefined): number {
  return a === undefined || b === undefined ? 0 : a.line - b.line || a.column - b.column;
}
