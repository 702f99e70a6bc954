import type { Derived } from '../facts/subject.ts';
import type { Rule, RuleSet } from '../rules/rule.ts';
import { judge } from './judge.ts';

/** What testing one rule against its own examples gave. */
export interface RuleTest {
  readonly rule: string;
  /** How many judgements were made. */
  readonly checks: number;
  /** What went wrong, as sentences; empty when the rule is sound. */
  readonly problems: readonly string[];
}

/**
 * Tests a rule against its examples, and against silence: every expectation must be what makes some failing example
 * fail, and no passing example may stay passing when a fact that the rule uses could not be collected or cannot be told.
 */
export function testRule(rule: Rule, rules: RuleSet): RuleTest {
  const problems: string[] = [];
  let checks = 0;
  const expectResult = (
    facts: ReadonlyMap<string, Derived>,
    accept: (result: string) => boolean,
    complaint: (got: string) => string,
  ): void => {
    checks += 1;
    const judgement = judge(rule, facts, rules);
    if (!accept(judgement.result)) {
      const because = judgement.reason ?? `${judgement.actual}; expected ${judgement.expected}`;
      problems.push(complaint(`${judgement.result} (${because})`));
    }
  };
  const used = usedFacts(rule, rules);
  for (const kind of ['pass', 'fail', 'notapplicable'] as const) {
    for (const [index, example] of (rule.file.examples[kind] ?? []).entries()) {
      expectResult(
        factsOf(example, used),
        (result) => result === kind,
        (got) => `examples.${kind}[${index}] gives ${got}`,
      );
    }
  }
  for (const [index, example] of rule.file.examples.pass.entries()) {
    for (const fact of used) {
      for (const silence of [{ missing: 'dropped by the test' }, { unknown: 'dropped by the test' }]) {
        const facts = new Map(factsOf(example, used)).set(fact, silence);
        expectResult(
          facts,
          (result) => result !== 'pass',
          () => `examples.pass[${index}] still passes without ${fact}: it says nothing there`,
        );
      }
    }
  }
  for (const check of rule.expect) {
    checks += 1;
    const violated = rule.file.examples.fail.some(
      (example) => Object.hasOwn(example, check.fact) && !check.matches(example[check.fact]),
    );
    if (!violated) problems.push(`no failing example violates ${check.fact}; add one, or the expectation is untested`);
  }
  return { rule: rule.id, checks, problems };
}

/** Every fact that judging the rule may look at, those of the rules under atBoot included. */
export function usedFacts(rule: Rule, rules: RuleSet): ReadonlySet<string> {
  const own = [...rule.when, ...rule.expect].map((check) => check.fact);
  const inherited = rule.atBoot.flatMap((id) => {
    const judging = rules.get(id);
    return judging === undefined ? [] : [...usedFacts(judging, rules)];
  });
  return new Set([...own, ...inherited]);
}

function factsOf(example: Readonly<Record<string, unknown>>, used: ReadonlySet<string>): ReadonlyMap<string, Derived> {
  const facts = new Map<string, Derived>([...used].map((fact) => [fact, { unknown: 'the example gives no value' }]));
  for (const [fact, value] of Object.entries(example)) facts.set(fact, { value, evidence: [] });
  return facts;
}
