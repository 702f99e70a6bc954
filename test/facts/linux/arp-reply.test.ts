import { describe, expect, it } from 'vitest';
import type { Address, LinuxFacts, NetworkInterface, Route } from '../../../src/contracts/snapshot.ts';
import { unspecified } from '../../../src/facts/linux/arp-ignore.ts';
import { arpReply } from '../../../src/facts/linux/arp-reply.ts';
import { networkOf } from '../../../src/facts/linux/network.ts';
import { parseIp } from '../../../src/facts/ip.ts';
import {
  address,
  defaultRules,
  ethernet,
  linuxFacts,
  localRoute,
  loopback,
  loopbackAddresses,
  loopbackRoutes,
  proxyNeighbour,
  route,
  sysctls,
} from '../../support/linux-facts.ts';

const vip = '10.77.0.100';
const peer = '10.77.0.5';

/** A host with eth0 10.77.0.11/24, the addresses and routes given besides, and the parameters given. */
function host(
  changes: Readonly<Record<string, number>>,
  extra: {
    readonly addresses?: readonly Address[];
    readonly routes?: readonly Route[];
    readonly links?: readonly NetworkInterface[];
    readonly rest?: Partial<LinuxFacts>;
  } = {},
): LinuxFacts {
  const links = extra.links ?? [loopback(), ethernet('eth0', 2)];
  return linuxFacts({
    interfaces: { value: links },
    sysctls: sysctls(
      changes,
      links.map(({ name }) => name),
    ),
    addresses: { value: [...loopbackAddresses(), address('eth0', '10.77.0.11/24'), ...(extra.addresses ?? [])] },
    routes: {
      value: [
        ...loopbackRoutes(),
        localRoute('10.77.0.11/32', 'eth0'),
        route('10.77.0.0/24', { interface: 'eth0', scope: 'link' }),
        route('0.0.0.0/0', { interface: 'eth0', gateway: '10.77.0.1' }),
        ...(extra.routes ?? []),
      ],
    },
    ...extra.rest,
  });
}

const vipOnLo = (scope = 'global', length = 32): { addresses: readonly Address[]; routes: readonly Route[] } => ({
  addresses: [address('lo', `${vip}/${length}`, { scope })],
  routes: [
    localRoute(`${vip}/32`, 'lo'),
    ...(length === 32 ? [] : [localRoute(`${length === 24 ? '10.77.0.0' : '10.77.0.96'}/${length}`, 'lo')]),
  ],
});

function answers(facts: LinuxFacts, target = vip, sender = peer, device = 'eth0'): unknown {
  const [targetIp, senderIp] = [parseIp(target), sender === '0.0.0.0' ? unspecified : parseIp(sender)];
  if (targetIp === undefined || senderIp === undefined) throw new Error('not an address');
  const reply = arpReply(networkOf(facts), { interface: device, target: targetIp, sender: senderIp });
  return 'answers' in reply ? reply.answers : Object.keys(reply)[0];
}

