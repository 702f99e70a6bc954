import type { HostTotals, Report, ResultWord, Severity, UnreachableKind, Verdict } from '../contracts/report.ts';
import { plural } from './plural.ts';
import { failures, findings, type ShownHost, type ShownReport } from './shown.ts';

/** How a statement feels: `good` is proven, `bad` is a failure, `open` is not known. */
export type Tone = 'good' | 'bad' | 'open';

/** The verdict in words. */
export interface Meaning {
  readonly tone: Tone;
  /** One or two words, for a headline. */
  readonly word: string;
  /** One sentence with the numbers that led to it. */
  readonly sentence: string;
  /** What the exit code stands for. */
  readonly exit: string;
}

/** What the report says, in one line. */
export function meaningOf(report: ShownReport): Meaning {
  const tone = toneOf(report.verdict);
  const exit = exitMeaning(report);
  const sentence = sentenceOf(report);
  if (report.run.interrupted === null) return { tone, word: verdictNames[report.verdict], sentence, exit };
  return {
    tone: tone === 'good' ? 'open' : tone,
    word: 'interrupted',
    sentence: `The run was ended by ${report.run.interrupted}; this is what it had judged by then. ${sentence}`,
    exit,
  };
}

function sentenceOf(report: ShownReport): string {
  const { hosts } = report.totals;
  const all = failures(report);
  const counted = all.filter((failure) => failure.counted);
  const lesser = all.length - counted.length;
  const below =
    lesser === 0 ? '' : ` ${plural(lesser, 'failure')} below ${report.run.failOn} ${be(lesser)} not counted.`;
  const threshold = lesser === 0 ? '' : ` at or above ${report.run.failOn}`;
  switch (report.verdict) {
    case 'compliant':
      return `Every one of ${plural(hosts.selected, 'host')} was assessed and nothing failed${threshold}.${below}`;
    case 'non-compliant': {
      const risky = hijackers(report).length;
      const risk = risky === 0 ? '' : `; ${plural(risky, 'host')} can hijack a VIP right now`;
      const onHosts = counted.filter((failure) => failure.host !== undefined).length;
      const places = [
        ...(onHosts === 0
          ? []
          : [`${plural(onHosts, 'failure')} on ${hosts.nonCompliant} of ${plural(hosts.selected, 'host')}`]),
        ...(onHosts === counted.length ? [] : [`${plural(counted.length - onHosts, 'failure')} of a VIP as a whole`]),
      ];
      return `${places.join(', ')}${risk}.${below}`;
    }
    case 'incomplete':
      return `Nothing failed${threshold}, but not everything is known: ${openEnds(report)}.${below}`;
    case 'not-assessed':
      return hosts.selected === 0
        ? 'No host was selected, so nothing is proven.'
        : `No rule could be judged on ${plural(hosts.selected, 'selected host')}, so nothing is proven.`;
  }
}

function openEnds(report: ShownReport): string {
  const undecided = findings(report, isUndecided).length;
  return [
    ...(report.totals.hosts.unreachable === 0
      ? []
      : [`${report.totals.hosts.unreachable} of ${plural(report.totals.hosts.selected, 'host')} not reached`]),
    ...(undecided === 0 ? [] : [`${plural(undecided, 'check')} undecided`]),
    ...(report.totals.hosts.unreachable + undecided === 0 ? ['some host was not assessed'] : []),
  ].join(', ');
}

function exitMeaning(report: ShownReport): string {
  switch (report.exitCode) {
    case 0:
      return `every selected host was assessed, nothing failed at or above ${report.run.failOn}`;
    case 1:
      return `at least one failure at or above ${report.run.failOn}`;
    case 3:
      return 'incomplete; nothing failed, but something could not be assessed';
    case 4:
      return 'nothing was assessed';
    case 130:
    case 143:
      return `interrupted by ${report.exitCode === 130 ? 'SIGINT' : 'SIGTERM'}, the report is partial`;
  }
}

/** `480 selected, 476 assessed, 4 unreachable`. */
export function coverageOf({ hosts }: Report['totals']): string {
  return `${hosts.selected} selected, ${hosts.assessed} assessed, ${hosts.unreachable} unreachable`;
}

