import type { Address } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import { readTrie } from './fib-trie.ts';
import { readInet6 } from './inet6.ts';
import { familyOf, lengthOfMask } from './ip-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

// net-tools 2: "lo:0: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536"; net-tools 1.60 and busybox: "lo:0      Link encap:Local Loopback".
const header = /^([^ ]{1,64}?)(?:: flags=| +Link encap:)/;
const newInet = /^ +inet ([0-9.]+)  netmask ([0-9.]+)(?:  broadcast [0-9.]+)?(?:  destination ([0-9.]+))?$/;
const oldInet = /^ +inet addr:([0-9.]+)(?: +P-t-P:([0-9.]+))?(?: +Bcast:[0-9.]+)? +Mask:([0-9.]+)$/;

/**
 * Reads `ifconfig -a`, for hosts without ip. It shows neither scope nor lifetime, and of the addresses after the first
 * of an interface only those with a label; /proc/net/fib_trie has them all, and the two must agree.
 */
export function readIfconfig(sections: Sections, hasIpv6: boolean, interfaces: readonly string[]): readonly Address[] {
  const known = new Set(interfaces);
  const found: Address[] = [];
  let label: string | undefined;
  for (const line of sections.lines('ifconfig')) {
    const [, name] = header.exec(line) ?? [];
    if (name !== undefined) label = name;
    if (!/^ +inet (?!6)/.test(line)) continue;
    const device = label === undefined ? undefined : deviceOf(label, known);
    if (label === undefined || device === undefined) throw unexpected(line);
    found.push(readAddress(line.trimEnd(), label, device, found));
  }
  checkAgainstTrie(sections, found);
  const inet6 = readInet6(sections, hasIpv6).map((entry): Address => ({
    interface: entry.interface,
    label: null,
    family: 6,
    ip: entry.ip,
    peer: null,
    prefixLength: entry.prefixLength,
    scope: entry.scope,
    flags: entry.flags,
    validLifetime: null,
    preferredLifetime: null,
    lifetimesKnown: false,
  }));
  return [...found, ...inet6];
}

/** The interface of a label: itself, or what stands before the colon. */
function deviceOf(label: string, known: ReadonlySet<string>): string | undefined {
  if (known.has(label)) return label;
  const device = label.slice(0, label.indexOf(':'));
  return label.includes(':') && known.has(device) ? device : undefined;
}

function readAddress(line: string, label: string, device: string, earlier: readonly Address[]): Address {
  const current = newInet.exec(line);
  const old = oldInet.exec(line);
  const ip = current?.[1] ?? old?.[1] ?? '';
  const peer = current?.[3] ?? old?.[2] ?? null;
  const prefixLength = lengthOfMask(current?.[2] ?? old?.[3] ?? '');
  if (familyOf(ip) !== 4 || prefixLength === undefined || (peer !== null && familyOf(peer) !== 4)) {
    throw unexpected(line);
  }
  // The kernel makes an address secondary when the interface has one of the same subnet already (net/ipv4/devinet.c).
  const subnet = subnetOf(peer ?? ip, prefixLength);
  const isSecondary = earlier.some(
    (other) => other.interface === device && subnetOf(other.peer ?? other.ip, other.prefixLength) === subnet,
  );
  return {
    interface: device,
    label,
    family: 4,
    ip,
    peer: peer === ip ? null : peer,
    prefixLength,
    scope: null,
    flags: isSecondary ? ['secondary'] : [],
    validLifetime: null,
    preferredLifetime: null,
    lifetimesKnown: false,
  };
}

function subnetOf(ip: string, length: number): string {
  const number = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return `${Math.floor(number / 2 ** (32 - length))}/${length}`;
}

function checkAgainstTrie(sections: Sections, found: readonly Address[]): void {
  const shown = new Set(found.map(({ ip }) => ip));
  const hidden = readTrie(sections).find((leaf) => leaf.type === 'local' && leaf.length === 32 && !shown.has(leaf.ip));
  if (hidden === undefined) return;
  throw new UnreadableOutput(
    `${hidden.ip} is local to the host, but ifconfig does not show on which interface, and ip is not installed`,
  );
}

function unexpected(line: string): UnreadableOutput {
  return new UnreadableOutput(`unexpected line of ifconfig: ${quoteRemote(line)}`);
}
