// Generated from reports/report.schema.json by `npm run types`. Do not edit.

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
export type Verdict = 'compliant' | 'non-compliant' | 'incomplete' | 'not-assessed';
/**
 * Why nothing could be collected from a host.
 */
export type UnreachableKind =
  | 'dns'
  | 'refused'
  | 'timeout'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'host-key-revoked'
  | 'auth'
  | 'protocol'
  | 'output-cap'
  | 'probe-incomplete'
  | 'jump'
  | 'not-collected'
  | 'interrupted';
/**
 * XCCDF vocabulary.
 */
export type ResultWord =
  'pass' | 'fail' | 'error' | 'unknown' | 'notapplicable' | 'notchecked' | 'notselected' | 'informational';

/**
 * The judgement of a snapshot against an inventory and rules.
 */
export interface Report {
  readonly formatVersion: 1;
  readonly tool: Tool;
  readonly run: ReportRun;
  readonly verdict: Verdict;
  readonly exitCode: 0 | 1 | 3 | 4 | 130 | 143;
  readonly totals: Totals;
  /**
   * The selected rules by id.
   */
  readonly rules: {
    readonly [k: string]: ReportRule;
  };
  readonly hosts: readonly ReportHost[];
  readonly services: readonly ReportService[];
}
/**
 * The program that wrote the document.
 */
export interface Tool {
  readonly name: 'dsr-audit';
  readonly version: string;
}
/**
 * One run: its identity, bounds in time, and choices.
 */
export interface ReportRun {
  readonly id: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /**
   * The signal that ended the run early.
   */
  readonly interrupted: null | 'SIGINT' | 'SIGTERM';
  readonly failOn: Severity;
  /**
   * The --limit choices; empty when every host was selected.
   */
  readonly limit: readonly string[];
  /**
   * The --rule choices; empty when every rule was selected.
   */
  readonly rules: readonly string[];
}
/**
 * Counts.
 */
export interface Totals {
  readonly hosts: HostTotals;
  readonly results: ResultTotals;
  readonly failures: FailureTotals;
}
export interface HostTotals {
  readonly selected: number;
  readonly assessed: number;
  readonly unreachable: number;
  readonly compliant: number;
  readonly nonCompliant: number;
  readonly incomplete: number;
  readonly notAssessed: number;
}
export interface ResultTotals {
  readonly pass: number;
  readonly fail: number;
  readonly error: number;
  readonly unknown: number;
  readonly notapplicable: number;
  readonly notchecked: number;
  readonly notselected: number;
  readonly informational: number;
}
/**
 * Failures by severity.
 */
export interface FailureTotals {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly info: number;
}
/**
 * A rule as it was judged.
 */
export interface ReportRule {
  readonly title: string;
  readonly failure: string;
  readonly severity: Severity;
  readonly horizon: 'now' | 'reboot';
  /**
   * For a rule about the next boot: the rules about the running state for which it speaks after the boot.
   */
  readonly covers?: readonly string[];
  readonly subject: string;
  readonly platform: 'linux' | 'windows' | 'any';
  readonly why: string;
  readonly fix: readonly RemedyStep[];
  readonly rollback: readonly RemedyStep[];
  readonly source: readonly string[];
  readonly catalogue: readonly string[];
  readonly tags: readonly string[];
}
/**
 * One step of a remedy: a sentence, a command, or both.
 */
export interface RemedyStep {
  readonly say?: string;
  readonly run?: string;
  readonly shell?: 'sh' | 'powershell' | 'cmd';
}
/**
 * One host and its results.
 */
export interface ReportHost {
  readonly name: string;
  readonly address: string;
  readonly platform: 'linux' | 'windows';
  /**
   * The operating system as the host names it.
   */
  readonly system?: string;
  readonly tags: readonly string[];
  readonly state: 'assessed' | 'unreachable';
  readonly unreachable?: Unreachable;
  readonly verdict: Verdict;
  readonly now: Verdict;
  readonly afterReboot: Verdict;
  readonly results: readonly Result[];
}
/**
 * Why nothing could be collected from a host.
 */
export interface Unreachable {
  readonly kind: UnreachableKind;
  readonly message: string;
}
/**
 * One rule judged on one subject.
 */
export interface Result {
  readonly rule: string;
  readonly vip?: string;
  readonly interface?: string;
  readonly port?: string;
  readonly result: ResultWord;
  readonly severity: Severity;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fix?: readonly RemedyStep[];
  readonly rollback?: readonly RemedyStep[];
  /**
   * sha256 over rule, host, vip, interface, port.
   */
  readonly fingerprint: string;
}
/**
 * Where a value was read, and what stood there.
 */
export interface Evidence {
  /**
   * A file, kernel parameter, command or inventory key.
   */
  readonly source: string;
  readonly text: string;
}
/**
 * One VIP of one service over its backends.
 */
export interface ReportService {
  readonly name: string;
  readonly vip: string;
  readonly method: string;
  readonly ports: readonly string[];
  /**
   * Names of the selected backends.
   */
  readonly backends: readonly string[];
  /**
   * Backends whose results for this VIP and for the host as a whole hold no counted failure and nothing incomplete.
   */
  readonly compliant: readonly string[];
  /**
   * Backends that, as collected, would answer an ARP request for the VIP or send one with the VIP as sender.
   */
  readonly hijackRisk: readonly string[];
  /**
   * Backends for which that could not be decided.
   */
  readonly hijackUnknown: readonly string[];
  readonly results: readonly Result[];
}
