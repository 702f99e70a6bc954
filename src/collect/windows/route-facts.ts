import type { WindowsFacts, WindowsRoute } from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import { persistentStore } from './address-facts.ts';
import type { CollectorDocument, Row } from './document.ts';
import { canonicalIp, canonicalPrefix, prefixLengthOfMask } from './identifier.ts';
import { type DumpedRoute, readDump } from './netsh-dump.ts';
import { missingStep } from './notes.ts';
import type { Owners } from './owner.ts';
import { isUnreadable, plain, readRows, type Unreadable } from './row.ts';
import { readInteger, readText } from './setting.ts';

/** Routes, in use and kept. */
export type RouteFacts = Pick<WindowsFacts, 'routes' | 'persistentRoutes'>;

/** Reads the routes from the document of the PowerShell collector. */
export function readRouteFacts(document: CollectorDocument, owners: Owners): RouteFacts {
  return { routes: readActive(document, owners), persistentRoutes: readPersistent(document, owners) };
}

function readActive(document: CollectorDocument, owners: Owners): WindowsFacts['routes'] {
  const { ipRoutes, ip4Routes } = document;
  if (ipRoutes !== undefined) {
    const active = ipRoutes.filter((row) => readInteger(plain(row, 'Store')) !== persistentStore);
    return factOf(readRows(active, (row) => readProvided(row, owners)));
  }
  if (ip4Routes !== undefined) return factOf(readRows(ip4Routes, (row) => readTableRow(row, owners)));
  return missingStep(document, 'ipRoutes', 'ip4Routes');
}

// `route add -p` writes to the registry on every version; the provider and netsh keep their own.
function readPersistent(document: CollectorDocument, owners: Owners): WindowsFacts['persistentRoutes'] {
  if (document.registryRoutes === undefined) return missingStep(document, 'registryRoutes');
  const registry = readRows(document.registryRoutes, (name) => readRegistryRoute(name, owners));
  if (isUnreadable(registry)) return missing(registry.unreadable);
  if (document.persistentIpRoutes !== undefined) {
    const provided = readRows(document.persistentIpRoutes, (row) => readProvided(row, owners));
    return isUnreadable(provided) ? missing(provided.unreadable) : known([...registry, ...provided]);
  }
  if (document.netshDump4 === undefined) return missingStep(document, 'persistentIpRoutes', 'netshDump4');
  const dumped: WindowsRoute[] = [];
  for (const lines of [document.netshDump4, document.netshDump6]) {
    const dump = lines === undefined ? undefined : readDump(lines);
    if (dump === undefined) continue;
    if (isUnreadable(dump)) return missing(dump.unreadable);
    for (const route of dump.routes) dumped.push(dumpedRoute(route, owners));
  }
  return known([...registry, ...dumped]);
}

/** A row of a dump: what netsh would add again. */
export function dumpedRoute({ alias, ...route }: DumpedRoute, owners: Owners): WindowsRoute {
  return { ...owners({ alias }), ...route, source: 'netsh-dump' };
}

function readProvided(row: Row, owners: Owners): WindowsRoute | Unreadable {
  const prefix = canonicalPrefix(readText(plain(row, 'DestinationPrefix'), 64) ?? '');
  if (prefix === null) return { unreadable: 'MSFT_NetRoute: a row without destination' };
  return {
    ...owners({ index: readInteger(plain(row, 'InterfaceIndex')), alias: readText(plain(row, 'InterfaceAlias'), 256) }),
    family: prefix.family,
    destination: prefix.prefix,
    nextHop: nextHopOf(readText(plain(row, 'NextHop'), 64)),
    metric: readInteger(plain(row, 'RouteMetric')),
    source: 'cim',
  };
}

function readTableRow(row: Row, owners: Owners): WindowsRoute | Unreadable {
  const length = prefixLengthOfMask(readText(plain(row, 'Mask'), 64) ?? '');
  const prefix = canonicalPrefix(`${readText(plain(row, 'Destination'), 64) ?? ''}/${length ?? ''}`);
  if (prefix === null) return { unreadable: 'Win32_IP4RouteTable: a row without destination or mask' };
  return {
    ...owners({ index: readInteger(plain(row, 'InterfaceIndex')) }),
    family: 4,
    destination: prefix.prefix,
    nextHop: nextHopOf(readText(plain(row, 'NextHop'), 64)),
    metric: readInteger(plain(row, 'Metric1')),
    source: 'wmi',
  };
}

// The name of the value is `destination,mask,gateway,metric`.
function readRegistryRoute(name: string, owners: Owners): WindowsRoute | Unreadable {
  const [destination = '', mask = '', gateway = '', metric] = name.split(',');
  const prefix = canonicalPrefix(`${destination}/${prefixLengthOfMask(mask) ?? ''}`);
  if (prefix === null) return { unreadable: 'PersistentRoutes: a value that is no route' };
  return {
    ...owners({}),
    family: 4,
    destination: prefix.prefix,
    nextHop: nextHopOf(gateway),
    metric: readInteger(metric),
    source: 'registry',
  };
}

function nextHopOf(text: string | null): string | null {
  const address = canonicalIp(text ?? '');
  return address === null || address.ip === '0.0.0.0' || address.ip === '::' ? null : address.ip;
}

function factOf(rows: readonly WindowsRoute[] | Unreadable): WindowsFacts['routes'] {
  return isUnreadable(rows) ? missing(rows.unreadable) : known(rows);
}
