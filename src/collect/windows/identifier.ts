import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

const guidPattern = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;

/** An adapter GUID in braces and upper case, whatever the source's spelling; null when the text is none. */
export function canonicalGuid(text: string | null | undefined): string | null {
  const match = guidPattern.exec(text ?? '');
  return match?.[1] === undefined ? null : `{${match[1].toUpperCase()}}`;
}

/** An IP address in canonical text, the zone (fe80::1%12) cut off; null when the text is none. */
export function canonicalIp(text: string): { readonly ip: string; readonly family: 4 | 6 } | null {
  // Longer than any address with its zone: nothing to look at.
  if (text.length > 256) return null;
  const [bare = ''] = text.trim().split('%');
  if (isIPv4(bare)) return { ip: bare, family: 4 };
  if (!isIPv6(bare)) return null;
  // An IPv4-mapped address keeps its dotted tail: RFC 5952 section 5.
  const parsed = ipaddr.IPv6.parse(bare);
  return {
    ip: parsed.isIPv4MappedAddress() ? `::ffff:${parsed.toIPv4Address().toString()}` : parsed.toRFC5952String(),
    family: 6,
  };
}

/** The prefix length of a dotted mask such as 255.255.255.0; null when the text is none or has holes. */
export function prefixLengthOfMask(mask: string): number | null {
  return isIPv4(mask) ? ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask() : null;
}

/** `address/length` in canonical text; null when the text is none. */
export function canonicalPrefix(text: string): { readonly prefix: string; readonly family: 4 | 6 } | null {
  const slash = text.indexOf('/');
  const address = slash === -1 ? null : canonicalIp(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (address === null || !/^\d{1,3}$/.test(length) || Number(length) > (address.family === 4 ? 32 : 128)) return null;
  return { prefix: `${address.ip}/${Number(length)}`, family: address.family };
}

/** A hardware address as upper-case bytes joined by dashes, from twelve digits or any usual separator; empty where there is none. */
export function canonicalMac(text: string): string {
  const digits = text.replaceAll(/[^0-9a-f]/gi, '').toUpperCase();
  return digits.replaceAll(/(..)(?=.)/g, '$1-').slice(0, 64);
}
