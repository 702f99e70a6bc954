import type { Evidence } from '../../contracts/report.ts';
import type { Fact } from '../fact.ts';
import { contains, type Ip, linkLocal, loopbackNet, type Prefix } from '../ip.ts';
import { type Network } from './network.ts';
import { isHolderKind } from './link.ts';
import { routeEvidence } from './routing.ts';

/** A prefix shorter than one address that an interface outside of the segment claims: neighbours in it are lost. */
export interface WidePrefix {
  readonly prefix: Prefix;
  readonly device: string;
  /** The address whose mask it is; undefined for a local route of its own. */
  readonly address: Ip | undefined;
  readonly evidence: Evidence;
}

/**
 * The prefixes that make neighbours unreachable: addresses with a short mask on a loopback interface (fib_add_ifaddr makes
 * the whole prefix local) or on a quiet one such as dummy0 (a second connected route), and local routes of more than
 * one address. 127.0.0.0/8 and link-local addresses are as they should be.
 */
export function widePrefixes(network: Network): Fact<readonly WidePrefix[]> {
  const { addresses, interfaces, routing } = network;
  if ('missing' in addresses) return addresses;
  if ('missing' in interfaces) return interfaces;
  const found: WidePrefix[] = [];
  for (const { ip, subnet, device, evidence } of addresses.value) {
    const link = interfaces.value.get(device);
    if (link === undefined || !isHolderKind(link)) continue;
    if (subnet.length === ip.words.length * 32 || isSpecial(ip)) continue;
    found.push({ prefix: subnet, device, address: ip, evidence });
  }
  for (const family of [4, 6] as const) {
    const routes = routing.customLocalRoutes(family);
    // Hosts that reported addresses but no routes still have their addresses judged.
    if ('missing' in routes) continue;
    for (const route of routes.value) {
      const { prefix, raw } = route;
      if (prefix.length === prefix.ip.words.length * 32 || isSpecial(prefix.ip)) continue;
      found.push({ prefix, device: raw.interface ?? '', address: undefined, evidence: routeEvidence(route) });
    }
  }
  return { value: found };
}

/** Whether an address belongs to every host: 127.0.0.0/8, ::1, link-local IPv6. */
export function isSpecial(ip: Ip): boolean {
  return contains(loopbackNet, ip) || contains(linkLocal, ip) || (ip.family === 6 && ip.words.join() === '0,0,0,1');
}
