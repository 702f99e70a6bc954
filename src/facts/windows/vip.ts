import type { WindowsAddress } from '../../contracts/snapshot.ts';
import { all, chain, combine, derived } from '../derived.ts';
import { type Ip, parseIp } from '../ip.ts';
import type { Derived, DerivedFacts, FactDefinitions } from '../subject.ts';
import { type Adapter, type AdapterKind, belongsTo, isUp } from './adapter.ts';
import { activeSetting, addressesOf, ipInterfaceOf, isAddress, type WindowsHost } from './windows-host.ts';

const strings = { type: 'array', items: { type: 'string' } };
const setting = { enum: ['enabled', 'disabled'] };

/** The facts of one VIP on one Windows host. "The holder" is every loopback adapter or pseudo-interface that holds the VIP. */
export const windowsVipFacts = new Map([
  ['family', { schema: { enum: [4, 6] }, meaning: 'IP version of the VIP.' }],
  [
    'ntVersion',
    {
      schema: { type: 'number' },
      meaning: '5.2 for 2003, 6.0 for 2008, 6.1 for 2008 R2, 6.2 for 2012, 6.3 for 2012 R2, 10 later.',
    },
  ],
  ['present', { schema: { type: 'boolean' }, meaning: 'Some interface of the host holds the VIP.' }],
  ['holders', { schema: strings, meaning: 'Names of the loopback adapters and pseudo-interfaces that hold the VIP.' }],
  ['holder', { schema: { type: 'string' }, meaning: 'Name of the first of them.' }],
  [
    'holderKinds',
    { schema: { type: 'array', items: { enum: ['loopback-adapter', 'pseudo-interface'] } }, meaning: 'What they are.' },
  ],
  [
    'wiredHolders',
    { schema: strings, meaning: 'Names of the interfaces with a wire that hold the VIP: they answer ARP for it.' },
  ],
  [
    'prefixLengths',
    {
      schema: { type: 'array', items: { type: 'integer' } },
      meaning: 'Prefix lengths of the VIP on its holders, in bits.',
    },
  ],
  [
    'addressStates',
    {
      schema: { type: 'array', items: { type: 'string' } },
      meaning: 'State of the VIP on its holders: preferred, tentative, duplicate, deprecated or invalid.',
    },
  ],
  ['holderUp', { schema: { type: 'boolean' }, meaning: 'Every holder is up, and not disabled in Device Manager.' }],
  [
    'gateways',
    { schema: strings, meaning: 'Default gateways on the holders, and next hops of default routes through them.' },
  ],
  [
    'strayRoutes',
    {
      schema: strings,
      meaning: 'Routes through the loopback adapter beside the VIPs themselves, multicast and broadcast.',
    },
  ],
  ['dhcp', { schema: setting, meaning: 'DHCP on the loopback adapter.' }],
  [
    'linkLocalAddresses',
    { schema: strings, meaning: '169.254.0.0/16 addresses on the holders (automatic private addressing).' },
  ],
  [
    'metric',
    { schema: { type: 'integer' }, meaning: 'Interface metric of the loopback adapter; on 2003 from the registry.' },
  ],
  ['automaticMetric', { schema: setting, meaning: 'Automatic metric of the loopback adapter.' }],
  [
    'metricAboveIngress',
    {
      schema: { type: 'boolean' },
      meaning: 'The metric of the loopback adapter is greater than that of every ingress interface.',
    },
  ],
  ['weakHostSend', { schema: setting, meaning: 'Weak host send on every holder, for the family of the VIP.' }],
  ['weakHostReceive', { schema: setting, meaning: 'Weak host receive on every holder, for the family of the VIP.' }],
  [
    'registersInDns',
    {
      schema: { type: 'boolean' },
      meaning: 'The loopback adapter registers its addresses in DNS under the host name.',
    },
  ],
  [
    'domainMember',
    { schema: { type: 'boolean' }, meaning: 'The host is a member of a domain or a domain controller.' },
  ],
  [
    'skipAsSource',
    { schema: { type: 'boolean' }, meaning: 'The VIP is never chosen as a source address (2012 and later tell).' },
  ],
  [
    'netbios',
    { schema: { enum: ['default', 'enabled', 'disabled'] }, meaning: 'NetBIOS over TCP/IP on the loopback adapter.' },
  ],
  [
    'boundClients',
    {
      schema: strings,
      meaning: 'Client for Microsoft Networks and File Sharing, where bound to the loopback adapter.',
    },
  ],
  [
    'boundDiscovery',
    {
      schema: strings,
      meaning: 'QoS scheduler and link-layer topology discovery, where bound to the loopback adapter.',
    },
  ],
  [
    'networkCategory',
    {
      schema: { enum: ['public', 'private', 'domain', 'unidentified'] },
      meaning: 'Network category of the holder; unidentified where Windows names none.',
    },
  ],
  [
    'storedForReboot',
    {
      schema: { type: 'boolean' },
      meaning: 'The VIP stands in the configuration that Windows applies when it starts.',
    },
  ],
  ['hijackRisk', { schema: { type: 'boolean' }, meaning: 'The host would answer an ARP request for the VIP.' }],
] as const) satisfies FactDefinitions;

