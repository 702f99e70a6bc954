import type { Evidence, ResultWord } from '../contracts/report.ts';
import type { Derived } from '../facts/subject.ts';
import { factLabel, wordOf } from '../rules/expectation.ts';
import type { Check, Rule, RuleSet } from '../rules/rule.ts';

/** What one rule says of one set of facts. */
export interface Judgement {
  readonly result: Extract<ResultWord, 'pass' | 'fail' | 'error' | 'unknown' | 'notapplicable'>;
  readonly expected: string;
  readonly actual: string;
  /** Why the result is not pass or fail; absent otherwise. */
  readonly reason?: string;
  readonly evidence: readonly Evidence[];
}

type Facts = ReadonlyMap<string, Derived>;

const evidenceLimit = 24;

/**
 * Judges facts by a rule. A known fact that contradicts wins over facts that are missing (Kleene's conjunction); a
 * missing or unknown fact never becomes pass. A rule with atBoot is judged by the rules that it names.
 */
export function judge(rule: Rule, facts: Facts, rules: RuleSet): Judgement {
  const applicable = conjunction(rule.when, facts);
  if (applicable.result === 'fail') {
    return {
      ...applicable,
      result: 'notapplicable',
      reason: `applies where ${applicable.expected}; here ${applicable.actual}`,
    };
  }
  if (applicable.result !== 'pass') return applicable;
  if (rule.atBoot.length === 0) return conjunction(rule.expect, facts);
  return strictest(
    rule.atBoot.map((id) => {
      const judging = rules.get(id);
      if (judging === undefined) throw new Error(`rule ${rule.id} names ${id}, which is not loaded`);
      return judge(judging, facts, rules);
    }),
  );
}

function conjunction(checks: readonly Check[], facts: Facts): Judgement {
  return strictest(checks.map((check) => judgeFact(check, facts)));
}

function judgeFact(check: Check, facts: Facts): Judgement {
  const fact = facts.get(check.fact);
  if (fact === undefined)
    throw new Error(`the subject does not provide the fact ${check.fact} that its catalogue lists`);
  const label = factLabel(check.fact);
  const expected = `${label}: ${check.expectation}`;
  if ('missing' in fact)
    return {
      result: 'error',
      expected,
      actual: `${label}: could not be collected`,
      reason: fact.missing,
      evidence: [],
    };
  if ('unknown' in fact)
    return { result: 'unknown', expected, actual: `${label}: cannot be told`, reason: fact.unknown, evidence: [] };
  if ('notapplicable' in fact)
    return {
      result: 'notapplicable',
      expected,
      actual: `${label}: does not apply`,
      reason: fact.notapplicable,
      evidence: [],
    };
  return {
    result: check.matches(fact.value) ? 'pass' : 'fail',
    expected,
    actual: `${label}: ${wordOf(fact.value)}`,
    evidence: fact.evidence,
  };
}

const order = ['fail', 'error', 'unknown', 'notapplicable', 'pass'] as const;

/** The conjunction of judgements: the first kind present in `order` wins and only its members speak. */
function strictest(judgements: readonly Judgement[]): Judgement {
  const only = judgements[0];
  if (judgements.length === 1 && only !== undefined) return only;
  const result = order.find((word) => judgements.some((judgement) => judgement.result === word)) ?? 'pass';
  const speaking = judgements.filter((judgement) => judgement.result === result);
  const reasons = [...new Set(speaking.flatMap((judgement) => judgement.reason ?? []))];
  return {
    result,
    expected: [...new Set(speaking.map((judgement) => judgement.expected))].join('; '),
    actual: [...new Set(speaking.map((judgement) => judgement.actual))].join('; '),
    ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }),
    evidence: distinct(speaking.flatMap((judgement) => judgement.evidence)),
  };
}

function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Map(evidence.map((item) => [`${item.source}\n${item.text}`, item]));
  return [...seen.values()].slice(0, evidenceLimit);
}
