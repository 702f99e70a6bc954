import type { Evidence } from '../../contracts/report.ts';
import { combine, derived } from '../derived.ts';
import { contains, type Ip, parseIp } from '../ip.ts';
import { type Derived, type DerivedFacts, type FactDefinitions, once } from '../subject.ts';
import { arpIgnore, unspecified } from './arp-ignore.ts';
import type { Ingress } from './ingress.ts';
import { holdersOf, type LinuxHost, reliesOnSysctls, type VipPlan } from './linux-host.ts';
import { interfaceFlags } from './link.ts';
import type { Network } from './network.ts';
import { answersForItself, ownAddress } from './own-address.ts';
import { routeEvidence } from './routing.ts';
import type { Effective, Ipv4Parameter } from './sysctl.ts';

const strings = { type: 'array', items: { type: 'string' } };
const integer = { type: 'integer' };
const misplaced = { enum: ['none', 'loopback-only', 'default-only', 'elsewhere'] };

/** One interface of a Linux host on which neighbours can ask. "Hidden VIPs" are those that arp_ignore and arp_announce must hide. */
export const linuxIngressFacts = new Map([
  [
    'facesServiceSegment',
    {
      schema: { type: 'boolean' },
      meaning:
        'The interface has a subnet with the host, a VIP, the load balancer or a default gateway; or the inventory names it.',
    },
  ],
  [
    'reliesOnSysctls',
    { schema: { type: 'boolean' }, meaning: 'The host has an IPv4 VIP that arp_ignore and arp_announce must hide.' },
  ],
  ['arpIgnore', { schema: integer, meaning: 'arp_ignore as the kernel uses it here: the greater of all and own.' }],
  ['arpIgnoreAll', { schema: integer, meaning: 'net.ipv4.conf.all.arp_ignore.' }],
  ['arpIgnoreOwn', { schema: integer, meaning: 'arp_ignore of the interface itself.' }],
  ['arpAnnounce', { schema: integer, meaning: 'arp_announce as the kernel uses it here: the greater of all and own.' }],
  ['arpAnnounceAll', { schema: integer, meaning: 'net.ipv4.conf.all.arp_announce.' }],
  ['arpAnnounceOwn', { schema: integer, meaning: 'arp_announce of the interface itself.' }],
  [
    'unhiddenVips',
    {
      schema: strings,
      meaning: 'Hidden VIPs that arp_ignore lets this interface answer for, held by another interface or not held yet.',
    },
  ],
  [
    'announcedVips',
    {
      schema: strings,
      meaning: 'Hidden VIPs that arp_announce lets ARP requests leaving by this interface name as their sender.',
    },
  ],
  [
    'misplacedArpIgnore',
    {
      schema: misplaced,
      meaning:
        'Where arp_ignore is set to a value that hides, without effect here: only on lo, only on default, or only on another interface.',
    },
  ],
  [
    'misplacedArpAnnounce',
    {
      schema: misplaced,
      meaning:
        'Where arp_announce is set to 2 without effect here: only on lo, only on default, or only on another interface.',
    },
  ],
  [
    'unansweredPeers',
    {
      schema: strings,
      meaning:
        'Load balancers and gateways behind this interface that lie in none of its subnets, so that arp_ignore 2 does not answer them.',
    },
  ],
  [
    'ownAddress',
    {
      schema: { type: 'string' },
      meaning:
        "The host's real IPv4 address towards this interface: its first address there that is no VIP, or one that it borrows from lo.",
    },
  ],
  [
    'answersForItself',
    {
      schema: { type: 'boolean' },
      meaning: "Some neighbour that asks on this interface for the host's own address is answered.",
    },
  ],
  ['arpFilter', { schema: { type: 'boolean' }, meaning: 'arp_filter is on here (all or own).' }],
  ['routeLocalnet', { schema: { type: 'boolean' }, meaning: 'route_localnet is on here (all or own).' }],
  ['acceptLocal', { schema: { type: 'boolean' }, meaning: 'accept_local is on here (all or own).' }],
  [
    'proxiesArp',
    {
      schema: { type: 'boolean' },
      meaning: 'The interface forwards and answers ARP for others (proxy_arp or proxy_arp_pvlan).',
    },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof linuxIngressFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;
type OtherName =
  | 'facesServiceSegment'
  | 'unansweredPeers'
  | 'ownAddress'
  | 'answersForItself'
  | 'arpFilter'
  | 'routeLocalnet'
  | 'acceptLocal'
  | 'proxiesArp';
type HidingName = Exclude<Name, OtherName>;
type IngressParts = readonly [DerivedFacts<HidingName>, DerivedFacts<OtherName>];

/** The facts of one interface, in parts. */
export function linuxIngress(host: LinuxHost, { name, faces }: Ingress): IngressParts {
  const { network } = host;
  const on = (parameter: Ipv4Parameter): Derived<boolean> =>
    combine([network.sysctls.effective(parameter, name)], ({ value }: Effective) => value !== 0);
  const own = once(() => ownAddress(host, name));
  const others = {
    facesServiceSegment: faces,
    unansweredPeers: () => unansweredPeers(host, name),
    ownAddress: () => combine([own()], (ip: Ip) => ip.text),
    answersForItself: () => answersForItself(host, name, own()),
    arpFilter: () => on('arp_filter'),
    routeLocalnet: () => on('route_localnet'),
    acceptLocal: () => on('accept_local'),
    proxiesArp: () =>
      combine(
        [on('forwarding'), on('proxy_arp'), on('proxy_arp_pvlan')],
        (forwarding: boolean, proxy: boolean, pvlan: boolean) => forwarding && (proxy || pvlan),
      ),
  };
  return [hidingFacts(host, name, network), others];
}

/** The facts of one interface with the parameters that a boot would leave; of these only the two that hide VIPs are followed. */
export function bootedLinuxIngress(host: LinuxHost, { name, faces }: Ingress, network: Network): IngressParts {
  const unfollowed = {
    unknown: 'of the kernel parameters, only arp_ignore and arp_announce are followed through a boot',
  };
  const others = {
    facesServiceSegment: faces,
    unansweredPeers: () => unansweredPeers(host, name),
    ownAddress: unfollowed,
    answersForItself: unfollowed,
    arpFilter: unfollowed,
    routeLocalnet: unfollowed,
    acceptLocal: unfollowed,
    proxiesArp: unfollowed,
  };
  return [hidingFacts(host, name, network), others];
}

function hidingFacts(host: LinuxHost, name: string, network: Network): DerivedFacts<HidingName> {
  const hidden = once(() => hiddenVips(host));
  const ignore = (): Derived<Effective> => network.sysctls.effective('arp_ignore', name);
  const announce = (): Derived<Effective> => network.sysctls.effective('arp_announce', name);
  return {
    reliesOnSysctls: () => relies(host, hidden()),
    arpIgnore: () => combine([ignore()], ({ value }: Effective) => value),
    arpIgnoreAll: () => network.sysctls.read('net/ipv4/conf/all/arp_ignore'),
    arpIgnoreOwn: () => network.sysctls.read(`net/ipv4/conf/${name}/arp_ignore`),
    arpAnnounce: () => combine([announce()], ({ value }: Effective) => value),
    arpAnnounceAll: () => network.sysctls.read('net/ipv4/conf/all/arp_announce'),
    arpAnnounceOwn: () => network.sysctls.read(`net/ipv4/conf/${name}/arp_announce`),
    unhiddenVips: () => unhiddenVips(host, network, name, hidden(), ignore()),
    announcedVips: () => announcedVips(network, name, hidden(), announce()),
    misplacedArpIgnore: () => misplacement(host, network, 'arp_ignore', [1, 2], name),
    misplacedArpAnnounce: () => misplacement(host, network, 'arp_announce', [2], name),
  };
}

/** The VIPs that the parameters must hide; one behind a tunnel only where a neighbour could ask for it at all. */
export function hiddenVips(host: LinuxHost): readonly VipPlan[] {
  return host.vips.filter((vip) => {
    if (!reliesOnSysctls(vip)) return false;
    if (vip.method !== 'tunnel' || 'missing' in host.ingress) return true;
    return host.ingress.value.some(({ name }) =>
      host.network.addressesOn(name).some(({ subnet }) => contains(subnet, vip.ip)),
    );
  });
}

/** Whether any VIP must be hidden by the parameters, with the inventory as evidence. */
export function relies(host: LinuxHost, hidden: readonly VipPlan[]): Derived<boolean> {
  const text = host.vips.map((vip) => `${vip.text} by ${vip.method}`).join(', ');
  return derived(hidden.length > 0, { source: 'inventory: services', text });
}

function unhiddenVips(
  host: LinuxHost,
  network: Network,
  device: string,
  hidden: readonly VipPlan[],
  setting: Derived<Effective>,
): Derived<readonly string[]> {
  if (!('value' in setting)) return setting;
  const found: string[] = [];
  for (const vip of hidden) {
    const answered = letsAnswer(host, network, device, vip, setting.value.value);
    if (typeof answered !== 'boolean') return answered;
    if (answered) found.push(vip.text);
  }
  return { value: found, evidence: setting.evidence };
}

/** Whether a value of arp_ignore lets an interface answer for a VIP that another interface holds, or will hold. */
function letsAnswer(
  host: LinuxHost,
  network: Network,
  device: string,
  vip: VipPlan,
  value: number,
): boolean | Exclude<Derived, { value: unknown }> {
  if (value === 1 || value === 2 || value === 8) return false;
  if (value !== 3) return true;
  const held = holdersOf(host, vip.ip);
  if ('missing' in held) return held;
  // Not held yet: `ip addr add` without a scope makes it global, which 3 does not hide; an AnyIP route has none.
  if (held.value.length === 0) return vip.method !== 'anyip';
  const verdict = arpIgnore(network, { interface: device, target: vip.ip, sender: unspecified });
  return 'ignored' in verdict ? !verdict.ignored : verdict;
}

function announcedVips(
  network: Network,
  device: string,
  hidden: readonly VipPlan[],
  setting: Derived<Effective>,
): Derived<readonly string[]> {
  if (!('value' in setting)) return setting;
  const { value } = setting.value;
  if (value === 2) return { value: [], evidence: setting.evidence };
  if (value !== 1) return { value: hidden.map(({ text }) => text), evidence: setting.evidence };
  if ('missing' in network.addresses) return network.addresses;
  // arp_solicit: 1 keeps the VIP where one subnet of the interface contains it and the neighbour.
  const near = hidden.flatMap((vip) => {
    const subnet = network.addressesOn(device).find((held) => held.subnet.length < 32 && contains(held.subnet, vip.ip));
    return subnet === undefined ? [] : [{ vip, evidence: subnet.evidence }];
  });
  return {
    value: near.map(({ vip }) => vip.text),
    evidence: [...setting.evidence, ...near.map(({ evidence }) => evidence)],
  };
}

/** Where a parameter has a value that would do, although it does not on this interface. */
function misplacement(
  host: LinuxHost,
  network: Network,
  parameter: 'arp_ignore' | 'arp_announce',
  good: readonly number[],
  device: string,
): Derived<'none' | 'loopback-only' | 'default-only' | 'elsewhere'> {
  const setting = network.sysctls.effective(parameter, device);
  if (!('value' in setting)) return setting;
  if (good.includes(setting.value.value)) return { value: 'none', evidence: setting.evidence };
  const others = 'value' in host.network.interfaces ? [...host.network.interfaces.value.values()] : [];
  const isGood = (name: string): Evidence[] => {
    const own = network.sysctls.read(`net/ipv4/conf/${name}/${parameter}`);
    return 'value' in own && good.includes(own.value) ? [...own.evidence] : [];
  };
  const loopback = others
    .filter(({ flags }) => (flags & interfaceFlags.loopback) !== 0)
    .flatMap(({ name }) => isGood(name));
  if (loopback.length > 0) return { value: 'loopback-only', evidence: loopback };
  const byDefault = isGood('default');
  if (byDefault.length > 0) return { value: 'default-only', evidence: byDefault };
  const elsewhere = others.filter(({ name }) => name !== device).flatMap(({ name }) => isGood(name));
  return elsewhere.length > 0
    ? { value: 'elsewhere', evidence: elsewhere }
    : { value: 'none', evidence: setting.evidence };
}

function unansweredPeers(host: LinuxHost, device: string): Derived<readonly string[]> {
  const routes = host.network.routing.routes(4);
  if ('missing' in routes) return routes;
  if ('missing' in host.network.addresses) return host.network.addresses;
  const behind = routes.value.others.filter(({ raw }) => raw.type === 'unicast' && raw.interface === device);
  const gateways = behind.flatMap(({ raw }) => (raw.gateway === null ? [] : (parseIp(raw.gateway) ?? [])));
  const balancers = host.vips
    .flatMap((vip) => vip.balancers)
    .filter((ip) => ip.family === 4 && behind.some(({ raw, prefix }) => raw.gateway === null && contains(prefix, ip)));
  const subnets = host.network.addressesOn(device).map(({ subnet }) => subnet);
  const peers = new Map([...gateways, ...balancers].filter(isIpv4).map((ip) => [ip.text, ip]));
  const outside = [...peers.values()].filter((ip) => !subnets.some((subnet) => contains(subnet, ip)));
  return {
    value: outside.map(({ text }) => text),
    evidence: behind.slice(0, 4).map(routeEvidence),
  };
}

function isIpv4(ip: Ip): boolean {
  return ip.family === 4;
}
