import { describe, expect, it } from 'vitest';
import type { Address, LinuxFacts } from '../../../src/contracts/snapshot.ts';
import { parseIp } from '../../../src/facts/ip.ts';
import { neighbourReply } from '../../../src/facts/linux/neighbour-discovery.ts';
import { networkOf } from '../../../src/facts/linux/network.ts';
import { address, linuxFacts, loopbackAddresses, proxyNeighbour, sysctls } from '../../support/linux-facts.ts';

const vip = '2001:db8::100';

function host(
  addresses: readonly Address[],
  changes: Readonly<Record<string, number>> = {},
  proxies: readonly string[] = [],
): LinuxFacts {
  return linuxFacts({
    addresses: { value: [...loopbackAddresses(), address('eth0', '2001:db8::11/64'), ...addresses] },
    sysctls: sysctls(
      Object.fromEntries(Object.entries(changes).map(([key, value]) => [`net/ipv6/conf/${key}`, value])),
    ),
    neighbours: { value: proxies.map((ip) => proxyNeighbour(ip, 'eth0')) },
  });
}

function answers(facts: LinuxFacts, target = vip): unknown {
  const ip = parseIp(target);
  if (ip === undefined) throw new Error('not an address');
  const reply = neighbourReply(networkOf(facts), 'eth0', ip);
  return 'answers' in reply ? reply.answers : Object.keys(reply)[0];
}

// Measured on Linux 6.18 by the advertisements that tcpdump saw; ndisc6 drops those of proxies and anycast addresses.
describe('a neighbour solicitation for the VIP', () => {
  it('is not answered for an address of lo, whatever arp_ignore says', () => {
    expect(answers(host([address('lo', `${vip}/128`)]))).toBe(false);
  });

  it('is answered for an address of the interface itself', () => {
    expect(answers(host([address('eth0', `${vip}/128`)]))).toBe(true);
  });

  it('is not answered while the address is tentative, or a failed duplicate', () => {
    expect(answers(host([address('eth0', `${vip}/64`, { flags: ['tentative'] })]))).toBe(false);
    expect(answers(host([address('eth0', `${vip}/64`, { flags: ['dadfailed', 'tentative'] })]))).toBe(false);
    expect(answers(host([address('eth0', `${vip}/64`, { flags: ['optimistic', 'tentative'] })]))).toBe(true);
  });

  it('is answered by a proxy with an entry, forwarding and proxy_ndp of all or own', () => {
    const forwarding = { 'eth0/forwarding': 1 };
    const onLo = [address('lo', `${vip}/128`)];
    expect([
      answers(host([], { ...forwarding, 'eth0/proxy_ndp': 1 }, [vip])),
      answers(host([], { ...forwarding, 'all/proxy_ndp': 1 }, [vip])),
      answers(host(onLo, { ...forwarding, 'eth0/proxy_ndp': 1 }, [vip])),
      answers(host([], { ...forwarding, 'eth0/proxy_ndp': 1 }, [])),
      answers(host([], { 'eth0/proxy_ndp': 1 }, [vip])),
      answers(host([], forwarding, [vip])),
    ]).toEqual([true, true, true, false, false, false]);
  });

  it('is answered for the first address of a subnet of a router', () => {
    expect(answers(host([], { 'eth0/forwarding': 1 }), '2001:db8::')).toBe(true);
    expect(answers(host([], {}), '2001:db8::')).toBe(false);
    expect(answers(host([], { 'eth0/forwarding': 1 }), '2001:db8:0:1::')).toBe(false);
  });

  it('cannot be told when what decides is missing', () => {
    expect(answers({ ...host([]), addresses: { missing: 'no ip' } })).toBe('missing');
    expect(answers({ ...host([]), neighbours: { missing: 'busybox' } })).toBe('missing');
    expect(answers({ ...host([], {}, [vip]), sysctls: { missing: 'no /proc' } })).toBe('missing');
  });
});
