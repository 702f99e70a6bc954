import type { ResultWord } from '../../src/contracts/report.ts';
import type { Finding, ShownHost } from '../../src/report/shown.ts';
import { ownerOf, placeOf } from '../../src/report/shown.ts';
import type { Choices } from './choices.ts';

/** Whether a finding is among what the reader chose; all words of the search must occur somewhere in it. */
export function showsFinding(finding: Finding, choices: Choices): boolean {
  const { host, result } = finding;
  if (choices.severities.length > 0 && !choices.severities.includes(result.severity)) return false;
  if (choices.platform !== '' && host !== undefined && host.platform !== choices.platform) return false;
  if (choices.tag !== '' && host !== undefined && !host.tags.includes(choices.tag)) return false;
  return includesWords(choices.search, () => textOfFinding(finding));
}

/** Whether a host is among what the reader chose; with severities chosen, only one that fails so. */
export function showsHost(host: ShownHost, choices: Choices): boolean {
  if (choices.platform !== '' && host.platform !== choices.platform) return false;
  if (choices.tag !== '' && !host.tags.includes(choices.tag)) return false;
  if (
    choices.severities.length > 0 &&
    !host.results.some(({ result, severity }) => result === 'fail' && choices.severities.includes(severity))
  )
    return false;
  return includesWords(choices.search, () => textOfHost(host));
}

function includesWords(search: string, text: () => string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => text().includes(word));
}

function textOfFinding(finding: Finding): string {
  return remembered(finding, () => {
    const { result, rule, host } = finding;
    const evidence = result.evidence.flatMap(({ source, text }) => [source, text]);
    const words = [ownerOf(finding), placeOf(result), result.rule, rule?.title ?? '', result.message, result.actual];
    return words.concat(evidence, host === undefined ? [] : [host.address, host.system ?? '', ...host.tags]);
  });
}

// Results that set a host apart; every host of a fleet has the others.
const telling: ReadonlySet<ResultWord> = new Set(['fail', 'error', 'unknown', 'informational']);

function textOfHost(host: ShownHost): string {
  return remembered(host, () => {
    const { name, address, platform, system, tags, unreachable } = host;
    const told = host.results.flatMap(({ result, rule, message }) => (telling.has(result) ? [rule, message] : []));
    return [name, address, platform, system ?? '', unreachable?.message ?? '', ...tags, ...told];
  });
}

// Searching 10,000 hosts at each key stroke must not build their text anew each time.
const texts = new WeakMap<object, string>();

function remembered(owner: object, parts: () => readonly string[]): string {
  const known = texts.get(owner);
  if (known !== undefined) return known;
  const text = parts().join('\n').toLowerCase();
  texts.set(owner, text);
  return text;
}
