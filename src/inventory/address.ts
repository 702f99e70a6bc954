import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An IP address in canonical text: RFC 5952 for IPv6. */
export interface Ip {
  readonly text: string;
  readonly family: 4 | 6;
}

/** An address literal, or why it is none. net.isIP decides: ipaddr.js reads 010.0.0.1 as octal and 10.1 as 10.0.0.1. */
export function parseIp(text: string): Ip | { readonly problem: string } {
  const family = isIP(text);
  if (text.includes('%')) return { problem: 'has a zone; write the address without it' };
  if (family === 4) return { text, family };
  if (family === 6) return { text: ipaddr.IPv6.parse(text).toRFC5952String(), family };
  if (/^\d+(\.\d+){3}$/.test(text) && /(^|\.)0\d/.test(text)) {
    return { problem: 'is ambiguous: some programs read numbers with a leading zero as octal; write it without' };
  }
  return { problem: 'is not an IP address; expected one such as 192.0.2.10 or 2001:db8::10' };
}

// By the range names of ipaddr.js; what no host on a network can be reached by.
const special: ReadonlyMap<string, string> = new Map([
  ['unspecified', 'is the unspecified address'],
  ['multicast', 'is a multicast address'],
  ['broadcast', 'is the broadcast address'],
  ['ipv4Mapped', 'is an IPv4 address written as IPv6'],
]);

/** Why no host can be contacted at an address. */
export function notAHost({ text }: Ip): string | undefined {
  const range = ipaddr.parse(text).range();
  return special.get(range);
}

/** Why an address cannot be used by several machines of a network: as a VIP, a balancer's address or a client's. */
export function notOnNetwork(ip: Ip): string | undefined {
  const range = ipaddr.parse(ip.text).range();
  if (range === 'loopback') return 'is a loopback address';
  if (range === 'linkLocal' && ip.family === 6) return 'is a link-local address';
  return notAHost(ip);
}

/** The address that text stands for, if several machines of a network can use it. */
export function networkIp(text: string): Ip | undefined {
  const ip = parseIp(text);
  return 'text' in ip && notOnNetwork(ip) === undefined ? ip : undefined;
}

/**
 * Whether text is a DNS name (RFC 1123, and underscores) that no resolver takes for an address: getaddrinfo reads 1, 10.1
 * and 0x7f000001 as IPv4.
 */
export function isDnsName(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.');
  const valid = labels.every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
  return valid && !/^(\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? '');
}
