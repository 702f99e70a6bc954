import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ResultWord, Verdict } from '../../src/contracts/report.ts';
import { resultNames, toneOf, verdictNames } from '../../src/report/meaning.ts';
import { plural } from '../../src/report/plural.ts';
import { groupBy, type ShownHost, type ShownReport } from '../../src/report/shown.ts';
import type { Choices } from './choices.ts';
import { resultSigns } from './parts.tsx';
import { columnsOf, sortedHosts, visibleRange, worstByRule } from './rows.ts';

// The same as --row in page.css.
const rowHeight = 34;

const legend: readonly ResultWord[] = [
  'pass',
  'fail',
  'error',
  'unknown',
  'notchecked',
  'notapplicable',
  'informational',
];

/** Every host by every rule. Only the rows in sight exist, so that 10,000 hosts cost no more than 30. */
export function Checks(props: {
  readonly report: ShownReport;
  readonly hosts: readonly ShownHost[];
  readonly choose: (change: Partial<Choices>) => void;
}): JSX.Element {
  const tables = useMemo(
    () =>
      [...groupBy(sortedHosts(props.hosts), (host) => host.platform)].map(([platform, hosts]) => ({
        platform,
        hosts,
        columns: columnsOf(props.report, platform),
      })),
    [props.report, props.hosts],
  );
  return (
    <section aria-labelledby="checks">
      <div class="section-head">
        <h2 id="checks">All checks</h2>
        <ul class="signs">
          {legend.map((result) => (
            <li key={result}>
              <span class={`cell r-${result}`} aria-hidden="true">
                {resultSigns[result]}
              </span>
              {resultNames[result]}
            </li>
          ))}
        </ul>
      </div>
      <p class="muted">The worst result of each rule on each host. Open a host for its values and evidence.</p>
      {tables.length === 0 && <p class="empty">No host matches the filters.</p>}
      {tables.map((table) => (
        <Matrix key={table.platform} {...table} choose={props.choose} />
      ))}
    </section>
  );
}

function Matrix(props: {
  readonly platform: string;
  readonly hosts: readonly ShownHost[];
  readonly columns: readonly string[];
  readonly choose: (change: Partial<Choices>) => void;
}): JSX.Element {
  const { platform, hosts, columns, choose } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [{ first, last }, setRange] = useState(() => visibleRange(0, 600, rowHeight, hosts.length));
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const update = (): void =>
      setRange((before) => {
        const after = visibleRange(element.scrollTop, element.clientHeight, rowHeight, hosts.length);
        return before.first === after.first && before.last === after.last ? before : after;
      });
    update();
    element.addEventListener('scroll', update, { passive: true });
    return () => element.removeEventListener('scroll', update);
  }, [hosts.length]);
  const end = Math.min(last, hosts.length);
  const start = Math.min(first, end);
  return (
    <div class="matrix card" role="region" aria-label={`All checks, ${platform}`} tabIndex={0} ref={scroller}>
      <table aria-rowcount={hosts.length + 1}>
        <caption class="offscreen">{plural(hosts.length, `${platform} host`)}, the worst result of each rule</caption>
        <thead>
          <tr>
            <th scope="col" class="host">
              {platform} host
            </th>
            <th scope="col" class="rule">
              <span>right now</span>
            </th>
            <th scope="col" class="rule">
              <span>after a reboot</span>
            </th>
            {columns.map((id) => (
              <th key={id} scope="col" class="rule" title={id}>
                <span>{id.slice(id.indexOf('/') + 1)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer rows={start} />
          {hosts.slice(start, end).map((host, index) => (
            <Row key={host.name} host={host} index={start + index} columns={columns} choose={choose} />
          ))}
          <Spacer rows={hosts.length - end} />
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ rows }: { readonly rows: number }): JSX.Element {
  return <tr aria-hidden="true" style={{ height: `${rows * rowHeight}px` }} />;
}

function Row(props: {
  readonly host: ShownHost;
  readonly index: number;
  readonly columns: readonly string[];
  readonly choose: (change: Partial<Choices>) => void;
}): JSX.Element {
  const { host, columns } = props;
  const worst = worstByRule(host);
  return (
    <tr aria-rowindex={props.index + 2}>
      <th scope="row" class="host">
        <button type="button" class="link" onClick={() => props.choose({ host: host.name })}>
          {host.name}
        </button>
      </th>
      <VerdictCell verdict={host.now} />
      <VerdictCell verdict={host.afterReboot} />
      {columns.map((id) => {
        const result = worst.get(id);
        if (result === undefined) return <td key={id} class="cell none" />;
        return (
          <td
            key={id}
            class={`cell r-${result}`}
            title={`${id}: ${resultNames[result]}`}
            aria-label={resultNames[result]}
          >
            {resultSigns[result]}
          </td>
        );
      })}
    </tr>
  );
}

const verdictSigns = { good: resultSigns.pass, bad: resultSigns.fail, open: resultSigns.unknown };
const verdictClasses = { good: 'r-pass', bad: 'r-fail', open: 'r-unknown' };

function VerdictCell({ verdict }: { readonly verdict: Verdict }): JSX.Element {
  const tone = toneOf(verdict);
  return (
    <td class={`cell ${verdictClasses[tone]}`} title={verdictNames[verdict]} aria-label={verdictNames[verdict]}>
      {verdictSigns[tone]}
    </td>
  );
}
