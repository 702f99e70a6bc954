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
  return steps
    .filter((step) =>
      step.when.every((check) => {
        const fact = facts.get(check.fact);
        return fact !== undefined && 'value' in fact && check.matches(fact.value);
      }),
    )
    .map((step) => ({
      ...(step.say === undefined ? {} : { say: fillSentence(step.say, valueOf) }),
      ...(step.run === undefined ? {} : { run: fillCommand(step.run, step.shell, valueOf), shell: step.shell }),
    }));
}
