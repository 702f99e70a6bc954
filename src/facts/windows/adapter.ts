import type { Evidence } from '../../contracts/report.ts';
import type { WindowsFacts, WindowsInterface } from '../../contracts/snapshot.ts';
import type { Derived } from '../subject.ts';

/**
 * What an adapter is for DSR: the Microsoft loopback driver (Loopback Adapter, KM-TEST since 2012), the built-in
 * loopback pseudo-interface, or anything else, which has a wire and answers ARP for the addresses that it holds.
 */
export type AdapterKind = 'loopback-adapter' | 'pseudo-interface' | 'other';

/** One adapter with its kind. */
export interface Adapter {
  readonly interface: WindowsInterface;
  /** The connection name, or the GUID where there is none. */
  readonly name: string;
  readonly kind: Derived<AdapterKind>;
}

/** A row of the snapshot that belongs to an interface. */
export interface InterfaceRow {
  readonly interfaceGuid: string | null;
  readonly interfaceIndex: number | null;
  readonly interfaceAlias: string | null;
}

/** The adapters that Windows lists, or the reason why they are not known. */
export function adaptersOf(facts: WindowsFacts): { readonly value: readonly Adapter[] } | { readonly missing: string } {
  if ('missing' in facts.interfaces) return facts.interfaces;
  return {
    value: facts.interfaces.value
      .filter((adapter) => adapter.present)
      .map((adapter) => ({ interface: adapter, name: nameOf(adapter), kind: kindOf(adapter, facts) })),
  };
}

/** Whether a row belongs to the adapter: by GUID where both sides have one, else by index, else by name. */
export function belongsTo(row: InterfaceRow, adapter: Adapter): boolean {
  const { guid, index, alias } = adapter.interface;
  if (row.interfaceGuid !== null && guid !== null) return row.interfaceGuid === guid;
  if (row.interfaceIndex !== null && index !== null) return row.interfaceIndex === index;
  return row.interfaceAlias !== null && row.interfaceAlias === alias;
}

/** Whether the adapter carries packets, as far as Windows tells. */
export function isUp(adapter: Adapter): Derived<boolean> {
  const { operationalStatus } = adapter.interface;
  if (operationalStatus === null) return { missing: `the state of the adapter ${adapter.name} was not reported` };
  return {
    value: operationalStatus === 'up',
    evidence: [{ source: `adapter ${adapter.name}`, text: `status ${operationalStatus}` }],
  };
}

function nameOf(adapter: WindowsInterface): string {
  return adapter.alias ?? adapter.guid ?? adapter.description ?? `interface ${adapter.index ?? 'without a name'}`;
}

// netloop.inf installs *msloop on every version; driver and connection names are localised (Carte de bouclage, ...) and
// prove nothing. ifType 24 is softwareLoopback of the IANA ifType registry.
function kindOf(adapter: WindowsInterface, facts: WindowsFacts): Derived<AdapterKind> {
  const evidence = (text: string): readonly Evidence[] => [{ source: `adapter ${nameOf(adapter)}`, text }];
  const ids = [...(adapter.hardwareIds ?? []), adapter.componentId, adapter.matchingDeviceId].filter(
    (id) => id !== null,
  );
  if (ids.some((id) => id.toLowerCase() === '*msloop'))
    return { value: 'loopback-adapter', evidence: evidence('hardware id *msloop') };
  if (adapter.type === 24 || holdsLocalhost(adapter, facts))
    return { value: 'pseudo-interface', evidence: evidence('interface type 24, software loopback') };
  if (ids.length > 0) return { value: 'other', evidence: evidence(`hardware id ${ids[0] ?? ''}`) };
  if (adapter.type !== null && adapter.type !== 6)
    return { value: 'other', evidence: evidence(`interface type ${adapter.type}`) };
  return {
    missing: `the hardware id of the adapter ${nameOf(adapter)} was not reported, so it cannot be told from a loopback adapter`,
  };
}

function holdsLocalhost(adapter: WindowsInterface, facts: WindowsFacts): boolean {
  if ('missing' in facts.addresses) return false;
  return facts.addresses.value.some(
    (address) => address.ip === '127.0.0.1' && address.interfaceGuid !== null && address.interfaceGuid === adapter.guid,
  );
}
