import { describe, expect, test } from 'vitest';
import type { RuleFile } from '../../src/contracts/rule.ts';
import { judge } from '../../src/evaluate/judge.ts';
import { testRule } from '../../src/evaluate/examples.ts';
import type { Derived, FactDefinitions } from '../../src/facts/subject.ts';
import { compileRule } from '../../src/rules/compile.ts';
import type { Rule } from '../../src/rules/rule.ts';

const definitions: FactDefinitions = new Map([
  ['method', { schema: { enum: ['loopback', 'redirect'] }, meaning: 'How the VIP is held.' }],
  ['arpIgnore', { schema: { type: 'integer' }, meaning: 'Effective arp_ignore.' }],
  ['holders', { schema: { type: 'array', items: { type: 'string' } }, meaning: 'Interfaces that hold the VIP.' }],
]);

const file = {
  title: 'ARP is ignored where it must be',
  failure: 'arp_ignore is {arpIgnore}',
  why: 'Because a backend that answers steals the VIP.',
  fix: [{ run: 'sysctl -w net.ipv4.conf.all.arp_ignore=1' }],
  source: ['kernel ip-sysctl'],
  platform: 'linux',
  subject: 'ingress',
  severity: 'critical',
  when: { method: { const: 'loopback' } },
  expect: { arpIgnore: { enum: [1, 2] }, holders: { minItems: 1 } },
  examples: {
    pass: [{ method: 'loopback', arpIgnore: 1, holders: ['lo'] }],
    fail: [
      { method: 'loopback', arpIgnore: 0, holders: ['lo'] },
      { method: 'loopback', arpIgnore: 1, holders: [] },
    ],
    notapplicable: [{ method: 'redirect' }],
  },
} as const satisfies RuleFile;

const { rule, problems } = compileRule('linux/arp-ignore', file, definitions);
const value = (known: unknown): Derived => ({ value: known, evidence: [{ source: 'test', text: String(known) }] });
const facts = (given: Record<string, Derived>): Map<string, Derived> =>
  new Map(Object.entries({ method: value('loopback'), arpIgnore: value(1), holders: value(['lo']), ...given }));

test('the rule compiles without a problem and passes its own test', () => {
  expect(problems).toEqual([]);
  expect(testRule(rule, new Map())).toEqual({ rule: 'linux/arp-ignore', checks: 4 + 6 + 2, problems: [] });
});

describe('one fact at a time', () => {
  test.each([
    [{}, 'pass', undefined],
    [{ arpIgnore: value(0) }, 'fail', undefined],
    [{ arpIgnore: { missing: 'permission denied' } }, 'error', 'permission denied'],
    [{ arpIgnore: { unknown: 'two sources differ' } }, 'unknown', 'two sources differ'],
    [{ arpIgnore: { notapplicable: 'no ports given' } }, 'notapplicable', 'no ports given'],
    [{ arpIgnore: value(0), holders: { missing: 'cut' } }, 'fail', undefined],
    [{ arpIgnore: { unknown: 'why' }, holders: { missing: 'cut' } }, 'error', 'cut'],
    [{ arpIgnore: { notapplicable: 'no' }, holders: { unknown: 'hm' } }, 'unknown', 'hm'],
    [
      { method: value('redirect'), arpIgnore: value(0) },
      'notapplicable',
      'applies where method: loopback; here method: redirect',
    ],
    [{ method: { missing: 'cut' }, arpIgnore: value(0) }, 'error', 'cut'],
  ] as [Record<string, Derived>, string, string | undefined][])('%j gives %s', (given, result, reason) => {
    expect(judge(rule, facts(given), new Map())).toMatchObject({ result, ...(reason === undefined ? {} : { reason }) });
  });
});

