import { icon } from './html-icons.ts';
import { leftOut, names } from './html-parts.ts';
import { html, type Markup } from './markup.ts';
import { isUndecided, rebootChange, resultNames, unreachableKinds, verdictNames } from './meaning.ts';
import { undecidedByReason, unreachableByKind } from './not-assessed.ts';
import { remedies, type Remedy } from './remedy.ts';
import {
  byRule,
  concerned,
  failureOf,
  failures,
  findings,
  ownerOf,
  placeOf,
  type Finding,
  type RuleGroup,
  type ShownReport,
} from './shown.ts';

const limits = { rows: 300, evidence: 4, reasons: 100, names: 2000, commands: 40 };

/** What paper and readers without script get: every failing rule opened, every failing host named, what was not assessed. */
export function printedFindings(report: ShownReport): Markup {
  const groups = byRule(failures(report));
  // Rows are shared out among the rules, so that no rule is left without any.
  const rows = Math.max(5, Math.floor(limits.rows / Math.max(groups.length, 1)));
  return html`<section class="wide">
      <h2>Failures</h2>
      ${groups.length === 0 ? html`<p>Nothing failed.</p>` : undefined}
      ${groups.map((group) => printedRule(group, rows))} ${failingHosts(report)}
    </section>
    ${printedNotAssessed(report)} ${printedReboot(report)}`;
}

function printedRule(group: RuleGroup, rows: number): Markup {
  const shown = group.findings.slice(0, rows);
  return html`<article class="printed-rule">
    <h3>${icon(group.severity)}<span>${group.severity}</span> ${failureOf(group)}</h3>
    <p class="muted">${group.id}, ${concerned(group)}</p>
    <table>
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Where</th>
          <th scope="col">Expected</th>
          <th scope="col">Actual</th>
          <th scope="col">Seen in</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(printedFinding)}
      </tbody>
    </table>
    ${leftOut(group.findings.length - shown.length, 'findings; their values stand in the JSON report')}
    ${group.rule === undefined ? undefined : html`<p><b>Why it matters.</b> ${group.rule.why}</p>`}
    ${remedies(group.findings, 'fix').map((remedy, _index, all) => printedRemedy(remedy, all.length > 1))}
  </article>`;
}

function printedFinding(finding: Finding): Markup {
  const { result } = finding;
  const evidence = result.evidence.slice(0, limits.evidence).map(({ source, text }) => `${source}: ${text}`);
  return html`<tr>
    <td>${ownerOf(finding)}</td>
    <td>${placeOf(result)}</td>
    <td>${result.expected}</td>
    <td>${result.actual}</td>
    <td>${evidence.join('; ').slice(0, 1000)}</td>
  </tr>`;
}

function printedRemedy(remedy: Remedy, several: boolean): Markup {
  return html`<p><b>Fix${several ? ` on ${names(remedy.owners)}` : ''}</b></p>
    <ol>
      ${remedy.steps.map(
        (step) =>
          html`<li>
            ${step.say}${step.commands.slice(0, limits.commands).map(
              ({ run, owners }) =>
                html`${step.commands.length > 1 ? html`<p>on ${names(owners)}:</p>` : undefined}
                  <pre><code>${run}</code></pre>`,
            )}${leftOut(step.commands.length - limits.commands, 'commands, in the JSON report')}
          </li>`,
      )}
    </ol>`;
}

function failingHosts(report: ShownReport): Markup | undefined {
  const failing = report.hosts.filter((host) => host.verdict === 'non-compliant').map((host) => host.name);
  if (failing.length === 0) return undefined;
  return html`<h3>Hosts that fail</h3>
    <p>${names(failing, limits.names)}</p>`;
}

function printedNotAssessed(report: ShownReport): Markup | undefined {
  const unreachable = unreachableByKind(report.hosts);
  const reasons = undecidedByReason(findings(report, isUndecided));
  if (unreachable.length + reasons.length === 0) return undefined;
  return html`<section class="wide">
    <h2>Not assessed</h2>
    ${unreachable.map(
      ({ kind, hosts }) =>
        html`<h3>${icon('open')}${unreachableKinds[kind].title}</h3>
          <ul>
            ${hosts.slice(0, limits.reasons).map(({ name, message }) => html`<li><b>${name}</b> ${message}</li>`)}
          </ul>
          ${leftOut(hosts.length - limits.reasons, 'hosts, in the JSON report')}
          <p>${unreachableKinds[kind].next}</p>`,
    )}
    <ul>
      ${reasons.slice(0, limits.reasons).map((same) => {
        const { result, message } = same[0]?.result ?? { result: 'unknown', message: '' };
        return html`<li>
          <b>${resultNames[result]}</b> ${message}:
          ${names(same.map((finding) => [ownerOf(finding), placeOf(finding.result), finding.result.rule].filter((part) => part !== '').join(' ')))}
        </li>`;
      })}
    </ul>
    ${leftOut(reasons.length - limits.reasons, 'reasons, in the JSON report')}
  </section>`;
}

function printedReboot(report: ShownReport): Markup | undefined {
  const changing = report.hosts.filter((host) => rebootChange(host) !== undefined);
  if (changing.length === 0) return undefined;
  return html`<section class="wide">
    <h2>Right now and after a reboot</h2>
    <ul>
      ${changing.slice(0, limits.rows).map((host) => html`<li><b>${host.name}</b> ${verdictNames[host.now]} now, ${verdictNames[host.afterReboot]} after a reboot: ${rebootChange(host)}</li>`)}
    </ul>
    ${leftOut(changing.length - limits.rows, 'hosts, in the JSON report')}
  </section>`;
}
