import type { Evidence } from '../../contracts/report.ts';
import { derived } from '../derived.ts';
import { contains, type Ip, ipv4, parseIp, sameIp } from '../ip.ts';
import type { Derived } from '../subject.ts';
import { facingInterfaces, type LinuxHost, swallowing, type VipPlan } from './linux-host.ts';
import { validateSource } from './source-validation.ts';
import { isQuiet } from './link.ts';
import { routeEvidence } from './routing.ts';

/** How packets from the VIP leave for a client. */
export interface ReturnPath {
  /** network: by a network interface; holder: into lo, a dummy or another one without a wire; local: the client is taken for the host itself. */
  readonly kind: 'network' | 'holder' | 'local' | 'none';
  readonly interface: string | null;
  readonly gateway: string | null;
}

/** The path of the replies to a client: what `ip route get CLIENT from VIP` answered, else what the routing tables say. */
export function returnPath(host: LinuxHost, from: Ip, client: Ip): Derived<ReturnPath> {
  const asked = reportedLookup(host, from, client);
  if (asked !== undefined) return asked;
  const found = host.network.routing.lookup({ to: client, from, input: 'lo' });
  if (!('route' in found)) return found;
  const { route } = found;
  if (route === undefined) {
    const text = `no route from ${from.text} to ${client.text}`;
    return derived({ kind: 'none', interface: null, gateway: null }, { source: 'ip route show table all', text });
  }
  return derived(pathOf(host, route.raw.type, route.raw.interface, route.raw.gateway), routeEvidence(route));
}

function reportedLookup(host: LinuxHost, from: Ip, client: Ip): Derived<ReturnPath> | undefined {
  if ('missing' in host.facts.routeLookups) return undefined;
  const lookup = host.facts.routeLookups.value.find(
    (each) => each.from !== null && isSame(each.destination, client) && isSame(each.from, from),
  );
  const source = `ip route get ${client.text} from ${from.text}`;
  if (lookup?.error !== null && lookup?.error !== undefined) {
    // Any other refusal (the VIP is not local yet) says nothing about the route.
    return /unreachable|no route/i.test(lookup.error)
      ? derived({ kind: 'none', interface: null, gateway: null }, { source, text: lookup.error })
      : undefined;
  }
  if (lookup === undefined || lookup.type === null) return undefined;
  const words = [lookup.type, lookup.gateway === null ? '' : `via ${lookup.gateway}`, `dev ${lookup.interface ?? '?'}`];
  const evidence: Evidence = { source, text: words.filter((word) => word !== '').join(' ') };
  return derived(pathOf(host, lookup.type, lookup.interface, lookup.gateway), evidence);
}

function pathOf(host: LinuxHost, type: string, device: string | null, gateway: string | null): ReturnPath {
  const links = host.network.interfaces;
  const link = device !== null && 'value' in links ? links.value.get(device) : undefined;
  if (type === 'local') return { kind: 'local', interface: device, gateway: null };
  if (type !== 'unicast') return { kind: 'none', interface: device, gateway: null };
  const isHolder = link !== undefined && isQuiet(link) && (link.flags & 0x10) === 0 && gateway === null;
  return { kind: isHolder ? 'holder' : 'network', interface: device, gateway };
}

function isSame(text: string, ip: Ip): boolean {
  const other = parseIp(text);
  return other !== undefined && sameIp(other, ip);
}

/** Why questions about the return path do not apply; undefined where they do. */
export function noReturnPath(host: LinuxHost, { clients }: VipPlan): { readonly notapplicable: string } | undefined {
  const [client] = clients;
  if (client === undefined) {
    return { notapplicable: 'the inventory names no client of the service, so no return path can be looked up' };
  }
  const wide = swallowing(host, client);
  return wide === undefined
    ? undefined
    : {
        notapplicable: `the client ${client.text} lies in a prefix of ${wide.device} (${wide.evidence.text}), which is a finding of its own`,
      };
}

/**
 * The gateways by which replies leave: to the client that the inventory names; without one, those of every default
 * route. Empty where the client is on the link.
 */
export function returnGateways(host: LinuxHost, vip: VipPlan): Derived<readonly string[]> {
  const [client] = vip.clients;
  if (client !== undefined) {
    const none = noReturnPath(host, vip);
    if (none !== undefined) return none;
    const path = returnPath(host, vip.ip, client);
    return 'value' in path
      ? { value: path.value.gateway === null ? [] : [path.value.gateway], evidence: path.evidence }
      : path;
  }
  const routes = host.network.routing.routes(vip.ip.family);
  if ('missing' in routes) return routes;
  const defaults = routes.value.others.filter(({ prefix, raw }) => prefix.length === 0 && raw.gateway !== null);
  return {
    value: [...new Set(defaults.flatMap(({ raw }) => raw.gateway ?? []))],
    evidence: defaults.map(routeEvidence),
  };
}

