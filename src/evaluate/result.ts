import { hash } from 'node:crypto';
import type { Result } from '../contracts/report.ts';
import type { Subject } from '../facts/subject.ts';
import { fillSentence } from '../rules/placeholder.ts';
import type { Rule, RuleSet } from '../rules/rule.ts';
import { judge } from './judge.ts';
import { remedyFor } from './remedy.ts';

/** One rule judged on one subject of a host (or, for a fleet subject, of a service), as the report holds it. */
export function resultOf(rule: Rule, subject: Subject, owner: string, rules: RuleSet): Result {
  const facts = rule.atBoot.length > 0 ? (subject.boot ?? subject.facts) : subject.facts;
  const judgement = judge(rule, facts, rules);
  const valueOf = (name: string): unknown => {
    if (name === 'host') return owner;
    if (name === 'vip' || name === 'interface' || name === 'port') return subject[name] ?? knownValue(facts.get(name));
    return knownValue(facts.get(name));
  };
  const failed = judgement.result === 'fail';
  return {
    rule: rule.id,
    ...place(subject),
    result: failed && rule.severity === 'info' ? 'informational' : judgement.result,
    severity: rule.severity,
    expected: judgement.expected,
    actual: judgement.actual,
    message: failed ? fillSentence(rule.file.failure, valueOf) : (judgement.reason ?? rule.file.title),
    evidence: judgement.evidence,
    ...(failed ? { fix: remedyFor(rule.fix, facts, valueOf) } : {}),
    ...(failed && rule.rollback.length > 0 ? { rollback: remedyFor(rule.rollback, facts, valueOf) } : {}),
    fingerprint: fingerprintOf(rule.id, owner, subject),
  };
}

/** A result for a subject that was never looked at. */
export function notChecked(rule: Rule, subject: Place, owner: string, reason: string): Result {
  return {
    rule: rule.id,
    ...place(subject),
    result: 'notchecked',
    severity: rule.severity,
    expected: rule.expect.map((check) => `${check.label}: ${check.expectation}`).join('; '),
    actual: 'not checked',
    message: reason,
    evidence: [],
    fingerprint: fingerprintOf(rule.id, owner, subject),
  };
}

/** Where a result belongs below its host. */
export type Place = Pick<Subject, 'vip' | 'interface' | 'port'>;

/** sha256 over rule, host, vip, interface and port, so that a finding keeps its name while values and files change. */
function fingerprintOf(rule: string, owner: string, subject: Place): string {
  const identity = [rule, owner, subject.vip ?? null, subject.interface ?? null, subject.port ?? null];
  return hash('sha256', JSON.stringify(identity), 'hex');
}

function place(subject: Place): Place {
  return {
    ...(subject.vip === undefined ? {} : { vip: subject.vip }),
    ...(subject.interface === undefined ? {} : { interface: subject.interface }),
    ...(subject.port === undefined ? {} : { port: subject.port }),
  };
}

function knownValue(fact: ReturnType<Subject['facts']['get']>): unknown {
  return fact !== undefined && 'value' in fact ? fact.value : undefined;
}
