import picomatch from 'picomatch';
import { InputError } from '../errors.ts';
import type { RuleSet } from './rule.ts';

/**
 * The rules that --rule chooses: an id, a glob over ids (linux/arp-*), tag:NAME or severity:NAME; several are united,
 * none means all. A choice that matches no rule is an InputError, never an empty run.
 */
export function selectRules(rules: RuleSet, choices: readonly string[]): RuleSet {
  if (choices.length === 0) return rules;
  const chosen = new Set<string>();
  const problems: string[] = [];
  for (const choice of choices) {
    const matches = matcherOf(choice);
    const ids = [...rules.values()].filter(matches).map((rule) => rule.id);
    if (ids.length === 0) problems.push(`--rule ${choice} matches no rule; \`dsr-audit rules list\` shows them all`);
    for (const id of ids) chosen.add(id);
  }
  if (problems.length > 0) throw new InputError(problems.map((message) => ({ message })));
  return new Map([...rules].filter(([id]) => chosen.has(id)));
}

function matcherOf(choice: string): (rule: NonNullable<ReturnType<RuleSet['get']>>) => boolean {
  if (choice.startsWith('tag:')) return (rule) => rule.file.tags?.includes(choice.slice(4)) ?? false;
  if (choice.startsWith('severity:')) return (rule) => rule.severity === choice.slice(9);
  const matches = picomatch(choice, { noextglob: true, nobrace: true, nonegate: true });
  return (rule) => rule.id === choice || matches(rule.id);
}