type Name = typeof windowsVipFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

interface Held {
  readonly adapter: Adapter;
  readonly kind: AdapterKind;
  readonly address: WindowsAddress;
}

/** The facts of one VIP. */
export function windowsVip(host: WindowsHost, vip: string): DerivedFacts<Name> {
  const { facts } = host;
  const ip = parseIp(vip);
  if (ip === undefined) throw new Error(`not an address: ${vip}`);
  const held = heldOf(host, ip);
  const loopback = combine([held], (list: readonly Held[]) => list.filter(({ kind }) => kind !== 'other'));
  const holders: Derived<readonly Held[]> = chain(loopback, (list) =>
    list.length === 0 ? { notapplicable: 'no loopback adapter holds the VIP' } : derived(list),
  );
  const loopbackAdapter: Derived<Adapter> = chain(holders, (list) => {
    const found = list.find(({ kind }) => kind === 'loopback-adapter');
    return found === undefined
      ? { notapplicable: 'the VIP is on the loopback pseudo-interface, which has no such setting' }
      : derived(found.adapter);
  });
  const wired = combine([held], (list: readonly Held[]) => list.filter(({ kind }) => kind === 'other'));
  const names = (list: readonly Held[]): readonly string[] => [...new Set(list.map(({ adapter }) => adapter.name))];
  const onEvery = (name: 'weakHostSend' | 'weakHostReceive'): Derived<'enabled' | 'disabled'> =>
    chain(holders, (list) =>
      combine(
        [all(list.map(({ adapter }) => activeSetting(host, adapter, ip.family, name)))],
        (values: readonly string[]) => (values.every((value) => value === 'enabled') ? 'enabled' : 'disabled'),
      ),
    );
  const weakHost = (name: 'weakHostSend' | 'weakHostReceive'): Derived<'enabled' | 'disabled'> =>
    chain(host.ntVersion, (version) =>
      version < 6 && ip.family === 4
        ? { notapplicable: 'Windows 2003 always uses the weak host model for IPv4; there is no switch' }
        : onEvery(name),
    );

  return {
    family: derived(ip.family),
    ntVersion: host.ntVersion,
    present: combine([held], (list: readonly Held[]) => list.length > 0),
    holders: combine([loopback], names),
    holder: combine([holders], (list: readonly Held[]) => list[0]?.adapter.name ?? ''),
    holderKinds: combine([holders], (list: readonly Held[]) => list.map(({ kind }) => kind)),
    wiredHolders: combine([wired], names),
    prefixLengths: chain(holders, (list) =>
      all(
        list.map(({ adapter, address }) =>
          address.prefixLength === null
            ? { missing: `the mask of the VIP on ${adapter.name} was not reported` }
            : derived(address.prefixLength, {
                source: `adapter ${adapter.name}`,
                text: `${address.ip}/${address.prefixLength}`,
              }),
        ),
      ),
    ),
    addressStates: chain(holders, (list) =>
      all(
        list.map(({ adapter, address }) =>
          address.state === null
            ? { missing: `the state of the VIP on ${adapter.name} was not reported` }
            : derived(address.state, { source: `adapter ${adapter.name}`, text: `${address.ip} ${address.state}` }),
        ),
      ),
    ),
    holderUp: chain(holders, (list) =>
      combine([all(list.map(({ adapter }) => enabledAndUp(adapter)))], (values: readonly boolean[]) =>
        values.every(Boolean),
      ),
    ),
    gateways: chain(holders, (list) =>
      gatewaysOn(
        host,
        list.map(({ adapter }) => adapter),
        ip.family,
      ),
    ),
    strayRoutes: chain(loopbackAdapter, (adapter) => strayRoutes(host, adapter)),
    dhcp: chain(loopbackAdapter, (adapter) => activeSetting(host, adapter, ip.family, 'dhcp')),
    linkLocalAddresses: combine([holders], (list: readonly Held[]) =>
      list
        .flatMap(({ adapter }) => addressesOf(facts, adapter).map((row) => row.ip))
        .filter((text) => text.startsWith('169.254.')),
    ),
    metric: chain(loopbackAdapter, (adapter) => metricOf(host, adapter, ip.family)),
    automaticMetric: chain(loopbackAdapter, (adapter) => automaticMetricOf(host, adapter, ip.family)),
    metricAboveIngress: chain(loopbackAdapter, (adapter) =>
      chain(host.ingress, (ingress) =>
        combine(
          [metricOf(host, adapter, ip.family), all(ingress.map((other) => metricOf(host, other, ip.family)))],
          (own: number, others: readonly number[]) => others.every((other) => own > other),
        ),
      ),
    ),
    weakHostSend: weakHost('weakHostSend'),
    weakHostReceive: weakHost('weakHostReceive'),
    registersInDns: chain(loopbackAdapter, (adapter) => registersInDns(host, adapter)),
    domainMember:
      'missing' in facts.domain
        ? facts.domain
        : derived(facts.domain.value.joined, {
            source: 'Win32_ComputerSystem',
            text: `joined ${facts.domain.value.joined}`,
          }),
    skipAsSource: chain(holders, (list) =>
      chain(host.ntVersion, (version) => {
        if (version < 6.2)
          return { notapplicable: 'this version of Windows does not tell whether an address is skipped as source' };
        const parts = list.map(({ adapter, address }): Derived<boolean> =>
          address.skipAsSource === null
            ? { missing: `SkipAsSource of the VIP on ${adapter.name} was not reported` }
            : derived(address.skipAsSource, {
                source: `adapter ${adapter.name}`,
                text: `${address.ip} SkipAsSource ${address.skipAsSource}`,
              }),
        );
        return combine([all(parts)], (values: readonly boolean[]) => values.every(Boolean));
      }),
    ),
    netbios: chain(loopbackAdapter, (adapter) => {
      if ('missing' in facts.netbiosOptions) return facts.netbiosOptions;
      const row = facts.netbiosOptions.value.find((candidate) => belongsTo(candidate, adapter));
      return row === undefined
        ? { missing: `the NetBIOS option of ${adapter.name} was not reported` }
        : derived(row.option, { source: `adapter ${adapter.name}`, text: `NetBIOS over TCP/IP ${row.option}` });
    }),
    boundClients: chain(loopbackAdapter, (adapter) => boundOf(host, adapter, ['ms_msclient', 'ms_server'])),
    boundDiscovery: chain(loopbackAdapter, (adapter) =>
      chain(host.ntVersion, (version) =>
        version < 6.2
          ? { notapplicable: 'these bindings are not reported before Windows 2012' }
          : boundOf(host, adapter, ['ms_pacer', 'ms_lltdio', 'ms_rspndr']),
      ),
    ),
    networkCategory: chain(holders, (list) => categoryOf(host, list[0]?.adapter)),
    storedForReboot: chain(holders, (list) =>
      storedForReboot(
        host,
        list.map(({ adapter }) => adapter),
        ip,
      ),
    ),
    hijackRisk: chain(wired, (list) =>
      combine([all(list.map(({ adapter }) => isUp(adapter)))], (values: readonly boolean[]) => values.some(Boolean)),
    ),
  };
}

