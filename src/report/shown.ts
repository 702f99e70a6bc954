import type { Report, ReportHost, ReportRule, ReportService, Result, Severity } from '../contracts/report.ts';
import { plural } from './plural.ts';
import { countsAgainst, severities } from './verdict.ts';

/** A result as people read it: all but the fingerprint, which is for programs. */
export type ShownResult = Omit<Result, 'fingerprint'>;

/** A host as people read it. */
export interface ShownHost extends Omit<ReportHost, 'results'> {
  readonly results: readonly ShownResult[];
}

/** A VIP of a service as people read it. */
export interface ShownService extends Omit<ReportService, 'results'> {
  readonly results: readonly ShownResult[];
}

/** A report as people read it; every Report is one. */
export interface ShownReport extends Omit<Report, 'hosts' | 'services'> {
  readonly hosts: readonly ShownHost[];
  readonly services: readonly ShownService[];
}

/** A result with whom it concerns: a host, or a VIP over all its backends. */
export interface Finding {
  readonly result: ShownResult;
  readonly rule: ReportRule | undefined;
  readonly host?: ShownHost;
  readonly service?: ShownService;
  /** Whether it is a failure at or above the severity that the run fails on. */
  readonly counted: boolean;
}

/** The results that `wanted` chooses, the fleet's after the hosts', in report order. */
export function findings(report: ShownReport, wanted: (result: ShownResult) => boolean): readonly Finding[] {
  const rules = new Map(Object.entries(report.rules));
  const finding = (result: ShownResult): Omit<Finding, 'host' | 'service'> => ({
    result,
    rule: rules.get(result.rule),
    counted: result.result === 'fail' && countsAgainst(result.severity, report.run.failOn),
  });
  return [
    ...report.hosts.flatMap((host) => host.results.filter(wanted).map((result) => ({ ...finding(result), host }))),
    ...report.services.flatMap((service) =>
      service.results.filter(wanted).map((result) => ({ ...finding(result), service })),
    ),
  ];
}

/** Every failure, counted or not. */
export function failures(report: ShownReport): readonly Finding[] {
  return findings(report, (result) => result.result === 'fail');
}

/** Findings of one rule. */
export interface RuleGroup {
  readonly id: string;
  readonly rule: ReportRule | undefined;
  /** The gravest of its findings. */
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

/** Findings by rule: the gravest rule first, then the one with most findings, then by id. */
export function byRule(all: readonly Finding[]): readonly RuleGroup[] {
  return [...groupBy(all, (finding) => finding.result.rule)]
    .map(([id, members]): RuleGroup => ({
      id,
      rule: members[0]?.rule,
      severity: gravest(members),
      findings: members,
    }))
    .sort(
      (a, b) => rank(a.severity) - rank(b.severity) || b.findings.length - a.findings.length || (a.id < b.id ? -1 : 1),
    );
}

/** The gravest severity of findings; info when there are none. */
export function gravest(all: readonly Finding[]): Severity {
  return severities.find((severity) => all.some((finding) => finding.result.severity === severity)) ?? 'info';
}

/** 0 for the gravest severity. */
export function rank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** The name of the host, or of the service, that a finding concerns. */
export function ownerOf(finding: Finding): string {
  return finding.host?.name ?? finding.service?.name ?? '';
}

/** How many hosts, or services, the findings of a rule concern: `2 hosts`. */
export function concerned(group: RuleGroup): string {
  const count = new Set(group.findings.map(ownerOf)).size;
  return plural(count, group.findings.every((finding) => finding.host !== undefined) ? 'host' : 'service');
}

/** What below the host a result concerns, for example `192.0.2.10 on eth0, 443/tcp`; empty for the host as a whole. */
export function placeOf(result: ShownResult): string {
  const address = [result.vip, result.interface].filter((part) => part !== undefined).join(' on ');
  return [address, result.port].filter((part) => part !== undefined && part !== '').join(', ');
}

/** What failed, as one sentence for all findings of a rule: what most of them say. */
export function failureOf(group: RuleGroup): string {
  const messages = [...groupBy(group.findings, ({ result }) => result.message)].sort(
    ([, some], [, others]) => others.length - some.length,
  );
  return messages[0]?.[0] ?? group.id;
}

/** Findings of one rule that say the same of the same place: on a large fleet that is most of them. */
export function alike(group: RuleGroup): readonly (readonly Finding[])[] {
  const sayings = groupBy(group.findings, ({ result }) =>
    JSON.stringify([placeOf(result), result.message, result.expected, result.actual, result.evidence]),
  );
  return [...sayings.values()];
}

/** Groups in order of first appearance. A Map, because hosts choose the keys. */
export function groupBy<T>(all: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of all) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
