import { hash } from 'node:crypto';
import type { Result } from '../contracts/report.ts';
import { knownValue, type Subject } from '../facts/subject.ts';
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
  const valueOf = (name: string): unknown => {
    if (name === 'host') return owner;
    if (name === 'vip' || name === 'interface' || name === 'port') return subject[name] ?? knownValue(facts.get(name));
    return knownValue(facts.get(name));
  };
  const failed = judgement.result === 'fail';
  const result = draftOf(rule, subject);
  result.result = failed && rule.severity === 'info' ? 'informational' : judgement.result;
  result.severity = rule.severity;
  result.expected = judgement.expected;
  result.actual = judgement.actual;
  result.message = failed ? fillSentence(rule.file.failure, valueOf) : (judgement.reason ?? rule.file.title);
  result.evidence = judgement.evidence;
  if (failed) result.fix = remedyFor(rule.fix, facts, valueOf);
  if (failed && rule.rollback.length > 0) result.rollback = remedyFor(rule.rollback, facts, valueOf);
  result.fingerprint = fingerprintOf(rule.id, identity);
  return result as Result;
}

/** What cannot be told of the next boot passes where the last boot has proven it; it never fails by that. */
function provenOr(judgement: Judgement, rule: Rule, { proven }: Subject, rules: RuleSet): Judgement {
  if (judgement.result !== 'unknown' || rule.atBoot.length === 0 || proven === undefined) return judgement;
  const second = judge(rule, proven, rules);
  return second.result === 'pass' ? second : judgement;
}

/** A result for a subject that was never looked at. */
export function notChecked(rule: Rule, { subject, identity }: Owned<Place>, reason: string): Result {
  const result = draftOf(rule, subject);
  result.result = 'notchecked';
  result.severity = rule.severity;
  result.expected = rule.expected;
  result.actual = 'not checked';
  result.message = reason;
  result.evidence = [];
  result.fingerprint = fingerprintOf(rule.id, identity);
  return result as Result;
}

/** Where a result belongs below its host. */
export type Place = Pick<Subject, 'vip' | 'interface' | 'port'>;

/**
 * sha256 over the JSON text of [rule, owner, vip, interface, port], so that a finding keeps its name while values and
 * files change. Rule ids need no escapes.
 */
function fingerprintOf(rule: string, identity: string): string {
  return hash('sha256', `["${rule}",${identity}`, 'hex');
}

type Draft = { -readonly [name in keyof Result]?: Result[name] };

/** A result as far as its place. It is then filled in member by member: spread from parts, it would take four times as long. */
function draftOf(rule: Rule, { vip, interface: device, port }: Place): Draft {
  const draft: Draft = { rule: rule.id };
  if (vip !== undefined) draft.vip = vip;
  if (device !== undefined) draft.interface = device;
  if (port !== undefined) draft.port = port;
  return draft;
}