function heldOf(host: WindowsHost, ip: Ip): Derived<readonly Held[]> {
  const { adapters, facts } = host;
  if ('missing' in adapters) return adapters;
  if ('missing' in facts.addresses) return facts.addresses;
  const rows = facts.addresses.value.filter((row) => isAddress(row, ip));
  if (rows.length === 0) return derived([], { source: 'addresses', text: `no interface holds ${ip.text}` });
  return all(
    rows.map((address): Derived<Held> => {
      const adapter = adapters.value.find((candidate) => belongsTo(address, candidate));
      if (adapter === undefined)
        return { missing: `the interface that holds ${ip.text} is not among the adapters that were reported` };
      return chain(adapter.kind, (kind) =>
        derived(
          { adapter, kind, address },
          { source: `adapter ${adapter.name}`, text: `${address.ip}/${address.prefixLength ?? '?'}, ${kind}` },
        ),
      );
    }),
  );
}

function enabledAndUp(adapter: Adapter): Derived<boolean> {
  // CONFIGFLAG_DISABLED of regstr.h.
  if (((adapter.interface.configFlags ?? 0) & 1) === 1)
    return derived(false, { source: `adapter ${adapter.name}`, text: 'disabled in Device Manager' });
  return isUp(adapter);
}

function gatewaysOn(host: WindowsHost, adapters: readonly Adapter[], family: 4 | 6): Derived<readonly string[]> {
  const { gateways, routes } = host.facts;
  if ('missing' in gateways) return gateways;
  if ('missing' in routes) return routes;
  const here = (row: Parameters<typeof belongsTo>[0]): boolean => adapters.some((adapter) => belongsTo(row, adapter));
  const hops = [
    ...gateways.value.filter((row) => here(row) && row.ip.includes(':') === (family === 6)).map((row) => row.ip),
    ...routes.value
      .filter((row) => here(row) && row.family === family && /^(0\.0\.0\.0|::)\/0$/.test(row.destination))
      .map((row) => row.nextHop ?? 'on-link'),
  ];
  const names = adapters.map((adapter) => adapter.name).join(', ');
  return derived([...new Set(hops)], {
    source: `gateways and default routes of ${names}`,
    text: hops.join(', ') || 'none',
  });
}

