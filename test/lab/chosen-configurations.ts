import type { Row } from './covering-array.ts';
import { type Configuration, knob, plan } from './specimen.ts';

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** The knobs of the covering array; "own" is the knob of the ingress interface: eth0, or br0 where eth0 is its port. */
export const factors = {
  allArpIgnore: digits,
  ownArpIgnore: digits,
  allArpAnnounce: digits,
  ownArpAnnounce: digits,
  placement: ['lo', 'lo label', 'eth0', 'bridge', 'second NIC', 'absent'],
  prefixLength: [8, 12, 16, 20, 24, 25, 28, 30, 31, 32],
  scope: ['host', 'link', 'global'],
} as const;

const vip = '10.77.0.100';

/** The shell commands for one row: a host with its real address on the ingress interface, a default gateway, and the VIP. */
export function configurationOf(row: Row<typeof factors>): Configuration {
  const ingress = row.placement === 'bridge' ? 'br0' : 'eth0';
  const secondNic = row.placement === 'second NIC';
  return {
    title: Object.entries(row)
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
    secondNic,
    vips: [vip],
    method: 'loopback',
    commands: [
      'ip link set dev eth0 up',
      ...(row.placement === 'bridge'
        ? ['ip link add name br0 type bridge', 'ip link set dev eth0 master br0', 'ip link set dev br0 up']
        : []),
      ...(secondNic ? ['ip link set dev eth1 up', 'ip addr add 10.78.0.11/24 dev eth1'] : []),
      // A /23, as no VIP has: the kernel refuses another scope within one prefix (__inet_insert_ifa).
      `ip addr add ${plan.rip}/23 dev ${ingress}`,
      `ip route add default via ${plan.gateway} dev ${ingress}`,
      knob('all', 'arp_ignore', row.allArpIgnore),
      knob(ingress, 'arp_ignore', row.ownArpIgnore),
      knob('all', 'arp_announce', row.allArpAnnounce),
      knob(ingress, 'arp_announce', row.ownArpAnnounce),
      ...placement(row),
    ],
  };
}

const holders = { lo: 'lo', 'lo label': 'lo label lo:0', eth0: 'eth0', bridge: 'br0', 'second NIC': 'eth1' } as const;

function placement({ placement, prefixLength, scope }: Row<typeof factors>): readonly string[] {
  if (placement === 'absent') return [];
  return [`ip addr add ${vip}/${prefixLength} scope ${scope} dev ${holders[placement]}`];
}

/** A host that does everything right. */
export const compliant: Row<typeof factors> = {
  allArpIgnore: 1,
  ownArpIgnore: 0,
  allArpAnnounce: 2,
  ownArpAnnounce: 0,
  placement: 'lo',
  prefixLength: 32,
  scope: 'global',
};

/** The compliant host, and every host that differs from it in one knob: in the covering array most hosts are wrong in several ways. */
export function neighboursOfCompliance(): readonly Row<typeof factors>[] {
  const others = Object.entries(factors).flatMap(([name, values]) =>
    values.map((value): Row<typeof factors> => ({ ...compliant, [name]: value })),
  );
  return [compliant, ...others.filter((row) => JSON.stringify(row) !== JSON.stringify(compliant))];
}
