import type { FirewallRule } from '../../contracts/snapshot.ts';
import type { Port } from '../backend.ts';
import { all, chain, combine, derived } from '../derived.ts';
import { type Ip, parseIp } from '../ip.ts';
import type { Derived, DerivedFacts, FactDefinitions } from '../subject.ts';
import { type Adapter, adaptersOf, belongsTo } from './adapter.ts';
import { firewallAnswer } from './firewall.ts';
import { categoryOf } from './vip.ts';
import { isAddress, type WindowsHost } from './windows-host.ts';

/** The facts of one VIP and port on a Windows host. */
export const windowsListenerFacts = new Map([
  [
    'ntVersion',
    {
      schema: { type: 'number' },
      meaning: '5.2 for 2003, 6.0 for 2008, 6.1 for 2008 R2, 6.2 for 2012, 6.3 for 2012 R2, 10 later.',
    },
  ],
  ['portNumber', { schema: { type: 'integer' }, meaning: 'Number of the port.' }],
  ['protocol', { schema: { enum: ['TCP', 'UDP'] }, meaning: 'Protocol of the port.' }],
  [
    'listening',
    { schema: { type: 'boolean' }, meaning: 'A socket listens on the port, on the VIP or on every address.' },
  ],
  [
    'firewall',
    {
      schema: { enum: ['allowed', 'blocked'] },
      meaning: 'Whether Windows Firewall lets packets for the VIP and port in.',
    },
  ],
  [
    'httpListenOnlyCoversVip',
    { schema: { type: 'boolean' }, meaning: 'http.sys listens on every address, or its ListenOnlyList names the VIP.' },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof windowsListenerFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

/** The facts of one VIP and port. */
export function windowsListener(host: WindowsHost, vip: string, port: Port): DerivedFacts<Name> {
  const ip = parseIp(vip);
  if (ip === undefined) throw new Error(`not an address: ${vip}`);
  return {
    ntVersion: host.ntVersion,
    portNumber: derived(port.number),
    protocol: derived(port.protocol === 'tcp' ? 'TCP' : 'UDP'),
    listening: listening(host, ip, port),
    firewall: chain(host.ntVersion, (version) =>
      version < 6
        ? { notapplicable: 'the firewall of Windows 2003 has no rules for one address and port' }
        : firewall(host, ip, port),
    ),
    httpListenOnlyCoversVip: httpListenOnly(host, ip, port),
  };
}

function listening(host: WindowsHost, ip: Ip, port: Port): Derived<boolean> {
  const { listeners } = host.facts;
  if ('missing' in listeners) return listeners;
  const sockets = listeners.value.filter((socket) => socket.protocol === port.protocol && socket.port === port.number);
  const wildcard = ip.family === 4 ? '0.0.0.0' : '::';
  const serving = sockets.find((socket) => socket.ip === wildcard || socket.ip === '*' || isAddress(socket, ip));
  const text =
    sockets.map((socket) => `${socket.ip} port ${socket.port}`).join(', ') || `nothing listens on port ${port.number}`;
  if (serving !== undefined) return derived(true, { source: 'listeners', text });
  if (ip.family === 4 && sockets.some((socket) => socket.ip === '::')) {
    return { unknown: `a socket listens on [::]:${port.number}; Windows does not tell whether it also takes IPv4` };
  }
  return derived(false, { source: 'listeners', text });
}

function firewall(host: WindowsHost, ip: Ip, port: Port): Derived<'allowed' | 'blocked'> {
  const adapters = adaptersOf(host.facts);
  if ('missing' in adapters) return adapters;
  if ('missing' in host.facts.addresses) return host.facts.addresses;
  const row = host.facts.addresses.value.find((candidate) => isAddress(candidate, ip));
  const holder = row === undefined ? undefined : adapters.value.find((adapter) => belongsTo(row, adapter));
  if (holder === undefined) return { notapplicable: 'no interface holds the VIP' };
  return chain(profilesFor(host, holder), (profiles) => firewallAnswer(host.facts, ip, port, holder, profiles));
}

type Category = FirewallRule['profiles'][number] | 'unidentified';

/**
 * The profiles that may apply to packets for the VIP. They arrive on the LAN for an address of the holder; the category
 * of the holder counts, and for the pseudo-interface, which has none, that of the ingress interface. An adapter without
 * a gateway stays unidentified, which Windows treats as public. Whether weak-host packets are judged by that profile or
 * by the LAN's was not confirmed on a real host; a rule for every profile covers both.
 */
function profilesFor(host: WindowsHost, holder: Adapter): Derived<readonly FirewallRule['profiles'][number][]> {
  return chain(holder.kind, (kind) =>
    chain(host.ingress, (ingress) => {
      const adapters = kind === 'pseudo-interface' ? ingress : [holder];
      if (adapters.length === 0) return { unknown: 'no ingress interface is known, so no firewall profile is' };
      return combine([all(adapters.map((adapter) => categoryOf(host, adapter)))], (categories: readonly Category[]) => [
        ...new Set(categories.map((category) => (category === 'unidentified' ? 'public' : category))),
      ]);
    }),
  );
}

function httpListenOnly(host: WindowsHost, ip: Ip, port: Port): Derived<boolean> {
  if (port.protocol !== 'tcp') return { notapplicable: 'http.sys serves TCP' };
  const { httpListenOnly: list } = host.facts;
  if ('missing' in list) return list;
  const covers =
    list.value.length === 0 ||
    list.value.some((text) => isAddress({ ip: text }, ip) || text === '0.0.0.0' || text === '::');
  return derived(covers, { source: 'http.sys ListenOnlyList', text: list.value.join(', ') || 'empty: every address' });
}
