import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address with the length of its prefix. */
export interface Prefix {
  readonly ip: string;
  readonly family: 4 | 6;
  readonly length: number;
}

/** The family of an address without prefix length and zone; undefined for any other text. */
export function familyOf(text: string): 4 | 6 | undefined {
  if (isIPv4(text)) return 4;
  return isIPv6(text) && !text.includes('%') ? 6 : undefined;
}

/** ADDRESS or ADDRESS/LENGTH, a host's length where none is given; undefined for any other text. */
export function readPrefix(text: string): Prefix | undefined {
  const [ip = '', digits, ...rest] = text.split('/');
  const family = familyOf(ip);
  if (family === undefined || rest.length > 0) return undefined;
  const longest = family === 4 ? 32 : 128;
  if (digits === undefined) return { ip, family, length: longest };
  const length = Number(digits);
  return /^[0-9]{1,3}$/.test(digits) && length <= longest ? { ip, family, length } : undefined;
}

/** The address of 4 or 16 bytes in hexadecimal, in their order; IPv6 as RFC 5952 writes it. */
export function ipOfHex(hexadecimal: string): string {
  const address = ipaddr.fromByteArray([...Buffer.from(hexadecimal, 'hex')]);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** The same where /proc/net prints each four bytes as one word of the machine's byte order. */
export function ipOfWords(hexadecimal: string, littleEndian: boolean): string {
  if (!littleEndian) return ipOfHex(hexadecimal);
  return ipOfHex(hexadecimal.replaceAll(/(..)(..)(..)(..)/g, '$4$3$2$1'));
}

/** The length of a netmask such as 255.255.255.0; undefined for one with holes. */
export function lengthOfMask(mask: string): number | undefined {
  return isIPv4(mask) ? (ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask() ?? undefined) : undefined;
}

const littleEndianMachine =
  /^(?:x86_64|i[3-6]86|aarch64|arm(?:v[4-8][a-z]*l?)?|ppc64le|riscv(?:32|64)|loongarch64|ia64|alpha)$/;
const bigEndianMachine = /^(?:s390x?|ppc(?:64)?|sparc(?:64)?|m68k|parisc(?:64)?|aarch64_be|armv[4-8][a-z]*b)$/;

/** Whether a machine, as uname -m names it, stores the low byte of a word first; undefined where the name does not tell. */
export function isLittleEndian(machine: string): boolean | undefined {
  if (littleEndianMachine.test(machine)) return !bigEndianMachine.test(machine);
  return bigEndianMachine.test(machine) ? false : undefined;
}

/** One text for each address, however it was written: to compare, not to show. */
export function comparable(ip: string): string {
  return ipaddr.parse(ip).toNormalizedString();
}
