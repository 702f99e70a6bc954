import { icon } from './html-icons.ts';
import { bar, names } from './html-parts.ts';
import { html, type Markup } from './markup.ts';
import { coverageOf, hostShares, meaningOf, verdictNames } from './meaning.ts';
import { nextSteps } from './next-steps.ts';
import type { ShownReport } from './shown.ts';

/** The top of the page: what the report says, what the exit code means, how much of the fleet it speaks of, which run it was. */
export function headSection(report: ShownReport): Markup {
  const { tone, word, sentence, exit } = meaningOf(report);
  const { run, totals } = report;
  const shares = hostShares(totals.hosts);
  const seconds = ((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000).toFixed(1);
  return html`<header class="head tone-${tone}">
    <div class="wide">
      <div class="brand"><span>dsr-audit</span><span id="theme"></span></div>
      <h1>${icon(tone)}<span>${word}</span></h1>
      <p class="sentence">${sentence}</p>
      <p class="exit"><b>Exit code ${report.exitCode}:</b> ${exit}</p>
      <div class="coverage">
        <p><b>Coverage</b> ${coverageOf(totals)}</p>
        ${bar(shares.map(({ verdict, count }) => ({ name: verdict, count })))}
        <ul class="shares">
          ${shares.map(({ verdict, count }) => html`<li class="s-${verdict}"><b>${count}</b> ${verdictNames[verdict]}</li>`)}
        </ul>
      </div>
      <dl class="run">
        <div>
          <dt>Finished</dt>
          <dd>
            <time datetime="${run.finishedAt}">${run.finishedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>
          </dd>
        </div>
        <div>
          <dt>Took</dt>
          <dd>${seconds} s</dd>
        </div>
        <div>
          <dt>Run</dt>
          <dd><code>${run.id.slice(0, 12)}</code></dd>
        </div>
        <div>
          <dt>Tool</dt>
          <dd>dsr-audit ${report.tool.version}</dd>
        </div>
        <div>
          <dt>Fails on</dt>
          <dd>${run.failOn} and above</dd>
        </div>
        ${chosen('Hosts limited to', run.limit)} ${chosen('Rules limited to', run.rules)}
      </dl>
    </div>
  </header>`;
}

function chosen(title: string, choices: readonly string[]): Markup | undefined {
  return choices.length === 0
    ? undefined
    : html`<div>
        <dt>${title}</dt>
        <dd>${names(choices)}</dd>
      </div>`;
}

/** What to do next, in order. */
export function nextSection(report: ShownReport): Markup | undefined {
  const steps = nextSteps(report);
  if (steps.length === 0) return undefined;
  return html`<section aria-labelledby="next">
    <h2 id="next">What to do next</h2>
    <ol class="next">
      ${steps.map(({ say, run }) => html`<li>${say}${run === undefined ? undefined : html`<pre><code>${run}</code></pre>`}</li>`)}
    </ol>
  </section>`;
}
