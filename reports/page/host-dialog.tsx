import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { unreachableKinds } from '../../src/report/meaning.ts';
import { plural } from '../../src/report/plural.ts';
import { placeOf, type ShownHost, type ShownReport } from '../../src/report/shown.ts';
import type { Choices } from './choices.ts';
import { Judgement } from './judgement.tsx';
import { Fold, More, ResultMark, VerdictMark } from './parts.tsx';
import { WhyAndFix } from './remedy.tsx';
import { sortedResults } from './rows.ts';

/** Everything that was checked on one host. */
export function HostDialog(props: {
  readonly report: ShownReport;
  readonly host: ShownHost;
  readonly choose: (change: Partial<Choices>) => void;
}): JSX.Element {
  const { host, choose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const results = useMemo(() => sortedResults(host.results), [host]);
  const rules = useMemo(() => new Map(Object.entries(props.report.rules)), [props.report]);
  const close = (): void => choose({ host: '' });
  return (
    <dialog ref={dialog} aria-labelledby="host" onClose={close}>
      <div class="dialog-head">
        <h2 id="host">{host.name}</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <p class="muted">{[host.address, host.system ?? host.platform, ...host.tags].join(' · ')}</p>
      <dl class="facts">
        <dt>Right now</dt>
        <dd>
          <VerdictMark verdict={host.now} />
        </dd>
        <dt>After a reboot</dt>
        <dd>
          <VerdictMark verdict={host.afterReboot} />
        </dd>
      </dl>
      {host.unreachable !== undefined && (
        <p class="hint">
          <b>{unreachableKinds[host.unreachable.kind].title}.</b> {host.unreachable.message}.{' '}
          {unreachableKinds[host.unreachable.kind].next}
        </p>
      )}
      <h3>{plural(results.length, 'check')}</h3>
      <More items={results} step={40} what="checks">
        {(result) => (
          <Fold
            key={`${result.rule} ${placeOf(result)}`}
            class="check"
            summary={
              <>
                <ResultMark result={result.result} />
                <span class="check-title">
                  {result.result === 'fail' ? result.message : (rules.get(result.rule)?.title ?? result.rule)}
                </span>
                <span class="place">{placeOf(result)}</span>
              </>
            }
          >
            {() => (
              <>
                <p class="muted">
                  <code>{result.rule}</code>
                </p>
                {result.result !== 'pass' && result.result !== 'fail' && <p>{result.message}</p>}
                <Judgement result={result} />
                {result.result === 'fail' && (
                  <WhyAndFix finding={{ result, rule: rules.get(result.rule), host, counted: true }} />
                )}
              </>
            )}
          </Fold>
        )}
      </More>
    </dialog>
  );
}
