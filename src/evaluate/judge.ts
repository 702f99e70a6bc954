import type { Evidence, ResultWord } from '../contracts/report.ts';
import type { Derived, Facts } from '../facts/subject.ts';
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

const evidenceLimit = 24;

/**
 * Judges facts by a rule. A known fact that contradicts wins over facts that are missing (Kleene's conjunction); a
 * missing or unknown fact never becomes pass. A rule with atBoot is judged by the rules that it names.
 */
export function judge(rule: Rule, facts: Facts, rules: RuleSet): Judgement {
  const outcome = outcomeOf(rule.when, facts);
  if (outcome === 'fail') return inapplicable(judgementOf('fail', rule.when, facts));
  if (outcome !== 'pass') return judgementOf(outcome, rule.when, facts);
  if (rule.atBoot.length === 0) {
    const result = outcomeOf(rule.expect, facts);
    return result === 'pass' ? passed(rule, facts) : judgementOf(result, rule.expect, facts);
  }
  return strictest(
    rule.atBoot.map((id) => {
      const judging = rules.get(id);
      if (judging === undefined) throw new Error(`rule ${rule.id} names ${id}, which is not loaded`);
      return judge(judging, facts, rules);
    }),
  );
}

// Much of what is asked of a host does not apply to it, for the same few short reasons as on the others of its fleet.
const inapplicables = new Map<string, Judgement>();
const mostInapplicables = 1024;
const longestShared = 256;

/** Where the conditions of a rule do not hold. */
function inapplicable({ expected, actual }: Judgement): Judgement {
  const known = inapplicables.get(actual);
  if (known?.expected === expected) return known;
  const reason = `applies where ${expected}; here ${actual}`;
  const judgement: Judgement = { result: 'notapplicable', expected, actual, reason, evidence: none };
  if (actual.length <= longestShared) {
    if (inapplicables.size >= mostInapplicables) inapplicables.clear();
    inapplicables.set(actual, judgement);
  }
  return judgement;
}

type Outcome = Judgement['result'];

const order = ['fail', 'error', 'unknown', 'notapplicable', 'pass'] as const satisfies readonly Outcome[];

/** The outcome of a conjunction: the first kind in `order` that any of its checks has. */
function outcomeOf(checks: readonly Check[], facts: Facts): Outcome {
  let strictest: number = order.indexOf('pass');
  for (const check of checks)
    strictest = Math.min(strictest, order.indexOf(outcomeOfCheck(check, factOf(check, facts))));
  return order[strictest] ?? 'pass';
}

function outcomeOfCheck(check: Check, fact: Derived): Outcome {
  if ('value' in fact) return check.matches(fact.value) ? 'pass' : 'fail';
  if ('missing' in fact) return 'error';
  return 'unknown' in fact ? 'unknown' : 'notapplicable';
}

function factOf(check: Check, facts: Facts): Derived {
  const fact = facts.get(check.fact);
  if (fact === undefined)
    throw new Error(`the subject does not provide the fact ${check.fact} that its catalogue lists`);
  return fact;
}

/** What passes is told by its values; the snapshot holds where they were read. */
function passed({ expect, expected }: Rule, facts: Facts): Judgement {
  let actual = '';
  for (const check of expect) {
    const fact = factOf(check, facts);
    if ('value' in fact) actual = joined(actual, check.told(fact.value));
  }
  return { result: 'pass', expected, actual, evidence: none };
}

/** What the checks with this outcome say; the others are silent. */
function judgementOf(result: Outcome, checks: readonly Check[], facts: Facts): Judgement {
  let expected = '';
  let actual = '';
  let reasons: Set<string> | undefined;
  let evidence: Evidence[] | undefined;
  for (const check of checks) {
    const fact = factOf(check, facts);
    if (outcomeOfCheck(check, fact) !== result) continue;
    expected = joined(expected, check.expected);
    if ('value' in fact) {
      actual = joined(actual, check.told(fact.value));
      if (result === 'fail') (evidence ??= []).push(...fact.evidence);
    } else {
      actual = joined(actual, `${check.label}: ${silences[result]}`);
      reasons ??= new Set();
      reasons.add('missing' in fact ? fact.missing : 'unknown' in fact ? fact.unknown : fact.notapplicable);
    }
  }
  const said = { result, expected, actual, evidence: evidence === undefined ? none : distinct(evidence) };
  return reasons === undefined ? said : { ...said, reason: [...reasons].join('; ') };
}

function joined(text: string, more: string): string {
  return text === '' ? more : `${text}; ${more}`;
}

const none: readonly Evidence[] = [];

const silences: Readonly<Record<Outcome, string>> = {
  error: 'could not be collected',
  unknown: 'cannot be told',
  notapplicable: 'does not apply',
  pass: '',
  fail: '',
};

/** The conjunction of judgements: the first kind in `order` wins and only its members speak. */
function strictest(judgements: readonly Judgement[]): Judgement {
  const [first] = judgements;
  if (first !== undefined && judgements.length === 1) return first;
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
  if (evidence.length < 2) return evidence;
  const seen = new Map(evidence.map((item) => [`${item.source}\n${item.text}`, item]));
  return [...seen.values()].slice(0, evidenceLimit);
}
