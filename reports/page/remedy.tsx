import type { JSX } from 'preact';
import { remedies, scriptOf, type Remedy } from '../../src/report/remedy.ts';
import type { Finding } from '../../src/report/shown.ts';
import { CopyButton, Fold, More } from './parts.tsx';

/** The fix for findings of one rule, and how to undo it. */
export function Remedies({ findings }: { readonly findings: readonly Finding[] }): JSX.Element {
  const fixes = remedies(findings, 'fix');
  const rollbacks = remedies(findings, 'rollback');
  return (
    <>
      <RemedyList title="Fix" list={fixes} />
      {rollbacks.length > 0 && (
        <details class="rollback">
          <summary>Undo the fix</summary>
          <RemedyList title="Undo" list={rollbacks} />
        </details>
      )}
    </>
  );
}

/** Why one failure matters and how to repair it, closed at first. */
export function WhyAndFix({ finding }: { readonly finding: Finding }): JSX.Element {
  return (
    <Fold class="plain" summary="Why it matters, and the fix">
      {() => (
        <>
          {finding.rule !== undefined && <p class="why">{finding.rule.why}</p>}
          <Remedies findings={[finding]} />
        </>
      )}
    </Fold>
  );
}

function RemedyList({ title, list }: { readonly title: string; readonly list: readonly Remedy[] }): JSX.Element {
  return (
    <>
      {list.map((remedy) => (
        <div class="remedy" key={remedy.owners.join('\n')}>
          <p class="label">
            <span>
              {title}
              {list.length > 1 && ` on ${someNames(remedy.owners)}`}
            </span>
            {remedy.steps.some((step) => step.commands.length > 0) && (
              <CopyButton text={scriptOf(remedy)} label={title === 'Fix' ? 'Copy the whole fix' : 'Copy all'} />
            )}
          </p>
          <ol>
            {remedy.steps.map((step, index) => (
              <li key={index}>
                {step.say}
                <More items={step.commands} step={10} what="commands">
                  {({ run, owners }) => (
                    <div class="command" key={run}>
                      {step.commands.length > 1 && <p class="muted">on {someNames(owners)}</p>}
                      <div class="command-line">
                        <pre>
                          <code>{run}</code>
                        </pre>
                        <CopyButton text={run} label="Copy" />
                      </div>
                    </div>
                  )}
                </More>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </>
  );
}

/** Names in one line, the first ones and how many more there are. */
export function someNames(names: readonly string[], limit = 12): string {
  return names.length <= limit
    ? names.join(', ')
    : `${names.slice(0, limit).join(', ')} and ${names.length - limit} more`;
}
