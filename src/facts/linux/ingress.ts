import type { Evidence } from '../../contracts/report.ts';
import type { NetworkInterface } from '../../contracts/snapshot.ts';
import type { Backend } from '../backend.ts';
import type { Fact } from '../fact.ts';
import type { Derived } from '../subject.ts';
import { vrfOf } from './link-path.ts';
import { contains, type Ip, linkLocal, parseIp, type Prefix } from '../ip.ts';
import { type Network } from './network.ts';
import { interfaceFlags } from './link.ts';
import { onLinkRoutes, routeEvidence } from './routing.ts';

/** An interface on which neighbours can ask for addresses: its own parameters decide, not those of what lies below it. */
export interface Ingress {
  readonly name: string;
  /** Whether the service's segment is behind it, so that frames and ARP requests for the VIPs arrive on it. */
  readonly faces: Derived<boolean>;
}

// ARPHRD_ETHER and ARPHRD_INFINIBAND of include/uapi/linux/if_arp.h.
const arpTypes = new Set([1, 32]);

/**
 * Whether ARP and neighbour discovery arrive on an interface: it is up, takes ARP, is Ethernet or InfiniBand, is no port
 * of a bridge, bond or team (the master's parameters count there; a VRF leaves ARP to its slaves), and no bridge without
 * ports, which no frame can enter.
 */
export function hearsNeighbours(network: Network, link: NetworkInterface): boolean {
  const { up, loopback, pointToPoint, noArp, slave } = interfaceFlags;
  if ((link.flags & up) === 0 || (link.flags & (loopback | pointToPoint | noArp | slave)) !== 0) return false;
  if (!arpTypes.has(link.type) || link.bridgePort) return false;
  if (link.master !== null && vrfOf(network, link.name) === undefined) return false;
  return !(link.kind === 'bridge' && !hasPorts(network, link.name));
}

function hasPorts(network: Network, bridge: string): boolean {
  if ('missing' in network.interfaces) return true;
  for (const { master } of network.interfaces.value.values()) if (master === bridge) return true;
  return false;
}

/** The interfaces on which neighbours can ask, in the order of ifindex, and which of them face the service's segment. */
export function ingressInterfaces(backend: Backend, network: Network): Fact<readonly Ingress[]> {
  if ('missing' in network.interfaces) return network.interfaces;
  const names = [...network.interfaces.value.values()]
    .filter((link) => hearsNeighbours(network, link))
    .map(({ name }) => name);
  return { value: facing(backend, network, names) };
}

function facing(backend: Backend, network: Network, names: readonly string[]): readonly Ingress[] {
  if (backend.ingressInterfaces.length > 0) {
    const evidence = [{ source: 'inventory: ingressInterfaces', text: backend.ingressInterfaces.join(', ') }];
    return names.map((name) => ({ name, faces: { value: backend.ingressInterfaces.includes(name), evidence } }));
  }
  const landmarks = landmarksOf(backend, network);
  const reason = 'missing' in network.addresses ? network.addresses : landmarks;
  if ('missing' in reason) return names.map((name) => ({ name, faces: reason }));
  const known = 'value' in landmarks ? landmarks.value : [];
  const seen = names.map((name) => ({ name, evidence: sightings(network, name, known) }));
  // No interface shows the segment: judge each as if it did, rather than none.
  const nobody = seen.every(({ evidence }) => evidence.length === 0);
  const places = known.map(({ ip }) => ip.text).join(', ');
  return seen.map(({ name, evidence }) => {
    if (evidence.length > 0) return { name, faces: { value: true, evidence } };
    const text = nobody
      ? `no interface has a subnet with ${places}: each is taken to face the segment`
      : `no subnet of ${name} contains ${places}`;
    return { name, faces: { value: nobody, evidence: [{ source: 'ip -o addr', text }] } };
  });
}

interface Landmark {
  readonly ip: Ip;
  readonly role: string;
  /** The only interface that it is on: an address such as fe80::1 may be on every one. */
  readonly device?: string;
}

/** Addresses that lie on the service's segment: the host's own, its VIPs, its balancers and its default gateways. */
function landmarksOf(backend: Backend, network: Network): Fact<readonly Landmark[]> {
  const landmarks: Landmark[] = [];
  const add = (text: string, role: string, route?: string): void => {
    const ip = parseIp(text);
    if (ip === undefined) return;
    const device = route !== undefined && contains(linkLocal, ip) ? route : undefined;
    if (landmarks.some((known) => known.ip.text === ip.text && known.device === device)) return;
    landmarks.push({ ip, role, ...(device === undefined ? {} : { device }) });
  };
  add(backend.address, "the host's address");
  for (const binding of backend.bindings) {
    add(binding.vip, 'the VIP');
    for (const address of binding.loadBalancer?.addresses ?? []) add(address, 'the load balancer');
  }
  for (const family of [4, 6] as const) {
    const routes = network.routing.routes(family);
    if ('missing' in routes) return routes;
    for (const { raw, prefix } of routes.value.others) {
      if (prefix.length === 0 && raw.gateway !== null)
        add(raw.gateway, 'a default gateway', raw.interface ?? undefined);
    }
  }
  return { value: landmarks };
}

const mostRoutes = 16;

/** Where a landmark lies on an interface: in the subnet of one of its addresses or, where that shows none, of a route without a gateway. */
function sightings(network: Network, device: string, landmarks: readonly Landmark[]): Evidence[] {
  const inside = (subnet: Prefix, evidence: () => Evidence): Evidence[] => {
    const seen = landmarks.find((each) => contains(subnet, each.ip) && (each.device ?? device) === device);
    if (seen === undefined) return [];
    const { source, text } = evidence();
    return [{ source, text: `${text}: contains ${seen.role} ${seen.ip.text}` }];
  };
  const seen = network.addressesOn(device).flatMap((held) => inside(held.subnet, () => held.evidence));
  if (seen.length > 0) return seen;
  return ([4, 6] as const).flatMap((family) => {
    const routes = network.routing.routes(family);
    if ('missing' in routes) return [];
    return onLinkRoutes(routes.value.others, device)
      .slice(0, mostRoutes)
      .flatMap((route) => inside(route.prefix, () => routeEvidence(route)));
  });
}
