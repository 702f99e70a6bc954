import type {
  AdapterBinding,
  DnsRegistration,
  NetbiosOption,
  NetworkCategory,
  RegistryInterface,
  WindowsFacts,
} from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import type { CollectorDocument, Row } from './document.ts';
import { canonicalGuid } from './identifier.ts';
import { indexOf } from './interface-facts.ts';
import { type Dump, readDump } from './netsh-dump.ts';
import { missingStep } from './notes.ts';
import type { Owners } from './owner.ts';
import { isUnreadable, plain, readRows, texts, type Unreadable } from './row.ts';
import { readBoolean, readEnumeration, readInteger, readText } from './setting.ts';

/** What is configured of a connection beside its addresses. */
export type ConnectionFacts = Pick<
  WindowsFacts,
  'registryInterfaces' | 'dnsRegistrations' | 'netbiosOptions' | 'bindings' | 'networkCategories'
>;

// Win32_NetworkAdapterConfiguration.TcpipNetbiosOptions and NetBT NetbiosOptions.
const netbiosOptions = new Map([
  [0, 'default'],
  [1, 'enabled'],
  [2, 'disabled'],
] as const);
// NLM_NETWORK_CATEGORY, the same in MSFT_NetConnectionProfile.
const categories = new Map([
  [0, 'public'],
  [1, 'private'],
  [2, 'domain'],
] as const);

/** Reads the settings of the connections from the document of the PowerShell collector. */
export function readConnectionFacts(document: CollectorDocument, owners: Owners): ConnectionFacts {
  return {
    registryInterfaces: readRegistry(document),
    dnsRegistrations: readDnsRegistrations(document, owners),
    netbiosOptions: readNetbios(document, owners),
    bindings: readBindings(document, owners),
    networkCategories: readCategories(document, owners),
  };
}

function readRegistry(document: CollectorDocument): WindowsFacts['registryInterfaces'] {
  if (document.registryInterfaces === undefined) return missingStep(document, 'registryInterfaces');
  const rows = readRows(document.registryInterfaces, (row): RegistryInterface | Unreadable => {
    const guid = canonicalGuid(readText(plain(row, 'guid'), 64));
    if (guid === null) return { unreadable: 'Tcpip\\Parameters\\Interfaces: a key that is no GUID' };
    const masks = texts(row, 'SubnetMask');
    const metrics = texts(row, 'DefaultGatewayMetric')?.map((text) => readInteger(text));
    return {
      guid,
      addresses:
        texts(row, 'IPAddress')
          ?.slice(0, 1000)
          .map((ip, position) => registryAddress(ip, masks?.[position])) ?? null,
      gateways:
        texts(row, 'DefaultGateway')
          ?.filter((text) => text !== '')
          .slice(0, 100)
          .map((text) => text.slice(0, 64)) ?? null,
      gatewayMetrics: metrics?.filter((metric) => metric !== null).slice(0, 100) ?? null,
      dhcp: readBoolean(plain(row, 'EnableDHCP')),
      metric: readInteger(plain(row, 'InterfaceMetric')),
      registrationEnabled: readBoolean(plain(row, 'RegistrationEnabled')),
      disableDynamicUpdate: readBoolean(plain(row, 'DisableDynamicUpdate')),
    };
  });
  return isUnreadable(rows) ? missing(rows.unreadable) : known(rows);
}

/** An address of the registry beside its mask, as written there. */
export function registryAddress(
  ip: string,
  mask: string | undefined,
): { readonly ip: string; readonly mask: string | null } {
  return { ip: ip.slice(0, 64), mask: mask === undefined || mask === '' ? null : mask.slice(0, 64) };
}

function readDnsRegistrations(document: CollectorDocument, owners: Owners): WindowsFacts['dnsRegistrations'] {
  if (document.dnsClients !== undefined) {
    return known(
      document.dnsClients.map((row): DnsRegistration => ({
        ...ownerOf(row, owners),
        registers: readBoolean(plain(row, 'RegisterThisConnectionsAddress')),
        source: 'cim',
      })),
    );
  }
  if (document.adapterConfigurations !== undefined) {
    return known(
      document.adapterConfigurations.map((row): DnsRegistration => ({
        ...owners({ guid: readText(plain(row, 'SettingID'), 64) }),
        registers: readBoolean(plain(row, 'FullDNSRegistrationEnabled')),
        source: 'wmi',
      })),
    );
  }
  if (document.interfaces !== undefined) {
    return known(
      document.interfaces.map((entry): DnsRegistration => ({
        ...owners({ guid: entry.id, index: indexOf(entry), alias: entry.name }),
        registers: entry.dynamicDns,
        source: 'dotnet',
      })),
    );
  }
  const dump = document.netshDump4 === undefined ? undefined : readDump(document.netshDump4);
  if (dump === undefined || isUnreadable(dump))
    return missingStep(document, 'dnsClients', 'adapterConfigurations', 'interfaces');
  return known(dumpedRegistrations(dump, owners));
}

