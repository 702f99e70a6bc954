import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyRule, Route } from '../../../src/contracts/snapshot.ts';
import { contains, ipv4, parseIp, parsePrefix, type Prefix } from '../../../src/facts/ip.ts';
import { networkOf } from '../../../src/facts/linux/network.ts';
import { policyStep } from '../../../src/facts/linux/policy-rule.ts';
import { freeAddress } from '../../../src/facts/linux/segment.ts';
import { address, defaultRules, linuxFacts, localRoute, loopbackAddresses, route } from '../../support/linux-facts.ts';

function way(
  routes: readonly Route[],
  to: string,
  options: { from?: string; input?: string; rules?: readonly string[] } = {},
): string {
  const rules: PolicyRule[] = (options.rules ?? []).map((rule) => {
    const [priority = '', ...text] = rule.split(' ');
    return { family: to.includes(':') ? 6 : 4, priority: Number(priority), text: text.join(' ') };
  });
  const facts = linuxFacts({
    addresses: { value: loopbackAddresses() },
    routes: { value: routes },
    policyRules: { value: [...defaultRules(), ...rules] },
  });
  const [destination, from] = [parseIp(to), options.from === undefined ? undefined : parseIp(options.from)];
  if (destination === undefined) throw new Error(to);
  const flow = { to: destination, ...(from === undefined ? {} : { from }), input: options.input ?? 'lo' };
  const found = networkOf(facts).routing.lookup(flow);
  if (!('route' in found)) return Object.keys(found)[0] ?? '';
  return found.route === undefined ? 'none' : `${found.route.raw.type} ${found.route.raw.interface}`;
}

describe('a route lookup', () => {
  const main = [
    route('10.77.0.0/24', { interface: 'eth0' }),
    route('0.0.0.0/0', { interface: 'eth1', gateway: '192.0.2.1' }),
    route('10.77.0.128/25', { interface: 'eth2', metric: 100 }),
    route('10.77.0.128/25', { interface: 'eth3', metric: 50 }),
    route('203.0.113.0/24', { type: 'blackhole' }),
  ];

  it('takes the longest prefix, then the lower metric', () => {
    expect(['10.77.0.5', '10.77.0.200', '198.51.100.1', '203.0.113.5'].map((to) => way(main, to))).toEqual([
      'unicast eth0',
      'unicast eth3',
      'unicast eth1',
      'none',
    ]);
  });

  it('finds nothing without a route', () => {
    expect(way([], '10.77.0.5')).toBe('none');
  });

  // Commit 0ddcf43d5d4a: one trie for local and main until the first policy rule, of IPv4 only.
  it('lets a longer prefix of main win over local until a policy rule is added', () => {
    const routes = [...main, localRoute('10.0.0.0/8', 'lo')];
    expect(way(routes, '10.77.0.5')).toBe('unicast eth0');
    expect(way(routes, '10.77.0.5', { rules: ['100 from 192.0.2.0/24 lookup 100'] })).toBe('local lo');
    expect(way([...main, localRoute('10.77.0.0/24', 'lo')], '10.77.0.5')).toBe('local lo');
  });

  it('looks at local first in IPv6', () => {
    const routes = [route('2001:db8::/64', { interface: 'eth0' }), localRoute('2001:db8::/32', 'lo')];
    expect(way(routes, '2001:db8::5')).toBe('local lo');
  });

  it.each([
    ['100 from 10.77.0.100 lookup 7', 'unicast eth7'],
    ['100 from 10.77.0.11 lookup 7', 'unicast eth1'],
    ['100 not from 10.77.0.11 lookup 7', 'unicast eth7'],
    ['100 from all to 198.51.100.0/24 lookup 7', 'unicast eth7'],
    ['100 from all iif eth0 lookup 7', 'unicast eth1'],
    ['100 from all iif lo lookup 7', 'unicast eth7'],
    ['100 from all fwmark 0x1 lookup 7', 'unicast eth1'],
    ['100 from all fwmark 0/0xff lookup 7', 'unicast eth7'],
    ['100 from all oif eth0 lookup 7', 'unicast eth1'],
    ['100 from all ipproto tcp dport 80 lookup 7', 'unicast eth1'],
    ['100 from all lookup [l3mdev-table]', 'unicast eth1'],
    ['100 from all lookup 7 proto static', 'unicast eth7'],
    ['100 from all lookup main suppress_prefixlength 0', 'unicast eth1'],
    ['100 from 10.77.0.100 unreachable', 'none'],
    ['100 from 10.77.0.100 blackhole', 'none'],
    ['100 from 10.77.0.100 nop', 'unicast eth1'],
    ['100 from 10.77.0.100 lookup 8', 'unicast eth1'],
    ['100 from 10.77.0.100 goto 200', 'unknown'],
    ['40000 from 10.77.0.100 goto 200', 'unicast eth1'],
  ])('obeys the rule %s: %s', (rule, expected) => {
    const routes = [...main, route('0.0.0.0/0', { table: '7', interface: 'eth7' })];
    expect(way(routes, '198.51.100.20', { from: '10.77.0.100', rules: [rule] })).toBe(expected);
  });

  it('goes on after a throw, and after a suppressed route', () => {
    const routes = [...main, route('0.0.0.0/0', { table: '7', type: 'throw' })];
    expect(way(routes, '198.51.100.20', { rules: ['100 from all lookup 7'] })).toBe('unicast eth1');
    expect(
      way(main, '198.51.100.20', {
        rules: ['100 from all lookup main suppress_prefixlength 0', '200 from all blackhole'],
      }),
    ).toBe('none');
  });

  it('never fails on a rule, whatever it says', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const step = policyStep({ family: 4, priority: 1, text });
        expect('unknown' in step || typeof step.matches({ to: ipv4(1), input: 'lo' }) === 'boolean').toBe(true);
      }),
    );
  });
});

