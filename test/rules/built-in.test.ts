import { describe, expect, test } from 'vitest';
import { testRule } from '../../src/evaluate/examples.ts';
import { builtInRules, loadRules } from '../../src/rules/load.ts';

const rules = await loadRules([builtInRules]);

describe('every rule that comes with the program', () => {
  test.each([...rules.values()].map((rule) => [rule.id, rule] as const))(
    '%s holds its examples and cannot pass by silence',
    (_id, rule) => {
      const { problems, checks } = testRule(rule, rules);
      expect(problems).toEqual([]);
      expect(checks).toBeGreaterThan(rule.file.examples.pass.length + rule.file.examples.fail.length);
    },
  );

  test('rules of one catalogue id stand on one platform', () => {
    const platforms = new Map<string, Set<string>>();
    for (const rule of rules.values()) {
      for (const id of rule.file.catalogue ?? [])
        platforms.set(id, (platforms.get(id) ?? new Set()).add(rule.platform));
    }
    expect([...platforms].filter(([, set]) => set.size > 1)).toEqual([]);
  });
});
