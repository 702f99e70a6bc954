import type { NetworkInterface } from '../../contracts/snapshot.ts';

/** IFF_* of include/uapi/linux/if.h. */
export const interfaceFlags = { up: 0x1, loopback: 0x8, pointToPoint: 0x10, noArp: 0x80, slave: 0x800 } as const;

/** What kind of interface it is: loopback, the kind that the kernel names (dummy, bridge, vlan, ...), or physical. */
export function kindOf(link: NetworkInterface): string {
  if ((link.flags & interfaceFlags.loopback) !== 0) return 'loopback';
  // A dummy has no DEVTYPE in sysfs; without iproute2 only its name tells.
  const isNamedDummy =
    link.kind === null && (link.flags & interfaceFlags.noArp) !== 0 && /^dummy[0-9]*$/.test(link.name);
  return isNamedDummy ? 'dummy' : (link.kind ?? 'physical');
}

/** Whether an interface never hears ARP, whatever happens to it: a loopback, a dummy, a tunnel, one with NOARP. */
export function isQuiet(link: NetworkInterface): boolean {
  return (link.flags & (interfaceFlags.loopback | interfaceFlags.noArp)) !== 0;
}

/** Whether it exists only to hold addresses: a loopback, a dummy, an intermediate functional block. */
export function isHolderKind(link: NetworkInterface): boolean {
  return ['loopback', 'dummy', 'ifb'].includes(kindOf(link));
}
