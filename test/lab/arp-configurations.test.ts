import { describe, expect, test } from 'vitest';
import { builtInRules, loadRules } from '../../src/rules/load.ts';
import { labAvailable } from './availability.ts';
import { chosenConfigurations, factors } from './chosen-configurations.ts';
import { coveringArray, pairsOf, pairsOfRow } from './covering-array.ts';
import { disagreements, judge } from './disagreement.ts';
import { survey } from './survey.ts';

test('the chosen configurations hold every pair of values of every two knobs', () => {
  const rows = coveringArray(factors);
  const pairs = pairsOf(factors);
  const covered = new Set(rows.flatMap(pairsOfRow));
  console.log(
    `${rows.length} configurations hold all ${pairs.length} pairs of values of ${Object.keys(factors).length} knobs`,
  );
  expect(rows.length).toBeGreaterThanOrEqual(100);
  expect(new Set(pairs).size).toBe(pairs.length);
  expect(pairs.filter((pair) => !covered.has(pair))).toEqual([]);
});

describe.skipIf(!labAvailable())('chosen configurations', () => {
  test('the report says of each what its kernel does', async () => {
    const rules = await loadRules([builtInRules]);
    const observed = await survey(chosenConfigurations());
    const report = judge(observed, rules);
    expect(disagreements(observed, report).join('\n\n')).toBe('');
  });
});
