import type { Horizon, RuleFile, Severity, SubjectKind } from '../contracts/rule.ts';

/** One expectation on one fact. */
export interface Check {
  /** Name of the fact, one of the subject's catalogue. */
  readonly fact: string;
  /** Whether a known value satisfies the check; values that could not be collected never get here. */
  readonly matches: (value: unknown) => boolean;
  /** The expectation in words, for example "1 or 2". */
  readonly expectation: string;
  /** The fact's name in words, for example "arp ignore". */
  readonly label: string;
  /** Both, for example "arp ignore: 1 or 2". */
  readonly expected: string;
  /** The same for a value that the fact has, for example "arp ignore: 0". */
  readonly told: (value: unknown) => string;
}

/** A remedy step as the rule file gives it, with its condition compiled. */
export interface RuleStep {
  readonly say?: string;
  readonly run?: string;
  readonly shell: 'sh' | 'powershell' | 'cmd';
  readonly when: readonly Check[];
}

/** A rule that passed every check of the loader. */
export interface Rule {
  /** Path of the file below its rule folder without .yaml, for example linux/arp-ignore. */
  readonly id: string;
  readonly file: RuleFile;
  readonly platform: RuleFile['platform'];
  readonly subject: SubjectKind;
  readonly severity: Severity;
  readonly horizon: Horizon;
  readonly when: readonly Check[];
  readonly expect: readonly Check[];
  /** All that is expected, in words. */
  readonly expected: string;
  /** Ids of the rules that must hold for the boot values, instead of expect. */
  readonly atBoot: readonly string[];
  readonly fix: readonly RuleStep[];
  readonly rollback: readonly RuleStep[];
}

/** The rules of a run by id, in the order of their ids. */
export type RuleSet = ReadonlyMap<string, Rule>;
