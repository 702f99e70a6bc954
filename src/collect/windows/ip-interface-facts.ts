import type { IpInterface, WindowsFacts } from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import { persistentStore } from './address-facts.ts';
import type { CollectorDocument, Row } from './document.ts';
import { indexOf } from './interface-facts.ts';
import { type DumpedInterface, readDump } from './netsh-dump.ts';
import { readVerboseInterfaces, type VerboseInterface } from './netsh-verbose.ts';
import { missingStep } from './notes.ts';
import type { Owners } from './owner.ts';
import { isUnreadable, plain, readRows, type Unreadable } from './row.ts';
import { readBoolean, readInteger, readSetting, readText } from './setting.ts';

/** IP settings by interface and family, in use and kept. */
export type IpInterfaceFacts = Pick<WindowsFacts, 'ipInterfaces' | 'persistentIpInterfaces'>;

/** Reads the IP settings from the document of the PowerShell collector; `major` is the NT version, null when unknown. */
export function readIpInterfaceFacts(
  document: CollectorDocument,
  major: number | null,
  owners: Owners,
): IpInterfaceFacts {
  return {
    ipInterfaces: major !== null && major < 6 ? readBefore2008(document, owners) : readActive(document, owners),
    persistentIpInterfaces: readPersistent(document, major, owners),
  };
}

function readActive(document: CollectorDocument, owners: Owners): WindowsFacts['ipInterfaces'] {
  if (document.ipInterfaces === undefined) {
    return (
      readNetsh(document, ['netshActive4', 'netshActive6'], owners) ??
      missingStep(document, 'ipInterfaces', 'netshActive4')
    );
  }
  const rows = document.ipInterfaces.filter((row) => readInteger(plain(row, 'Store')) !== persistentStore);
  return factOf(readRows(rows, (row) => readProvided(row, owners)));
}

function readPersistent(
  document: CollectorDocument,
  major: number | null,
  owners: Owners,
): WindowsFacts['persistentIpInterfaces'] {
  if (document.persistentIpInterfaces !== undefined) {
    const kept = (document.ipInterfaces ?? []).filter((row) => readInteger(plain(row, 'Store')) === persistentStore);
    const rows = readRows([...document.persistentIpInterfaces, ...kept], (row) => readProvided(row, owners));
    if (isUnreadable(rows)) return missing(rows.unreadable);
    return known([
      ...new Map(rows.map((row) => [`${row.interfaceGuid ?? row.interfaceAlias} ${row.family}`, row])).values(),
    ]);
  }
  if (major !== null && major < 6) return missing('Windows before NT 6.0 keeps these settings in the registry only');
  return (
    readNetsh(document, ['netshPersistent4', 'netshPersistent6'], owners) ??
    readDumps(document, owners) ??
    missingStep(document, 'persistentIpInterfaces', 'netshPersistent4', 'netshDump4')
  );
}

function readProvided(row: Row, owners: Owners): IpInterface | Unreadable {
  const family = readFamily(plain(row, 'AddressFamily'));
  const owner = owners({
    index: readInteger(plain(row, 'InterfaceIndex')),
    alias: readText(plain(row, 'InterfaceAlias'), 256),
  });
  if (family === null || (owner.interfaceIndex === null && owner.interfaceAlias === null)) {
    return { unreadable: 'MSFT_NetIPInterface: a row without interface or family' };
  }
  return {
    ...owner,
    family,
    weakHostSend: readSetting(plain(row, 'WeakHostSend')),
    weakHostReceive: readSetting(plain(row, 'WeakHostReceive')),
    metric: readInteger(plain(row, 'InterfaceMetric')),
    automaticMetric: readSetting(plain(row, 'AutomaticMetric')),
    dhcp: readSetting(plain(row, 'Dhcp')),
    forwarding: readSetting(plain(row, 'Forwarding')),
    connected: readBoolean(plain(row, 'ConnectionState')),
    source: 'cim',
  };
}

