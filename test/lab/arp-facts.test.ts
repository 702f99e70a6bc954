import { beforeAll, describe, expect, test } from 'vitest';
import { builtInRules, loadRules } from '../../src/rules/load.ts';
import { labAvailable } from './availability.ts';
import { disagreements, judge } from './disagreement.ts';
import { knob, plan } from './specimen.ts';
import { survey } from './survey.ts';

/** What a host with these settings does about the VIP and about its real address. */
interface KernelFact {
  readonly commands: readonly string[];
  /** "answers" and "announces" the VIP, and whether the real address is "deaf"; "silent" is none of these. */
  readonly does:
    'silent' | 'answers' | 'announces' | 'answers, announces' | 'deaf' | 'announces, deaf' | 'answers, deaf';
  readonly vip?: string;
}

const vip = '10.77.0.100';
const up = 'ip link set dev eth0 up';
const rip = `ip addr add ${plan.rip}/24 dev eth0`;
const gateway = `ip route add default via ${plan.gateway} dev eth0`;
const host = [up, rip, gateway];
const onLo = `ip addr add ${vip}/32 dev lo`;
const ignore = (value: number, scope = 'all'): string => knob(scope, 'arp_ignore', value);
const announce = (value: number, scope = 'all'): string => knob(scope, 'arp_announce', value);
const localnet = (scope: string): string => knob(scope, 'route_localnet', 1);
const quiet = [ignore(1), announce(2)];
const scopeHost = `ip addr add ${vip}/32 dev lo scope host`;
const unnumbered = [up, `ip addr add ${plan.rip}/32 dev lo`, `ip route add 10.77.0.0/24 dev eth0`];
const bridged = [up, 'ip link add name br0 type bridge', 'ip link set dev eth0 master br0', 'ip link set dev br0 up'];
const onBridge = [...bridged, `ip addr add ${plan.rip}/24 dev br0`, `ip route add default via ${plan.gateway} dev br0`];
const dummy = ['ip link add name vip0 type bridge', 'ip link set dev vip0 arp off'];
const nftInput = [
  'nft add table arp lab',
  "nft add chain arp lab in '{ type filter hook input priority 0; }'",
  `nft add rule arp lab in arp operation request arp daddr ip ${vip} drop`,
];
const dropIn = `arptables -A INPUT -d ${vip} -j DROP`;
const rewriteOut = `arptables -A OUTPUT -s ${vip} -j mangle --mangle-ip-s ${plan.rip}`;
const elsewhere = [
  'ip link add link eth0 name mac0 type macvlan',
  'ip link set dev mac0 up',
  `ip route add ${vip} dev mac0`,
];
const forward = knob('all', 'forwarding', 1);
const vip6 = plan.vip6;
const rip6 = `ip addr add ${plan.rip6}/64 dev eth0`;
const forward6 = 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding';

