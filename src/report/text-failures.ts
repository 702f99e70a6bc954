import type { Severity } from '../contracts/report.ts';
import { remedies, type Remedy } from './remedy.ts';
import {
  alike,
  byRule,
  concerned,
  failureOf,
  failures,
  ownerOf,
  placeOf,
  type Finding,
  type RuleGroup,
  type ShownReport,
} from './shown.ts';
import { andMore, heading, listed, wrap, type Page, type Style } from './terminal.ts';
import { clipped, prose, visible, visibleLines } from './visible.ts';

const limits = {
  overview: 8,
  names: 12,
  blocks: 8,
  evidence: 6,
  evidenceLines: 3,
  text: 400,
  command: 2000,
  commands: 12,
};

/** Every failing rule once: what failed, where, expected and actual with its evidence, why it matters, what to do. */
export function failuresSection(report: ShownReport, page: Page): string[] {
  const groups = byRule(failures(report));
  if (groups.length === 0) return [];
  const details = groups.flatMap((group) => ['', ...ruleLines(group, page)]);
  // With many rules an overview comes first, one line each; with few, the details are overview enough.
  if (groups.length < limits.overview) return [heading(page, 'FAILURES'), ...details.slice(1)];
  return [heading(page, 'FAILURES'), ...groups.map((group) => overviewLine(group, page)), ...details];
}

function overviewLine(group: RuleGroup, page: Page): string {
  const { sign, style } = signs[group.severity];
  const start = `${sign} ${group.severity.padEnd(8)}  ${concerned(group).padStart(9)}  `;
  const room = page.columns - start.length;
  const said = prose(failureOf(group));
  return page.paint(style, start) + (said.length <= room ? said : `${said.slice(0, room - 1).trimEnd()}…`);
}

const signs: Readonly<Record<Severity, { readonly sign: string; readonly style: Style }>> = {
  critical: { sign: '✗', style: 'red' },
  high: { sign: '✗', style: 'red' },
  medium: { sign: '!', style: 'yellow' },
  low: { sign: '-', style: 'dim' },
  info: { sign: '-', style: 'dim' },
};

function ruleLines(group: RuleGroup, page: Page): string[] {
  const { sign, style } = signs[group.severity];
  const title = `${sign} ${group.severity}`;
  const said = failureOf(group);
  const [first = '', ...rest] = wrap(page, told(said), `${title}  `, '  ');
  const ignored = group.findings.some((finding) => finding.counted) ? '' : ', below the severity that the run fails on';
  const blocks = alike(group);
  return [
    page.paint(['bold', style], title) + first.slice(title.length),
    ...rest,
    page.paint('dim', `  ${visible(group.id)}, ${concerned(group)}${ignored}`),
    ...blocks.slice(0, limits.blocks).flatMap((block) => blockLines(block, said, page)),
    ...andMore(blocks.length - limits.blocks, 'groups of hosts', '  '),
    ...(group.rule === undefined ? [] : wrap(page, told(group.rule.why), '  Why: ', '    ')),
    ...remedies(group.findings, 'fix').flatMap((remedy, _index, all) => remedyLines(remedy, all.length > 1, page)),
  ];
}

function blockLines(block: readonly Finding[], said: string, page: Page): string[] {
  const result = block[0]?.result;
  if (result === undefined) return [];
  const place = placeOf(result);
  const names = listed(
    block.map((finding) => visible(ownerOf(finding))),
    limits.names,
  );
  const evidence = result.evidence.slice(0, limits.evidence).flatMap(({ source, text }) => {
    const lines = visibleLines(text);
    const shown = lines.slice(0, limits.evidenceLines).map((line) => clipped(line, limits.text));
    const from = clipped(visible(source), limits.text);
    return [
      ...(shown.length === 1 ? [`${from}: ${shown[0]}`.trimEnd()] : [`${from}:`, ...shown.map((line) => `  ${line}`)]),
      ...andMore(lines.length - limits.evidenceLines, 'lines', '  '),
    ];
  });
  return [
    ...wrap(page, place === '' ? names : `${names} (${visible(place)})`, '  ').map((line) => page.paint('bold', line)),
    ...(result.message === said ? [] : wrap(page, told(result.message), '    ')),
    ...wrap(page, told(result.expected), '    expected  ', ' '.repeat(14)),
    ...wrap(page, told(result.actual), '    actual    ', ' '.repeat(14)),
    ...evidence.map((line, index) => (index === 0 ? `    seen in   ${line}` : `${' '.repeat(14)}${line}`)),
    ...andMore(result.evidence.length - limits.evidence, 'pieces of evidence', ' '.repeat(14)),
  ];
}

function remedyLines(remedy: Remedy, several: boolean, page: Page): string[] {
  const whom = several ? ` on ${listed(remedy.owners.map(visible), limits.names)}` : '';
  return [
    ...wrap(page, `Fix${whom}:`, '  '),
    ...remedy.steps.flatMap((step, index) => {
      const number = `    ${index + 1}. `;
      const indent = ' '.repeat(number.length);
      const several = step.commands.length > 1;
      const say = step.say ?? (several ? 'Run:' : undefined);
      return [
        ...(say === undefined ? [] : wrap(page, told(say), number)),
        ...step.commands
          .slice(0, limits.commands)
          .flatMap(({ run, owners }, at) => [
            ...(several ? wrap(page, `on ${listed(owners.map(visible), limits.names)}:`, indent) : []),
            ...commandLines(run, page, say === undefined && at === 0 ? number : indent, indent),
          ]),
        ...andMore(step.commands.length - limits.commands, 'commands', indent),
      ];
    }),
  ];
}

/** A command is never broken or cut, or somebody would run half of it. */
function commandLines(run: string, page: Page, first: string, rest: string): string[] {
  if (run.length > limits.command) return [`${first}(a command of ${run.length} characters: see the JSON report)`];
  return visibleLines(run).map((line, index) => (index === 0 ? first : rest) + page.paint('bold', line));
}

function told(text: string): string {
  return clipped(prose(text), limits.text * 3);
}
