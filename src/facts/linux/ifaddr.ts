import type { HeldAddress } from './held-address.ts';
import { contains, type Ip, sameIp } from '../ip.ts';

/** rt_scope of include/uapi/linux/rtnetlink.h; a larger number reaches less far. */
export const scopes = { global: 0, link: 253, host: 254 } as const;

/** The scope of an address as these searches see it: with route_localnet an address of scope host counts as one of scope link. */
function scopeOf(held: HeldAddress, routeLocalnet: boolean): number | undefined {
  if (held.scope === undefined) return undefined;
  return Math.min(held.scope, routeLocalnet ? scopes.link : scopes.host);
}

/**
 * net/ipv4/devinet.c confirm_addr_indev: whether an interface holds the address, in a subnet that also contains the
 * asker where one is given, with a scope that reaches at least as far as asked. Undefined where a scope that decides is
 * not known. `held` is in the kernel's order.
 */
export function confirmsAddress(
  held: readonly HeldAddress[],
  question: {
    readonly address: Ip;
    readonly asker: Ip | undefined;
    readonly scope: 'host' | 'link';
    readonly routeLocalnet: boolean;
  },
): boolean | undefined {
  const { address, asker } = question;
  const enough = (candidate: HeldAddress): boolean | undefined => {
    if (question.scope === 'host') return true;
    const scope = scopeOf(candidate, question.routeLocalnet);
    return scope === undefined ? undefined : scope <= scopes.link;
  };
  let isHeld = false;
  let isInSubnet = false;
  for (const candidate of held) {
    if (candidate.ip.family !== address.family) continue;
    if (!isHeld && sameIp(candidate.ip, address)) {
      const reaches = enough(candidate);
      if (reaches === undefined) return undefined;
      isHeld = reaches;
    }
    isInSubnet ||= contains(candidate.subnet, address) && (asker === undefined || contains(candidate.subnet, asker));
    if (isHeld && isInSubnet) return true;
  }
  return false;
}

/** net/ipv4/devinet.c inet_addr_onlink: whether one subnet of the interface contains both. */
export function isOnLink(held: readonly HeldAddress[], a: Ip, b: Ip): boolean {
  return held.some(({ subnet }) => contains(subnet, a) && contains(subnet, b));
}

/**
 * net/ipv4/devinet.c inet_select_addr, first half: the primary address of the interface in whose subnet the target is,
 * else its first, of those that reach at least as far as asked. Null where there is none; undefined where a scope that
 * decides is not known.
 */
export function preferredAddress(
  held: readonly HeldAddress[],
  target: Ip,
  wanted: { readonly scope: number; readonly routeLocalnet: boolean },
): HeldAddress | null | undefined {
  let first: HeldAddress | null = null;
  for (const candidate of held) {
    if (candidate.ip.family !== target.family || candidate.secondary) continue;
    const scope = scopeOf(candidate, wanted.routeLocalnet);
    if (scope === undefined) return undefined;
    if (scope > wanted.scope) continue;
    if (contains(candidate.subnet, target)) return candidate;
    first ??= candidate;
  }
  return first;
}

/** net/ipv4/devinet.c in_dev_select_addr with scope link: an address that an interface without one of its own may borrow. */
export function lendableAddress(held: readonly HeldAddress[]): HeldAddress | null | undefined {
  for (const candidate of held) {
    if (candidate.ip.family !== 4 || candidate.secondary) continue;
    if (candidate.scope === undefined) return undefined;
    if (candidate.scope < scopes.link) return candidate;
  }
  return null;
}
