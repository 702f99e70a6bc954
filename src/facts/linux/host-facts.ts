import type { Evidence } from '../../contracts/report.ts';
import type { NetworkInterface } from '../../contracts/snapshot.ts';
import { derived } from '../derived.ts';
import { contains, parseIp, sameIp } from '../ip.ts';
import type { Derived, DerivedFacts, FactDefinitions } from '../subject.ts';
import { directorSigns } from './director-signs.ts';
import { holderRoutes, localPeers } from './host-routes.ts';
import { hiddenVips, relies } from './ingress-facts.ts';
import { facingInterfaces, type LinuxHost } from './linux-host.ts';
import { onLinkRoutes } from './routing.ts';
import { isSpecial, type WidePrefix } from './wide-prefix.ts';
import { interfaceFlags, isHolderKind } from './link.ts';

const strings = { type: 'array', items: { type: 'string' } };
const integer = { type: 'integer' };

/** The facts of a Linux host as a whole. */
export const linuxHostFacts = new Map([
  ['role', { schema: { enum: ['backend', 'local-node'] }, meaning: 'Role of the host, as the inventory says.' }],
  [
    'reliesOnSysctls',
    { schema: { type: 'boolean' }, meaning: 'The host has an IPv4 VIP that arp_ignore and arp_announce must hide.' },
  ],
  [
    'ingressInterfaces',
    { schema: strings, meaning: 'Interfaces on which neighbours can ask, in the order of ifindex.' },
  ],
  ['hardwareAddresses', { schema: strings, meaning: "Hardware addresses of those that face the service's segment." }],
  [
    'widePrefixes',
    {
      schema: strings,
      meaning: 'Addresses other than the VIPs on lo or a dummy, and local routes, that claim more than one address.',
    },
  ],
  [
    'undeclaredAddresses',
    { schema: strings, meaning: 'Addresses on lo or a dummy that are no VIP of the host in the inventory.' },
  ],
  ['holderRoutes', { schema: strings, meaning: 'Routes with a gateway, or default routes, by way of lo or a dummy.' }],
  [
    'localPeers',
    {
      schema: strings,
      meaning: 'Load balancers, clients and gateways that the host takes for itself, not because of a wide prefix.',
    },
  ],
  [
    'directorSigns',
    {
      schema: strings,
      meaning: 'Signs that the host balances itself: IPVS services, kube-ipvs0, a VRRP instance with a VIP.',
    },
  ],
  [
    'networkNamespace',
    {
      schema: { enum: ['initial', 'other'] },
      meaning: 'The network namespace that was audited: that of process 1, or another, such as that of a container.',
    },
  ],
  ['arpIgnoreAll', { schema: integer, meaning: 'net.ipv4.conf.all.arp_ignore.' }],
  ['arpAnnounceAll', { schema: integer, meaning: 'net.ipv4.conf.all.arp_announce.' }],
  [
    'unprotectedInterfaces',
    {
      schema: strings,
      meaning:
        'Interfaces that hear neighbours and whose effective arp_ignore is not 1, 2, 3 or 8, or arp_announce not 1 or 2.',
    },
  ],
  [
    'unnumberedLinks',
    {
      schema: strings,
      meaning: 'Interfaces that hear neighbours and have no IPv4 address: veth and the like that borrow one.',
    },
  ],
  [
    'silentInterfaces',
    {
      schema: strings,
      meaning:
        'Ethernet interfaces with the flag NOARP and, by address or route, a subnet with the host, the load balancer or a default gateway.',
    },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof linuxHostFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

/** The facts of the host. */
export function linuxHostSubject(host: LinuxHost): DerivedFacts<Name> {
  const { network, backend } = host;
  return {
    role: derived(backend.role, { source: `inventory: hosts.${backend.name}.role`, text: backend.role }),
    reliesOnSysctls: () => relies(host, hiddenVips(host)),
    ingressInterfaces: () => ingressLinks(host, ingressNames(host), ({ name }) => name),
    hardwareAddresses: () => ingressLinks(host, facingInterfaces(host), ({ address }) => address),
    widePrefixes: () => widePrefixTexts(host),
    undeclaredAddresses: () => undeclaredAddresses(host),
    holderRoutes: () => holderRoutes(host),
    localPeers: () => localPeers(host),
    directorSigns: () => directorSigns(host),
    networkNamespace: () => networkNamespace(host),
    arpIgnoreAll: () => network.sysctls.read('net/ipv4/conf/all/arp_ignore'),
    arpAnnounceAll: () => network.sysctls.read('net/ipv4/conf/all/arp_announce'),
    unprotectedInterfaces: () => unprotectedInterfaces(host),
    unnumberedLinks: () => unnumberedLinks(host),
    silentInterfaces: () => silentInterfaces(host),
  };
}

function ingressNames({ ingress }: LinuxHost): Derived<readonly string[]> {
  return 'missing' in ingress ? ingress : derived(ingress.value.map(({ name }) => name));
}

function ingressLinks(
  { network }: LinuxHost,
  names: Derived<readonly string[]>,
  text: (link: NetworkInterface) => string,
): Derived<readonly string[]> {
  if (!('value' in names)) return names;
  if ('missing' in network.interfaces) return network.interfaces;
  const links = network.interfaces.value;
  const found = names.value.flatMap((name) => links.get(name) ?? []);
  return {
    value: found.map(text).filter((each) => each !== ''),
    evidence: found.map(({ name, address, flags }) => ({
      source: `/sys/class/net/${name}`,
      text: `flags 0x${flags.toString(16)}, address ${address}`,
    })),
  };
}

function widePrefixTexts({ wide, vips }: LinuxHost): Derived<readonly string[]> {
  if ('missing' in wide) return wide;
  const others = wide.value.filter((each) => !belongsToVip(each, vips));
  return { value: others.map(textOf), evidence: others.map(({ evidence }) => evidence) };
}

/** Whether the VIP's own rule about mask lengths speaks of it. */
function belongsToVip({ address, prefix }: WidePrefix, vips: LinuxHost['vips']): boolean {
  return vips.some(({ ip, method }) =>
    address === undefined ? method === 'anyip' && contains(prefix, ip) : sameIp(address, ip),
  );
}

function textOf({ prefix, device }: WidePrefix): string {
  return `${prefix.ip.text}/${prefix.length} on ${device}`;
}

function undeclaredAddresses(host: LinuxHost): Derived<readonly string[]> {
  const { addresses, interfaces } = host.network;
  if ('missing' in addresses) return addresses;
  if ('missing' in interfaces) return interfaces;
  const isHolder = (name: string): boolean => {
    const link = interfaces.value.get(name);
    // kube-ipvs0 is a sign of its own, with an address for each service of the cluster.
    return link !== undefined && isHolderKind(link) && name !== 'kube-ipvs0';
  };
  const found = addresses.value.filter(
    ({ ip, device }) =>
      isHolder(device) &&
      !isSpecial(ip) &&
      !host.vips.some((vip) => sameIp(vip.ip, ip)) &&
      !(host.ownAddress !== undefined && sameIp(host.ownAddress, ip)),
  );
  return {
    value: found.map(({ ip, device }) => `${ip.text} on ${device}`),
    evidence: found.map(({ evidence }) => evidence),
  };
}

function networkNamespace({ facts }: LinuxHost): Derived<'initial' | 'other'> {
  if ('missing' in facts.namespaces) return facts.namespaces;
  const { own, init } = facts.namespaces.value;
  if (init === null) return { notapplicable: 'only root may read which network namespace process 1 is in' };
  return derived(own === init ? 'initial' : 'other', {
    source: '/proc/self/ns/net',
    text: `${own}; process 1: ${init}`,
  });
}

function unprotectedInterfaces({ ingress, network }: LinuxHost): Derived<readonly string[]> {
  if ('missing' in ingress) return ingress;
  const found: string[] = [];
  const evidence: Evidence[] = [];
  for (const { name } of ingress.value) {
    const ignore = network.sysctls.effective('arp_ignore', name);
    const announce = network.sysctls.effective('arp_announce', name);
    if (!('value' in ignore)) return ignore;
    if (!('value' in announce)) return announce;
    if ([1, 2, 3, 8].includes(ignore.value.value) && [1, 2].includes(announce.value.value)) continue;
    found.push(name);
    evidence.push(...ignore.evidence, ...announce.evidence);
  }
  return { value: found, evidence };
}

function unnumberedLinks({ ingress, network }: LinuxHost): Derived<readonly string[]> {
  if ('missing' in ingress) return ingress;
  if ('missing' in network.addresses) return network.addresses;
  const found = ingress.value.filter(({ name }) => !network.addressesOn(name).some(({ ip }) => ip.family === 4));
  return {
    value: found.map(({ name }) => name),
    evidence: found.map(({ name }) => ({ source: 'ip -o addr', text: `no IPv4 address on ${name}` })),
  };
}

function silentInterfaces(host: LinuxHost): Derived<readonly string[]> {
  const { network, ownAddress, vips } = host;
  if ('missing' in network.interfaces) return network.interfaces;
  if ('missing' in network.addresses) return network.addresses;
  const routes = network.routing.routes(4);
  if ('missing' in routes) return routes;
  const gateways = routes.value.others.flatMap(({ raw, prefix }) =>
    raw.gateway !== null && prefix.length === 0 ? (parseIp(raw.gateway) ?? []) : [],
  );
  const landmarks = [
    ...(ownAddress === undefined ? [] : [ownAddress]),
    ...vips.flatMap(({ balancers }) => balancers),
    ...gateways,
  ];
  const { up, noArp, loopback, pointToPoint } = interfaceFlags;
  const found = [...network.interfaces.value.values()].filter(
    (link) =>
      link.type === 1 &&
      (link.flags & (up | noArp)) === (up | noArp) &&
      (link.flags & (loopback | pointToPoint)) === 0 &&
      link.kind !== 'dummy' &&
      [
        ...network.addressesOn(link.name).flatMap(({ subnet }) => (subnet.length < 32 ? [subnet] : [])),
        ...onLinkRoutes(routes.value.others, link.name).map(({ prefix }) => prefix),
      ].some((subnet) => landmarks.some((ip) => contains(subnet, ip))),
  );
  return {
    value: found.map(({ name }) => name),
    evidence: found.map(({ name, flags }) => ({
      source: `/sys/class/net/${name}/flags`,
      text: `0x${flags.toString(16)}`,
    })),
  };
}