function strayRoutes(host: WindowsHost, adapter: Adapter): Derived<readonly string[]> {
  const { routes } = host.facts;
  if ('missing' in routes) return routes;
  const expected = new Set([
    ...host.backend.bindings.map(({ vip }) => `${vip}/${vip.includes(':') ? 128 : 32}`),
    '169.254.0.0/16', // of automatic addressing, which has a rule of its own
    '224.0.0.0/4',
    '255.255.255.255/32',
    '0.0.0.0/0',
    '::/0',
    'ff00::/8',
    'fe80::/64',
  ]);
  const own = addressesOf(host.facts, adapter).map(
    (row) => `${row.ip.replace(/%.*$/, '')}/${row.family === 4 ? 32 : 128}`,
  );
  const stray = routes.value
    .filter((row) => belongsTo(row, adapter) && !expected.has(row.destination) && !own.includes(row.destination))
    .map((row) => row.destination);
  return derived([...new Set(stray)], {
    source: `routes of ${adapter.name}`,
    text: stray.join(', ') || 'none beside its addresses',
  });
}

function metricOf(host: WindowsHost, adapter: Adapter, family: 4 | 6): Derived<number> {
  return chain(host.ntVersion, (version): Derived<number> => {
    if (version >= 6) {
      return chain(ipInterfaceOf(host.facts.ipInterfaces, adapter, family), (row) =>
        row.metric === null
          ? { missing: `the metric of ${adapter.name} was not reported` }
          : derived(row.metric, { source: `IPv${family} interface ${adapter.name}`, text: `metric ${row.metric}` }),
      );
    }
    return chain(registryMetric(host, adapter), (metric) =>
      metric === 0
        ? { unknown: `the metric of ${adapter.name} is automatic; its value is not reported on Windows 2003` }
        : derived(metric),
    );
  });
}

