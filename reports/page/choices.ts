import type { Severity } from '../../src/contracts/report.ts';
import { severities } from '../../src/report/verdict.ts';

/** What the reader chose to see; it lives in the fragment of the address, so that a link restores it. */
export interface Choices {
  readonly view: View;
  /** Empty: all of them. */
  readonly severities: readonly Severity[];
  readonly search: string;
  readonly platform: '' | 'linux' | 'windows';
  readonly tag: string;
  /** Name of the host whose checks are open. */
  readonly host: string;
  readonly theme: '' | 'light' | 'dark';
}

/** How the failures are grouped. */
export type View = 'rule' | 'host' | 'vip';

/** What is shown when nothing was chosen. */
export const nothingChosen: Choices = {
  view: 'rule',
  severities: [],
  search: '',
  platform: '',
  tag: '',
  host: '',
  theme: '',
};

/** Choices from a fragment such as `#view=host&severity=critical,high`; what it does not say or says wrongly is not chosen. */
export function choicesFrom(fragment: string): Choices {
  const given = new URLSearchParams(fragment.replace(/^#/, ''));
  const one = <T extends string>(name: string, allowed: readonly T[], otherwise: T): T =>
    allowed.find((word) => word === given.get(name)) ?? otherwise;
  const named = given.get('severity')?.split(',') ?? [];
  return {
    view: one('view', ['rule', 'host', 'vip'], 'rule'),
    severities: severities.filter((severity) => named.includes(severity)),
    search: given.get('q') ?? '',
    platform: one('platform', ['', 'linux', 'windows'], ''),
    tag: given.get('tag') ?? '',
    host: given.get('host') ?? '',
    theme: one('theme', ['', 'light', 'dark'], ''),
  };
}

/** The fragment that stands for choices; empty when nothing was chosen. */
export function fragmentOf(choices: Choices): string {
  const given = new URLSearchParams();
  if (choices.view !== 'rule') given.set('view', choices.view);
  if (choices.severities.length > 0) given.set('severity', choices.severities.join(','));
  if (choices.search !== '') given.set('q', choices.search);
  if (choices.platform !== '') given.set('platform', choices.platform);
  if (choices.tag !== '') given.set('tag', choices.tag);
  if (choices.host !== '') given.set('host', choices.host);
  if (choices.theme !== '') given.set('theme', choices.theme);
  return given.toString();
}
