import { combine, derived } from '../derived.ts';
import { contains } from '../ip.ts';
import { type Derived, type DerivedFacts, type FactDefinitions, once } from '../subject.ts';
import type { LinuxHost, VipPlan } from './linux-host.ts';
import {
  gatewaysAtBalancer,
  leavesOtherwise,
  noReturnPath,
  type ReturnPath,
  returnGateways,
  returnPath,
  reverseFiltered,
  tunnelInterfaces,
} from './return-path.ts';
import { routeEvidence } from './routing.ts';

const strings = { type: 'array', items: { type: 'string' } };

/** How packets for a VIP come and how replies leave. "The client" is the one that the inventory names. */
export const vipReturnFacts = new Map([
  [
    'returnGateways',
    {
      schema: strings,
      meaning: 'Gateways by which replies leave: to the client, or without one those of the default routes.',
    },
  ],
  [
    'returnGatewaysAtLoadBalancer',
    { schema: strings, meaning: 'Those of them that are addresses of the load balancer, or VIPs.' },
  ],
  [
    'returnPath',
    {
      schema: { enum: ['network', 'holder', 'local', 'none'] },
      meaning:
        'Where replies to the client go: out of a network interface, into an interface without a wire, to the host itself, or nowhere.',
    },
  ],
  ['returnInterface', { schema: { type: 'string' }, meaning: 'Interface by which replies to the client leave.' }],
  [
    'sourceRoutingDiffers',
    {
      schema: { type: 'boolean' },
      meaning:
        "Policy rules lead packets from the VIP to the client another way than packets from the host's own address.",
    },
  ],
  [
    'reverseFilteredOn',
    { schema: strings, meaning: "Interfaces of arrival on which rp_filter drops the client's packets to the VIP." },
  ],
  ['tunnelInterfaces', { schema: strings, meaning: 'Tunnel interfaces that are up and have an IPv4 address.' }],
  [
    'balancerOnLink',
    { schema: { type: 'boolean' }, meaning: 'An address of the load balancer is reached without a gateway.' },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof vipReturnFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

/** How packets for the VIP come and how replies leave. */
export function deriveVipReturn(host: LinuxHost, vip: VipPlan): DerivedFacts<Name> {
  const path = once(() => pathToClient(host, vip));
  return {
    returnGateways: () => returnGateways(host, vip),
    returnGatewaysAtLoadBalancer: () => gatewaysAtBalancer(host, vip),
    returnPath: () => combine([path()], (value: ReturnPath) => value.kind),
    returnInterface: () => returnInterface(path()),
    sourceRoutingDiffers: () => leavesOtherwise(host, vip),
    reverseFilteredOn: () => reverseFiltered(host, vip),
    tunnelInterfaces: () =>
      combine([tunnelInterfaces(host)], (names: readonly string[]) =>
        names.filter((name) => host.network.addressesOn(name).some(({ ip }) => ip.family === 4)),
      ),
    balancerOnLink: () => balancerOnLink(host, vip),
  };
}

function returnInterface(path: Derived<ReturnPath>): Derived<string | null> {
  return 'value' in path && path.value.interface === null
    ? { notapplicable: 'no route leads to the client' }
    : combine([path], (value: ReturnPath) => value.interface);
}

function pathToClient(host: LinuxHost, vip: VipPlan): Derived<ReturnPath> {
  const none = noReturnPath(host, vip);
  const [client] = vip.clients;
  if (none !== undefined) return none;
  return client === undefined ? { notapplicable: 'the inventory names no client' } : returnPath(host, vip.ip, client);
}

function balancerOnLink(host: LinuxHost, vip: VipPlan): Derived<boolean> {
  if (vip.method === 'tunnel') return { notapplicable: 'a tunnel does not need the balancer on the same segment' };
  const balancers = vip.balancers.filter(({ family }) => family === vip.ip.family);
  if (balancers.length === 0) {
    return { notapplicable: `the inventory names no loadBalancer of the service with an IPv${vip.ip.family} address` };
  }
  if ('missing' in host.ingress) return host.ingress;
  const { addresses, routing } = host.network;
  if ('missing' in addresses) return addresses;
  const near = host.ingress.value.flatMap(({ name }) =>
    host.network.addressesOn(name).filter(({ subnet }) => balancers.some((ip) => contains(subnet, ip))),
  );
  if (near.length > 0) return { value: true, evidence: near.map(({ evidence }) => evidence) };
  const lookups = balancers.map((to) => routing.lookup({ to, input: 'lo' }));
  const direct = lookups.find(
    (each) => 'route' in each && each.route?.raw.type === 'unicast' && each.route.raw.gateway === null,
  );
  if (direct !== undefined && 'route' in direct && direct.route !== undefined)
    return derived(true, routeEvidence(direct.route));
  const doubt = lookups.find((each) => !('route' in each));
  if (doubt !== undefined && !('route' in doubt)) return doubt;
  const evidence = lookups.flatMap((each) =>
    'route' in each && each.route !== undefined ? [routeEvidence(each.route)] : [],
  );
  return { value: false, evidence };
}
