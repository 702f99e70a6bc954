import type { RenderOptions } from './renderer.ts';
import { coverageOf, hostShares, meaningOf, rebootChange, resultNames, verdictNames, type Tone } from './meaning.ts';
import { plural } from './plural.ts';
import { nextSteps } from './next-steps.ts';
import type { ShownReport } from './shown.ts';
import { andMore, heading, listed, painter, wrap, type Page, type Style } from './terminal.ts';
import { failuresSection } from './text-failures.ts';
import { notAssessedSection } from './text-not-assessed.ts';
import { atRisk, vipStates, type VipState } from './vips.ts';
import { clipped, visible } from './visible.ts';

const limits = { vips: 60, hosts: 12, reboot: 20 };

/** The report as text for a terminal, a mail or a log: the verdict first, then what to do, in the order of its urgency. */
export function renderText(report: ShownReport, options: RenderOptions = {}): string {
  const page: Page = {
    columns: Math.max(40, Math.min(options.columns ?? 100, 120)),
    paint: painter(options.colour ?? false),
  };
  const sections = [
    verdictSection(report, page),
    vipSection(report, page),
    failuresSection(report, page),
    notAssessedSection(report, page),
    rebootSection(report, page),
    nextSection(report, page),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

const signs: Readonly<Record<Tone, { readonly sign: string; readonly style: Style }>> = {
  good: { sign: '✓', style: 'green' },
  bad: { sign: '✗', style: 'red' },
  open: { sign: '?', style: 'yellow' },
};

function verdictSection(report: ShownReport, page: Page): string[] {
  const { tone, word, sentence, exit } = meaningOf(report);
  const { sign, style } = signs[tone];
  const title = `${sign} ${word.toUpperCase()}, exit code ${report.exitCode}:`;
  const [first = '', ...rest] = wrap(page, sentence, `${title} `, '  ');
  const results = Object.entries(report.totals.results)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${resultNames[name as keyof typeof resultNames]}`);
  const shares = hostShares(report.totals.hosts).filter(({ count }) => count > 0);
  const { run } = report;
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  const field = (name: string, text: string): string[] => wrap(page, text, `  ${name.padEnd(11)}`, ' '.repeat(13));
  return [
    page.paint(['bold', style], title) + first.slice(title.length),
    ...rest,
    '',
    ...field('Exit code', `${report.exitCode}: ${exit}`),
    ...field('Coverage', coverageOf(report.totals)),
    ...field('Hosts', shares.map(({ verdict, count }) => `${count} ${verdictNames[verdict]}`).join(', ') || 'none'),
    ...field('Checks', results.join(', ') || 'none'),
    ...field('Run', `${visible(run.startedAt)}, ${seconds.toFixed(1)} s, id ${run.id.slice(0, 12)}`),
    ...field('Tool', `dsr-audit ${visible(report.tool.version)}, fails on ${run.failOn} and above`),
    ...(run.limit.length === 0 ? [] : field('Limited to', clipped(visible(run.limit.join(', ')), 300))),
    ...(run.rules.length === 0 ? [] : field('Rules', clipped(visible(run.rules.join(', ')), 300))),
  ];
}

function vipSection(report: ShownReport, page: Page): string[] {
  const states = vipStates(report);
  if (states.length === 0) return [];
  const hidden = states.slice(limits.vips);
  return [
    heading(page, 'VIPS'),
    ...states.slice(0, limits.vips).flatMap((state) => vipLines(state, page)),
    ...andMore(hidden.length, `VIPs, ${hidden.filter(atRisk).length} with a hijack risk`, '  '),
  ];
}

function vipLines({ service, tone, compliant }: VipState, page: Page): string[] {
  const { sign, style } = signs[tone];
  const ports = service.ports.length === 0 ? '' : ` (${service.ports.join(', ')})`;
  return [
    `${page.paint(style, sign)} ${page.paint('bold', visible(service.vip))}  ${visible(service.name + ports)}, ` +
      `${compliant} of ${plural(service.backends.length, 'backend')} compliant`,
    ...wrapIf(page, service.hijackRisk.length > 0, `HIJACK RISK: ${hostNames(service.hijackRisk)}`).map((line) =>
      page.paint(['bold', 'red'], line),
    ),
    ...wrapIf(page, service.hijackUnknown.length > 0, `hijack risk not known: ${hostNames(service.hijackUnknown)}`),
  ];
}

function hostNames(list: readonly string[]): string {
  return listed(list.map(visible), limits.hosts);
}

function wrapIf(page: Page, wanted: boolean, text: string): string[] {
  return wanted ? wrap(page, text, '    ') : [];
}

function rebootSection(report: ShownReport, page: Page): string[] {
  const changing = report.hosts.filter((host) => rebootChange(host) !== undefined);
  if (changing.length === 0) return [];
  return [
    heading(page, 'RIGHT NOW AND AFTER A REBOOT'),
    ...changing
      .slice(0, limits.reboot)
      .flatMap((host) =>
        wrap(
          page,
          `${visible(host.name)}: ${verdictNames[host.now]} now, ${verdictNames[host.afterReboot]} after a reboot: ${rebootChange(host)}`,
          '  ',
          '    ',
        ),
      ),
    ...andMore(changing.length - limits.reboot, 'hosts', '  '),
  ];
}

function nextSection(report: ShownReport, page: Page): string[] {
  const steps = nextSteps(report);
  if (steps.length === 0) return [];
  return [
    heading(page, 'NEXT'),
    ...steps.flatMap(({ say, run }, index) => [
      ...wrap(page, say, `  ${index + 1}. `),
      ...(run === undefined ? [] : [`     ${run}`]),
    ]),
  ];
}
