import type { Evidence } from '../../contracts/report.ts';
import { type Ip, parseIp } from '../ip.ts';
import type { Derived } from '../subject.ts';
import { isHolderKind } from './link.ts';
import { type LinuxHost, swallowing } from './linux-host.ts';
import { routeEvidence } from './routing.ts';

/** Routes with a gateway, and default routes, by way of an interface that only holds addresses. */
export function holderRoutes({ network }: LinuxHost): Derived<readonly string[]> {
  if ('missing' in network.interfaces) return network.interfaces;
  const links = network.interfaces.value;
  const found: Evidence[] = [];
  for (const family of [4, 6] as const) {
    const routes = network.routing.routes(family);
    if ('missing' in routes) return routes;
    for (const route of routes.value.others) {
      const { raw, prefix } = route;
      const link = raw.interface === null ? undefined : links.get(raw.interface);
      if (link === undefined || raw.type !== 'unicast' || !isHolderKind(link)) continue;
      if (raw.gateway !== null || prefix.length === 0) found.push(routeEvidence(route));
    }
  }
  return { value: found.map(({ text }) => text), evidence: found };
}

/** Load balancers, clients and default gateways that the host takes for itself, other than by a wide prefix. */
export function localPeers(host: LinuxHost): Derived<readonly string[]> {
  const { routing } = host.network;
  const found: { readonly text: string; readonly evidence: Evidence }[] = [];
  const peers: Ip[] = host.vips.flatMap(({ balancers, clients }) => [...balancers, ...clients]);
  for (const family of [4, 6] as const) {
    const routes = routing.routes(family);
    if ('missing' in routes) return routes;
    for (const { raw, prefix } of routes.value.others) {
      const gateway = raw.gateway !== null && prefix.length === 0 ? parseIp(raw.gateway) : undefined;
      if (gateway !== undefined) peers.push(gateway);
    }
  }
  for (const peer of new Map(peers.map((ip) => [ip.text, ip])).values()) {
    const local = routing.isLocal(peer);
    if ('missing' in local) return local;
    if (local.route !== undefined && swallowing(host, peer) === undefined) {
      found.push({ text: peer.text, evidence: routeEvidence(local.route) });
    }
  }
  return { value: found.map(({ text }) => text), evidence: found.map(({ evidence }) => evidence) };
}
