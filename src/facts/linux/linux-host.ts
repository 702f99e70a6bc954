import type { LinuxFacts } from '../../contracts/snapshot.ts';
import type { Backend, Binding, Port } from '../backend.ts';
import type { Fact } from '../fact.ts';
import { contains, type Ip, parseIp, sameIp } from '../ip.ts';
import type { Derived } from '../subject.ts';
import type { HeldAddress } from './held-address.ts';
import { type Ingress, ingressInterfaces } from './ingress.ts';
import { type Network, networkOf } from './network.ts';
import { type WidePrefix, widePrefixes } from './wide-prefix.ts';

/** One VIP of a host, with everything that its services ask of it. */
export interface VipPlan {
  readonly ip: Ip;
  /** Canonical text, as the inventory model holds it. */
  readonly text: string;
  readonly method: Binding['method'];
  readonly ports: readonly Port[];
  /** Typical clients of the VIP's family. */
  readonly clients: readonly Ip[];
  /** Addresses of the load balancers of its services, of every family. */
  readonly balancers: readonly Ip[];
}

/** A Linux host, indexed once for all of its subjects. */
export interface LinuxHost {
  readonly backend: Backend;
  readonly facts: LinuxFacts;
  readonly network: Network;
  readonly ingress: Fact<readonly Ingress[]>;
  /** Each VIP once, in inventory order. */
  readonly vips: readonly VipPlan[];
  readonly wide: Fact<readonly WidePrefix[]>;
  /** The host's own address, where the inventory gives an address and not a name. */
  readonly ownAddress: Ip | undefined;
}

/** Indexes a host. */
export function linuxHost(backend: Backend, facts: LinuxFacts): LinuxHost {
  const network = networkOf(facts);
  return {
    backend,
    facts,
    network,
    ingress: ingressInterfaces(backend, network),
    vips: vipPlans(backend.bindings),
    wide: widePrefixes(network),
    ownAddress: parseIp(backend.address),
  };
}

function vipPlans(bindings: readonly Binding[]): readonly VipPlan[] {
  const byVip = new Map<string, Binding[]>();
  for (const binding of bindings) {
    const list = byVip.get(binding.vip);
    if (list === undefined) byVip.set(binding.vip, [binding]);
    else list.push(binding);
  }
  return [...byVip].flatMap(([text, own]) => {
    const ip = parseIp(text);
    const [first] = own;
    if (ip === undefined || first === undefined) return [];
    const ports = new Map(own.flatMap((binding) => binding.ports.map((port) => [portName(port), port] as const)));
    const ips = (texts: readonly string[]): Ip[] => texts.flatMap((each) => parseIp(each) ?? []);
    return [
      {
        ip,
        text,
        method: first.method,
        ports: [...ports.values()],
        clients: ips(own.flatMap((binding) => binding.client ?? [])).filter((client) => client.family === ip.family),
        balancers: ips([...new Set(own.flatMap((binding) => binding.loadBalancer?.addresses ?? []))]),
      },
    ];
  });
}

/** For example 443/tcp. */
export function portName(port: Port): string {
  return `${port.number}/${port.protocol}`;
}

/** The addresses of the host that are this one, by interface. */
export function holdersOf(host: LinuxHost, ip: Ip): Fact<readonly HeldAddress[]> {
  const { addresses } = host.network;
  return 'missing' in addresses ? addresses : { value: addresses.value.filter((held) => sameIp(held.ip, ip)) };
}

/** The interfaces that face the service's segment. */
export function facingInterfaces({ ingress }: LinuxHost): Derived<readonly string[]> {
  if ('missing' in ingress) return ingress;
  const facing: string[] = [];
  for (const { name, faces } of ingress.value) {
    if (!('value' in faces)) return faces;
    if (faces.value) facing.push(name);
  }
  return { value: facing, evidence: [] };
}

/** The wide prefix that swallows an address, if one does: its finding explains what happens to the address. */
export function swallowing(host: LinuxHost, ip: Ip): WidePrefix | undefined {
  return 'value' in host.wide ? host.wide.value.find(({ prefix }) => contains(prefix, ip)) : undefined;
}

/** Whether arp_ignore and arp_announce hide the VIP: not where a filter or a REDIRECT rule does, and not in IPv6. */
export function reliesOnSysctls({ ip, method }: VipPlan): boolean {
  return ip.family === 4 && method !== 'arptables' && method !== 'redirect';
}
