import type { JSX } from 'preact';
import type { Finding, ShownReport } from '../../src/report/shown.ts';
import { ByHost } from './by-host.tsx';
import { ByRule } from './by-rule.tsx';
import { ByVip } from './by-vip.tsx';
import type { Choices, View } from './choices.ts';

const views: readonly (readonly [View, string])[] = [
  ['rule', 'By rule'],
  ['host', 'By host'],
  ['vip', 'By VIP'],
];

/** The failures that the filters leave, grouped as the reader wants them. */
export function Failures(props: {
  readonly report: ShownReport;
  readonly all: readonly Finding[];
  readonly shown: readonly Finding[];
  readonly choices: Choices;
  readonly choose: (change: Partial<Choices>) => void;
}): JSX.Element {
  const { report, all, shown, choices, choose } = props;
  return (
    <section aria-labelledby="failures">
      <div class="section-head">
        <h2 id="failures">Failures</h2>
        {all.length > 0 && (
          <div class="segments" role="group" aria-label="Group the failures">
            {views.map(([view, label]) => (
              <button key={view} type="button" aria-pressed={choices.view === view} onClick={() => choose({ view })}>
                {label}
              </button>
            ))}
          </div>
        )}
      </div>
      {shown.length === 0 ? (
        <p class="empty">{emptyText(report, all)}</p>
      ) : choices.view === 'rule' ? (
        <ByRule findings={shown} level={3} />
      ) : choices.view === 'host' ? (
        <ByHost findings={shown} choose={choose} />
      ) : (
        <ByVip report={report} findings={shown} />
      )}
    </section>
  );
}

function emptyText(report: ShownReport, all: readonly Finding[]): string {
  if (all.length > 0) return 'No failure matches the filters.';
  return report.verdict === 'compliant' ? 'Nothing failed.' : 'Nothing that was assessed failed.';
}