// Measured on Linux 6.18: the VIP is 10.77.0.100/32 on lo, scope global.
describe('arp_ignore, VIP on lo', () => {
  it.each([
    [0, true, true],
    [1, false, true],
    [2, false, true],
    [3, true, true],
    [4, true, true],
    [5, true, true],
    [6, true, true],
    [7, true, true],
    [8, false, false],
    [9, true, true],
    [255, true, true],
    [-1, true, true],
  ])('%i: VIP answered %s, own address %s', (value, vipAnswered, ownAnswered) => {
    const facts = host({ 'all/arp_ignore': value, 'eth0/arp_ignore': value }, vipOnLo());
    expect([answers(facts), answers(facts, '10.77.0.11')]).toEqual([vipAnswered, ownAnswered]);
  });

  it('a probe without sender passes through arp_ignore too', () => {
    const probes = [0, 1, 2, 3, 8].map((value) =>
      answers(host({ 'all/arp_ignore': value }, vipOnLo()), vip, '0.0.0.0'),
    );
    expect(probes).toEqual([true, false, false, true, false]);
  });

  it.each([
    [1, 3, true],
    [1, 4, true],
    [1, 7, true],
    [1, 9, true],
    [8, 9, true],
    [0, 1, false],
    [1, 0, false],
  ])('all %i and eth0 %i: the greater decides', (all, own, expected) => {
    expect(answers(host({ 'all/arp_ignore': all, 'eth0/arp_ignore': own }, vipOnLo()))).toBe(expected);
  });

  it.each([1, 2, 8])('%i on lo alone does nothing', (value) => {
    expect(answers(host({ 'lo/arp_ignore': value }, vipOnLo()))).toBe(true);
  });

  it.each([
    ['host', {}, false],
    ['link', {}, true],
    ['global', {}, true],
    ['host', { 'all/route_localnet': 1 }, true],
    ['host', { 'lo/route_localnet': 1 }, true],
    ['host', { 'eth0/route_localnet': 1 }, false],
  ])('3 with scope %s and %o', (scope, changes, expected) => {
    expect(answers(host({ 'all/arp_ignore': 3, ...changes }, vipOnLo(scope)))).toBe(expected);
  });

  it('2 does not answer an asker outside of the subnet', () => {
    const facts = host({ 'all/arp_ignore': 2 }, vipOnLo());
    expect([answers(facts, '10.77.0.11', peer), answers(facts, '10.77.0.11', '192.0.2.5')]).toEqual([true, false]);
  });
});

describe('a VIP of the interface itself', () => {
  it.each([
    [0, true],
    [1, true],
    [2, true],
    [3, true],
    [8, false],
  ])('with arp_ignore %i', (value, expected) => {
    const facts = host(
      { 'all/arp_ignore': value },
      { addresses: [address('eth0', `${vip}/32`)], routes: [localRoute(`${vip}/32`, 'eth0')] },
    );
    // 2 asks for one subnet with the asker: that of the VIP's own mask, or any of the interface that contains both.
    expect(answers(facts)).toBe(expected);
  });

  it('of another interface is hidden by 1', () => {
    const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3)];
    const facts = host(
      { 'all/arp_ignore': 1 },
      { links, addresses: [address('eth1', `${vip}/32`)], routes: [localRoute(`${vip}/32`, 'eth1')] },
    );
    expect([answers(facts), answers(facts, vip, peer, 'eth1')]).toEqual([false, true]);
  });
});

describe('AnyIP', () => {
  it.each([
    [0, true],
    [1, false],
    [2, false],
    [3, false],
    [4, true],
    [8, false],
  ])('with arp_ignore %i', (value, expected) => {
    expect(answers(host({ 'all/arp_ignore': value }, { routes: [localRoute(`${vip}/32`, 'lo')] }))).toBe(expected);
  });
});

