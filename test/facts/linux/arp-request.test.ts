import { describe, expect, it } from 'vitest';
import type { Address, LinuxFacts } from '../../../src/contracts/snapshot.ts';
import { parseIp } from '../../../src/facts/ip.ts';
import { arpRequest } from '../../../src/facts/linux/arp-request.ts';
import { networkOf } from '../../../src/facts/linux/network.ts';
import {
  address,
  ethernet,
  linuxFacts,
  localRoute,
  loopback,
  loopbackAddresses,
  loopbackRoutes,
  route,
  sysctls,
} from '../../support/linux-facts.ts';

const rip = '10.77.0.11';

function host(
  changes: Readonly<Record<string, number>>,
  vip: string,
  onEth0: readonly Address[] = [address('eth0', `${rip}/24`)],
  onLo: readonly Address[] = [address('lo', `${vip}/32`)],
): LinuxFacts {
  const addresses = [...loopbackAddresses(), ...onLo, ...onEth0];
  return linuxFacts({
    sysctls: sysctls(changes),
    addresses: { value: addresses },
    routes: {
      value: [
        ...loopbackRoutes(),
        ...[...onLo, ...onEth0].map((each) => localRoute(`${each.ip}/32`, each.interface)),
        route('10.77.0.0/24', { interface: 'eth0', scope: 'link' }),
        route('0.0.0.0/0', { interface: 'eth0', gateway: '10.77.0.1' }),
      ],
    },
  });
}

function sender(facts: LinuxFacts, vip: string, target = '10.77.0.1'): unknown {
  const [source, neighbour] = [parseIp(vip), parseIp(target)];
  if (source === undefined || neighbour === undefined) throw new Error('not an address');
  const request = arpRequest(networkOf(facts), { interface: 'eth0', source, target: neighbour });
  return 'sender' in request ? request.sender : Object.keys(request)[0];
}

// Measured on Linux 6.18: a packet from the VIP makes eth0 ask for 10.77.0.1.
describe('the sender of an ARP request, VIP on lo', () => {
  it.each([
    [0, '10.77.0.100', '203.0.113.10'],
    [1, '10.77.0.100', rip],
    [2, rip, rip],
    [3, '10.77.0.100', '203.0.113.10'],
    [4, '10.77.0.100', '203.0.113.10'],
    [-1, '10.77.0.100', '203.0.113.10'],
  ])('arp_announce %i: %s for a VIP in the subnet, %s for one outside', (value, inside, outside) => {
    const changes = { 'all/arp_announce': value, 'eth0/arp_announce': value };
    expect([
      sender(host(changes, '10.77.0.100'), '10.77.0.100'),
      sender(host(changes, '203.0.113.10'), '203.0.113.10'),
    ]).toEqual([inside, outside]);
  });

  it.each([
    [2, 3, '10.77.0.100'],
    [3, 0, '10.77.0.100'],
    [2, 4, '10.77.0.100'],
    [2, 0, rip],
    [0, 2, rip],
    [1, 2, rip],
  ])('all %i and eth0 %i: the greater decides', (all, own, expected) => {
    const facts = host({ 'all/arp_announce': all, 'eth0/arp_announce': own }, '10.77.0.100');
    expect(sender(facts, '10.77.0.100')).toBe(expected);
  });

  it('is not changed by the value of lo', () => {
    expect(sender(host({ 'lo/arp_announce': 2 }, '10.77.0.100'), '10.77.0.100')).toBe('10.77.0.100');
  });

  it('is the address in whose subnet the neighbour is', () => {
    const onEth0 = [address('eth0', '192.0.2.11/24'), address('eth0', `${rip}/24`)];
    const facts = host({ 'all/arp_announce': 2 }, '10.77.0.100', onEth0);
    expect([sender(facts, '10.77.0.100'), sender(facts, '10.77.0.100', '203.0.113.1')]).toEqual([rip, '192.0.2.11']);
  });

  it('is never an address that is not local', () => {
    const facts = host({}, '10.77.0.100', [address('eth0', `${rip}/24`)], []);
    expect(sender(facts, '10.77.0.100')).toBe(rip);
  });
});

describe('with arp_announce 2 the VIP is named nevertheless', () => {
  const two = { 'all/arp_announce': 2 };

  it('when it is the first address of its subnet on the interface', () => {
    const vipFirst = [address('eth0', '10.77.0.100/24'), address('eth0', `${rip}/24`, { flags: ['secondary'] })];
    expect(sender(host(two, '10.77.0.100', vipFirst, []), '10.77.0.100')).toBe('10.77.0.100');
    const vipSecond = [address('eth0', `${rip}/24`), address('eth0', '10.77.0.100/24', { flags: ['secondary'] })];
    expect(sender(host(two, '10.77.0.100', vipSecond, []), '10.77.0.100')).toBe(rip);
  });

  it('when the interface has no address and borrows one, unless the VIP has scope host', () => {
    expect(sender(host(two, '10.77.0.100', []), '10.77.0.100')).toBe('10.77.0.100');
    const hidden = [address('lo', '10.77.0.100/32', { scope: 'host' })];
    expect(sender(host(two, '10.77.0.100', [], hidden), '10.77.0.100')).toBe('0.0.0.0');
  });

  it('not when another interface before it has an address to lend', () => {
    const facts = host(two, '10.77.0.100', [address('eth1', '192.0.2.11/24')], [address('eth2', '10.77.0.100/32')]);
    const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3), ethernet('eth2', 4)];
    expect(
      sender(
        {
          ...facts,
          interfaces: { value: links },
          sysctls: sysctls(
            two,
            links.map(({ name }) => name),
          ),
        },
        '10.77.0.100',
      ),
    ).toBe('192.0.2.11');
  });
});

describe('no request is sent', () => {
  it.each([
    ['NOARP', 0x1083],
    ['POINTOPOINT', 0x1011],
  ])('by an interface with %s', (_name, flags) => {
    const facts = { ...host({}, '10.77.0.100'), interfaces: { value: [loopback(), ethernet('eth0', 2, { flags })] } };
    expect(sender(facts, '10.77.0.100')).toBeNull();
  });

  it('that arptables drops, and one that it rewrites names the other address', () => {
    const saved = (rule: string): LinuxFacts => ({
      ...host({}, '10.77.0.100'),
      arptables: { value: ['*filter', ':INPUT ACCEPT', ':OUTPUT ACCEPT', rule] },
    });
    expect(sender(saved('-A OUTPUT -j DROP -s 10.77.0.100'), '10.77.0.100')).toBeNull();
    expect(sender(saved(`-A OUTPUT -j mangle -s 10.77.0.100 --mangle-ip-s ${rip}`), '10.77.0.100')).toBe(rip);
  });
});

describe('what is missing', () => {
  it.each(['interfaces', 'addresses', 'routes', 'sysctls'] as const)('is missing without %s', (part) => {
    const facts = { ...host({ 'all/arp_announce': 1 }, '10.77.0.100'), [part]: { missing: 'not collected' } };
    expect(sender(facts, '10.77.0.100')).toBe('missing');
  });
});
