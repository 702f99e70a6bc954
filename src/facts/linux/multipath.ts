import type { Route } from '../../contracts/snapshot.ts';
import { type Ip, parseIp, sameIp } from '../ip.ts';
import { preferredAddress, scopes } from './ifaddr.ts';
import type { Network } from './network.ts';
import type { RouteEntry } from './routing.ts';

/**
 * The next hops that a packet with this source may take: net/ipv4/fib_semantics.c fib_select_multipath. Since Linux 6.16
 * (commit 32607a332cfe) those whose interface would choose the same source go first. A group of nexthop objects does not
 * know that preference; it cannot be told from other routes here, and the interfaces left out then are ones beside an
 * interface that names the source anyway.
 */
export function hopsOf(network: Network, route: RouteEntry, source: Ip): readonly Route[] {
  if (route.hops.length < 2 || !prefersSource(network.kernelRelease)) return route.hops;
  const matching = route.hops.filter((hop) => isOwnSource(network, hop, source));
  return matching.length > 0 ? matching : route.hops;
}

/** Whether a kernel of this release prefers next hops by the packet's source. */
export function prefersSource(release: string | undefined): boolean {
  const [, major = '', minor = ''] = /^(\d+)\.(\d+)/.exec(release ?? '') ?? [];
  return Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 16);
}

/** fib_info_update_nhc_saddr: behind a gateway only an address of global scope will do. */
function isOwnSource(network: Network, { interface: device, gateway }: Route, source: Ip): boolean {
  const toward = gateway === null ? source : parseIp(gateway);
  if (device === null || toward === undefined) return false;
  const own = preferredAddress(network.addressesOn(device), toward, {
    scope: gateway === null ? scopes.link : scopes.global,
    routeLocalnet: false,
  });
  return own !== null && own !== undefined && sameIp(own.ip, source);
}
