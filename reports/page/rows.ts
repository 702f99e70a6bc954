import type { ResultWord } from '../../src/contracts/report.ts';
import { rank, type ShownHost, type ShownReport, type ShownResult } from '../../src/report/shown.ts';

/** The ids of the rules that are judged on each host of a platform, the gravest first. */
export function columnsOf(report: ShownReport, platform: string): readonly string[] {
  return Object.entries(report.rules)
    .filter(([, rule]) => rule.subject !== 'fleet-vip' && (rule.platform === 'any' || rule.platform === platform))
    .sort(([a, one], [b, other]) => rank(one.severity) - rank(other.severity) || (a < b ? -1 : 1))
    .map(([id]) => id);
}

const worstFirst: readonly ResultWord[] = [
  'fail',
  'error',
  'unknown',
  'notchecked',
  'informational',
  'pass',
  'notapplicable',
  'notselected',
];

/** The worst result of each rule on a host. */
export function worstByRule(host: ShownHost): ReadonlyMap<string, ResultWord> {
  const worst = new Map<string, ResultWord>();
  for (const { rule, result } of host.results) {
    const known = worst.get(rule);
    if (known === undefined || worstFirst.indexOf(result) < worstFirst.indexOf(known)) worst.set(rule, result);
  }
  return worst;
}

/** Results with the worst first, then the gravest. */
export function sortedResults(results: readonly ShownResult[]): readonly ShownResult[] {
  return [...results].sort(
    (a, b) =>
      worstFirst.indexOf(a.result) - worstFirst.indexOf(b.result) ||
      rank(a.severity) - rank(b.severity) ||
      (a.rule < b.rule ? -1 : Number(a.rule > b.rule)),
  );
}

const verdictOrder = ['non-compliant', 'incomplete', 'not-assessed', 'compliant'];

/** Hosts with those first that need attention; otherwise in report order. */
export function sortedHosts(hosts: readonly ShownHost[]): readonly ShownHost[] {
  return [...hosts].sort((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
}

/** The rows that a scrolled window shows, with some more on either side. */
export function visibleRange(
  scrolled: number,
  height: number,
  rowHeight: number,
  rows: number,
): { readonly first: number; readonly last: number } {
  const first = Math.max(0, Math.min(rows, Math.floor(scrolled / rowHeight)) - 6);
  return { first, last: Math.min(rows, first + Math.ceil(height / rowHeight) + 12) };
}
