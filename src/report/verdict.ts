import type { Report, ReportHost, ReportRun, ReportService, Result, Severity, Verdict } from '../contracts/report.ts';
import { exitCodes } from '../errors.ts';

/** Severities from the gravest to the slightest. */
export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

type Unconcluded = Omit<Report, 'verdict' | 'exitCode' | 'totals' | 'run' | 'hosts' | 'services'> & {
  readonly hosts: readonly Omit<ReportHost, 'verdict' | 'now' | 'afterReboot'>[];
  readonly services: readonly Omit<ReportService, 'compliant'>[];
};

/**
 * Adds the verdicts, the totals and the exit code to an assessment: computed here once, from the results alone, before
 * any format. Nothing checked is never green.
 */
export function conclude(assessment: Unconcluded, run: ReportRun): Report {
  const counts = (result: Result): boolean => result.result === 'fail' && countsAgainst(result.severity, run.failOn);
  const horizonOf = (result: Result): string => assessment.rules[result.rule]?.horizon ?? 'now';
  // What fails now fails after a boot too, unless a rule about the boot speaks for it: a pending change mends it.
  const covered = new Set(Object.values(assessment.rules).flatMap((rule) => rule.covers ?? []));
  const lasts = (result: Result): boolean => horizonOf(result) === 'reboot' || !covered.has(result.rule);
  const hosts = assessment.hosts.map((host): ReportHost => {
    const verdictOf = (results: readonly Result[]): Verdict =>
      host.state === 'unreachable' ? 'not-assessed' : rollUp(results, counts);
    return {
      ...host,
      verdict: verdictOf(host.results),
      now: verdictOf(host.results.filter((result) => horizonOf(result) === 'now')),
      afterReboot: verdictOf(host.results.filter(lasts)),
    };
  });
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const services = assessment.services.map((service): ReportService => ({
    ...service,
    compliant: service.backends.filter((name) => {
      const host = byName.get(name);
      const concerning = host?.results.filter((result) => result.vip === undefined || result.vip === service.vip) ?? [];
      return host?.state === 'assessed' && rollUp(concerning, counts) === 'compliant';
    }),
  }));
  const results = [...hosts.flatMap((host) => host.results), ...services.flatMap((service) => service.results)];
  const verdict = fleetVerdict(hosts, services, counts);
  const count = (word: Result['result']): number => results.filter((result) => result.result === word).length;
  const hostCount = (...verdicts: Verdict[]): number => hosts.filter((host) => verdicts.includes(host.verdict)).length;
  const failures = (severity: Severity): number =>
    results.filter((result) => result.result === 'fail' && result.severity === severity).length;
  return {
    formatVersion: assessment.formatVersion,
    tool: assessment.tool,
    run,
    verdict,
    exitCode: run.interrupted === null ? exitCodeOf(verdict) : exitCodes[run.interrupted],
    totals: {
      hosts: {
        selected: hosts.length,
        assessed: hosts.filter((host) => host.state === 'assessed').length,
        unreachable: hosts.filter((host) => host.state === 'unreachable').length,
        compliant: hostCount('compliant'),
        nonCompliant: hostCount('non-compliant'),
        incomplete: hostCount('incomplete'),
        notAssessed: hostCount('not-assessed'),
      },
      results: {
        pass: count('pass'),
        fail: count('fail'),
        error: count('error'),
        unknown: count('unknown'),
        notapplicable: count('notapplicable'),
        notchecked: count('notchecked'),
        notselected: count('notselected'),
        informational: count('informational'),
      },
      failures: {
        critical: failures('critical'),
        high: failures('high'),
        medium: failures('medium'),
        low: failures('low'),
        info: failures('info'),
      },
    },
    rules: assessment.rules,
    hosts,
    services,
  };
}

/** Whether a failure of this severity counts when failures at or above `failOn` do. */
export function countsAgainst(severity: Severity, failOn: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(failOn);
}

/** Non-compliant beats incomplete beats compliant; no result that says anything is not assessed. */
function rollUp(results: readonly Result[], counts: (result: Result) => boolean): Verdict {
  if (results.some(counts)) return 'non-compliant';
  if (results.some(({ result }) => result === 'error' || result === 'unknown' || result === 'notchecked'))
    return 'incomplete';
  return results.some(({ result }) => result === 'pass' || result === 'fail') ? 'compliant' : 'not-assessed';
}

function fleetVerdict(
  hosts: readonly ReportHost[],
  services: readonly ReportService[],
  counts: (result: Result) => boolean,
): Verdict {
  const fleet = services.flatMap((service) => service.results);
  if (hosts.every((host) => host.verdict === 'not-assessed') && !fleet.some(counts)) return 'not-assessed';
  if (hosts.some((host) => host.verdict === 'non-compliant') || fleet.some(counts)) return 'non-compliant';
  const whole = hosts.every((host) => host.verdict === 'compliant') && rollUp(fleet, counts) !== 'incomplete';
  return whole ? 'compliant' : 'incomplete';
}

function exitCodeOf(verdict: Verdict): Report['exitCode'] {
  switch (verdict) {
    case 'compliant':
      return exitCodes.compliant;
    case 'non-compliant':
      return exitCodes.nonCompliant;
    case 'incomplete':
      return exitCodes.incomplete;
    case 'not-assessed':
      return exitCodes.notAssessed;
  }
}
