import type { WindowsSetting } from '../../contracts/snapshot.ts';
import { canonicalIp, canonicalPrefix, prefixLengthOfMask } from './identifier.ts';

/** An address that a dump would add again. */
export interface DumpedAddress {
  readonly alias: string;
  readonly ip: string;
  readonly family: 4 | 6;
  readonly prefixLength: number | null;
  readonly skipAsSource: boolean | null;
}

/** A route that a dump would add again. */
export interface DumpedRoute {
  readonly alias: string;
  readonly destination: string;
  readonly family: 4 | 6;
  readonly nextHop: string | null;
  readonly metric: number | null;
}

/** An interface that a dump would set again; "unset" for a switch that it does not name. */
export interface DumpedInterface {
  readonly alias: string;
  readonly weakHostSend: WindowsSetting;
  readonly weakHostReceive: WindowsSetting;
}

/** What `netsh interface ip|ipv4|ipv6 dump` would replay. */
export interface Dump {
  readonly interfaces: readonly DumpedInterface[];
  readonly addresses: readonly DumpedAddress[];
  readonly routes: readonly DumpedRoute[];
  /** Aliases whose addresses are to be had by DHCP. */
  readonly dhcp: ReadonlyMap<string, boolean>;
  /** 2003: register=PRIMARY, BOTH or NONE of `set dns`. */
  readonly dnsRegistration: ReadonlyMap<string, boolean>;
}

/**
 * Reads a dump, or says why it cannot be used. Only the presence of a token says anything: netsh prints every switch that is
 * not stored as enabled, so its forwarding, advertise and nud are worthless; weak host switches it prints only when stored.
 * Comments are translated, commands are not.
 */
export function readDump(lines: readonly string[]): Dump | { readonly unreadable: string } {
  const commands = lines.flatMap(readCommand);
  if (!commands.some(({ words }) => words[0] === 'pushd')) return { unreadable: 'netsh printed no dump' };
  if (!commands.some(({ words }) => words[0] === 'popd')) return { unreadable: 'the dump of netsh was cut' };
  const dump = {
    interfaces: [] as DumpedInterface[],
    addresses: [] as DumpedAddress[],
    routes: [] as DumpedRoute[],
    dhcp: new Map<string, boolean>(),
    dnsRegistration: new Map<string, boolean>(),
  };
  for (const { words, values } of commands) {
    const alias = values.get('name') ?? values.get('interface');
    if (alias === undefined) continue;
    const [verb, noun] = words;
    if (verb === 'set' && noun === 'interface') {
      dump.interfaces.push({
        alias,
        weakHostSend: stored(values.get('weakhostsend')),
        weakHostReceive: stored(values.get('weakhostreceive')),
      });
    }
    if (noun === 'address') {
      const source = values.get('source')?.toLowerCase();
      if (source === 'dhcp' || source === 'static') dump.dhcp.set(alias, source === 'dhcp');
      const address = readAddress(alias, values);
      if (address !== null) dump.addresses.push(address);
      const gateway = canonicalIp(values.get('gateway') ?? '');
      if (gateway !== null) dump.routes.push(defaultRoute(alias, gateway, values.get('gwmetric')));
    }
    if (verb === 'add' && noun === 'route') {
      const prefix = canonicalPrefix(values.get('prefix') ?? '');
      if (prefix === null) return { unreadable: 'the dump of netsh holds a route without prefix' };
      dump.routes.push({
        alias,
        destination: prefix.prefix,
        family: prefix.family,
        nextHop: nextHopOf(values.get('nexthop')),
        metric: integer(values.get('metric')),
      });
    }
    if (verb === 'set' && (noun === 'dns' || noun === 'dnsservers' || noun === 'dnsserver')) {
      const register = values.get('register')?.toLowerCase();
      if (register !== undefined) dump.dnsRegistration.set(alias, register !== 'none');
    }
  }
  return dump;
}

interface Command {
  readonly words: readonly string[];
  readonly values: ReadonlyMap<string, string>;
}

function readCommand(line: string): Command[] {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return [];
  const words: string[] = [];
  const values = new Map<string, string>();
  for (const [, key, quoted, bare] of text.matchAll(/(?:([A-Za-z0-9]+)=)?(?:"([^"]*)"|([^\s"]+))/g)) {
    const value = quoted ?? bare ?? '';
    if (key === undefined) words.push(value.toLowerCase());
    else values.set(key.toLowerCase(), value);
  }
  return [{ words, values }];
}

function readAddress(alias: string, values: ReadonlyMap<string, string>): DumpedAddress | null {
  // netsh ipv4: address and mask; 2003: addr and mask; ipv6: address, which may carry /length.
  const text = values.get('address') ?? values.get('addr') ?? '';
  const [bare = '', length] = text.split('/');
  const address = canonicalIp(bare);
  if (address === null) return null;
  const mask = values.get('mask');
  const skip = values.get('skipassource')?.toLowerCase();
  return {
    alias,
    ...address,
    prefixLength: mask === undefined ? integer(length) : prefixLengthOfMask(mask),
    skipAsSource: skip === undefined ? null : skip === 'true',
  };
}

function defaultRoute(alias: string, gateway: { ip: string; family: 4 | 6 }, metric: string | undefined): DumpedRoute {
  return {
    alias,
    destination: gateway.family === 4 ? '0.0.0.0/0' : '::/0',
    family: gateway.family,
    nextHop: gateway.ip,
    metric: integer(metric),
  };
}

function nextHopOf(text: string | undefined): string | null {
  const address = canonicalIp(text ?? '');
  return address === null || /^(?:0\.0\.0\.0|::)$/.test(address.ip) ? null : address.ip;
}

function stored(word: string | undefined): WindowsSetting {
  if (word === undefined) return 'unset';
  if (word.toLowerCase() === 'enabled') return true;
  return word.toLowerCase() === 'disabled' ? false : null;
}

function integer(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null;
}
