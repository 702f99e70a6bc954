import type { ConfigurationLine } from '../../contracts/snapshot.ts';
import { expandBraces, matchesGlob } from './boot-sysctl-glob.ts';
import { readLine, type Dialect, type Statement } from './boot-sysctl-syntax.ts';
import { kernelInteger } from './boot-sysctl-values.ts';

/** A file that a program reads, or what it reads and cannot be known. */
export type Source = { readonly path: string; readonly lines: readonly SourceLine[] } | UnknownSource;

/** A line as the program understands it; `shown` is the text of the file where that is another, such as a shell command. */
export interface SourceLine extends ConfigurationLine {
  readonly shown?: string;
}

/** What could set parameters and was not read or not understood. */
export interface UnknownSource {
  readonly path: string;
  readonly unreadable: string;
  /** Limits the doubt to these parameters, for example arp_ignore. */
  readonly parameters?: readonly string[];
}

/** One execution of a program that writes kernel parameters: its files in the order in which it reads them. */
export interface Run {
  /** For evidence, for example systemd-sysctl. */
  readonly name: string;
  readonly dialect: Dialect;
  /** It writes the keys of each interface but lo, once that interface is there, and no others. */
  readonly perInterface?: boolean;
  readonly sources: readonly Source[];
}

/** A statement with its place. */
export interface Assignment extends Statement {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What a run does to one key. */
export interface Outcome {
  /** The assignment whose value stands at the end; undefined when the run leaves the key alone. */
  readonly winner: (Assignment & { readonly integer: number }) | undefined;
  /** Every other assignment that names the key. */
  readonly losers: readonly Assignment[];
  /** What could change the outcome and is not known. */
  readonly doubts: readonly UnknownSource[];
}

/** A run made ready for questions about keys. */
export interface ReadRun {
  readonly name: string;
  readonly perInterface: boolean;
  outcome(key: string): Outcome;
}

interface Placed extends Assignment {
  /** Position among all statements and unreadable files of the run. */
  readonly at: number;
  /** The patterns that a key with wildcards stands for. */
  readonly patterns: readonly string[];
}

// Nothing but net/ipv4/conf is asked for, and no other line can name it.
const concerns = /ipv4|[*?[]/;
const noPatterns: readonly string[] = [];

/** Reads a run's files. Costs one pass over their lines; each question afterwards costs the run's wildcards. */
export function readRun(run: Run): ReadRun {
  const { dialect } = run;
  const exact = new Map<string, Placed[]>();
  const globs: Placed[] = [];
  const exclusions: Placed[] = [];
  const doubts: (UnknownSource & { readonly at: number })[] = [];
  let at = 0;
  for (const source of run.sources) {
    at += 1;
    if ('unreadable' in source) {
      doubts.push({ ...source, at });
      continue;
    }
    for (const [index, { number, text, shown }] of source.lines.entries()) {
      if (!dialect.endsAtRefusal && !concerns.test(text)) continue;
      const meaning = readLine(text, dialect);
      for (const read of meaning.statements) {
        at += 1;
        const { key, spelling, value, glob } = read;
        const patterns = !glob ? noPatterns : dialect.braces ? expandBraces(key) : [key];
        const place = { file: source.path, line: number, text: (shown ?? text).trim() };
        const placed: Placed = { key, spelling, value, glob, ...place, at, patterns };
        if (read.glob && read.value === null && dialect.globExclusions) exclusions.push(placed);
        if (read.glob) globs.push(placed);
        else {
          const same = exact.get(read.key);
          if (same === undefined) exact.set(read.key, [placed]);
          else same.push(placed);
        }
      }
      if (dialect.endsAtRefusal && meaning.statements.some(isRefused)) {
        const rest = source.lines.slice(index + 1).map((line) => line.text);
        const parameters = rest.join('\n').match(/[a-z_]+(?=\s*=)/g) ?? [];
        const unreadable = `${run.name} stops at line ${number} if ${meaning.statements[0]?.key ?? ''} exists: the kernel refuses its value`;
        doubts.push({ path: source.path, unreadable, parameters, at });
        break;
      }
    }
  }
  const globsInOrder = dialect.writes === 'last' ? lastOfEachKey(globs) : globs;
  return {
    name: run.name,
    perInterface: run.perInterface ?? false,
    outcome: (asked) => {
      const key = dialect.separators === 'guessed' ? asked.replaceAll('.', '/') : asked;
      const named = exact.get(key) ?? [];
      const excluded = exclusions.some((exclusion) => matchesAny(exclusion, key));
      const matching = globsInOrder.filter(
        (glob) =>
          glob.value !== null &&
          matchesAny(glob, key) &&
          !excluded &&
          !named.some(({ spelling }) => skips(glob, spelling)),
      );
      const writes =
        dialect.writes === 'last'
          ? [...matching, ...named.slice(-1)]
          : [...matching, ...named].sort((a, b) => a.at - b.at);
      const winner = writes
        .flatMap((assignment) => {
          const integer = assignment.value === null ? undefined : kernelInteger(assignment.value);
          return integer === undefined ? [] : [{ ...assignment, integer }];
        })
        .at(-1);
      const settledAt = dialect.writes === 'last' ? named.at(-1)?.at : winner?.glob === false ? winner.at : undefined;
      return {
        winner,
        losers: [...named, ...matching].filter((assignment) => assignment.at !== winner?.at),
        doubts: doubts.filter(
          ({ at, parameters }) =>
            (settledAt === undefined || at > settledAt) &&
            (parameters?.some((name) => key.endsWith(`/${name}`)) ?? true),
        ),
      };
    },
  };
}

function isRefused({ value }: Statement): boolean {
  return value !== null && kernelInteger(value) === undefined;
}

/** systemd keeps a key where it first got the value that it keeps, and moves it to the end when the value changes. */
function lastOfEachKey(statements: readonly Placed[]): readonly Placed[] {
  const kept = new Map<string, Placed>();
  for (const placed of statements) {
    if (kept.get(placed.key)?.value === placed.value) continue;
    kept.delete(placed.key);
    kept.set(placed.key, placed);
  }
  return [...kept.values()];
}

function matchesAny({ patterns }: Placed, key: string): boolean {
  return patterns.some((pattern) => matchesGlob(pattern, key));
}

/** A wildcard skips a key that a line names, if the line spells it as the wildcard would. */
function skips(glob: Placed, spelling: string): boolean {
  return glob.spelling === glob.key ? matchesAny(glob, spelling) : matchesGlob(glob.spelling, spelling);
}
