import { hash } from 'node:crypto';
import type { Result } from '../contracts/report.ts';
import { type Facts, knownValue, type Place, type Subject } from '../facts/subject.ts';
import { fillSentence } from '../rules/placeholder.ts';
import type { Rule, RuleSet } from '../rules/rule.ts';
import { judge, type Judgement } from './judge.ts';
import { remedyFor } from './remedy.ts';

/** A subject with its owner: the host (or, for a fleet subject, the service) that its results belong to. */
export interface Owned<T> {
  readonly owner: string;
  readonly subject: T;
  /** What every fingerprint of a result about the subject ends with. */
  readonly identity: string;
}

/** A subject or place of a host or service. */
export function owned<T extends Place>(owner: string, subject: T): Owned<T> {
  const names = [owner, subject.vip ?? null, subject.interface ?? null, subject.port ?? null];
  return { owner, subject, identity: JSON.stringify(names).slice(1) };
}

/** One rule judged on one subject, as the report holds it. */
export function resultOf(rule: Rule, { owner, subject, identity }: Owned<Subject>, rules: RuleSet): Result {
  const facts = rule.atBoot.length > 0 ? (subject.boot ?? subject.facts) : subject.facts;
  const judgement = provenOr(judge(rule, facts, rules), rule, subject, rules);
  const failed = judgement.result === 'fail' ? failureOf(rule, owner, subject, facts) : undefined;
  return resultAt(rule, subject, identity, judgement, failed);
}

type Failure = Pick<Result, 'message' | 'fix' | 'rollback'>;

/** What a failure says, and how to mend it, with the subject's values. */
function failureOf(rule: Rule, owner: string, subject: Subject, facts: Facts): Failure {
  const valueOf = (name: string): unknown => {
    if (name === 'host') return owner;
    if (name === 'vip' || name === 'interface' || name === 'port') return subject[name] ?? knownValue(facts.get(name));
    return knownValue(facts.get(name));
  };
  return {
    message: fillSentence(rule.file.failure, valueOf),
    fix: remedyFor(rule.fix, facts, valueOf),
    ...(rule.rollback.length === 0 ? {} : { rollback: remedyFor(rule.rollback, facts, valueOf) }),
  };
}

/** What cannot be told of the next boot passes where the last boot has proven it; it never fails by that. */
function provenOr(judgement: Judgement, rule: Rule, { proven }: Subject, rules: RuleSet): Judgement {
  if (judgement.result !== 'unknown' || rule.atBoot.length === 0 || proven === undefined) return judgement;
  const second = judge(rule, proven, rules);
  return second.result === 'pass' ? second : judgement;
}

/** A result for a subject that was never looked at. */
export function notChecked(rule: Rule, { subject, identity }: Owned<Place>, reason: string): Result {
  const said = { result: 'notchecked', expected: rule.expected, actual: 'not checked', reason, evidence: [] } as const;
  return resultAt(rule, subject, identity, said, undefined);
}

function resultAt(
  rule: Rule,
  { vip, interface: device, port }: Place,
  identity: string,
  said: Judgement | (Omit<Judgement, 'result'> & { readonly result: 'notchecked' }),
  failed: Failure | undefined,
): Result {
  // One literal with every member, absent ones as undefined: spread from parts, a result would take several times as long.
  return {
    rule: rule.id,
    vip,
    interface: device,
    port,
    result: failed === undefined || rule.severity !== 'info' ? said.result : 'informational',
    severity: rule.severity,
    expected: said.expected,
    actual: said.actual,
    message: failed?.message ?? said.reason ?? rule.file.title,
    evidence: said.evidence,
    fix: failed?.fix,
    rollback: failed?.rollback,
    fingerprint: fingerprintOf(rule.id, identity),
  } as Result;
}

/**
 * sha256 over the JSON text of [rule, owner, vip, interface, port], so that a finding keeps its name while values and
 * files change. Rule ids need no escapes.
 */
function fingerprintOf(rule: string, identity: string): string {
  return hash('sha256', `["${rule}",${identity}`, 'hex');
}
