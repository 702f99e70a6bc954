import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integerOf, type Ipv4Parameter, runningSysctls } from '../../../src/facts/linux/sysctl.ts';
import { linuxFacts, sysctls } from '../../support/linux-facts.ts';

function view(changes: Readonly<Record<string, number | string>>): ReturnType<typeof runningSysctls> {
  return runningSysctls(linuxFacts({ sysctls: sysctls(changes) }));
}

const value = (all: number, own: number, parameter: Ipv4Parameter): number | undefined => {
  const answer = view({ [`all/${parameter}`]: all, [`eth0/${parameter}`]: own }).effective(parameter, 'eth0');
  return 'value' in answer ? answer.value.value : undefined;
};

// include/linux/inetdevice.h
describe('the effective value of a parameter', () => {
  it.each(['arp_ignore', 'arp_announce', 'rp_filter'] as const)('%s is the greater of all and own', (parameter) => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 12 }), fc.integer({ min: -3, max: 12 }), (all, own) => {
        expect(value(all, own, parameter)).toBe(Math.max(all, own));
      }),
    );
  });

  it.each(['arp_filter', 'proxy_arp', 'proxy_arp_pvlan', 'accept_local', 'route_localnet'] as const)(
    '%s is on when all or own is',
    (parameter) => {
      expect([value(0, 0, parameter), value(1, 0, parameter), value(0, 1, parameter), value(1, 1, parameter)]).toEqual([
        0, 1, 1, 1,
      ]);
    },
  );

  it.each(['forwarding', 'medium_id'] as const)('%s is its own', (parameter) => {
    expect([value(1, 0, parameter), value(0, 1, parameter)]).toEqual([0, 1]);
  });

  it('carries both values as evidence', () => {
    const answer = view({ 'all/arp_ignore': 1 }).effective('arp_ignore', 'eth0');
    expect('value' in answer && answer.evidence).toEqual([
      { source: 'net/ipv4/conf/all/arp_ignore', text: '1' },
      { source: 'net/ipv4/conf/eth0/arp_ignore', text: '0' },
    ]);
  });

  it('is missing when one of the two is, and never taken for 0', () => {
    expect(view({}).effective('arp_ignore', 'eth9')).toHaveProperty('missing');
    expect(view({ 'all/arp_ignore': '' }).effective('arp_ignore', 'eth0')).toHaveProperty('missing');
  });

  it('of a parameter that the kernel is too old for is 0, and says why', () => {
    const facts = linuxFacts({
      sysctls: {
        value: [
          { key: 'net/ipv4/conf/all/arp_ignore', value: '1' },
          { key: 'net/ipv4/conf/eth0/arp_ignore', value: '0' },
        ],
      },
    });
    const answer = runningSysctls(facts).effective('route_localnet', 'eth0');
    expect(answer).toMatchObject({ value: { value: 0 } });
    expect(runningSysctls(facts).effective('rp_filter', 'eth0')).toHaveProperty('missing');
  });
});

describe('a value', () => {
  it('is one integer and nothing else', () => {
    expect(['0', '-1', '8', '2147483647'].map(integerOf)).toEqual([0, -1, 8, 2_147_483_647]);
    const others = ['', ' 1', '1 ', '1\n', '+1', '1.0', '0x1', '1e3', '--1', '2147483648', '99999999999', '٣', 'NaN'];
    expect(others.map(integerOf)).toEqual(others.map(() => undefined));
  });

  it('survives whatever text a host sends', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const number = integerOf(text);
        expect(
          number === undefined ||
            String(number) ===
              text.replace(/^-?0+(?=[0-9])/, (zeros) => (zeros.startsWith('-') ? '-' : '')).replace(/^-0$/, '0'),
        ).toBe(true);
      }),
    );
  });

  it('is missing with the reason when nothing was collected', () => {
    const answer = runningSysctls(linuxFacts({ sysctls: { missing: 'no /proc' } })).read(
      'net/ipv4/conf/all/arp_ignore',
    );
    expect(answer).toEqual({ missing: 'no /proc' });
  });
});