/** An address family as Windows numbers or names it (2 and 23 are AF_INET and AF_INET6); null for any other. */
export function readFamily(value: Row[string] | undefined): 4 | 6 | null {
  const word = String(value).toLowerCase();
  if (word === '2' || word === 'ipv4') return 4;
  return word === '23' || word === 'ipv6' ? 6 : null;
}

type NetshStep = 'netshActive4' | 'netshActive6' | 'netshPersistent4' | 'netshPersistent6';

// IPv6 may be unbound from every interface: then only the IPv4 step has to answer.
function readNetsh(
  document: CollectorDocument,
  [step4, step6]: readonly [NetshStep, NetshStep],
  owners: Owners,
): WindowsFacts['ipInterfaces'] | undefined {
  const lines = document[step4];
  if (lines === undefined) return undefined;
  const rows: IpInterface[] = [];
  for (const [family, text] of [[4, lines] as const, [6, document[step6]] as const]) {
    const interfaces = text === undefined ? [] : readVerboseInterfaces(text);
    if (isUnreadable(interfaces)) {
      if (family === 4) return missing(`${step4}: ${interfaces.unreadable}`);
      continue;
    }
    for (const entry of interfaces) {
      const listed = family === 4 ? document.interfaces?.find((other) => other.index4 === entry.index) : undefined;
      rows.push({ ...verboseInterface(entry, family, owners), dhcp: listed?.dhcp ?? null });
    }
  }
  return known(rows);
}

function readDumps(document: CollectorDocument, owners: Owners): WindowsFacts['persistentIpInterfaces'] | undefined {
  if (document.netshDump4 === undefined) return undefined;
  const rows: IpInterface[] = [];
  for (const [family, lines] of [[4, document.netshDump4] as const, [6, document.netshDump6] as const]) {
    const dump = lines === undefined ? undefined : readDump(lines);
    if (dump === undefined) continue;
    if (isUnreadable(dump)) return missing(dump.unreadable);
    for (const entry of dump.interfaces) rows.push(dumpedInterface(entry, family, owners));
  }
  return known(rows);
}

/** A row of `netsh interface ipv4 show interfaces level=verbose`. */
export function verboseInterface({ index, ...settings }: VerboseInterface, family: 4 | 6, owners: Owners): IpInterface {
  return { ...owners({ index }), family, ...settings, dhcp: null, source: 'netsh' };
}

/** A row of a dump: only the weak host switches say anything there. */
export function dumpedInterface({ alias, ...switches }: DumpedInterface, family: 4 | 6, owners: Owners): IpInterface {
  const untold = { metric: null, automaticMetric: null, dhcp: null, forwarding: null, connected: null };
  return { ...owners({ alias }), family, ...switches, ...untold, source: 'netsh-dump' };
}

// XP and 2003 have no weak host switches; the metric in use is known to WMI.
function readBefore2008(document: CollectorDocument, owners: Owners): WindowsFacts['ipInterfaces'] {
  if (document.adapterConfigurations === undefined) return missingStep(document, 'adapterConfigurations');
  const listed = new Map((document.interfaces ?? []).map((entry) => [entry.id.toUpperCase(), entry]));
  return known(
    document.adapterConfigurations.map((row): IpInterface => {
      const guid = readText(plain(row, 'SettingID'), 64);
      const entry = listed.get(guid?.toUpperCase() ?? '');
      return {
        ...owners({ guid, index: entry === undefined ? null : indexOf(entry) }),
        family: 4,
        weakHostSend: null,
        weakHostReceive: null,
        metric: readInteger(plain(row, 'IPConnectionMetric')),
        automaticMetric: null,
        dhcp: readSetting(plain(row, 'DHCPEnabled')),
        forwarding: entry?.forwarding ?? null,
        connected: null,
        source: 'wmi',
      };
    }),
  );
}

function factOf(rows: readonly IpInterface[] | Unreadable): WindowsFacts['ipInterfaces'] {
  return isUnreadable(rows) ? missing(rows.unreadable) : known(rows);
}