/** Addresses by which the reply would go back to a balancer instead of to the client: of its balancers, and VIPs of the host. */
export function gatewaysAtBalancer(host: LinuxHost, vip: VipPlan): Derived<readonly string[]> {
  const gateways = returnGateways(host, vip);
  if (!('value' in gateways)) return gateways;
  const forbidden = [...vip.balancers, ...host.vips.map(({ ip }) => ip)];
  const wrong = gateways.value.filter((gateway) => forbidden.some((ip) => isSame(gateway, ip)));
  if (wrong.length === 0 && vip.balancers.length === 0) {
    return { notapplicable: 'the inventory names no loadBalancer of the service, so its addresses are not known' };
  }
  return { value: wrong, evidence: gateways.evidence };
}

/** Whether replies from the VIP leave otherwise than what the host sends from its own address; policy rules can do that. */
export function leavesOtherwise(host: LinuxHost, vip: VipPlan): Derived<boolean> {
  const { routing } = host.network;
  const custom = routing.hasCustomRules(vip.ip.family);
  if ('missing' in custom) return custom;
  if (!custom.value) return derived(false, { source: 'ip rule', text: "only the kernel's own rules" });
  const own = host.ownAddress;
  if (own === undefined || own.family !== vip.ip.family) {
    return {
      notapplicable: `the inventory gives no IPv${vip.ip.family} address of the host to compare the VIP's routes with`,
    };
  }
  const none = noReturnPath(host, vip);
  if (none !== undefined) return none;
  const [client] = vip.clients;
  if (client === undefined) return { notapplicable: 'the inventory names no client' };
  const [a, b] = [returnPath(host, vip.ip, client), returnPath(host, own, client)];
  if (!('value' in a)) return a;
  if (!('value' in b)) return b;
  const differs = a.value.interface !== b.value.interface || a.value.gateway !== b.value.gateway;
  return { value: differs, evidence: [...a.evidence, ...b.evidence] };
}

/**
 * The interfaces on which rp_filter drops the client's packets to the VIP: those that face the segment (or, of several,
 * those with the balancer in their subnet), or the tunnels that decapsulate them.
 */
export function reverseFiltered(host: LinuxHost, vip: VipPlan): Derived<readonly string[]> {
  if (vip.ip.family === 6) return { notapplicable: 'IPv6 has no rp_filter' };
  const arrivals = vip.method === 'tunnel' ? tunnelInterfaces(host) : arrivalInterfaces(host, vip);
  if (!('value' in arrivals)) return arrivals;
  const client = vip.clients[0] ?? soleWayOut(host);
  if (client === undefined) {
    return { notapplicable: 'the inventory names no client, and there is not exactly one default route to judge by' };
  }
  if (swallowing(host, client) !== undefined) return noReturnPath(host, vip) ?? { notapplicable: 'no client' };
  const dropped: string[] = [];
  const evidence: Evidence[] = [];
  for (const device of arrivals.value) {
    const source = validateSource(host.network, { sender: client, target: vip.ip, device });
    if (!('accepted' in source)) return source;
    evidence.push(...source.because.evidence, {
      source: `a packet from ${client.text} to ${vip.text} on ${device}`,
      text: source.because.text,
    });
    if (!source.accepted) dropped.push(device);
  }
  return { value: dropped, evidence };
}

/** The tunnel interfaces that are up. */
export function tunnelInterfaces(host: LinuxHost): Derived<readonly string[]> {
  const { interfaces } = host.network;
  if ('missing' in interfaces) return interfaces;
  // ARPHRD_TUNNEL, TUNNEL6, SIT, IPGRE, IP6GRE of include/uapi/linux/if_arp.h.
  const found = [...interfaces.value.values()].filter(
    ({ type, flags }) => [768, 769, 776, 778, 823].includes(type) && (flags & 1) !== 0,
  );
  const evidence = found.map(({ name, type }) => ({ source: `/sys/class/net/${name}/type`, text: `${type}` }));
  return { value: found.map(({ name }) => name), evidence };
}

function arrivalInterfaces(host: LinuxHost, vip: VipPlan): Derived<readonly string[]> {
  const facing = facingInterfaces(host);
  if (!('value' in facing)) return facing;
  const near = facing.value.filter((name) =>
    host.network.addressesOn(name).some((held) => vip.balancers.some((ip) => contains(held.subnet, ip))),
  );
  return derived(near.length > 0 ? near : facing.value);
}

function soleWayOut(host: LinuxHost): Ip | undefined {
  const routes = host.network.routing.routes(4);
  if ('missing' in routes) return undefined;
  const defaults = routes.value.others.filter(({ prefix }) => prefix.length === 0);
  // An address of a documentation network (RFC 5737) stands for a client behind the only default route.
  return defaults.length === 1 ? ipv4(0xc000_0201) : undefined;
}