// Linux 6.18: fib_validate_source takes a neighbour for martian only when it looks its route up, which it does not with
// rp_filter 0, no local route of its own and no policy rule.
describe('a /24 on lo that covers the segment', () => {
  it.each([
    [0, true],
    [1, false],
    [2, false],
  ])('with rp_filter %i', (rpFilter, expected) => {
    const facts = host({ 'all/rp_filter': rpFilter }, vipOnLo('global', 24));
    expect([answers(facts), answers(facts, '10.77.0.11'), answers(facts, '10.77.0.50')]).toEqual([
      expected,
      expected,
      expected,
    ]);
    expect(answers(facts, vip, '0.0.0.0')).toBe(true);
  });

  it('with a policy rule, even with rp_filter 0', () => {
    const rules = [...defaultRules(), { family: 4 as const, priority: 100, text: 'from 203.0.113.1 lookup 100' }];
    expect(answers(host({}, { ...vipOnLo('global', 24), rest: { policyRules: { value: rules } } }))).toBe(false);
  });

  it('with accept_local', () => {
    expect(answers(host({ 'all/accept_local': 1, 'all/rp_filter': 2 }, vipOnLo('global', 24)))).toBe(true);
  });

  it('as a /28 answers for all 16 addresses', () => {
    const facts = host({ 'all/rp_filter': 1 }, vipOnLo('global', 28));
    expect(['10.77.0.96', '10.77.0.101', '10.77.0.111', '10.77.0.112'].map((ip) => answers(facts, ip))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('the sender', () => {
  it('without a route back is dropped by rp_filter, strict or loose', () => {
    const routes = [
      localRoute('10.77.0.11/32', 'eth0'),
      localRoute(`${vip}/32`, 'lo'),
      route('10.77.0.0/24', { interface: 'eth0' }),
    ];
    const facts = (rpFilter: number): LinuxFacts =>
      host({ 'all/rp_filter': rpFilter }, { ...vipOnLo(), rest: { routes: { value: routes } } });
    expect([0, 1, 2].map((value) => answers(facts(value), vip, '192.0.2.5'))).toEqual([true, false, false]);
  });

  it('reached by another interface is dropped by strict rp_filter only, and 2 on one beats 1 on all', () => {
    const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3)];
    const extra = {
      links,
      addresses: [address('lo', `${vip}/32`), address('eth1', '192.0.2.11/24')],
      routes: [localRoute(`${vip}/32`, 'lo'), route('192.0.2.0/24', { interface: 'eth1', scope: 'link' })],
    };
    const on = (changes: Record<string, number>): unknown => answers(host(changes, extra), vip, '192.0.2.5');
    expect([
      on({ 'all/rp_filter': 0 }),
      on({ 'all/rp_filter': 1 }),
      on({ 'all/rp_filter': 2 }),
      on({ 'all/rp_filter': 1, 'eth0/rp_filter': 2 }),
    ]).toEqual([true, false, true, true]);
  });

  it('that is an address of the host, or the VIP itself, is never answered', () => {
    const facts = host({}, vipOnLo());
    expect([answers(facts, vip, '10.77.0.11'), answers(facts, vip, vip)]).toEqual([false, false]);
  });

  it('is compared with the route by arp_filter', () => {
    const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3)];
    const facts = host(
      { 'all/arp_filter': 1 },
      { links, addresses: [address('lo', `${vip}/32`)], routes: [localRoute(`${vip}/32`, 'lo')] },
    );
    expect([answers(facts), answers(facts, vip, peer, 'eth1')]).toEqual([true, false]);
  });
});

describe('a missing VIP and a proxy', () => {
  const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3)];
  const byEth1 = { links, routes: [route(`${vip}/32`, { interface: 'eth1' })] };
  const proxy = { 'eth0/forwarding': 1, 'eth0/proxy_arp': 1 };
  it.each([
    ['nothing', {}, byEth1, false],
    ['forwarding and proxy_arp', proxy, byEth1, true],
    ['proxy_arp on all', { 'eth0/forwarding': 1, 'all/proxy_arp': 1 }, byEth1, true],
    ['proxy_arp without forwarding', { 'eth0/proxy_arp': 1 }, byEth1, false],
    ['arp_ignore 8, which has no say', { ...proxy, 'all/arp_ignore': 8 }, byEth1, true],
    ['a route by the same interface', proxy, { links }, false],
    [
      'proxy_arp_pvlan and a route by the same interface',
      { 'eth0/forwarding': 1, 'eth0/proxy_arp_pvlan': 1 },
      { links },
      true,
    ],
    ['proxy_arp_pvlan on all', { 'eth0/forwarding': 1, 'all/proxy_arp_pvlan': 1 }, { links }, true],
    ['medium_id -1', { ...proxy, 'eth0/medium_id': -1 }, byEth1, false],
    ['two media', { ...proxy, 'eth0/medium_id': 5 }, byEth1, true],
    ['one medium', { ...proxy, 'eth0/medium_id': 5, 'eth1/medium_id': 5 }, byEth1, false],
    ['a route that rejects', proxy, { links, routes: [route(`${vip}/32`, { type: 'blackhole' })] }, false],
  ])('%s', (_name, changes, extra, expected) => {
    expect(answers(host(changes, extra))).toBe(expected);
  });

  it('a proxy entry answers with forwarding and a route by another interface', () => {
    const entry = { neighbours: { value: [proxyNeighbour(vip, 'eth0')] } };
    expect(answers(host({ 'eth0/forwarding': 1 }, { ...byEth1, rest: entry }))).toBe(true);
    expect(answers(host({}, { ...byEth1, rest: entry }))).toBe(false);
    expect(answers(host({ 'eth0/forwarding': 1 }, { links, rest: entry }))).toBe(false);
  });

  it('none of them fires while the VIP is local', () => {
    const entry = { neighbours: { value: [proxyNeighbour(vip, 'eth0')] } };
    const changes = { ...proxy, 'all/arp_ignore': 1, 'all/proxy_arp_pvlan': 1 };
    expect(answers(host(changes, { ...vipOnLo(), rest: entry }))).toBe(false);
  });

  it('a probe is never answered by a proxy', () => {
    expect(answers(host(proxy, byEth1), vip, '0.0.0.0')).toBe(false);
  });
});

