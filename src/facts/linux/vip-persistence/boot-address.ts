import type { LinuxFacts } from '../../../contracts/snapshot.ts';
import { type Ip, parseIp } from '../../ip.ts';
import type { FileTree } from '../boot-files.ts';

/** What can bring up addresses at boot. */
export type Manager =
  | 'ifupdown'
  | 'netplan'
  | 'systemd-networkd'
  | 'NetworkManager'
  | 'network-scripts'
  | 'wicked'
  | 'keepalived'
  | 'script';

/** An address, or an AnyIP route, that a file asks for. */
export interface BootAddress {
  readonly manager: Manager;
  readonly ip: Ip;
  /** Bits. */
  readonly prefixLength: number;
  readonly interface: string;
  /** A route of type local instead of an address. */
  readonly route: boolean;
  /** For example /etc/network/interfaces:12. */
  readonly source: string;
  readonly text: string;
  /** Comes at the next boot; or does not, or may not, for a reason. */
  readonly effect: 'boot' | { readonly never: string } | { readonly perhaps: string };
}

/** A file that could ask for addresses and was not read or not understood. */
export interface Doubt {
  readonly path: string;
  readonly reason: string;
}

/** What one manager's files ask for. */
export interface Reading {
  readonly addresses: readonly BootAddress[];
  readonly doubts: readonly Doubt[];
}

/** What a manager's reader gets. */
export interface Surroundings {
  readonly facts: LinuxFacts;
  readonly files: FileTree;
}

/** A line with its place, as the readers pass it on. */
export interface Line {
  readonly path: string;
  readonly number: number;
  readonly text: string;
}

/** The place of a line, for example /etc/rc.local:4. */
export function placeOf({ path, number }: Line): string {
  return `${path}:${number}`;
}

/** The mask length that programs give an IPv4 address without one, by its class; whole for IPv6. */
export function classfulLength(ip: Ip): number {
  if (ip.family === 6) return 128;
  const first = (ip.words[0] ?? 0) >>> 24;
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

/** The mask length of a dotted mask or a number of bits; undefined for any other text. */
export function maskLength(text: string): number | undefined {
  if (/^[0-9]{1,3}$/.test(text)) return Number(text) <= 128 ? Number(text) : undefined;
  const mask = parseIp(text);
  if (mask?.family !== 4) return undefined;
  const inverted = ~(mask.words[0] ?? 0) >>> 0;
  return (inverted & (inverted + 1)) === 0 ? Math.clz32(inverted) : undefined;
}

/** The effect of a service that is or is not started at boot. */
export function effectOf(starts: boolean | undefined, service: string): BootAddress['effect'] {
  if (starts === true) return 'boot';
  return starts === false
    ? { never: `${service} does not start at boot` }
    : { perhaps: `whether ${service} starts at boot is not known` };
}

/** The doubts about a manager's files; none where the manager never runs, whatever they hold. */
export function doubtsUnder(effect: BootAddress['effect'], doubts: readonly Doubt[]): readonly Doubt[] {
  return effect !== 'boot' && 'never' in effect ? [] : doubts;
}

/** An address as text with or without a mask length; the default applies without one. */
export function addressOf(
  text: string,
  lengthWithout: (ip: Ip) => number,
): { readonly ip: Ip; readonly prefixLength: number } | undefined {
  const [address = '', mask, ...rest] = text.split('/');
  const ip = parseIp(address);
  if (ip === undefined || rest.length > 0) return undefined;
  const prefixLength = mask === undefined ? lengthWithout(ip) : maskLength(mask);
  return prefixLength === undefined || prefixLength > ip.words.length * 32 ? undefined : { ip, prefixLength };
}

/** The interface of an alias label: lo of lo:0. */
export function deviceOf(label: string): string {
  return label.split(':')[0] ?? label;
}
