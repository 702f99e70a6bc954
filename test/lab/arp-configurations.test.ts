import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/contracts/report.ts';
import { builtInRules, loadRules } from '../../src/rules/load.ts';
import { labAvailable } from './availability.ts';
import { configurationOf, factors, neighboursOfCompliance } from './chosen-configurations.ts';
import { coveringArray, pairsOf, pairsOfRow } from './covering-array.ts';
import { disagreements, judge, surveyWithSecondLook } from './disagreement.ts';
import type { Survey } from './survey.ts';
import type { Truth } from './truth.ts';

const rows = coveringArray(factors);

test('the covering array holds every pair of values of every two knobs', () => {
  const pairs = pairsOf(factors);
  const covered = new Set(rows.flatMap(pairsOfRow));
  console.log(`${rows.length} hosts hold all ${pairs.length} pairs of values of ${Object.keys(factors).length} knobs`);
  expect(rows.length).toBeGreaterThanOrEqual(100);
  expect(new Set(pairs).size).toBe(pairs.length);
  expect(pairs.filter((pair) => !covered.has(pair))).toEqual([]);
});

describe.skipIf(!labAvailable())(
  'hosts of the covering array, and all that differ from a compliant host in one knob',
  () => {
    let observed: Survey;
    let report: Report;

    beforeAll(async () => {
      const rules = await loadRules([builtInRules]);
      observed = await surveyWithSecondLook([...rows, ...neighboursOfCompliance()].map(configurationOf), rules);
      report = judge(observed, rules);
    }, 1_800_000);

    test('hijackRisk is what the kernel does, interface by interface', () => {
      expect(disagreements(observed, report).join('\n\n')).toBe('');
    });

    test('no host that misbehaves is compliant', () => {
      expect(hosts(({ behaves, verdict }) => !behaves && verdict !== 'non-compliant')).toEqual([]);
    });

    test('a host that behaves fails only by rules that ask for more than the moment', () => {
      const failed = hosts(({ behaves, verdict }) => behaves && verdict !== 'compliant').flatMap(({ rules }) => rules);
      expect(new Set(failed)).toEqual(stricter);
      expect(hosts(({ behaves, verdict }) => behaves && verdict === 'compliant').length).toBeGreaterThan(0);
    });

    interface Judged {
      readonly title: string;
      readonly behaves: boolean;
      readonly verdict: string | undefined;
      readonly rules: readonly string[];
    }

    function hosts(wanted: (host: Judged) => boolean): readonly Judged[] {
      return observed.observations
        .map(({ configuration, truth }, index) => {
          const host = report.hosts[index];
          const failed = host?.results.filter(
            ({ rule, result, severity }) =>
              result === 'fail' && severity !== 'info' && report.rules[rule]?.horizon === 'now',
          );
          return {
            title: configuration.title,
            behaves: isWellBehaved(truth),
            verdict: host?.now,
            rules: [...new Set(failed?.map(({ rule }) => rule))],
          };
        })
        .filter(wanted);
    }
  },
);

/** Silent about the VIP, heard about its real address, and a server of the VIP. */
function isWellBehaved({ vips, isRipAnswered }: Truth): boolean {
  return (
    isRipAnswered &&
    vips.every((vip) => vip.answeredOn.length === 0 && vip.announcedOn.length === 0 && vip.isAccepted === true)
  );
}

/** Rules that fail a host for what a minute of measuring does not show. */
const stricter = new Set([
  // The interfaces of today are protected, the next one is not.
  'linux/arp-all-interfaces',
  // 3 is silent only as long as the VIP has scope host and route_localnet is off.
  'linux/arp-ignore-value',
  // A range of neighbours is the host itself: it shows when one of them is needed.
  'linux/vip-prefix-length',
]);
