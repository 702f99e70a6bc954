import type { FirewallRule } from '../../contracts/snapshot.ts';
import { canonicalGuid } from './identifier.ts';

const actions = new Map<string, FirewallRule['action']>([
  ['allow', 'allow'],
  ['block', 'block'],
  ['bypass', 'bypass'],
]);
const directions = new Map<string, FirewallRule['direction']>([
  ['in', 'in'],
  ['out', 'out'],
]);
const profiles = new Map<string, FirewallRule['profiles'][number]>([
  ['domain', 'domain'],
  ['private', 'private'],
  ['public', 'public'],
]);
const interfaceTypes = new Map<string, FirewallRule['interfaceTypes'][number]>([
  ['lan', 'lan'],
  ['wireless', 'wireless'],
  ['remoteaccess', 'remote-access'],
]);
// Fields that describe a rule or widen it: they never keep a packet from matching.
const descriptive = new Set(['name', 'desc', 'embedctxt', 'edge', 'defer', 'lsm', 'authbypassout', 'active', 'pcross']);
const portFields = new Set(['lport', 'lport2_10', 'lport2_20', 'lport2_24', 'lport2_25', 'lport2_29']);

/**
 * Reads one value of a FirewallRules key, `v2.31|Action=Allow|Active=TRUE|Dir=In|...|` ([MS-GPFAS] 2.2.2.19), or says why it
 * cannot be read. A field that is not known, or a value that is not, narrows the rule in a way that is not known:
 * it is listed in restrictions, never ignored.
 */
export function readFirewallRule(id: string, text: string): FirewallRule | { readonly unreadable: string } {
  const [version = '', ...fields] = text.split('|');
  if (!/^v\d{1,3}\.\d{1,3}$/i.test(version)) return { unreadable: `rule ${id.slice(0, 100)} has no version` };
  const restrictions = new Set<string>();
  const rule = {
    name: null as string | null,
    action: undefined as FirewallRule['action'] | undefined,
    direction: undefined as FirewallRule['direction'] | undefined,
    active: false,
    protocol: null as number | null,
    localPorts: [] as string[],
    localAddresses: [] as string[],
    profiles: [] as FirewallRule['profiles'][number][],
    interfaces: [] as string[],
    interfaceTypes: [] as FirewallRule['interfaceTypes'][number][],
    edgeTraversal: false,
    profileCrossing: false,
  };
  const add = <Item>(list: Item[], item: Item | null | undefined, field: string): void => {
    if (item === null || item === undefined || list.length >= 1000) restrictions.add(field);
    else if (!list.includes(item)) list.push(item);
  };
  for (const field of fields) {
    if (field === '') continue;
    const equals = field.indexOf('=');
    const written = equals === -1 ? field : field.slice(0, equals);
    const value = equals === -1 ? '' : field.slice(equals + 1);
    const word = value.toLowerCase();
    const key = written.toLowerCase();
    if (key === 'action') rule.action = actions.get(word);
    else if (key === 'dir') rule.direction = directions.get(word);
    else if (key === 'active') rule.active = word === 'true';
    else if (key === 'name') rule.name = value.slice(0, 512);
    else if (key === 'edge') rule.edgeTraversal = word === 'true';
    else if (key === 'pcross') rule.profileCrossing = word === 'true';
    else if (key === 'protocol') {
      if (/^\d{1,3}$/.test(value) && Number(value) <= 255) rule.protocol = Number(value);
      // 256 means any, as an absent field does ([MS-FASP] 2.2.37).
      else if (value !== '256') return { unreadable: `rule ${id.slice(0, 100)} has no protocol number` };
    } else if (portFields.has(key)) add(rule.localPorts, portText(value), written);
    else if (key === 'la4' || key === 'la6') add(rule.localAddresses, shortText(value, 128), written);
    else if (key === 'profile') add(rule.profiles, profiles.get(word), written);
    else if (key === 'if') add(rule.interfaces, canonicalGuid(value), written);
    else if (key === 'iftype') add(rule.interfaceTypes, interfaceTypes.get(word), written);
    else if (!descriptive.has(key)) restrictions.add(written.slice(0, 64));
  }
  const { action, direction } = rule;
  if (action === undefined || direction === undefined) {
    return { unreadable: `rule ${id.slice(0, 100)} has no action or no direction` };
  }
  return { id: id.slice(0, 512), ...rule, action, direction, restrictions: [...restrictions].slice(0, 64) };
}

function portText(value: string): string | null {
  return /^(?:\d{1,5}(?:-\d{1,5})?|[A-Za-z][A-Za-z0-9-]{0,30})$/.test(value) ? value : null;
}

function shortText(value: string, limit: number): string | null {
  return value !== '' && value.length <= limit ? value : null;
}
