import { all, chain, combine, derived } from '../derived.ts';
import { parseIp } from '../ip.ts';
import type { Derived, DerivedFacts, FactDefinitions } from '../subject.ts';
import { type Adapter, belongsTo } from './adapter.ts';
import {
  activeSetting,
  addressesOf,
  isAddress,
  persistentSetting,
  vipFamilies,
  type WindowsHost,
} from './windows-host.ts';

const strings = { type: 'array', items: { type: 'string' } };

/** The facts of a Windows host as a whole. */
export const windowsHostFacts = new Map([
  [
    'ntVersion',
    {
      schema: { type: 'number' },
      meaning: '5.2 for 2003, 6.0 for 2008, 6.1 for 2008 R2, 6.2 for 2012, 6.3 for 2012 R2, 10 later.',
    },
  ],
  [
    'receiveNotStored',
    { schema: strings, meaning: 'Interfaces that need weak host receive and have it not in the persistent store.' },
  ],
  [
    'sendNotStored',
    { schema: strings, meaning: 'Interfaces that need weak host send and have it not in the persistent store.' },
  ],
  ['weakHostElsewhere', { schema: strings, meaning: 'Interfaces that need no weak host receive and have it enabled.' }],
  [
    'undeclaredAddresses',
    {
      schema: strings,
      meaning: 'IPv4 addresses on loopback adapters that hold a VIP and that are no VIP of the inventory.',
    },
  ],
  [
    'routing',
    {
      schema: { type: 'boolean' },
      meaning: 'The host routes between its interfaces (IPEnableRouter, or forwarding on an ingress interface).',
    },
  ],
  ['networkLoadBalancing', { schema: { type: 'boolean' }, meaning: 'The Network Load Balancing service (WLBS) runs.' }],
  ['failedSteps', { schema: strings, meaning: 'Steps of the collector that failed.' }],
  ['ingressInterfaces', { schema: strings, meaning: 'Names of the ingress interfaces.' }],
  ['hardwareAddresses', { schema: strings, meaning: 'Hardware addresses of the ingress interfaces.' }],
] as const) satisfies FactDefinitions;

type Name = typeof windowsHostFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

/** The facts of the host. */
export function windowsHostSubject(host: WindowsHost): DerivedFacts<Name> {
  const { facts, backend } = host;
  const families = vipFamilies(backend);
  const holders = holdersOfVips(host);
  return {
    ntVersion: host.ntVersion,
    receiveNotStored: chain(host.ingress, (ingress) =>
      chain(holders, (list) => notStored(host, 'weakHostReceive', [...new Set([...ingress, ...list])])),
    ),
    sendNotStored: chain(holders, (list) => notStored(host, 'weakHostSend', list)),
    weakHostElsewhere: chain(host.ntVersion, (version) => {
      if (version < 6)
        return { notapplicable: 'Windows 2003 always uses the weak host model for IPv4; there is no switch' };
      if ('missing' in host.adapters) return host.adapters;
      const adapters = host.adapters.value;
      return chain(host.ingress, (ingress) =>
        chain(holders, (list) => {
          const others = adapters.filter(
            (adapter) => !ingress.includes(adapter) && !list.some((holder) => holder.interface === adapter.interface),
          );
          const enabled = others.filter((adapter) =>
            families.some((family) => {
              const value = activeSetting(host, adapter, family, 'weakHostReceive');
              return 'value' in value && value.value === 'enabled';
            }),
          );
          return derived(enabled.map((adapter) => adapter.name));
        }),
      );
    }),
    undeclaredAddresses: chain(holders, (list) => {
      const vips = backend.bindings.flatMap(({ vip }) => parseIp(vip) ?? []);
      const strangers = list
        .filter((adapter) => 'value' in adapter.kind && adapter.kind.value === 'loopback-adapter')
        .flatMap((adapter) => addressesOf(facts, adapter))
        .filter((row) => row.family === 4 && !row.ip.startsWith('169.254.') && !vips.some((vip) => isAddress(row, vip)))
        .map((row) => row.ip);
      return derived(strangers, { source: 'loopback adapters', text: strangers.join(', ') || 'only VIPs' });
    }),
    routing: routing(host),
    networkLoadBalancing: networkLoadBalancing(host),
    failedSteps: derived(
      facts.notes.map((note) => note.step),
      ...facts.notes.slice(0, 10).map((note) => ({ source: `collector step ${note.step}`, text: note.error })),
    ),
    ingressInterfaces: combine([host.ingress], (list: readonly Adapter[]) => list.map((adapter) => adapter.name)),
    hardwareAddresses: combine([host.ingress], (list: readonly Adapter[]) =>
      list.flatMap((adapter) => (adapter.interface.macAddress ?? '').replaceAll('-', ':').toLowerCase() || []),
    ),
  };
}

function notStored(
  host: WindowsHost,
  name: 'weakHostSend' | 'weakHostReceive',
  adapters: readonly Adapter[],
): Derived<readonly string[]> {
  return chain(host.ntVersion, (version) => {
    if (version < 6)
      return { notapplicable: 'Windows 2003 always uses the weak host model for IPv4; there is no switch' };
    const lacking = adapters.map((adapter) =>
      combine(
        [all(vipFamilies(host.backend).map((family) => persistentSetting(host, adapter, family, name)))],
        (values: readonly string[]) => (values.every((value) => value === 'enabled') ? [] : [adapter.name]),
      ),
    );
    return combine([all(lacking)], (lists: readonly (readonly string[])[]) => lists.flat());
  });
}

function holdersOfVips(host: WindowsHost): Derived<readonly Adapter[]> {
  if ('missing' in host.adapters) return host.adapters;
  if ('missing' in host.facts.addresses) return host.facts.addresses;
  const vips = host.backend.bindings.flatMap(({ vip }) => parseIp(vip) ?? []);
  const rows = host.facts.addresses.value.filter((row) => vips.some((vip) => isAddress(row, vip)));
  const holders = host.adapters.value.filter((adapter) => rows.some((row) => belongsTo(row, adapter)));
  return combine(
    [all(holders.map((adapter) => combine([adapter.kind], (kind: string) => (kind === 'other' ? [] : [adapter]))))],
    (lists: readonly (readonly Adapter[])[]) => lists.flat(),
  );
}

function routing(host: WindowsHost): Derived<boolean> {
  const { tcpipParameters, ipInterfaces } = host.facts;
  if ('missing' in tcpipParameters) return tcpipParameters;
  if (tcpipParameters.value.ipEnableRouter === true)
    return derived(true, { source: String.raw`Tcpip\Parameters`, text: 'IPEnableRouter 1' });
  return chain(host.ingress, (ingress) => {
    if ('missing' in ipInterfaces) return ipInterfaces;
    const forwarding = ipInterfaces.value.filter(
      (row) => row.forwarding === true && ingress.some((adapter) => belongsTo(row, adapter)),
    );
    return derived(forwarding.length > 0, {
      source: 'forwarding',
      text: forwarding.map((row) => row.interfaceAlias ?? '?').join(', ') || 'on no ingress interface',
    });
  });
}

function networkLoadBalancing(host: WindowsHost): Derived<boolean> {
  const { services } = host.facts;
  if ('missing' in services) return services;
  const service = services.value.find(({ name }) => name.toLowerCase() === 'wlbs');
  return derived(service?.state === 'running', { source: 'service WLBS', text: service?.state ?? 'absent' });
}