/** The selected hosts by verdict, all four counts, in a fixed order. */
export function hostShares(hosts: HostTotals): readonly { verdict: Verdict; count: number }[] {
  return [
    { verdict: 'compliant', count: hosts.compliant },
    { verdict: 'non-compliant', count: hosts.nonCompliant },
    { verdict: 'incomplete', count: hosts.incomplete },
    { verdict: 'not-assessed', count: hosts.notAssessed },
  ];
}

/** Names of the hosts that would answer or announce ARP for some VIP, each once. */
export function hijackers(report: ShownReport): readonly string[] {
  return [...new Set(report.services.flatMap((service) => service.hijackRisk))];
}

/** Whether a rule was judged, but neither way. */
export function isUndecided({ result }: { readonly result: ResultWord }): boolean {
  return result === 'error' || result === 'unknown';
}

/** How a verdict feels. */
export function toneOf(verdict: Verdict): Tone {
  if (verdict === 'compliant') return 'good';
  return verdict === 'non-compliant' ? 'bad' : 'open';
}

/** How the state after a reboot differs from that of right now, in words; undefined where it does not, or is not known of. */
export function rebootChange({ now, afterReboot }: ShownHost): string | undefined {
  if (now === afterReboot || now === 'not-assessed' || afterReboot === 'not-assessed') return undefined;
  if (afterReboot === 'non-compliant') return 'will break at reboot';
  if (afterReboot === 'compliant') return 'configured to be right after a reboot';
  return 'not known what a reboot does';
}

/** Verdicts as people say them. */
export const verdictNames: Readonly<Record<Verdict, string>> = {
  compliant: 'compliant',
  'non-compliant': 'non-compliant',
  incomplete: 'incomplete',
  'not-assessed': 'not assessed',
};

/** Result words as people say them. */
export const resultNames: Readonly<Record<ResultWord, string>> = {
  pass: 'pass',
  fail: 'fail',
  error: 'error',
  unknown: 'unknown',
  notapplicable: 'not applicable',
  notchecked: 'not checked',
  notselected: 'not selected',
  informational: 'informational',
};

/** What a severity says about the damage. */
export const severityMeanings: Readonly<Record<Severity, string>> = {
  critical: 'hurts other hosts, or the whole backend is a black hole',
  high: 'this backend drops or mis-sources VIP traffic in some case',
  medium: 'right now, but lost at reboot or interface restart',
  low: 'hygiene',
  info: 'a fact only',
};

/** Why a host was not reached, and what to do about it. */
export const unreachableKinds: Readonly<Record<UnreachableKind, { readonly title: string; readonly next: string }>> = {
  dns: { title: 'Name not found', next: 'Give the host an address in the inventory, or correct its DNS record.' },
  refused: { title: 'Connection refused', next: 'Check that sshd runs and that the port in the inventory is right.' },
  timeout: {
    title: 'No answer in time',
    next: 'Check that the host is up and the path to it open; --timeout waits longer.',
  },
  'host-key-unknown': {
    title: 'Host key not known',
    next: 'Read the key at the host itself, compare, and add it to known_hosts.',
  },
  'host-key-changed': {
    title: 'Host key changed',
    next: 'Reinstalled, or somebody in between: compare with the key at the host itself before you touch known_hosts.',
  },
  'host-key-revoked': {
    title: 'Host key revoked',
    next: 'known_hosts says that this key must not be trusted. Give the host a new one, or find out who answers there.',
  },
  auth: { title: 'Login refused', next: 'Check user and key in the inventory, and the account on the host.' },
  protocol: { title: 'Connection broke', next: 'See the message; sshd logs its side.' },
  'output-cap': {
    title: 'Too much output',
    next: 'Run the script that `plan` shows by hand and look at what it prints.',
  },
  'probe-incomplete': {
    title: 'Probe did not finish',
    next: 'Run the script that `plan` shows by hand and look at where it stops.',
  },
  jump: { title: 'Jump host failed', next: 'Repair the way to the jump host first; its own entry says why it failed.' },
  'not-collected': { title: 'Not in the snapshot', next: 'Collect again with this inventory.' },
  interrupted: { title: 'Run interrupted', next: 'Run again.' },
};

function be(count: number): string {
  return count === 1 ? 'is' : 'are';
}
