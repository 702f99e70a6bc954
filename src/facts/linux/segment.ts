import { contains, type Ip, ipv4, parseIp, type Prefix, rangeOf, sameIp } from '../ip.ts';
import { hopsOf } from './multipath.ts';
import type { Network } from './network.ts';
import { onLinkRoutes, type RouteEntry } from './routing.ts';
import type { Undecided } from './verdict.ts';

/** How many routes of one interface are looked at; a router with a full table says nothing new after these. */
const routeLimit = 16;
const routesPerGateway = 3;

/** An address of a documentation network (RFC 5737), for an interface of which no subnet is known. */
const stranger = ipv4(0xc000_0201);

/**
 * The IPv4 neighbours that may ask on an interface: one in each of its subnets, its gateways, and those given. A
 * neighbour that the host takes for itself stands for its subnet only where the whole subnet is taken so.
 */
export function askersOn(network: Network, device: string, given: readonly Ip[]): readonly Ip[] | Undecided {
  const routes = network.routing.routes(4);
  if ('missing' in routes) return routes;
  const { others, local } = routes.value;
  const found: Ip[] = [...given];
  const through = others.filter(({ raw }) => raw.type === 'unicast' && raw.interface === device);
  for (const prefix of subnetsOf(network, device, through)) {
    const blocked = local.map((entry) => entry.prefix);
    const free = freeAddress(prefix, blocked) ?? freeAddress(prefix, network.addressesOn(device).map(wholeAddress));
    if (free !== undefined) found.push(ipv4(free));
  }
  for (const gateway of gatewaysOf(through).keys()) {
    const ip = parseIp(gateway);
    if (ip !== undefined) found.push(ip);
  }
  const askers = distinct(found).filter((ip) => ip.family === 4);
  return askers.length === 0 ? [stranger] : askers;
}

/**
 * The IPv4 neighbours that the host must ask for on an interface before a packet with this source can leave by it: as its
 * routes choose them, one for each of the interface's routes and of the policy rules' destinations.
 */
export function solicitedOn(network: Network, device: string, source: Ip): readonly Ip[] | Undecided {
  const routes = network.routing.routes(4);
  if ('missing' in routes) return routes;
  const { others, local } = routes.value;
  const through = others.filter(({ raw }) => raw.type === 'unicast' && raw.interface === device);
  const all = [...local, ...others].map((entry) => entry.prefix);
  const candidates = [
    ...subnetsOf(network, device, through),
    ...[...gatewaysOf(through).values()].flat(),
    ...network.routing.ruleDestinations(4).slice(0, routeLimit),
    ...through
      .filter(({ raw }) => raw.gateway === null && raw.destination === '0.0.0.0/0')
      .map((entry) => entry.prefix),
  ];
  const found: Ip[] = [];
  let doubt: Undecided | undefined;
  for (const prefix of candidates) {
    const address = freeAddress(prefix, all);
    if (address === undefined) continue;
    const destination = ipv4(address);
    const lookup = network.routing.lookup({ to: destination, from: source, input: 'lo' });
    if (!('route' in lookup)) {
      doubt = lookup;
      continue;
    }
    if (lookup.route?.raw.type !== 'unicast') continue;
    for (const hop of hopsOf(network, lookup.route, source)) {
      if (hop.interface !== device) continue;
      const target = hop.gateway === null ? destination : parseIp(hop.gateway);
      if (target?.family === 4) found.push(target);
    }
  }
  return found.length === 0 && doubt !== undefined ? doubt : distinct(found);
}

/** The subnets of an interface: of its addresses and of its routes without a gateway. */
function subnetsOf(network: Network, device: string, through: readonly RouteEntry[]): readonly Prefix[] {
  const prefixes = [
    ...network.addressesOn(device).map(({ subnet }) => subnet),
    ...onLinkRoutes(through, device).map(({ prefix }) => prefix),
  ].filter(({ ip }) => ip.family === 4);
  const seen = new Map(prefixes.map((prefix) => [`${rangeOf(prefix).first}/${prefix.length}`, prefix]));
  return [...seen.values()].slice(0, routeLimit);
}

/** The prefixes behind each gateway of the routes. */
function gatewaysOf(through: readonly RouteEntry[]): ReadonlyMap<string, readonly Prefix[]> {
  const gateways = new Map<string, Prefix[]>();
  for (const { raw, prefix } of through) {
    if (raw.gateway === null) continue;
    const list = gateways.get(raw.gateway);
    if (list === undefined) {
      if (gateways.size < routeLimit) gateways.set(raw.gateway, [prefix]);
    } else if (list.length < routesPerGateway) list.push(prefix);
  }
  return gateways;
}

/** The first address of a prefix, its network and broadcast address excepted, that no longer prefix covers. */
export function freeAddress(prefix: Prefix, taken: readonly Prefix[]): number | undefined {
  const { first, last } = rangeOf(prefix);
  const margin = prefix.length < 31 ? 1 : 0;
  const inside = taken
    .filter((other) => other.length > prefix.length && contains(prefix, other.ip))
    .map(rangeOf)
    .sort((a, b) => a.first - b.first);
  let candidate = first + margin;
  for (const range of inside) {
    if (range.first > candidate) break;
    candidate = Math.max(candidate, range.last + 1);
  }
  return candidate <= last - margin ? candidate : undefined;
}

function wholeAddress({ ip }: { readonly ip: Ip }): Prefix {
  return { ip, length: ip.words.length * 32 };
}

function distinct(ips: readonly Ip[]): readonly Ip[] {
  return ips.filter((ip, index) => ips.findIndex((other) => sameIp(other, ip)) === index);
}