const facts: Readonly<Record<string, KernelFact>> = {
  'nothing set': { commands: [...host, onLo], does: 'answers, announces' },
  'arp_ignore 1, arp_announce 2 on all': { commands: [...host, onLo, ...quiet], does: 'silent' },
  'arp_ignore 2, arp_announce 2 on all': { commands: [...host, onLo, ignore(2), announce(2)], does: 'silent' },
  'both on eth0 only': { commands: [...host, onLo, ignore(1, 'eth0'), announce(2, 'eth0')], does: 'silent' },
  'both on lo only': { commands: [...host, onLo, ignore(1, 'lo'), announce(2, 'lo')], does: 'answers, announces' },
  'both on default only': {
    commands: [...host, onLo, ignore(1, 'default'), announce(2, 'default')],
    does: 'answers, announces',
  },
  'both on default before eth0 has an address': {
    commands: [ignore(1, 'default'), announce(2, 'default'), ...host, onLo],
    does: 'silent',
  },
  'a greater value of eth0 undoes all': {
    commands: [...host, onLo, ...quiet, ignore(4, 'eth0'), announce(3, 'eth0')],
    does: 'answers, announces',
  },
  'a negative value is none': { commands: [...host, onLo, ignore(-1), announce(2)], does: 'answers' },
  'arp_ignore 3 with scope global': { commands: [...host, onLo, ignore(3), announce(2)], does: 'answers' },
  'arp_ignore 3 with scope host': { commands: [...host, scopeHost, ignore(3), announce(2)], does: 'silent' },
  'arp_ignore 3 with scope host and route_localnet on lo': {
    commands: [...host, scopeHost, ignore(3), announce(2), localnet('lo')],
    does: 'answers',
  },
  'arp_ignore 3 with scope host and route_localnet on all': {
    commands: [...host, scopeHost, ignore(3), announce(2), localnet('all')],
    does: 'answers',
  },
  'arp_ignore 3 with scope host and route_localnet on eth0': {
    commands: [...host, scopeHost, ignore(3), announce(2), localnet('eth0')],
    does: 'silent',
  },
  'arp_ignore 8': { commands: [...host, onLo, ignore(8), announce(2)], does: 'deaf' },
  'arp_ignore 1 with the VIP on eth0': {
    commands: [...host, `ip addr add ${vip}/32 dev eth0`, ...quiet],
    does: 'answers',
  },
  'arp_ignore 8 with the VIP on eth0': {
    commands: [...host, `ip addr add ${vip}/32 dev eth0`, ignore(8), announce(2)],
    does: 'deaf',
  },
  'the VIP on lo and on eth0': {
    commands: [...host, onLo, `ip addr add ${vip}/32 dev eth0`, ...quiet],
    does: 'answers',
  },
  'arp_announce 1 with the VIP in the subnet of eth0': {
    commands: [...host, onLo, ignore(1), announce(1)],
    does: 'announces',
  },
  'arp_announce 1 with the VIP in no subnet of eth0': {
    commands: [...host, 'ip addr add 203.0.113.10/32 dev lo', ignore(1), announce(1)],
    does: 'silent',
    vip: '203.0.113.10',
  },
  'arp_announce 2 with the VIP as the first address of eth0': {
    commands: [up, `ip addr add ${vip}/24 dev eth0`, rip, ...quiet],
    does: 'answers, announces',
  },
  'arp_announce 2 on an interface without an address': { commands: [...unnumbered, ...quiet, onLo], does: 'deaf' },
  'arp_announce 2 on an interface without an address, the VIP before the real address on lo': {
    commands: [onLo, ...unnumbered, ...quiet],
    does: 'announces, deaf',
  },
  'arp_announce 2 on an interface without an address, the VIP of scope host': {
    commands: [scopeHost, ...unnumbered, ...quiet],
    does: 'deaf',
  },
  'a bridge: the sysctls of its port': {
    commands: [...onBridge, onLo, ignore(1, 'eth0'), announce(2, 'eth0')],
    does: 'answers, announces',
  },
  'a bridge: its own sysctls': { commands: [...onBridge, onLo, ignore(1, 'br0'), announce(2, 'br0')], does: 'silent' },
  'a holder with NOARP, up': {
    commands: [...host, ...dummy, 'ip link set dev vip0 up', `ip addr add ${vip}/32 dev vip0`],
    does: 'answers, announces',
  },
  'a holder with NOARP, down': {
    commands: [...host, ...dummy, `ip addr add ${vip}/32 dev vip0`],
    does: 'answers, announces',
  },
  'NOARP on eth0': { commands: [...host, onLo, 'ip link set dev eth0 arp off'], does: 'deaf' },
  'arp_filter on all': { commands: [...host, onLo, knob('all', 'arp_filter', 1), announce(2)], does: 'answers' },
  'rp_filter 1 on all': { commands: [...host, onLo, knob('all', 'rp_filter', 1), announce(2)], does: 'answers' },
  'a local route without address': {
    commands: [...host, `ip route add local ${vip} dev lo`],
    does: 'answers, announces',
  },
  'a local route without address, arp_ignore 3': {
    commands: [...host, `ip route add local ${vip} dev lo`, ignore(3), announce(2)],
    does: 'silent',
  },
  'a VIP that is missing': { commands: [...host], does: 'silent' },
  'a VIP that is missing, forwarded to by proxy_arp': {
    commands: [...host, ...elsewhere, ...quiet, forward, knob('eth0', 'proxy_arp', 1)],
    does: 'answers',
  },
  'a VIP that is missing, forwarded to by a proxy entry': {
    commands: [...host, ...elsewhere, ...quiet, forward, `ip neigh add proxy ${vip} dev eth0`],
    does: 'answers',
  },
  'a proxy entry without forwarding': {
    commands: [...host, ...elsewhere, ...quiet, `ip neigh add proxy ${vip} dev eth0`],
    does: 'silent',
  },
  'a proxy entry for a VIP that is there': {
    commands: [...host, onLo, ...quiet, forward, `ip neigh add proxy ${vip} dev eth0`],
    does: 'silent',
  },
  'arptables on input only': { commands: [...host, onLo, dropIn], does: 'announces' },
  'arptables on input and output': { commands: [...host, onLo, dropIn, rewriteOut], does: 'silent' },
  'nftables on input only': { commands: [...host, onLo, ...nftInput], does: 'announces' },
  'a wide mask on lo': {
    commands: [...host, `ip addr add ${vip}/24 dev lo`, ...quiet],
    does: 'silent',
  },
  'a wide mask on lo and rp_filter 2': {
    commands: [...host, `ip addr add ${vip}/24 dev lo`, ...quiet, knob('all', 'rp_filter', 2)],
    does: 'deaf',
  },
  'a mask wider than the subnet on lo and rp_filter 2': {
    commands: [...host, `ip addr add ${vip}/16 dev lo`, ...quiet, knob('all', 'rp_filter', 2)],
    does: 'silent',
  },
  'a mask wider than the subnet on lo, rp_filter 2 and any policy rule': {
    commands: [
      ...host,
      `ip addr add ${vip}/16 dev lo`,
      ...quiet,
      knob('all', 'rp_filter', 2),
      'ip rule add from 192.0.2.1 lookup main',
    ],
    does: 'deaf',
  },
  // confirm_addr_indev compares with the subnet of the peer, in which the own address is not.
  'a real address with a peer and arp_ignore 1': {
    commands: [
      up,
      `ip addr add ${plan.rip} peer ${plan.gateway} dev eth0`,
      'ip route add 10.77.0.0/24 dev eth0',
      onLo,
      ...quiet,
    ],
    does: 'deaf',
  },
  'IPv6: the VIP on lo': { commands: [...host, rip6, `ip addr add ${vip6}/128 dev lo`], does: 'silent', vip: vip6 },
  'IPv6: the VIP on eth0': {
    commands: [...host, rip6, `ip addr add ${vip6}/128 dev eth0`],
    does: 'answers',
    vip: vip6,
  },
  'IPv6: a local route without address': {
    commands: [...host, rip6, `ip route add local ${vip6} dev lo`],
    does: 'silent',
    vip: vip6,
  },
  'IPv6: forwarding and a proxy entry': {
    commands: [
      ...host,
      rip6,
      `ip addr add ${vip6}/128 dev lo`,
      forward6,
      'echo 1 >/proc/sys/net/ipv6/conf/all/proxy_ndp',
      `ip neigh add proxy ${vip6} dev eth0`,
    ],
    does: 'answers',
    vip: vip6,
  },
};

