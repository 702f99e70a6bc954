import type { RemedyStep } from '../contracts/report.ts';
import type { Facts } from '../facts/subject.ts';
import { fillCommand, fillSentence } from '../rules/placeholder.ts';
import type { RuleStep } from '../rules/rule.ts';

/** The steps of a remedy for one subject: those whose condition holds, with the subject's values filled in. */
export function remedyFor(
  steps: readonly RuleStep[],
  facts: Facts,
  valueOf: (name: string) => unknown,
): readonly RemedyStep[] {
  return steps.filter((step) => isWanted(step, facts)).map((step) => filled(step, valueOf));
}

function isWanted({ when }: RuleStep, facts: Facts): boolean {
  return when.every((check) => {
    const fact = facts.get(check.fact);
    return fact !== undefined && 'value' in fact && check.matches(fact.value);
  });
}

function filled({ say, run, shell }: RuleStep, valueOf: (name: string) => unknown): RemedyStep {
  const sentence = say === undefined ? undefined : fillSentence(say, valueOf);
  const command = run === undefined ? undefined : fillCommand(run, shell, valueOf);
  if (command === undefined) return sentence === undefined ? {} : { say: sentence };
  return sentence === undefined ? { run: command, shell } : { say: sentence, run: command, shell };
}
