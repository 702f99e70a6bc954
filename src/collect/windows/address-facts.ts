import type { WindowsAddress, WindowsFacts } from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import type { CollectorDocument, DotnetInterface, Row } from './document.ts';
import { canonicalIp, prefixLengthOfMask } from './identifier.ts';
import { indexOf } from './interface-facts.ts';
import { type DumpedAddress, readDump } from './netsh-dump.ts';
import { missingStep } from './notes.ts';
import type { Owners } from './owner.ts';
import { isUnreadable, plain, readRows, type Unreadable } from './row.ts';
import { readBoolean, readEnumeration, readInteger, readText } from './setting.ts';

// NL_DAD_STATE, the same in MSFT_NetIPAddress.AddressState and in .NET.
const states = new Map([
  [0, 'invalid'],
  [1, 'tentative'],
  [2, 'duplicate'],
  [3, 'deprecated'],
  [4, 'preferred'],
] as const);
// NL_PREFIX_ORIGIN, the same in MSFT_NetIPAddress.PrefixOrigin and in .NET.
const origins = new Map([
  [0, 'other'],
  [1, 'manual'],
  [2, 'well-known'],
  [3, 'dhcp'],
  [4, 'router-advertisement'],
] as const);
/** MSFT_NetIP*.Store: 0 persistent, 1 active. */
export const persistentStore = 0;

/** Addresses and gateways, in use and kept. */
export type AddressFacts = Pick<WindowsFacts, 'addresses' | 'persistentAddresses' | 'gateways'>;

/** Reads addresses and gateways from the document of the PowerShell collector. */
export function readAddressFacts(document: CollectorDocument, owners: Owners): AddressFacts {
  return {
    addresses: readActive(document, owners),
    persistentAddresses: readPersistent(document, owners),
    gateways:
      document.interfaces === undefined
        ? missingStep(document, 'interfaces')
        : known(
            document.interfaces.flatMap((entry) =>
              entry.gateways.flatMap((text) => {
                const address = canonicalIp(text);
                return address === null ? [] : [{ ...owners(hintOf(entry)), ip: address.ip }];
              }),
            ),
          ),
  };
}

// .NET works on every version; the provider of 2012 and later adds what .NET does not tell.
function readActive(document: CollectorDocument, owners: Owners): WindowsFacts['addresses'] {
  const rows = document.ipAddresses?.filter((row) => storeOf(row) !== persistentStore);
  const provided = rows === undefined ? undefined : readRows(rows, (row) => readProvided(row, owners));
  if (provided !== undefined && isUnreadable(provided)) return missing(provided.unreadable);
  if (document.interfaces === undefined) {
    return provided === undefined ? missingStep(document, 'interfaces', 'ipAddresses') : known(provided);
  }
  const listed = readRows(
    document.interfaces.flatMap((entry) => entry.addresses.map((address) => ({ entry, address }))),
    ({ entry, address }) => readListed(entry, address, owners),
  );
  if (isUnreadable(listed)) return missing(listed.unreadable);
  const extra = new Map((provided ?? []).map((row) => [keyOf(row), row]));
  const merged: WindowsAddress[] = [];
  for (const row of listed) {
    const other = extra.get(keyOf(row));
    extra.delete(keyOf(row));
    merged.push(
      other === undefined
        ? row
        : { ...row, prefixLength: other.prefixLength ?? row.prefixLength, skipAsSource: other.skipAsSource },
    );
  }
  return known([...merged, ...extra.values()]);
}

function readPersistent(document: CollectorDocument, owners: Owners): WindowsFacts['persistentAddresses'] {
  if (document.persistentIpAddresses !== undefined) {
    const kept = (document.ipAddresses ?? []).filter((row) => storeOf(row) === persistentStore);
    const rows = readRows([...document.persistentIpAddresses, ...kept], (row) => readKept(row, owners));
    if (isUnreadable(rows)) return missing(rows.unreadable);
    return known([...new Map(rows.map((row) => [keyOf(row), row])).values()]);
  }
  if (document.netshDump4 === undefined) return missingStep(document, 'persistentIpAddresses', 'netshDump4');
  const rows: WindowsAddress[] = [];
  for (const lines of [document.netshDump4, document.netshDump6]) {
    const dump = lines === undefined ? undefined : readDump(lines);
    if (dump === undefined) continue;
    if (isUnreadable(dump)) return missing(dump.unreadable);
    for (const address of dump.addresses) rows.push(dumpedAddress(address, owners));
  }
  return known(rows);
}

/** A row of a dump: what netsh would add again. */
export function dumpedAddress({ alias, ...address }: DumpedAddress, owners: Owners): WindowsAddress {
  return { ...owners({ alias }), ...address, state: null, origin: 'manual', source: 'netsh-dump' };
}

// Duplicate address detection happens to addresses in use only.
function readKept(row: Row, owners: Owners): WindowsAddress | Unreadable {
  const address = readProvided(row, owners);
  return isUnreadable(address) ? address : { ...address, state: null };
}

function readProvided(row: Row, owners: Owners): WindowsAddress | Unreadable {
  const address = canonicalIp(readText(plain(row, 'IPAddress'), 64) ?? '');
  if (address === null) return { unreadable: 'MSFT_NetIPAddress: a row without address' };
  return {
    ...owners({ index: readInteger(plain(row, 'InterfaceIndex')), alias: readText(plain(row, 'InterfaceAlias'), 256) }),
    ...address,
    prefixLength: lengthOf(readInteger(plain(row, 'PrefixLength')), address.family),
    state: readEnumeration(plain(row, 'AddressState'), states),
    skipAsSource: readBoolean(plain(row, 'SkipAsSource')),
    origin: readEnumeration(plain(row, 'PrefixOrigin'), origins),
    source: 'cim',
  };
}

function readListed(
  entry: DotnetInterface,
  row: DotnetInterface['addresses'][number],
  owners: Owners,
): WindowsAddress | Unreadable {
  const address = canonicalIp(row.address);
  if (address === null) return { unreadable: '.NET named an address that is none' };
  // Before .NET 4.5 there is no PrefixLength; IPv6 has no mask.
  const ofMask = address.family === 4 && row.mask !== null ? prefixLengthOfMask(row.mask) : null;
  return {
    ...owners(hintOf(entry)),
    ...address,
    prefixLength: ofMask ?? lengthOf(row.prefixLength, address.family),
    state: readEnumeration(row.state, states),
    skipAsSource: null,
    origin: readEnumeration(row.prefixOrigin, origins),
    source: 'dotnet',
  };
}

function hintOf(entry: DotnetInterface): { guid: string; index: number | null; alias: string } {
  return { guid: entry.id, index: indexOf(entry), alias: entry.name };
}

function storeOf(row: Row): number | null {
  return readInteger(plain(row, 'Store'));
}

function keyOf({ interfaceGuid, interfaceIndex, ip }: WindowsAddress): string {
  return `${interfaceGuid ?? interfaceIndex} ${ip}`;
}

function lengthOf(value: number | null, family: 4 | 6): number | null {
  return value !== null && value >= 0 && value <= (family === 4 ? 32 : 128) ? value : null;
}