describe.skipIf(!labAvailable())('what a kernel does about a VIP', () => {
  const measured = new Map<string, string>();
  const wrong = new Map<string, string>();

  beforeAll(async () => {
    const rules = await loadRules([builtInRules]);
    const observed = await survey(
      Object.entries(facts).map(([title, { commands, vip: address = vip }]) => ({
        title,
        commands,
        secondNic: false,
        vips: [address],
        method: 'loopback',
      })),
    );
    for (const { configuration, truth } of observed.observations) {
      const [about] = truth.vips;
      const seen = [
        ...(about?.answeredOn.length === 0 ? [] : ['answers']),
        ...(about?.announcedOn.length === 0 ? [] : ['announces']),
        ...(truth.isRipAnswered ? [] : ['deaf']),
      ];
      measured.set(configuration.title, seen.length === 0 ? 'silent' : seen.join(', '));
    }
    for (const text of disagreements(observed, judge(observed, rules))) {
      const title = [...measured.keys()].find((each) => text.startsWith(`${each}, VIP `));
      wrong.set(title ?? '', text);
    }
  }, 600_000);

  test.each(Object.entries(facts))('%s', (title, { does }) => {
    expect(measured.get(title)).toBe(does);
    expect(wrong.get(title)).toBeUndefined();
  });
});