describe('the interface', () => {
  it('with NOARP is silent, own address included', () => {
    const facts = host({}, { ...vipOnLo(), links: [loopback(), ethernet('eth0', 2, { flags: 0x1083 })] });
    expect([answers(facts), answers(facts, '10.77.0.11')]).toEqual([false, false]);
  });

  it('without an address answers with arp_ignore 0, unless rp_filter is on and no route leads back', () => {
    const addresses = [...loopbackAddresses(), address('lo', `${vip}/32`)];
    const routes = [...loopbackRoutes(), localRoute(`${vip}/32`, 'lo')];
    const facts = (changes: Record<string, number>): LinuxFacts =>
      host(changes, { rest: { addresses: { value: addresses }, routes: { value: routes } } });
    expect([
      answers(facts({})),
      answers(facts({ 'all/rp_filter': 2 })),
      answers(facts({ 'all/arp_ignore': 1 })),
    ]).toEqual([true, false, false]);
  });

  it('in a VRF cannot be told, unless its parameters settle it', () => {
    const links = [
      loopback(),
      ethernet('eth0', 2, { master: 'blue' }),
      ethernet('blue', 3, { kind: 'vrf', flags: 0x4c1 }),
    ];
    expect(answers(host({}, { ...vipOnLo(), links }))).toBe('unknown');
    expect(answers(host({ 'all/arp_ignore': 1 }, { ...vipOnLo(), links }))).toBe(false);
  });
});

describe('what is missing', () => {
  it('is missing, and no answer is made up', () => {
    const gone = { missing: 'not collected' };
    for (const part of ['interfaces', 'addresses', 'routes', 'policyRules', 'sysctls'] as const) {
      expect([part, answers(host({}, { ...vipOnLo(), rest: { [part]: gone } }))]).toEqual([part, 'missing']);
    }
  });

  it('does not matter where what is known settles the answer', () => {
    const facts = host({ 'all/arp_ignore': 1 }, { ...vipOnLo(), rest: { routes: { missing: 'not collected' } } });
    expect(answers(facts)).toBe(false);
  });

  it('is the scope where 3 depends on it', () => {
    const addresses = [...loopbackAddresses(), address('lo', `${vip}/32`, { scope: null })];
    const facts = (value: number): LinuxFacts =>
      host(
        { 'all/arp_ignore': value },
        { routes: [localRoute(`${vip}/32`, 'lo')], rest: { addresses: { value: addresses } } },
      );
    expect([answers(facts(3)), answers(facts(1))]).toEqual(['unknown', false]);
  });
});
