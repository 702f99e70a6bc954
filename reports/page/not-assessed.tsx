import type { JSX } from 'preact';
import { resultNames, unreachableKinds } from '../../src/report/meaning.ts';
import { plural } from '../../src/report/plural.ts';
import { undecidedByReason, unreachableByKind } from '../../src/report/not-assessed.ts';
import { ownerOf, placeOf, type Finding, type ShownHost } from '../../src/report/shown.ts';
import { Icon, More } from './parts.tsx';

/** What nobody knows: hosts that were not reached, and checks that came out neither way. */
export function NotAssessed(props: {
  readonly hosts: readonly ShownHost[];
  readonly undecided: readonly Finding[];
}): JSX.Element | null {
  const unreachable = unreachableByKind(props.hosts);
  const reasons = undecidedByReason(props.undecided);
  if (unreachable.length + reasons.length === 0) return null;
  return (
    <section aria-labelledby="not-assessed">
      <h2 id="not-assessed">Not assessed</h2>
      <div class="card-grid">
        {unreachable.map(({ kind, hosts }) => (
          <article class="card padded edge-open" key={kind}>
            <h3>
              <Icon name="open" />
              {unreachableKinds[kind].title} <span class="count">{plural(hosts.length, 'host')}</span>
            </h3>
            <ul class="named">
              <More items={hosts} step={10} what="hosts">
                {({ name, message }) => (
                  <li key={name}>
                    <b>{name}</b> {message}
                  </li>
                )}
              </More>
            </ul>
            <p class="hint">{unreachableKinds[kind].next}</p>
          </article>
        ))}
        <More items={reasons} step={20} what="reasons">
          {(same) => <Reason key={same.map(({ result }) => result.message)[0]} same={same} />}
        </More>
      </div>
    </section>
  );
}

function Reason({ same }: { readonly same: readonly Finding[] }): JSX.Element | null {
  const result = same[0]?.result;
  if (result === undefined) return null;
  return (
    <article class="card padded edge-open">
      <h3>
        <Icon name="open" />
        {result.result === 'error' ? 'Could not be collected' : 'Cannot be told'}{' '}
        <span class="count">
          {plural(same.length, 'check')}, {resultNames[result.result]}
        </span>
      </h3>
      <p>{result.message}</p>
      <ul class="named">
        <More items={same} step={8} what="checks">
          {(finding) => (
            <li key={`${ownerOf(finding)} ${finding.result.rule} ${placeOf(finding.result)}`}>
              <b>{ownerOf(finding)}</b> {placeOf(finding.result)} <code class="rule-id">{finding.result.rule}</code>
            </li>
          )}
        </More>
      </ul>
    </article>
  );
}
