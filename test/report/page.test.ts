import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choicesFrom, fragmentOf, nothingChosen, type Choices } from '../../reports/page/choices.ts';
import { showsFinding, showsHost } from '../../reports/page/filter.ts';
import { columnsOf, sortedHosts, visibleRange, worstByRule } from '../../reports/page/rows.ts';
import { failures } from '../../src/report/shown.ts';
import { severities } from '../../src/report/verdict.ts';
import { cases } from './fixtures/cases.ts';

const brokenFleet = cases.get('broken-fleet')!;

const anyChoices: fc.Arbitrary<Choices> = fc.record({
  view: fc.constantFrom('rule', 'host', 'vip'),
  severities: fc.subarray([...severities]),
  search: fc.string({ unit: 'grapheme' }),
  platform: fc.constantFrom('', 'linux', 'windows'),
  tag: fc.string({ unit: 'grapheme' }),
  host: fc.string({ unit: 'grapheme' }),
  theme: fc.constantFrom('', 'light', 'dark'),
});

describe('choices in the address', () => {
  it('come back from their fragment', () => {
    fc.assert(
      fc.property(anyChoices, (choices) => {
        expect(choicesFrom(`#${fragmentOf(choices)}`)).toEqual(choices);
      }),
    );
  });

  it('ignore what they do not know', () => {
    expect(choicesFrom('#findings')).toEqual(nothingChosen);
    expect(choicesFrom('#view=nonsense&severity=fatal,high&platform=mac&theme=pink')).toEqual({
      ...nothingChosen,
      severities: ['high'],
    });
    expect(fragmentOf(nothingChosen)).toBe('');
  });
});

function hosts(choices: Partial<Choices>): string[] {
  return brokenFleet.hosts.filter((host) => showsHost(host, { ...nothingChosen, ...choices })).map(({ name }) => name);
}

function findings(choices: Partial<Choices>): number {
  return failures(brokenFleet).filter((finding) => showsFinding(finding, { ...nothingChosen, ...choices })).length;
}

describe('filters', () => {
  it('show everything when nothing is chosen', () => {
    expect(hosts({})).toHaveLength(10);
    expect(findings({})).toBe(11);
  });

  it('choose by severity, platform and tag', () => {
    expect(findings({ severities: ['low'] })).toBe(1);
    expect(hosts({ severities: ['low'] })).toEqual(['win02']);
    expect(hosts({ platform: 'windows' })).toEqual(['win01', 'win02']);
    expect(findings({ platform: 'windows' })).toBe(2);
    expect(hosts({ tag: 'paris' })).toEqual(['web01', 'web02', 'web03', 'win01']);
    expect(findings({ tag: 'paris', severities: ['medium'] })).toBe(1);
  });

  it('search all words, in any order and case, in names, addresses, rules and values', () => {
    expect(hosts({ search: 'WEB05' })).toEqual(['web05']);
    expect(hosts({ search: '10.77.0.17' })).toEqual(['web07']);
    expect(hosts({ search: 'arp-ignore lyon' })).toEqual(['web04']);
    expect(findings({ search: 'sysctls.conf' })).toBe(1);
    expect(findings({ search: 'nothing like this' })).toBe(0);
  });
});

describe('table of all checks', () => {
  it('has one column a rule, the gravest first, without those of other platforms and of the fleet', () => {
    expect(columnsOf(brokenFleet, 'windows')).toEqual([
      'windows/vip-present',
      'windows/weak-host-receive',
      'windows/vip-firewall',
      'windows/weak-host-persistence',
      'windows/loopback-metric',
    ]);
    expect(columnsOf(brokenFleet, 'linux')).not.toContain('fleet/vip-redundancy');
  });

  it('shows the worst of several results of one rule', () => {
    const host = brokenFleet.hosts[0]!;
    const [first, second] = host.results.filter(({ rule }) => rule === 'linux/vip-present');
    const worst = (...words: ('pass' | 'fail' | 'error' | 'notapplicable')[]): string | undefined =>
      worstByRule({
        ...host,
        results: words.map((result, index) => ({ ...(index === 0 ? first! : second!), result })),
      }).get('linux/vip-present');
    expect([worst('pass', 'fail'), worst('error', 'pass'), worst('notapplicable', 'pass')]).toEqual([
      'fail',
      'error',
      'pass',
    ]);
  });

  it('puts the hosts first that need attention', () => {
    expect(
      sortedHosts(brokenFleet.hosts)
        .map(({ name }) => name)
        .slice(-4),
    ).toEqual(['web07', 'web08', 'web01', 'win01']);
  });

  it('windows the rows: those in sight are always within, and their number is bounded', () => {
    fc.assert(
      fc.property(fc.nat(400_000), fc.integer({ min: 0, max: 3000 }), fc.nat(10_000), (scrolled, height, rows) => {
        const { first, last } = visibleRange(scrolled, height, 34, rows);
        expect(0 <= first && first <= last && last <= rows).toBe(true);
        expect(last - first).toBeLessThanOrEqual(Math.ceil(height / 34) + 12);
        const top = Math.floor(scrolled / 34);
        expect(top >= rows || (first <= top && top < last)).toBe(true);
      }),
    );
  });
});
