import { describe, expect, it } from 'vitest';
import type { Address, LinuxFacts, NetworkInterface, Route } from '../../../src/contracts/snapshot.ts';
import type { Backend } from '../../../src/facts/backend.ts';
import { ingressInterfaces } from '../../../src/facts/linux/ingress.ts';
import { networkOf } from '../../../src/facts/linux/network.ts';
import {
  address,
  backend,
  binding,
  dummy,
  ethernet,
  linuxFacts,
  loopback,
  loopbackAddresses,
  route,
} from '../../support/linux-facts.ts';

function names(...links: NetworkInterface[]): readonly string[] {
  const facts = linuxFacts({ interfaces: { value: [loopback(), ...links] } });
  const found = ingressInterfaces(backend(), networkOf(facts));
  if (!('value' in found)) throw new Error(found.missing);
  return found.value.map(({ name }) => name);
}

describe('interfaces that hear neighbours', () => {
  it.each([
    ['Ethernet that is up', [ethernet('eth0', 2)], ['eth0']],
    ['InfiniBand', [ethernet('ib0', 2, { type: 32 })], ['ib0']],
    ['Ethernet without carrier', [ethernet('eth0', 2, { operState: 'down' })], ['eth0']],
    ['not one that is down', [ethernet('eth0', 2, { flags: 0x1002 })], []],
    ['not one with NOARP', [ethernet('eth0', 2, { flags: 0x1083 })], []],
    ['not a dummy', [dummy('dummy0', 2)], []],
    ['not a point-to-point link', [ethernet('ppp0', 2, { flags: 0x1011, type: 512 })], []],
    ['not a tunnel', [ethernet('tunl0', 2, { flags: 0x81, type: 768 })], []],
    [
      'a bridge, and not its port',
      [ethernet('br0', 3, { kind: 'bridge' }), ethernet('eth0', 2, { master: 'br0', bridgePort: true })],
      ['br0'],
    ],
    ['not a bridge without ports', [ethernet('docker0', 2, { kind: 'bridge' })], []],
    [
      'a bond, and not its slave',
      [ethernet('bond0', 3, { kind: 'bond', flags: 0x1403 }), ethernet('eth0', 2, { master: 'bond0', flags: 0x1803 })],
      ['bond0'],
    ],
    [
      'a VLAN and the interface below it',
      [ethernet('eth0', 2), ethernet('eth0.100', 3, { kind: 'vlan', linkIndex: 2 })],
      ['eth0', 'eth0.100'],
    ],
    ['a macvlan', [ethernet('eth0', 2), ethernet('mac0', 3, { kind: 'macvlan', linkIndex: 2 })], ['eth0', 'mac0']],
    [
      'the slave of a VRF, and not the VRF',
      [ethernet('blue', 3, { kind: 'vrf', flags: 0x4c1 }), ethernet('eth0', 2, { master: 'blue' })],
      ['eth0'],
    ],
    ['a port whose master is not known as a VRF is left to the master', [ethernet('eth0', 2, { master: 'team0' })], []],
  ])('%s', (_name, links, expected) => {
    expect(names(...links)).toEqual(expected);
  });

  it('stand in the order of ifindex', () => {
    expect(names(ethernet('b', 9), ethernet('a', 4), ethernet('c', 2))).toEqual(['c', 'a', 'b']);
  });

  it('are missing when the interfaces are', () => {
    const network = networkOf(linuxFacts({ interfaces: { missing: 'no sysfs' } }));
    expect(ingressInterfaces(backend(), network)).toEqual({ missing: 'no sysfs' });
  });
});

describe('interfaces that face the segment', () => {
  const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3)];
  const facing = (
    changes: Partial<Backend>,
    addresses: readonly Address[],
    gateway?: string,
    others: readonly Route[] = [],
  ): unknown => {
    const facts: LinuxFacts = linuxFacts({
      interfaces: { value: links },
      addresses: { value: [...loopbackAddresses(), ...addresses] },
      routes: {
        value: [...(gateway === undefined ? [] : [route('0.0.0.0/0', { interface: 'eth0', gateway })]), ...others],
      },
    });
    const found = ingressInterfaces(backend(changes), networkOf(facts));
    if (!('value' in found)) throw new Error(found.missing);
    return Object.fromEntries(found.value.map(({ name, faces }) => [name, 'value' in faces ? faces.value : faces]));
  };
  const both = [address('eth0', '10.77.0.11/24'), address('eth1', '192.0.2.11/24')];
  const noName = { address: 'web01.example.net' };
  const elsewhere = { ...noName, bindings: [binding({ vip: '203.0.113.10' })] };

  it('have a subnet with the address of the host', () => {
    expect(facing({ address: '192.0.2.11', bindings: [] }, both)).toEqual({ eth0: false, eth1: true });
  });

  it('have a subnet with a VIP', () => {
    expect(facing(noName, both)).toEqual({ eth0: true, eth1: false });
  });

  it('have a subnet with the load balancer', () => {
    const bindings = [binding({ vip: '203.0.113.10', loadBalancer: { name: 'lb', addresses: ['192.0.2.5'] } })];
    expect(facing({ ...noName, bindings }, both)).toEqual({ eth0: false, eth1: true });
  });

  it('have a subnet with a default gateway', () => {
    expect(facing(elsewhere, both, '10.77.0.1')).toEqual({ eth0: true, eth1: false });
  });

  it('have, without an address, a route to a subnet with the host or the load balancer', () => {
    const unnumbered = [address('lo', '10.77.0.11/32'), address('eth1', '192.0.2.11/24')];
    const own = { address: '10.77.0.11', bindings: [] };
    expect(facing(own, unnumbered, undefined, [route('10.77.0.0/24', { interface: 'eth0' })])).toEqual({
      eth0: true,
      eth1: false,
    });
  });

  it('do not have a subnet with a gateway that is link-local to another interface', () => {
    const both6 = [address('eth0', 'fe80::11/64'), address('eth1', 'fe80::12/64')];
    const gateway = route('::/0', { interface: 'eth0', gateway: 'fe80::1', family: 6 });
    expect(facing(elsewhere, both6, undefined, [gateway])).toEqual({ eth0: true, eth1: false });
  });

  it('are all of them when none shows the segment: judged strictly rather than not at all', () => {
    expect(facing(elsewhere, both)).toEqual({ eth0: true, eth1: true });
  });

  it('are those that the inventory names, whatever their subnets', () => {
    expect(facing({ ingressInterfaces: ['eth1'] }, both)).toEqual({ eth0: false, eth1: true });
  });

  it('cannot be told without the addresses', () => {
    const network = networkOf(linuxFacts({ addresses: { missing: 'no ip' } }));
    const found = ingressInterfaces(backend(), network);
    expect('value' in found && found.value[0]?.faces).toEqual({ missing: 'no ip' });
  });
});
