import type { Evidence } from '../../contracts/report.ts';
import type { LinuxFacts, NetworkInterface } from '../../contracts/snapshot.ts';
import type { Fact } from '../fact.ts';
import { once } from '../subject.ts';
import { type ArpFilters, arpFilters } from './arp-filter.ts';
import { type HeldAddress, heldAddress } from './held-address.ts';
import { type Routing, routingOf } from './routing.ts';
import { runningSysctls, type SysctlView } from './sysctl.ts';

/** The kernel's network tables of one host, parsed once; a table that was not collected is missing with its reason. */
export interface Network {
  /** For example 6.12.48-amd64; undefined where it was not collected. */
  readonly kernelRelease: string | undefined;
  readonly sysctls: SysctlView;
  /** By name, in the order of ifindex. */
  readonly interfaces: Fact<ReadonlyMap<string, NetworkInterface>>;
  readonly addresses: Fact<readonly HeldAddress[]>;
  /** The addresses of one interface in the kernel's order; empty also where addresses are missing. */
  addressesOn(device: string): readonly HeldAddress[];
  readonly routing: Routing;
  /** The filters that ARP packets pass. */
  filters(): ArpFilters;
  /** IPv4 and IPv6 proxy entries of the neighbour table as "ADDRESS DEVICE". */
  readonly proxyEntries: Fact<ReadonlyMap<string, Evidence>>;
}

const none: readonly HeldAddress[] = [];

/** The network tables of a host, with the parameters that run or, for the question what a boot changes, others. */
export function networkOf(facts: LinuxFacts, sysctls: SysctlView = runningSysctls(facts)): Network {
  const interfaces: Network['interfaces'] =
    'missing' in facts.interfaces
      ? facts.interfaces
      : {
          value: new Map(
            [...facts.interfaces.value].sort((a, b) => a.index - b.index).map((item) => [item.name, item]),
          ),
        };
  const addresses: Network['addresses'] =
    'missing' in facts.addresses ? facts.addresses : { value: facts.addresses.value.flatMap(heldAddress) };
  const byDevice = new Map<string, HeldAddress[]>();
  for (const held of 'value' in addresses ? addresses.value : none) {
    const list = byDevice.get(held.device);
    if (list === undefined) byDevice.set(held.device, [held]);
    else list.push(held);
  }
  return {
    kernelRelease: 'value' in facts.kernelRelease ? facts.kernelRelease.value : undefined,
    sysctls,
    interfaces,
    addresses,
    addressesOn: (device) => byDevice.get(device) ?? none,
    routing: routingOf(facts, addresses, interfaces),
    filters: once(() => arpFilters(facts)),
    proxyEntries: proxyEntries(facts),
  };
}

/** The same tables with other kernel parameters. */
export function withSysctls(network: Network, sysctls: SysctlView): Network {
  return { ...network, sysctls };
}

function proxyEntries(facts: LinuxFacts): Network['proxyEntries'] {
  if ('missing' in facts.neighbours) return facts.neighbours;
  const entries = new Map<string, Evidence>();
  for (const entry of facts.neighbours.value) {
    if (!entry.proxy) continue;
    const text = `${entry.ip} dev ${entry.interface} proxy`;
    entries.set(`${entry.ip} ${entry.interface}`, { source: 'ip neigh show proxy', text });
  }
  return { value: entries };
}
