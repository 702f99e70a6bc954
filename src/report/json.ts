import type { Report } from '../contracts/report.ts';

/** The report document itself: two spaces, rules by id, everything else in the order of the report, a final newline. */
export function renderJson(report: Report): string {
  const rules = Object.fromEntries(Object.entries(report.rules).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...report, rules }, null, 2)}\n`;
}
