import type { ComponentChildren, JSX } from 'preact';
import type { ShownResult } from '../../src/report/shown.ts';

/** What was expected of a subject, what is so, and where that was seen. */
export function Judgement({ result }: { readonly result: ShownResult }): JSX.Element {
  return (
    <div class="judgement">
      <dl>
        <dt>Expected</dt>
        <dd>
          <Value text={result.expected} />
        </dd>
        <dt>Actual</dt>
        <dd class={result.result === 'fail' ? 'wrong' : ''}>
          <Value text={result.actual} />
        </dd>
      </dl>
      {result.evidence.length > 0 && (
        <div class="evidence">
          <p class="label">Seen in</p>
          <ul>
            {result.evidence.map(({ source, text }, index) => (
              <li key={index}>
                <span class="source">{source}</span> <code>{text}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Value({ text }: { readonly text: string }): ComponentChildren {
  return text === '' ? <span class="muted">nothing</span> : text;
}
