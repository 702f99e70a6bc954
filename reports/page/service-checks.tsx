import type { JSX } from 'preact';
import { placeOf, type ShownReport } from '../../src/report/shown.ts';
import { Judgement } from './judgement.tsx';
import { Fold, More, ResultMark } from './parts.tsx';

/** The checks that judge a VIP over all its backends, so that they stand in no host's row. */
export function ServiceChecks({ report }: { readonly report: ShownReport }): JSX.Element | null {
  const checks = report.services.flatMap((service) => service.results.map((result) => ({ service, result })));
  if (checks.length === 0) return null;
  return (
    <section aria-labelledby="service-checks">
      <h2 id="service-checks">Checks of a VIP over all its backends</h2>
      <div class="card list">
        <More items={checks} step={30} what="checks">
          {({ service, result }) => (
            <Fold
              key={`${service.name} ${result.rule} ${placeOf(result)}`}
              class="check"
              summary={
                <>
                  <ResultMark result={result.result} />
                  <span class="check-title">{result.message}</span>
                  <span class="place">
                    {service.name} {placeOf(result)}
                  </span>
                </>
              }
            >
              {() => (
                <>
                  <p class="muted">
                    <code>{result.rule}</code>
                  </p>
                  <Judgement result={result} />
                </>
              )}
            </Fold>
          )}
        </More>
      </div>
    </section>
  );
}
