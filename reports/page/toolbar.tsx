import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Severity } from '../../src/contracts/report.ts';
import { plural } from '../../src/report/plural.ts';
import type { Finding, ShownReport } from '../../src/report/shown.ts';
import { severities } from '../../src/report/verdict.ts';
import { nothingChosen, type Choices } from './choices.ts';
import { SeverityMark } from './parts.tsx';

/** Search and filters; `/` goes to the search from anywhere. */
export function Toolbar(props: {
  readonly report: ShownReport;
  readonly all: readonly Finding[];
  readonly shown: number;
  readonly hosts: number;
  readonly choices: Choices;
  readonly choose: (change: Partial<Choices>) => void;
}): JSX.Element {
  const { report, all, choices, choose } = props;
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focusSearch = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', focusSearch);
    return () => removeEventListener('keydown', focusSearch);
  }, []);
  const tags = [...new Set(report.hosts.flatMap((host) => host.tags))].sort();
  const platforms = new Set(report.hosts.map((host) => host.platform));
  const filtered = choices.search + choices.platform + choices.tag !== '' || choices.severities.length > 0;
  return (
    <form class="toolbar" role="search" aria-label="Filter the report" onSubmit={(event) => event.preventDefault()}>
      <label class="search">
        <span class="offscreen">Search hosts, rules, addresses, values</span>
        <input
          ref={search}
          type="search"
          placeholder="Search hosts, rules, values"
          value={choices.search}
          onInput={(event) => choose({ search: event.currentTarget.value })}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <div class="segments" role="group" aria-label="Severity">
        {severities.map((severity) => (
          <SeverityButton key={severity} severity={severity} all={all} choices={choices} choose={choose} />
        ))}
      </div>
      {platforms.size > 1 && (
        <Choice
          label="Platform"
          value={choices.platform}
          options={['linux', 'windows']}
          choose={(platform) => choose({ platform: platform === 'linux' || platform === 'windows' ? platform : '' })}
        />
      )}
      {tags.length > 0 && <Choice label="Tag" value={choices.tag} options={tags} choose={(tag) => choose({ tag })} />}
      <p class="status" role="status">
        {filtered
          ? `${props.shown} of ${plural(all.length, 'failure')}, ${props.hosts} of ${plural(report.hosts.length, 'host')}`
          : `${plural(all.length, 'failure')}, ${plural(report.hosts.length, 'host')}`}
      </p>
      {filtered && (
        <button
          type="button"
          class="quiet"
          onClick={() => choose({ ...nothingChosen, view: choices.view, theme: choices.theme })}
        >
          Clear filters
        </button>
      )}
    </form>
  );
}

function SeverityButton(props: {
  readonly severity: Severity;
  readonly all: readonly Finding[];
  readonly choices: Choices;
  readonly choose: (change: Partial<Choices>) => void;
}): JSX.Element | null {
  const { severity, all, choices, choose } = props;
  const count = all.filter((finding) => finding.result.severity === severity).length;
  const chosen = choices.severities.includes(severity);
  if (count === 0 && !chosen) return null;
  const toggled = chosen
    ? choices.severities.filter((other) => other !== severity)
    : severities.filter((other) => other === severity || choices.severities.includes(other));
  return (
    <button type="button" aria-pressed={chosen} onClick={() => choose({ severities: toggled })}>
      <SeverityMark severity={severity} /> <b>{count}</b>
    </button>
  );
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly choose: (value: string) => void;
}): JSX.Element {
  return (
    <label class="choice">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        <option value="">all</option>
        {props.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
