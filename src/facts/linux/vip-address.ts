import type { Evidence } from '../../contracts/report.ts';
import type { NetworkInterface } from '../../contracts/snapshot.ts';
import { combine, derived } from '../derived.ts';
import { contains } from '../ip.ts';
import { type Derived, type DerivedFacts, type FactDefinitions, once } from '../subject.ts';
import type { HeldAddress } from './held-address.ts';
import { hearsNeighbours } from './ingress.ts';
import { holdersOf, type LinuxHost, type VipPlan } from './linux-host.ts';
import { redirectRule } from './redirect.ts';
import { interfaceFlags, kindOf, isQuiet } from './link.ts';
import { routeEvidence } from './routing.ts';

const strings = { type: 'array', items: { type: 'string' } };

/** What a host has of a VIP. A holder is an interface that has it as an address. */
export const vipAddressFacts = new Map([
  ['family', { schema: { enum: [4, 6] }, meaning: 'IP version of the VIP.' }],
  [
    'method',
    {
      schema: { enum: ['loopback', 'dummy', 'anyip', 'arptables', 'redirect', 'tunnel'] },
      meaning: 'How the host accepts the VIP, as the inventory says.',
    },
  ],
  ['role', { schema: { enum: ['backend', 'local-node'] }, meaning: 'Role of the host, as the inventory says.' }],
  [
    'familyDisabled',
    { schema: { type: 'boolean' }, meaning: 'The VIP is an IPv6 address and lo cannot hold one, since IPv6 is off.' },
  ],
  [
    'present',
    {
      schema: { type: 'boolean' },
      meaning:
        'The host has the VIP: as an address, as an AnyIP route, or, where that is the method, in a REDIRECT rule.',
    },
  ],
  ['holders', { schema: strings, meaning: 'The holders of the VIP, each once.' }],
  [
    'holderKinds',
    { schema: strings, meaning: 'Kinds of the holders: loopback, dummy, bridge, vlan and so on, or physical.' },
  ],
  [
    'onIngressInterfaces',
    {
      schema: strings,
      meaning: 'Holders on which neighbours can ask: they answer for the VIP with arp_ignore 1 and 2 too.',
    },
  ],
  ['ingressHolder', { schema: { type: 'string' }, meaning: 'The first of them.' }],
  [
    'ingressAddress',
    { schema: { type: 'string' }, meaning: 'The VIP with its mask length there, for example 10.77.0.100/24.' },
  ],
  [
    'unsafeHolders',
    {
      schema: strings,
      meaning:
        'Holders that hear no neighbour now but could: an Ethernet interface that is down, a bridge without ports.',
    },
  ],
  ['downHolders', { schema: strings, meaning: 'Holders that are down.' }],
  [
    'anyIpRoute',
    {
      schema: { type: 'boolean' },
      meaning: 'Table local has a route of type local that covers the VIP and that no address explains.',
    },
  ],
  [
    'prefixLengths',
    {
      schema: { type: 'array', items: { type: 'integer' } },
      meaning: 'Mask lengths, in bits, of the VIP on holders that hear no neighbour, and of its AnyIP routes.',
    },
  ],
  [
    'wideHolder',
    { schema: { type: 'string' }, meaning: 'First holder that hears no neighbour and has the VIP with a short mask.' },
  ],
  [
    'wideAddress',
    { schema: { type: 'string' }, meaning: 'The VIP with its mask length there, for example 10.77.0.100/24.' },
  ],
  ['scopes', { schema: strings, meaning: 'Scopes of the VIP on loopback interfaces: host, link, global or a number.' }],
  [
    'tentative',
    {
      schema: { type: 'boolean' },
      meaning: 'Duplicate address detection of the VIP failed or has not ended on a holder: the address is not used.',
    },
  ],
  [
    'expiring',
    { schema: { type: 'boolean' }, meaning: 'A holder has the VIP for a limited time, or as a dynamic address.' },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof vipAddressFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

type Links = ReadonlyMap<string, NetworkInterface>;

/** What the host has of the VIP. */
export function deriveVipAddress(host: LinuxHost, vip: VipPlan): DerivedFacts<Name> {
  const held = heldWithEvidence(host, vip);
  const routes = anyIpRoutes(host, vip);
  const links = host.network.interfaces;
  const byLink = <T>(compute: (held: readonly HeldAddress[], links: Links) => T): Derived<T> =>
    'missing' in links ? links : combine([held], (value: readonly HeldAddress[]) => compute(value, links.value));
  const where = (test: (link: NetworkInterface) => boolean): Derived<readonly string[]> =>
    byLink((value, all) =>
      devices(
        value.filter(({ device }) => {
          const link = all.get(device);
          return link !== undefined && test(link);
        }),
      ),
    );
  const onIngressInterfaces = once(() => where((link) => hearsNeighbours(host.network, link)));
  const first = (
    test: (held: HeldAddress, onIngress: readonly string[]) => boolean,
  ): Derived<HeldAddress | undefined> =>
    combine([held, onIngressInterfaces()], (value: readonly HeldAddress[], names: readonly string[]) =>
      value.find((each) => test(each, names)),
    );
  const onIngress = once(() => first(({ device }, names) => names.includes(device)));
  const wide = once(() =>
    first(({ device, subnet }, names) => !names.includes(device) && subnet.length < vip.ip.words.length * 32),
  );
  return {
    family: derived(vip.ip.family),
    method: derived(vip.method),
    role: derived(host.backend.role),
    familyDisabled: () => familyDisabled(host, vip),
    present: () => present(host, vip, held, routes),
    holders: () => combine([held], devices),
    holderKinds: () => byLink((value, all) => [...new Set(value.map(({ device }) => kindNamed(all, device)))]),
    onIngressInterfaces,
    ingressHolder: () => ofOne(onIngress(), ({ device }) => device, 'no ingress interface has the VIP'),
    ingressAddress: () => ofOne(onIngress(), addressText, 'no ingress interface has the VIP'),
    unsafeHolders: () => where((link) => !isQuiet(link) && !hearsNeighbours(host.network, link)),
    downHolders: () => where((link) => (link.flags & interfaceFlags.up) === 0),
    anyIpRoute: () => combine([routes], (lengths: readonly number[]) => lengths.length > 0),
    prefixLengths: () => prefixLengths(vip, held, routes, onIngressInterfaces()),
    wideHolder: () => ofOne(wide(), ({ device }) => device, 'no holder has the VIP with a short mask'),
    wideAddress: () => ofOne(wide(), addressText, 'no holder has the VIP with a short mask'),
    scopes: () => byLinkScopes(held, links),
    tentative: () =>
      ofHolders(vip, held, ({ raw }) => raw.flags.includes('tentative') || raw.flags.includes('dadfailed')),
    expiring: () => ofHolders(vip, held, ({ raw }) => raw.validLifetime !== null || raw.flags.includes('dynamic')),
  };
}

function heldWithEvidence(host: LinuxHost, vip: VipPlan): Derived<readonly HeldAddress[]> {
  const held = holdersOf(host, vip.ip);
  if ('missing' in held) return held;
  const nothing: Evidence = { source: 'ip -o addr', text: `no interface has ${vip.text}` };
  return { value: held.value, evidence: held.value.length === 0 ? [nothing] : held.value.map((each) => each.evidence) };
}

function kindNamed(links: Links, device: string): string {
  const link = links.get(device);
  return link === undefined ? 'unknown' : kindOf(link);
}

function devices(held: readonly HeldAddress[]): readonly string[] {
  return [...new Set(held.map(({ device }) => device))];
}

function addressText({ raw }: HeldAddress): string {
  return `${raw.ip}/${raw.prefixLength}`;
}

function ofOne(
  held: Derived<HeldAddress | undefined>,
  text: (held: HeldAddress) => string,
  otherwise: string,
): Derived<string> {
  if (!('value' in held)) return held;
  return held.value === undefined
    ? { notapplicable: otherwise }
    : { value: text(held.value), evidence: [held.value.evidence] };
}

/** The lengths of the AnyIP routes that cover the VIP. */
function anyIpRoutes(host: LinuxHost, vip: VipPlan): Derived<readonly number[]> {
  const routes = host.network.routing.customLocalRoutes(vip.ip.family);
  if ('missing' in routes) return routes;
  const covering = routes.value.filter(({ prefix }) => contains(prefix, vip.ip));
  return { value: covering.map(({ prefix }) => prefix.length), evidence: covering.map(routeEvidence) };
}

function familyDisabled(host: LinuxHost, vip: VipPlan): Derived<boolean> {
  if (vip.ip.family === 4) return derived(false);
  const { sysctls } = host.facts;
  if ('value' in sysctls && !sysctls.value.some(({ key }) => key.startsWith('net/ipv6/conf/'))) {
    return derived(true, { source: '/proc/sys/net/ipv6/conf', text: 'the kernel runs without IPv6' });
  }
  return combine([host.network.sysctls.read('net/ipv6/conf/lo/disable_ipv6')], (value: number) => value !== 0);
}

function present(
  host: LinuxHost,
  vip: VipPlan,
  held: Derived<readonly HeldAddress[]>,
  routes: Derived<readonly number[]>,
): Derived<boolean> {
  if (vip.method === 'redirect') return redirectRule(host.facts, vip.ip);
  if ('value' in held && held.value.length > 0) return { value: true, evidence: held.evidence };
  // A route for more than the VIP counts only where AnyIP is the method; elsewhere it is somebody's mistake.
  const whole = vip.ip.words.length * 32;
  return combine(
    [held, routes],
    (_: readonly HeldAddress[], lengths: readonly number[]) =>
      lengths.includes(whole) || (vip.method === 'anyip' && lengths.length > 0),
  );
}

function prefixLengths(
  vip: VipPlan,
  held: Derived<readonly HeldAddress[]>,
  routes: Derived<readonly number[]>,
  onIngress: Derived<readonly string[]>,
): Derived<readonly number[]> {
  if (vip.method === 'redirect') return { notapplicable: 'with REDIRECT the VIP is no address of the host' };
  const lengths = combine(
    [held, routes, onIngress],
    (addresses: readonly HeldAddress[], covering: readonly number[], ingress: readonly string[]) => [
      ...addresses.filter(({ device }) => !ingress.includes(device)).map(({ subnet }) => subnet.length),
      // For the other methods a route for more than the VIP is a mistake that has a rule of its own.
      ...(vip.method === 'anyip' ? covering : covering.filter((length) => length === vip.ip.words.length * 32)),
    ],
  );
  return 'value' in lengths && lengths.value.length === 0
    ? { notapplicable: `no holder other than an ingress interface has ${vip.text}` }
    : lengths;
}

function byLinkScopes(
  held: Derived<readonly HeldAddress[]>,
  links: LinuxHost['network']['interfaces'],
): Derived<readonly string[]> {
  if ('missing' in links) return links;
  if (!('value' in held)) return held;
  const onLoopback = held.value.filter(({ device }) => kindNamed(links.value, device) === 'loopback');
  if (onLoopback.length === 0) return { notapplicable: 'no loopback interface has the VIP' };
  const scopes = onLoopback.flatMap(({ raw }) => raw.scope ?? []);
  return scopes.length < onLoopback.length
    ? { missing: 'the host did not report the scopes of its addresses' }
    : { value: [...new Set(scopes)], evidence: onLoopback.map(({ evidence }) => evidence) };
}

function ofHolders(
  vip: VipPlan,
  held: Derived<readonly HeldAddress[]>,
  test: (held: HeldAddress) => boolean,
): Derived<boolean> {
  if ('value' in held && held.value.length === 0) return { notapplicable: `no interface has ${vip.text}` };
  return combine([held], (value: readonly HeldAddress[]) => value.some(test));
}
