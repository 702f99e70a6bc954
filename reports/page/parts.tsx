import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ResultWord, Severity, Verdict } from '../../src/contracts/report.ts';
import { resultNames, severityMeanings, toneOf, verdictNames } from '../../src/report/meaning.ts';
import { copyText } from './clipboard.ts';

/** A symbol of the sprite; its word stands beside it. */
export function Icon({ name }: { readonly name: string }): JSX.Element {
  return (
    <svg class={`icon i-${name}`} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}

/** A severity, as symbol and word. */
export function SeverityMark({ severity }: { readonly severity: Severity }): JSX.Element {
  return (
    <span class={`mark-word t-${severity}`} title={severityMeanings[severity]}>
      <Icon name={severity} />
      {severity}
    </span>
  );
}

/** A verdict, as symbol and word. */
export function VerdictMark({ verdict }: { readonly verdict: Verdict }): JSX.Element {
  const tone = toneOf(verdict);
  return (
    <span class={`mark-word t-${tone}`}>
      <Icon name={tone} />
      {verdictNames[verdict]}
    </span>
  );
}

/** The symbol of a result, as used where a word has no room; the word is its accessible name. */
export const resultSigns: Readonly<Record<ResultWord, string>> = {
  pass: '✓',
  fail: '✗',
  error: '!',
  unknown: '?',
  notapplicable: '–',
  notchecked: '○',
  notselected: '·',
  informational: 'i',
};

/** A result, as symbol and word. */
export function ResultMark({ result }: { readonly result: ResultWord }): JSX.Element {
  return (
    <span class={`result r-${result}`}>
      <span aria-hidden="true">{resultSigns[result]}</span> {resultNames[result]}
    </span>
  );
}

/** A part that opens: what is inside is made when it is opened first, so that closed parts cost nothing. */
export function Fold(props: {
  readonly summary: ComponentChildren;
  readonly open?: boolean;
  readonly class?: string;
  readonly children: () => ComponentChildren;
}): JSX.Element {
  // Only at first: later the reader's own opening and closing stands.
  const [initially] = useState(props.open ?? false);
  const [opened, setOpened] = useState(initially);
  return (
    <details
      class={`fold ${props.class ?? ''}`}
      open={initially}
      onToggle={(event) => event.currentTarget.open && setOpened(true)}
    >
      <summary>{props.summary}</summary>
      {opened && <div class="fold-body">{props.children()}</div>}
    </details>
  );
}

/** The first items of a list and a button for the next ones. */
export function More<T>(props: {
  readonly items: readonly T[];
  readonly step: number;
  readonly what: string;
  readonly children: (item: T, index: number) => ComponentChildren;
}): JSX.Element {
  const [shown, setShown] = useState(props.step);
  const left = props.items.length - shown;
  return (
    <>
      {props.items.slice(0, shown).map(props.children)}
      {left > 0 && (
        <button type="button" class="quiet more-button" onClick={() => setShown(shown + props.step)}>
          Show {Math.min(left, props.step)} more of {left} {props.what}
        </button>
      )}
    </>
  );
}

/** A button that copies text and says whether it did. */
export function CopyButton(props: { readonly text: string; readonly label: string }): JSX.Element {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => setSaid(''), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => setSaid((await copyText(props.text)) ? 'Copied' : 'Select and copy by hand');
  return (
    <button type="button" class="quiet copy" onClick={() => void copy()}>
      {said === '' ? props.label : said}
      <span class="offscreen" role="status">
        {said}
      </span>
    </button>
  );
}