test('rules that do not apply for the same value each say what they apply to', () => {
  const applyingTo = (method: Record<string, unknown>): Rule =>
    compileRule('linux/other', { ...file, when: { method } }, definitions).rule;
  const given = facts({ method: value('redirect') });
  const reasons = [rule, applyingTo({ enum: ['loopback'] }), applyingTo({ not: { const: 'redirect' } }), rule].map(
    (each) => judge(each, given, new Map()).reason,
  );
  expect(reasons).toEqual([
    'applies where method: loopback; here method: redirect',
    'applies where method: loopback; here method: redirect',
    'applies where method: not redirect; here method: redirect',
    'applies where method: loopback; here method: redirect',
  ]);
});

test('values that are told again are told alike, short and long, many and few', () => {
  const words = Array.from({ length: 200 }, (_, index) => [`lo${index}`, 'x'.repeat(index)]);
  for (const holders of [...words, ...words]) {
    const { actual } = judge(rule, facts({ arpIgnore: value(1), holders: value(holders) }), new Map());
    expect(actual).toBe(`arp ignore: 1; holders: ${holders.join(', ')}`);
  }
});

test('only the facts that contradict speak in a failure', () => {
  const judgement = judge(rule, facts({ arpIgnore: value(0) }), new Map());
  expect(judgement).toMatchObject({
    expected: 'arp ignore: 1 or 2',
    actual: 'arp ignore: 0',
    evidence: [{ source: 'test', text: '0' }],
  });
});

test('a fact that the subject does not provide is a bug, not a result', () => {
  expect(() => judge(rule, new Map(), new Map())).toThrow('does not provide the fact method');
});

test('a rule with atBoot is judged by the rules that it names', () => {
  const { when: _when, expect: _expect, ...rest } = file;
  const boot = compileRule('linux/sysctl-persistence', { ...rest, atBoot: ['linux/arp-ignore'] }, definitions);
  const rules = new Map<string, Rule>([['linux/arp-ignore', rule]]);
  expect(boot.problems).toEqual([]);
  expect(judge(boot.rule, facts({ arpIgnore: value(0) }), rules).result).toBe('fail');
  expect(judge(boot.rule, facts({}), rules).result).toBe('pass');
  expect(() => judge(boot.rule, facts({}), new Map())).toThrow('which is not loaded');
  expect(testRule(boot.rule, rules).problems).toEqual([]);
});

describe('the rule tester finds', () => {
  const tested = (change: Partial<RuleFile>): readonly string[] => {
    const compiled = compileRule('x/y', { ...file, ...change }, definitions);
    return [...compiled.problems.map((problem) => problem.message), ...testRule(compiled.rule, new Map()).problems];
  };
  test('an expectation that no failing example violates', () => {
    expect(tested({ examples: { ...file.examples, fail: [file.examples.fail[0]] } })).toEqual([
      'no failing example violates holders; add one, or the expectation is untested',
    ]);
  });
  test('a passing example that fails', () => {
    expect(
      tested({ examples: { ...file.examples, pass: [{ method: 'loopback', arpIgnore: 8, holders: ['lo'] }] } })[0],
    ).toContain('examples.pass[0] gives fail (arp ignore: 8; expected arp ignore: 1 or 2)');
  });
  test('a fact that does not exist, with those that do', () => {
    expect(tested({ expect: { arpIgnor: { const: 1 } } })[0]).toContain('has no fact arpIgnor; there are arpIgnore');
  });
  test('an example value that can never occur', () => {
    expect(
      tested({ examples: { ...file.examples, pass: [{ method: 'loopback', arpIgnore: '1', holders: ['lo'] }] } })[0],
    ).toContain('"1" can never occur');
  });
  test('an example that leaves a fact out', () => {
    expect(tested({ examples: { ...file.examples, pass: [{ method: 'loopback', arpIgnore: 1 }] } })[0]).toBe(
      'the example gives no value to holders, which the rule uses',
    );
  });
  test('a placeholder without a fact', () => {
    expect(tested({ failure: 'arp_ignore is {arpignore}' })[0]).toContain(
      '{arpignore} is neither a fact of the subject',
    );
  });
});
