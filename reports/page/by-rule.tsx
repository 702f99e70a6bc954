import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import {
  alike,
  byRule,
  concerned,
  failureOf,
  ownerOf,
  placeOf,
  type Finding,
  type RuleGroup,
} from '../../src/report/shown.ts';
import { Judgement } from './judgement.tsx';
import { Fold, More, SeverityMark } from './parts.tsx';
import { Remedies } from './remedy.tsx';

/** Failures by rule: what failed and why it matters once, the hosts that fail alike together, and one fix for all. */
export function ByRule({
  findings,
  level,
}: {
  readonly findings: readonly Finding[];
  readonly level: 3 | 4;
}): JSX.Element {
  const groups = useMemo(() => byRule(findings), [findings]);
  return (
    <More items={groups} step={30} what="rules">
      {(group) => (
        <Fold
          key={group.id}
          class={`card edge-${group.severity}`}
          open={level === 3 && group === groups[0]}
          summary={<RuleSummary group={group} level={level} />}
        >
          {() => <RuleBody group={group} />}
        </Fold>
      )}
    </More>
  );
}

function RuleSummary({ group, level }: { readonly group: RuleGroup; readonly level: 3 | 4 }): JSX.Element {
  return (
    <>
      <SeverityMark severity={group.severity} />
      <Heading level={level}>{failureOf(group)}</Heading>
      <span class="count">{concerned(group)}</span>
      <code class="rule-id">{group.id}</code>
    </>
  );
}

function Heading(props: { readonly level: 3 | 4; readonly children: ComponentChildren }): JSX.Element {
  return props.level === 3 ? <h3>{props.children}</h3> : <h4>{props.children}</h4>;
}

function RuleBody({ group }: { readonly group: RuleGroup }): JSX.Element {
  const said = failureOf(group);
  return (
    <>
      {group.rule !== undefined && <p class="why">{group.rule.why}</p>}
      {group.findings.every((finding) => !finding.counted) && (
        <p class="muted">Below the severity that the run fails on.</p>
      )}
      <More items={alike(group)} step={15} what="groups of hosts">
        {(block) => <Block key={block.map(ownerOf).join('\n')} block={block} said={said} />}
      </More>
      <Remedies findings={group.findings} />
    </>
  );
}

function Block({ block, said }: { readonly block: readonly Finding[]; readonly said: string }): JSX.Element | null {
  const first = block[0];
  if (first === undefined) return null;
  const place = placeOf(first.result);
  const names = block.map(ownerOf);
  return (
    <div class="block">
      <div class="owners">
        {names.length <= 20 ? (
          <b>{names.join(', ')}</b>
        ) : (
          <>
            <b>{names.slice(0, 12).join(', ')}</b>
            <Fold class="inline" summary={`and ${names.length - 12} more`}>
              {() => names.slice(12).join(', ')}
            </Fold>
          </>
        )}
        {place !== '' && <span class="place">{place}</span>}
      </div>
      {first.result.message !== said && <p>{first.result.message}</p>}
      <Judgement result={first.result} />
    </div>
  );
}
