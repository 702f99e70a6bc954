import { describe, expect, test } from 'vitest';
import { builtInRules, loadRules } from '../../src/rules/load.ts';
import { labAvailable } from './availability.ts';
import { disagreements, judge } from './disagreement.ts';
import { randomConfiguration } from './random-configuration.ts';
import { survey } from './survey.ts';

const seed = Number(process.env['DSR_AUDIT_SEED'] ?? 1);
const count = Number(process.env['DSR_AUDIT_COUNT'] ?? 300);

describe.skipIf(!labAvailable())('random configurations', () => {
  test(`from seed ${seed}, ${count} of them: the report says of each what its kernel does`, async () => {
    const seeds = Array.from({ length: count }, (_, index) => seed + index);
    const rules = await loadRules([builtInRules]);
    const observed = await survey(seeds.map(randomConfiguration));
    const claims = observed.observations.flatMap(({ truth }) => truth.vips);
    const hijacked = claims.filter(({ answeredOn, announcedOn }) => answeredOn.length + announcedOn.length > 0);
    console.log(
      `${count} configurations with ${claims.length} VIPs from seed ${seed}, ${hijacked.length} of them hijacked`,
    );
    // A generator that no longer reaches both sides would prove nothing.
    expect(hijacked.length).toBeGreaterThan(0);
    expect(hijacked.length).toBeLessThan(claims.length);
    expect(disagreements(observed, judge(observed, rules)).join('\n\n')).toBe('');
  }, 3_600_000);
});
