import { beforeAll, describe, expect, it } from 'vitest';
import { testRule } from '../../../src/evaluate/examples.ts';
import { resultOf } from '../../../src/evaluate/result.ts';
import type { LinuxFacts } from '../../../src/contracts/snapshot.ts';
import type { Backend } from '../../../src/facts/backend.ts';
import { linuxSubjects } from '../../../src/facts/linux/subjects.ts';
import { builtInRules, loadRules } from '../../../src/rules/load.ts';
import type { RuleSet } from '../../../src/rules/rule.ts';
import { address, backend, linuxFacts } from '../../support/linux-facts.ts';

let rules: RuleSet;
beforeAll(async () => {
  const all = await loadRules([builtInRules]);
  rules = new Map([...all].filter(([id]) => id.startsWith('linux/')));
});

function findings(host: Backend, facts: LinuxFacts): readonly string[] {
  return linuxSubjects(host, facts).flatMap((subject) =>
    [...rules.values()]
      .filter((rule) => rule.subject === subject.kind)
      .map((rule) => resultOf(rule, subject, host.name, rules))
      .filter(({ result }) => !['pass', 'notapplicable', 'informational'].includes(result))
      .map(({ rule, result, reason }) => `${result} ${rule}${reason === undefined ? '' : `: ${reason}`}`),
  );
}

describe('each rule', () => {
  it('does what its examples say', () => {
    const problems = [...rules.values()].flatMap((rule) =>
      testRule(rule, rules).problems.map((problem) => `${rule.id}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });
});

describe('findings', () => {
  it('are none on the compliant host', () => {
    expect(findings(backend(), linuxFacts())).toEqual([]);
  });
});
void address;