describe('local routes that no address explains', () => {
  it('are AnyIP', () => {
    const facts = linuxFacts({
      addresses: { value: [...loopbackAddresses(), address('lo', '192.0.2.1/28'), address('eth0', '10.77.0.11/24')] },
      routes: {
        value: [
          localRoute('127.0.0.0/8', 'lo'),
          localRoute('127.0.0.1/32', 'lo'),
          localRoute('192.0.2.0/28', 'lo'),
          localRoute('192.0.2.1/32', 'lo'),
          localRoute('10.77.0.11/32', 'eth0'),
          localRoute('10.77.0.100/32', 'lo'),
          localRoute('10.77.0.0/24', 'eth0'),
        ],
      },
    });
    const found = networkOf(facts).routing.customLocalRoutes(4);
    expect('value' in found && found.value.map(({ raw }) => raw.destination)).toEqual([
      '10.77.0.100/32',
      '10.77.0.0/24',
    ]);
  });
});

describe('a free address', () => {
  const prefixes = fc
    .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 32 }))
    .map(([number, length]): Prefix => ({ ip: ipv4(number), length }));

  it('lies in the prefix, is neither its network nor its broadcast address, and in no longer prefix', () => {
    fc.assert(
      fc.property(prefixes, fc.array(prefixes, { maxLength: 12 }), (prefix, taken) => {
        const found = freeAddress(prefix, taken);
        if (found === undefined) return;
        expect(contains(prefix, ipv4(found))).toBe(true);
        expect(taken.filter((other) => other.length > prefix.length && contains(other, ipv4(found)))).toEqual([]);
        if (prefix.length < 31) {
          const size = 2 ** (32 - prefix.length);
          expect(found % size === 0 || found % size === size - 1).toBe(false);
        }
      }),
    );
  });

  it('is found wherever there is one', () => {
    const small = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 28, max: 32 }));
    fc.assert(
      fc.property(fc.array(small, { maxLength: 10 }), (some) => {
        const prefix = parsePrefix('192.0.2.0/28');
        if (prefix === undefined) throw new Error('not parsed');
        const taken = some.map(([offset, length]) => ({ ip: ipv4(0xc000_0200 + offset), length }));
        const free = Array.from({ length: 14 }, (_, index) => ipv4(0xc000_0201 + index)).filter(
          (ip) => !taken.some((other) => other.length > 28 && contains(other, ip)),
        );
        expect(freeAddress(prefix, taken) === undefined).toBe(free.length === 0);
      }),
    );
  });
});
