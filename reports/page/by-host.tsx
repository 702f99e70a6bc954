import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { plural } from '../../src/report/plural.ts';
import { gravest, groupBy, ownerOf, placeOf, rank, type Finding } from '../../src/report/shown.ts';
import type { Choices } from './choices.ts';
import { Judgement } from './judgement.tsx';
import { Fold, More, SeverityMark } from './parts.tsx';
import { WhyAndFix } from './remedy.tsx';

/** Failures by host, the host with the gravest one first. */
export function ByHost(props: {
  readonly findings: readonly Finding[];
  readonly choose: (change: Partial<Choices>) => void;
}): JSX.Element {
  const groups = useMemo(() => gravestFirst([...groupBy(props.findings, keyOf).values()]), [props.findings]);
  return (
    <More items={groups} step={30} what="hosts">
      {(group, index) => (
        <Fold
          key={group.slice(0, 1).map(keyOf).join('')}
          class={`card edge-${gravest(group)}`}
          open={index === 0}
          summary={<HostSummary group={group} />}
        >
          {() => (
            <>
              <HostLine group={group} choose={props.choose} />
              <FindingList findings={group} />
            </>
          )}
        </Fold>
      )}
    </More>
  );
}

function gravestFirst(groups: readonly (readonly Finding[])[]): readonly (readonly Finding[])[] {
  return [...groups].sort((a, b) => rank(gravest(a)) - rank(gravest(b)) || b.length - a.length);
}

// A host and a service may have the same name.
function keyOf(finding: Finding): string {
  return `${finding.host === undefined ? 'service' : 'host'} ${ownerOf(finding)}`;
}

function HostSummary({ group }: { readonly group: readonly Finding[] }): JSX.Element | null {
  const first = group[0];
  if (first === undefined) return null;
  return (
    <>
      <SeverityMark severity={gravest(group)} />
      <h3>{ownerOf(first)}</h3>
      <span class="count">{plural(group.length, 'failure')}</span>
      <span class="rule-id">{first.host === undefined ? 'service' : first.host.address}</span>
    </>
  );
}

function HostLine(props: {
  readonly group: readonly Finding[];
  readonly choose: (change: Partial<Choices>) => void;
}): JSX.Element | null {
  const host = props.group[0]?.host;
  if (host === undefined) return null;
  return (
    <p class="host-line">
      <span>{[host.system ?? host.platform, ...host.tags].join(' · ')}</span>
      <button type="button" class="quiet" onClick={() => props.choose({ host: host.name })}>
        All checks of this host
      </button>
    </p>
  );
}

function FindingList({ findings }: { readonly findings: readonly Finding[] }): JSX.Element {
  const sorted = [...findings].sort((a, b) => rank(a.result.severity) - rank(b.result.severity));
  return (
    <More items={sorted} step={20} what="failures">
      {(finding) => (
        <div class="block" key={`${finding.result.rule} ${placeOf(finding.result)}`}>
          <p class="owners">
            <SeverityMark severity={finding.result.severity} />
            <b>{finding.result.message}</b>
            <code class="rule-id">{finding.result.rule}</code>
          </p>
          <Judgement result={finding.result} />
          <WhyAndFix finding={finding} />
        </div>
      )}
    </More>
  );
}
