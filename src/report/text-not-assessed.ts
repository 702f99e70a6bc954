import { isUndecided, resultNames, unreachableKinds } from './meaning.ts';
import { plural } from './plural.ts';
import { undecidedByReason, unreachableByKind } from './not-assessed.ts';
import { findings, ownerOf, placeOf, type Finding, type ShownReport } from './shown.ts';
import { andMore, heading, wrap, type Page } from './terminal.ts';
import { clipped, prose, visible } from './visible.ts';

const limits = { hosts: 20, reasons: 15, places: 8, text: 400 };

/** What nobody knows: hosts that were not reached, by kind, and checks that came out neither way, by reason. */
export function notAssessedSection(report: ShownReport, page: Page): string[] {
  const unreachable = unreachableByKind(report.hosts);
  const reasons = undecidedByReason(findings(report, isUndecided));
  if (unreachable.length + reasons.length === 0) return [];
  return [
    heading(page, 'NOT ASSESSED'),
    ...unreachable.flatMap(({ kind, hosts }) => [
      `${page.paint('yellow', '?')} ${unreachableKinds[kind].title} (${kind}), ${plural(hosts.length, 'host')}`,
      ...hosts
        .slice(0, limits.hosts)
        .flatMap(({ name, message }) => wrap(page, `${visible(name)}: ${line(message)}`, '    ', '      ')),
      ...andMore(hosts.length - limits.hosts, 'hosts', '    '),
      ...wrap(page, unreachableKinds[kind].next, '    -> ', '       '),
    ]),
    ...reasons.slice(0, limits.reasons).flatMap((reason) => reasonLines(reason, page)),
    ...andMore(reasons.length - limits.reasons, 'reasons', '  '),
  ];
}

function reasonLines(same: readonly Finding[], page: Page): string[] {
  const result = same[0]?.result;
  if (result === undefined) return [];
  return [
    ...wrap(page, `${resultNames[result.result]}: ${line(result.message)}`, '? ').map((text, index) =>
      index === 0 ? page.paint('yellow', '?') + text.slice(1) : text,
    ),
    ...same.slice(0, limits.places).map((finding) => {
      const place = placeOf(finding.result);
      const where = place === '' ? '' : ` (${visible(place)})`;
      return `    ${visible(ownerOf(finding))}${where}: ${visible(finding.result.rule)}`;
    }),
    ...andMore(same.length - limits.places, 'checks', '    '),
  ];
}

function line(text: string): string {
  return clipped(prose(text), limits.text);
}
