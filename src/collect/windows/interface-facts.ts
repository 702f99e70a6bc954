import type { WindowsFacts, WindowsInterface } from '../../contracts/snapshot.ts';
import { known } from '../../facts/fact.ts';
import type { CollectorDocument, DotnetInterface, Row } from './document.ts';
import { canonicalGuid, canonicalMac } from './identifier.ts';
import { missingStep } from './notes.ts';
import { joinOwners, type Owners } from './owner.ts';
import { plain, texts } from './row.ts';
import { readBoolean, readEnumeration, readInteger, readText } from './setting.ts';

// System.Net.NetworkInformation.OperationalStatus, which is RFC 2863 ifOperStatus.
const operationalStates = new Map([
  [1, 'up'],
  [2, 'down'],
  [3, 'testing'],
  [4, 'unknown'],
  [5, 'dormant'],
  [6, 'not-present'],
  [7, 'lower-layer-down'],
] as const);
// MSFT_NetAdapter.InterfaceAdminStatus, which is RFC 2863 ifAdminStatus.
const adminStates = new Map([
  [1, 'up'],
  [2, 'down'],
  [3, 'testing'],
] as const);

/** How to complete an interface that a source names by index, alias or GUID. */
export function ownersOf(document: CollectorDocument): Owners {
  return joinOwners([
    ...(document.interfaces ?? []).map((entry) => ({ guid: entry.id, index: indexOf(entry), alias: entry.name })),
    ...(document.netAdapters ?? []).map((row) => ({
      guid: readText(plain(row, 'InterfaceGuid'), 64),
      index: readInteger(plain(row, 'InterfaceIndex')),
      alias: readText(plain(row, 'Name'), 256),
    })),
    ...(document.connections ?? []).map((row) => ({
      guid: readText(plain(row, 'guid'), 64),
      alias: readText(plain(row, 'Name'), 256),
    })),
  ]);
}

/** Every adapter that .NET lists, then those that only the registry knows. */
export function readInterfaces(document: CollectorDocument): WindowsFacts['interfaces'] {
  if (document.interfaces === undefined) return missingStep(document, 'interfaces');
  const connections = byGuid(document.connections, 'guid');
  const devices = byGuid(document.devices, 'guid');
  const drivers = byGuid(document.drivers, 'NetCfgInstanceId');
  const adapters = byGuid(document.netAdapters, 'InterfaceGuid');
  const identity = (guid: string | null): Identity => {
    const connection = find(connections, guid);
    const device = find(devices, guid);
    const driver = find(drivers, guid);
    const adapter = find(adapters, guid);
    const connected = readInteger(plain(adapter, 'MediaConnectState'));
    return {
      adminStatus: readEnumeration(plain(adapter, 'InterfaceAdminStatus'), adminStates),
      // NET_IF_MEDIA_CONNECT_STATE: 0 unknown, 1 connected, 2 disconnected.
      mediaConnected: connected === 1 ? true : connected === 2 ? false : null,
      hardwareIds:
        texts(device, 'HardwareID')
          ?.slice(0, 32)
          .map((id) => id.slice(0, 256)) ?? null,
      componentId: readText(plain(driver, 'ComponentId') ?? plain(adapter, 'ComponentID'), 256),
      matchingDeviceId: readText(plain(driver, 'MatchingDeviceId'), 256),
      pnpInstanceId: readText(plain(connection, 'PnpInstanceID') ?? plain(adapter, 'PnPDeviceID'), 256),
      service: readText(plain(device, 'Service'), 64),
      configFlags: readInteger(plain(device, 'ConfigFlags')),
      hidden: readBoolean(plain(adapter, 'Hidden')),
    };
  };
  const present = document.interfaces.map((entry): WindowsInterface => {
    const guid = canonicalGuid(entry.id);
    return {
      guid,
      index: indexOf(entry),
      alias: entry.name.slice(0, 256),
      description: entry.description.slice(0, 256),
      type: entry.type,
      operationalStatus: readEnumeration(entry.status, operationalStates),
      macAddress: canonicalMac(entry.mac),
      ...identity(guid),
      present: true,
    };
  });
  const seen = new Set(present.map(({ guid }) => guid));
  const absent = [...connections].flatMap(([guid, row]): WindowsInterface[] =>
    seen.has(guid)
      ? []
      : [
          {
            guid,
            index: null,
            alias: readText(plain(row, 'Name'), 256),
            description: readText(plain(drivers.get(guid), 'DriverDesc'), 256),
            type: null,
            operationalStatus: null,
            macAddress: null,
            ...identity(guid),
            present: false,
          },
        ],
  );
  return known([...present, ...absent]);
}

/** The ifIndex that .NET names: that of IPv4, where the interface has IPv4. */
export function indexOf(entry: DotnetInterface): number | null {
  return entry.index4 ?? entry.index6;
}

type Identity = Omit<
  WindowsInterface,
  'guid' | 'index' | 'alias' | 'description' | 'type' | 'operationalStatus' | 'macAddress' | 'present'
>;

function byGuid(rows: readonly Row[] | undefined, name: string): ReadonlyMap<string, Row> {
  return new Map(
    (rows ?? []).flatMap((row) => {
      const guid = canonicalGuid(readText(plain(row, name), 64));
      return guid === null ? [] : [[guid, row] as const];
    }),
  );
}

function find(rows: ReadonlyMap<string, Row>, guid: string | null): Row | undefined {
  return guid === null ? undefined : rows.get(guid);
}
