import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/contracts/report.ts';
import { builtInRules, loadRules } from '../../src/rules/load.ts';
import { labAvailable } from './availability.ts';
import { disagreements, judge, surveyWithSecondLook } from './disagreement.ts';
import { randomConfiguration } from './random-configuration.ts';
import { reproduction } from './specimen.ts';
import type { Survey } from './survey.ts';

const seed = Number(process.env['DSR_AUDIT_SEED'] ?? 1);
const count = Number(process.env['DSR_AUDIT_COUNT'] ?? 300);

describe.skipIf(!labAvailable())(`${count} random hosts from seed ${seed}`, () => {
  let observed: Survey;
  let report: Report;

  beforeAll(async () => {
    const rules = await loadRules([builtInRules]);
    const seeds = Array.from({ length: count }, (_, index) => seed + index);
    observed = await surveyWithSecondLook(seeds.map(randomConfiguration), rules);
    report = judge(observed, rules);
  }, 7_200_000);

  test('hijackRisk is what the kernel does, interface by interface', () => {
    expect(disagreements(observed, report).join('\n\n')).toBe('');
  });

  test('no host that claims a VIP, refuses its packets or is silent about its real address is compliant', () => {
    const wrong = observed.observations.filter(
      ({ truth }, index) =>
        report.hosts[index]?.now === 'compliant' &&
        (!truth.isRipAnswered ||
          truth.vips.some((vip) => vip.answeredOn.length + vip.announcedOn.length > 0 || vip.isAccepted === false)),
    );
    expect(wrong.map(({ configuration, truth }) => ({ truth, shown: reproduction(configuration) }))).toEqual([]);
  });

  test('there are hosts of every kind among them', () => {
    const vips = observed.observations.flatMap(({ truth }) => truth.vips);
    const counts = {
      hosts: observed.observations.length,
      compliant: report.hosts.filter(({ now }) => now === 'compliant').length,
      vips: vips.length,
      answered: vips.filter(({ answeredOn }) => answeredOn.length > 0).length,
      announced: vips.filter(({ announcedOn }) => announcedOn.length > 0).length,
      neither: vips.filter((vip) => vip.answeredOn.length + vip.announcedOn.length === 0).length,
      refused: vips.filter(({ isAccepted }) => isAccepted === false).length,
    };
    console.log(JSON.stringify(counts));
    for (const each of Object.values(counts)) expect(each).toBeGreaterThan(0);
  });
});
