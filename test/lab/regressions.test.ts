import { release } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { prefersSource } from '../../src/facts/linux/multipath.ts';
import { builtInRules, loadRules } from '../../src/rules/load.ts';
import { labAvailable } from './availability.ts';
import { disagreements, judge } from './disagreement.ts';
import { knob, plan } from './specimen.ts';
import { survey } from './survey.ts';

const vip = '10.77.0.100';
const twoNics = ['ip link set dev eth0 up', 'ip link set dev eth1 up', `ip addr add ${plan.rip}/24 dev eth0`];
const onLo = `ip addr add ${vip}/32 dev lo`;

/** What the random comparison once found the model wrong about: the smallest host that shows it, and what its kernel does. */
const cases = {
  // Seed 3075: only the first next hop was solicited.
  'a default route with two next hops: requests leave by both': {
    commands: [
      ...twoNics,
      'ip addr add 10.78.0.11/24 dev eth1',
      onLo,
      `ip route add default nexthop via ${plan.gateway} dev eth0 nexthop via 10.78.0.1 dev eth1`,
      knob('all', 'arp_ignore', 1),
    ],
    answeredOn: '',
    announcedOn: 'eth0 eth1',
  },
  // Seed 185, since Linux 6.16: the second next hop was thought to be taken as well.
  'two next hops, and the VIP is the address of the first: requests leave by that alone': {
    commands: [
      'ip link set dev eth0 up',
      'ip link set dev eth1 up',
      `ip addr add ${plan.rip}/32 dev lo`,
      `ip addr add ${vip}/32 dev eth0`,
      `ip route add default nexthop via ${plan.gateway} dev eth0 onlink nexthop via 10.78.0.1 dev eth1 onlink`,
      knob('all', 'arp_ignore', 1),
    ],
    answeredOn: 'eth0',
    announcedOn: prefersSource(release()) ? 'eth0' : 'eth0 eth1',
  },
  // Seed 1405: only packets from the VIP itself were followed.
  'an interface without an address, used for packets from another address: it borrows the VIP': {
    commands: [
      ...twoNics,
      onLo,
      `ip route add default via ${plan.gateway} dev eth0`,
      `ip rule add from ${plan.rip} to 203.0.113.0/24 lookup 100`,
      'ip route add default via 10.78.0.1 dev eth1 onlink table 100',
      knob('all', 'arp_ignore', 1),
      knob('all', 'arp_announce', 2),
    ],
    answeredOn: '',
    announcedOn: 'eth1',
  },
  // Seed 3068: two routes for one prefix were taken for one route with two next hops.
  'two interfaces in one subnet: requests leave by the first alone': {
    commands: [...twoNics, 'ip addr add 10.77.0.12/24 dev eth1', onLo, knob('all', 'arp_ignore', 1)],
    answeredOn: '',
    announcedOn: 'eth0',
  },
  // The same mistake in the reverse path filter, which the probe without sender had hidden.
  'two interfaces in one subnet and rp_filter 1: a proxy on the second hears no asker of the subnet': {
    commands: [
      ...twoNics,
      'ip addr add 10.77.0.12/24 dev eth1',
      `ip route add ${vip} dev eth0`,
      ...['forwarding', 'proxy_arp', 'rp_filter'].map((name) => knob('all', name, 1)),
    ],
    answeredOn: '',
    announcedOn: '',
  },
} as const;

describe.skipIf(!labAvailable())('what the model was once wrong about', () => {
  const observed = new Map<string, { readonly answeredOn: string; readonly announcedOn: string }>();
  let wrong: readonly string[] = [];

  beforeAll(async () => {
    const rules = await loadRules([builtInRules]);
    const surveyed = await survey(
      Object.entries(cases).map(([title, { commands }]) => ({
        title,
        commands,
        secondNic: true,
        vips: [vip],
        method: 'loopback',
      })),
    );
    for (const { configuration, truth } of surveyed.observations) {
      const [about] = truth.vips;
      observed.set(configuration.title, {
        answeredOn: about?.answeredOn.join(' ') ?? '',
        announcedOn: about?.announcedOn.join(' ') ?? '',
      });
    }
    wrong = disagreements(surveyed, judge(surveyed, rules));
  }, 600_000);

  test.each(Object.entries(cases))('%s', (title, { answeredOn, announcedOn }) => {
    expect(observed.get(title)).toEqual({ answeredOn, announcedOn });
    expect(wrong.filter((text) => text.startsWith(`${title}, VIP `))).toEqual([]);
  });
});
