import type { JSX } from 'preact';
import { rank, type ShownReport } from '../../src/report/shown.ts';
import { Fold, More, SeverityMark } from './parts.tsx';

/** The rules that were selected: what each asks, why, and where that comes from. */
export function Legend({ report }: { readonly report: ShownReport }): JSX.Element {
  const rules = Object.entries(report.rules).sort(
    ([a, one], [b, other]) => rank(one.severity) - rank(other.severity) || (a < b ? -1 : 1),
  );
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">Rules</h2>
      <div class="card list">
        <More items={rules} step={60} what="rules">
          {([id, rule]) => (
            <Fold
              key={id}
              class="check"
              summary={
                <>
                  <SeverityMark severity={rule.severity} />
                  <span class="check-title">{rule.title}</span>
                  <code class="rule-id">{id}</code>
                </>
              }
            >
              {() => (
                <>
                  <p class="why">{rule.why}</p>
                  <dl class="facts">
                    <dt>Speaks of</dt>
                    <dd>{rule.horizon === 'now' ? 'the running state' : 'the state after the next boot'}</dd>
                    <dt>Judges</dt>
                    <dd>
                      {rule.platform}, {rule.subject}
                    </dd>
                    {rule.source.length > 0 && <dt>Source</dt>}
                    {rule.source.map((source) => (
                      <dd key={source}>{source}</dd>
                    ))}
                    {rule.catalogue.length > 0 && <dt>Catalogue</dt>}
                    {rule.catalogue.length > 0 && <dd>{rule.catalogue.join(', ')}</dd>}
                  </dl>
                </>
              )}
            </Fold>
          )}
        </More>
      </div>
    </section>
  );
}
