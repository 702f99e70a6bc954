import { isIPv4, isIPv6 } from 'node:net';

/** An address as unsigned 32-bit words, most significant first: one word for IPv4, four for IPv6. */
export interface Ip {
  readonly family: 4 | 6;
  readonly words: readonly number[];
  /** As it was written. */
  readonly text: string;
}

/** An address and a mask length; the address may have bits beyond the mask. */
export interface Prefix {
  readonly ip: Ip;
  readonly length: number;
}

/** An IPv4 or IPv6 address without zone; undefined for any other text. */
export function parseIp(text: string): Ip | undefined {
  let words = parsed.get(text);
  if (words === undefined) {
    words = wordsOf(text);
    if (words === undefined) return undefined;
    if (parsed.size >= mostParsed) parsed.clear();
    parsed.set(text, words);
  }
  return { family: words.length === 1 ? 4 : 6, words, text };
}

// The hosts of a fleet name the same addresses over and over, and node:net takes a long regular expression to each.
const parsed = new Map<string, readonly number[]>();
const mostParsed = 4096;

function wordsOf(text: string): readonly number[] | undefined {
  if (isIPv4(text)) return [ipv4Word(text)];
  return isIPv6(text) && !text.includes('%') ? ipv6Words(text) : undefined;
}

/** An address with a mask length, such as 10.77.0.0/24; without one, the whole address. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (ip === undefined) return undefined;
  const bits = ip.words.length * 32;
  const length = slash < 0 ? bits : Number(text.slice(slash + 1));
  return Number.isInteger(length) && length >= 0 && length <= bits ? { ip, length } : undefined;
}

/** Whether an address lies in a prefix; false across families. */
export function contains(prefix: Prefix, ip: Ip): boolean {
  if (prefix.ip.family !== ip.family) return false;
  let bits = prefix.length;
  for (let index = 0; bits > 0; index += 1, bits -= 32) {
    const difference = (prefix.ip.words[index] ?? 0) ^ (ip.words[index] ?? 0);
    if (bits >= 32 ? difference !== 0 : difference >>> (32 - bits) !== 0) return false;
  }
  return true;
}

/** 127.0.0.0/8. */
export const loopbackNet: Prefix = { ip: { family: 4, words: [0x7f00_0000], text: '127.0.0.0' }, length: 8 };

/** fe80::/10. */
export const linkLocal: Prefix = { ip: { family: 6, words: [0xfe80_0000, 0, 0, 0], text: 'fe80::' }, length: 10 };

/** Whether two addresses are the same, however they are written. */
export function sameIp(a: Ip, b: Ip): boolean {
  return a.family === b.family && a.words.every((word, index) => word === b.words[index]);
}

/** The IPv4 address of a number. */
export function ipv4(number: number): Ip {
  const text = [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');
  return { family: 4, words: [number >>> 0], text };
}

/** First and last address of an IPv4 prefix as numbers. */
export function rangeOf({ ip, length }: Prefix): { readonly first: number; readonly last: number } {
  const size = 2 ** (32 - length);
  const first = Math.floor((ip.words[0] ?? 0) / size) * size;
  return { first, last: first + size - 1 };
}

function ipv4Word(text: string): number {
  let word = 0;
  let part = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 46) {
      word = word * 256 + part;
      part = 0;
    } else part = part * 10 + code - 48;
  }
  return word * 256 + part;
}

function ipv6Words(text: string): readonly number[] {
  const embedded = text.slice(text.lastIndexOf(':') + 1);
  let plain = text;
  if (embedded.includes('.')) {
    const word = ipv4Word(embedded);
    plain = `${text.slice(0, -embedded.length)}${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`;
  }
  const [head = '', tail] = plain.split('::');
  const groupsOf = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const groups = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return [0, 2, 4, 6].map((index) => (((groups[index] ?? 0) << 16) | (groups[index + 1] ?? 0)) >>> 0);
}
