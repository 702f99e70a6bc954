import type { IpInterface, WindowsAddress, WindowsFacts } from '../../contracts/snapshot.ts';
import type { Backend } from '../backend.ts';
import { chain, derived } from '../derived.ts';
import { type Ip, parseIp, sameIp } from '../ip.ts';
import type { Derived } from '../subject.ts';
import { type Adapter, adaptersOf, belongsTo, isUp } from './adapter.ts';

/** A Windows host with what its subjects share, computed once. */
export interface WindowsHost {
  readonly backend: Backend;
  readonly facts: WindowsFacts;
  readonly adapters: ReturnType<typeof adaptersOf>;
  /** 5.2 for 2003, 6.0 for 2008, 6.1 for 2008 R2, 6.2 for 2012, 6.3 for 2012 R2, 10 for 2016 and later. */
  readonly ntVersion: Derived<number>;
  /** The adapters on which the balancer's frames arrive. */
  readonly ingress: Derived<readonly Adapter[]>;
}

/** The host's shared derivations. */
export function windowsHost(backend: Backend, facts: WindowsFacts): WindowsHost {
  const adapters = adaptersOf(facts);
  return { backend, facts, adapters, ntVersion: ntVersionOf(facts), ingress: ingressOf(backend, facts, adapters) };
}

function ntVersionOf(facts: WindowsFacts): Derived<number> {
  if ('missing' in facts.version) return facts.version;
  const { major, minor, build } = facts.version.value;
  return derived(Number(`${major}.${minor}`), { source: 'Windows version', text: `${major}.${minor}.${build}` });
}

/**
 * The ingress adapters: those that the inventory names; else the owner of the address that the inventory gives; else
 * every adapter that is up, has a wire and has a default gateway. Never guessed from a connection name such as "LAN".
 */
function ingressOf(
  backend: Backend,
  facts: WindowsFacts,
  adapters: WindowsHost['adapters'],
): Derived<readonly Adapter[]> {
  if ('missing' in adapters) return adapters;
  if (backend.ingressInterfaces.length > 0) {
    const found: Adapter[] = [];
    for (const name of backend.ingressInterfaces) {
      const adapter = adapters.value.find(({ interface: { alias, guid, index } }) =>
        [alias, guid, String(index)].includes(name),
      );
      if (adapter === undefined)
        return {
          missing: `the host has no interface ${JSON.stringify(name)}, which the inventory names under ingressInterfaces`,
        };
      found.push(adapter);
    }
    return derived(found, { source: 'inventory', text: `ingressInterfaces ${backend.ingressInterfaces.join(', ')}` });
  }
  if ('missing' in facts.addresses) return facts.addresses;
  const wired: Adapter[] = [];
  for (const adapter of adapters.value) {
    if (!('value' in adapter.kind)) return adapter.kind;
    if (adapter.kind.value === 'other') wired.push(adapter);
  }
  const own = parseIp(backend.address);
  const owner =
    own === undefined
      ? undefined
      : wired.find((adapter) => addressesOf(facts, adapter).some((row) => isAddress(row, own)));
  if (owner !== undefined)
    return derived([owner], { source: `adapter ${owner.name}`, text: `holds ${backend.address}` });
  if ('missing' in facts.gateways) return facts.gateways;
  const gateways = facts.gateways.value;
  const up = wired.filter((adapter) => {
    const state = isUp(adapter);
    return 'value' in state && state.value && gateways.some((gateway) => belongsTo(gateway, adapter));
  });
  if (up.length === 0) {
    return {
      unknown:
        'no adapter holds the address of the inventory and none has a default gateway; name ingressInterfaces in the inventory',
    };
  }
  return derived(up, { source: 'default gateways', text: up.map((adapter) => adapter.name).join(', ') });
}

/** The addresses in use on an adapter; empty where addresses were not collected. */
export function addressesOf(facts: WindowsFacts, adapter: Adapter): readonly WindowsAddress[] {
  return 'value' in facts.addresses ? facts.addresses.value.filter((row) => belongsTo(row, adapter)) : [];
}

/** Whether a row is this address, however it is written. */
export function isAddress(row: { readonly ip: string }, ip: Ip): boolean {
  const other = parseIp(row.ip.replace(/%.*$/, ''));
  return other !== undefined && sameIp(other, ip);
}

/** A switch of an adapter in use: enabled or disabled. Where the store holds no value, Windows' default applies: disabled. */
export function activeSetting(
  host: WindowsHost,
  adapter: Adapter,
  family: 4 | 6,
  setting: 'weakHostSend' | 'weakHostReceive' | 'automaticMetric' | 'dhcp',
): Derived<'enabled' | 'disabled'> {
  return chain(ipInterfaceOf(host.facts.ipInterfaces, adapter, family), (row) => {
    const value = row[setting];
    if (value === null) return { missing: `${setting} of ${adapter.name} was not reported` };
    return derived(value === true ? 'enabled' : 'disabled', {
      source: `IPv${family} interface ${adapter.name}`,
      text: `${setting} ${value === true ? 'enabled' : value === false ? 'disabled' : 'not set'}`,
    });
  });
}

/** A weak-host switch as it will be after the next start: unset where the persistent store says nothing of it. */
export function persistentSetting(
  host: WindowsHost,
  adapter: Adapter,
  family: 4 | 6,
  setting: 'weakHostSend' | 'weakHostReceive',
): Derived<'enabled' | 'disabled' | 'unset'> {
  const rows = host.facts.persistentIpInterfaces;
  if ('missing' in rows) return rows;
  const source = `persistent IPv${family} interface ${adapter.name}`;
  const row = rows.value.find((candidate) => candidate.family === family && belongsTo(candidate, adapter));
  if (row === undefined) return derived('unset', { source, text: 'nothing stored' });
  const value = row[setting];
  if (value === null) return { missing: `the persistent ${setting} of ${adapter.name} was not reported` };
  const word = value === 'unset' ? 'unset' : value ? 'enabled' : 'disabled';
  return derived(word, { source, text: `${setting} ${word}` });
}

/** The settings of one adapter and family in use. */
export function ipInterfaceOf(
  rows: WindowsFacts['ipInterfaces'],
  adapter: Adapter,
  family: 4 | 6,
): Derived<IpInterface> {
  if ('missing' in rows) return rows;
  const row = rows.value.find((candidate) => candidate.family === family && belongsTo(candidate, adapter));
  return row === undefined
    ? { missing: `the IPv${family} settings of ${adapter.name} were not reported` }
    : derived(row);
}

/** The families of the host's VIPs. */
export function vipFamilies(backend: Backend): readonly (4 | 6)[] {
  const families = new Set(backend.bindings.map((binding) => (binding.vip.includes(':') ? 6 : 4)));
  return [4 as const, 6 as const].filter((family) => families.has(family));
}