/** What `register=` of a dump of 2003 says. */
export function dumpedRegistrations(dump: Dump, owners: Owners): readonly DnsRegistration[] {
  const rows: DnsRegistration[] = [];
  for (const [alias, registers] of dump.dnsRegistration) {
    rows.push({ ...owners({ alias }), registers, source: 'netsh-dump' });
  }
  return rows;
}

function readNetbios(document: CollectorDocument, owners: Owners): WindowsFacts['netbiosOptions'] {
  const read = (
    rows: readonly Row[],
    guid: string,
    option: string,
    source: NetbiosOption['source'],
  ): WindowsFacts['netbiosOptions'] => {
    const options = readRows(rows, (row): NetbiosOption | Unreadable => {
      const value = readEnumeration(plain(row, option) ?? 0, netbiosOptions);
      if (value === null) return { unreadable: `${option} holds a number that is not known` };
      return { ...owners({ guid: readText(plain(row, guid), 64) }), option: value, source };
    });
    return isUnreadable(options) ? missing(options.unreadable) : known(options);
  };
  // The registry holds every adapter, WMI those with IP in use; an absent value is the default.
  if (document.netbt !== undefined) return read(document.netbt, 'guid', 'NetbiosOptions', 'registry');
  if (document.adapterConfigurations !== undefined) {
    const told = document.adapterConfigurations.filter(
      (row) => readInteger(plain(row, 'TcpipNetbiosOptions')) !== null,
    );
    return read(told, 'SettingID', 'TcpipNetbiosOptions', 'wmi');
  }
  return missingStep(document, 'netbt', 'adapterConfigurations');
}

// The bindings of the provider name the adapter as {GUID}::component in InstanceID, and by its alias in Name.
function readBindings(document: CollectorDocument, owners: Owners): WindowsFacts['bindings'] {
  if (document.adapterBindings !== undefined) {
    const rows = readRows(document.adapterBindings, (row): AdapterBinding | Unreadable => {
      const component = readText(plain(row, 'ComponentID'), 64);
      const enabled = readBoolean(plain(row, 'Enabled'));
      if (component === null || enabled === null) {
        return { unreadable: 'MSFT_NetAdapterBindingSettingData: a row without component or state' };
      }
      const guid = /^\{[0-9a-f-]{36}\}/i.exec(readText(plain(row, 'InstanceID'), 256) ?? '')?.[0] ?? null;
      return { ...owners({ guid, alias: readText(plain(row, 'Name'), 256) }), component, enabled, source: 'cim' };
    });
    return isUnreadable(rows) ? missing(rows.unreadable) : known(rows);
  }
  if (document.linkage === undefined) return missingStep(document, 'adapterBindings', 'linkage');
  return known(document.linkage.flatMap((row) => readLinkage(row, owners)));
}

// LanmanServer is File and Printer Sharing, LanmanWorkstation the Client for Microsoft Networks.
function readLinkage(row: Row, owners: Owners): AdapterBinding[] {
  const component = readText(plain(row, 'service'), 64) === 'LanmanServer' ? 'ms_server' : 'ms_msclient';
  const guidsOf = (name: string): readonly string[] =>
    (texts(row, name) ?? []).flatMap((path) => canonicalGuid(/\{[0-9a-f-]{36}\}/i.exec(path)?.[0]) ?? []);
  const disabled = new Set(guidsOf('disabled'));
  const rows: AdapterBinding[] = [];
  for (const guid of new Set([...guidsOf('bind'), ...disabled])) {
    rows.push({ ...owners({ guid }), component, enabled: !disabled.has(guid), source: 'registry' });
  }
  return rows;
}

function readCategories(document: CollectorDocument, owners: Owners): WindowsFacts['networkCategories'] {
  const { connectionProfiles, networkList } = document;
  const rows =
    connectionProfiles !== undefined
      ? readRows(connectionProfiles, (row) => withCategory(ownerOf(row, owners), plain(row, 'NetworkCategory'), 'cim'))
      : networkList !== undefined
        ? readRows(networkList, (row) =>
            withCategory(owners({ guid: readText(plain(row, 'guid'), 64) }), plain(row, 'category'), 'com'),
          )
        : undefined;
  if (rows === undefined) return missingStep(document, 'connectionProfiles', 'networkList');
  return isUnreadable(rows) ? missing(rows.unreadable) : known(rows);
}

function withCategory(
  owner: ReturnType<Owners>,
  value: ReturnType<typeof plain>,
  source: NetworkCategory['source'],
): NetworkCategory | Unreadable {
  const category = readEnumeration(value, categories);
  return category === null ? { unreadable: 'a network category that is not known' } : { ...owner, category, source };
}

function ownerOf(row: Row, owners: Owners): ReturnType<Owners> {
  return owners({
    index: readInteger(plain(row, 'InterfaceIndex')),
    alias: readText(plain(row, 'InterfaceAlias'), 256),
  });
}