function automaticMetricOf(host: WindowsHost, adapter: Adapter, family: 4 | 6): Derived<'enabled' | 'disabled'> {
  return chain(host.ntVersion, (version): Derived<'enabled' | 'disabled'> =>
    version >= 6
      ? activeSetting(host, adapter, family, 'automaticMetric')
      : combine([registryMetric(host, adapter)], (metric: number) => (metric === 0 ? 'enabled' : 'disabled')),
  );
}

// Microsoft KB 894564: InterfaceMetric below Tcpip\Parameters\Interfaces; absent or 0 is automatic.
function registryMetric(host: WindowsHost, adapter: Adapter): Derived<number> {
  const rows = host.facts.registryInterfaces;
  if ('missing' in rows) return rows;
  const row = rows.value.find((candidate) => candidate.guid === adapter.interface.guid);
  if (row === undefined) return { missing: `the registry has no TCP/IP configuration of ${adapter.name}` };
  return derived(row.metric ?? 0, {
    source: String.raw`Tcpip\Parameters\Interfaces`,
    text: `InterfaceMetric ${row.metric ?? 'absent'}`,
  });
}

function registersInDns(host: WindowsHost, adapter: Adapter): Derived<boolean> {
  const { dnsRegistrations } = host.facts;
  if ('missing' in dnsRegistrations) return dnsRegistrations;
  const rows = dnsRegistrations.value.filter((row) => belongsTo(row, adapter) && row.registers !== null);
  const [first] = rows;
  if (first === undefined) return { missing: `the DNS registration of ${adapter.name} was not reported` };
  if (rows.some((row) => row.registers !== first.registers))
    return { unknown: `two sources differ on the DNS registration of ${adapter.name}` };
  return derived(first.registers === true, {
    source: `adapter ${adapter.name}`,
    text: `registers in DNS ${String(first.registers)} (${first.source})`,
  });
}

function boundOf(host: WindowsHost, adapter: Adapter, components: readonly string[]): Derived<readonly string[]> {
  const { bindings } = host.facts;
  if ('missing' in bindings) return bindings;
  const rows = bindings.value.filter((row) => belongsTo(row, adapter) && components.includes(row.component));
  if (rows.length === 0) return { missing: `the bindings of ${adapter.name} were not reported` };
  const bound = rows.filter((row) => row.enabled).map((row) => row.component);
  return derived(bound, { source: `bindings of ${adapter.name}`, text: bound.join(', ') || 'none' });
}

/** The network category of an adapter; unidentified where Windows lists none for it. */
export function categoryOf(
  host: WindowsHost,
  adapter: Adapter | undefined,
): Derived<'public' | 'private' | 'domain' | 'unidentified'> {
  const { networkCategories } = host.facts;
  if ('missing' in networkCategories) return networkCategories;
  const row =
    adapter === undefined ? undefined : networkCategories.value.find((candidate) => belongsTo(candidate, adapter));
  return derived(row?.category ?? 'unidentified', {
    source: `network of ${adapter?.name ?? '?'}`,
    text: row?.category ?? 'not identified',
  });
}

function storedForReboot(host: WindowsHost, adapters: readonly Adapter[], ip: Ip): Derived<boolean> {
  const { persistentAddresses, registryInterfaces } = host.facts;
  const here = (row: Parameters<typeof belongsTo>[0]): boolean => adapters.some((adapter) => belongsTo(row, adapter));
  if ('value' in persistentAddresses && persistentAddresses.value.some((row) => here(row) && isAddress(row, ip))) {
    return derived(true, { source: 'persistent store', text: ip.text });
  }
  if ('value' in registryInterfaces) {
    const row = registryInterfaces.value.find(
      ({ guid, addresses }) =>
        adapters.some((adapter) => adapter.interface.guid === guid) &&
        addresses?.some((address) => isAddress(address, ip)),
    );
    if (row !== undefined)
      return derived(true, { source: String.raw`Tcpip\Parameters\Interfaces`, text: `IPAddress ${ip.text}` });
  }
  if ('missing' in persistentAddresses) return persistentAddresses;
  if ('missing' in registryInterfaces && ip.family === 4) return registryInterfaces;
  return derived(false, {
    source: 'persistent store and registry',
    text: `${ip.text} is stored on none of the holders`,
  });
}
