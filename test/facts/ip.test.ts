import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, type Ip, ipv4, parseIp, parsePrefix, rangeOf, sameIp } from '../../src/facts/ip.ts';

const v4 = fc.ipV4();
const v6 = fc.ipV6();
const family = (text: string): 'ipv4' | 'ipv6' => (text.includes(':') ? 'ipv6' : 'ipv4');

function ip(text: string): Ip {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`${text} was not parsed`);
  return parsed;
}

/** node's own notion of an address in a prefix; it also maps ::ffff:0:0/96 to IPv4, which is not asked here. */
function nodeContains(base: string, length: number, other: string): boolean {
  const list = new BlockList();
  list.addSubnet(base, length, family(base));
  return family(base) === family(other) && list.check(other, family(other));
}

const isMapped = (text: string): boolean => family(text) === 'ipv6' && nodeContains('::ffff:0:0', 96, text);

describe('addresses', () => {
  it('are the same when node says so, however they are written', () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), (text) => {
        const other = family(text) === 'ipv4' ? text : new URL(`http://[${text}]`).hostname.slice(1, -1);
        expect(sameIp(ip(text), ip(other))).toBe(true);
      }),
    );
  });

  it('differ when a bit does', () => {
    fc.assert(
      fc.property(v4, fc.integer({ min: 0, max: 31 }), (text, bit) => {
        const [word = 0] = ip(text).words;
        expect(sameIp(ip(text), ipv4((word ^ (1 << bit)) >>> 0))).toBe(false);
      }),
    );
  });

  it.each(['', '10.0.0', '010.0.0.1', '10.0.0.1/24', 'fe80::1%eth0', '::g', '1.2.3.4.5'])('%s is none', (text) => {
    expect(parseIp(text)).toBeUndefined();
  });

  it.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/1.5', '::/129', '10.0.0.0/x'])('%s is no prefix', (text) => {
    expect(parsePrefix(text)).toBeUndefined();
  });
});

describe('prefixes', () => {
  it('contain what node says they contain', () => {
    const cases = fc.oneof(
      fc.tuple(v4, v4, fc.integer({ min: 0, max: 32 })),
      fc.tuple(v6, v6, fc.integer({ min: 0, max: 128 })),
      fc.tuple(v4, v6, fc.integer({ min: 0, max: 32 })),
    );
    fc.assert(
      fc.property(cases, ([base, other, length]) => {
        fc.pre(!isMapped(base) && !isMapped(other));
        const prefix = parsePrefix(`${base}/${length}`);
        if (prefix === undefined) throw new Error('not parsed');
        expect(contains(prefix, ip(base))).toBe(true);
        expect(contains(prefix, ip(other))).toBe(nodeContains(base, length, other));
      }),
    );
  });

  it('have a first and a last address, and nothing before or after', () => {
    fc.assert(
      fc.property(v4, fc.integer({ min: 1, max: 32 }), (text, length) => {
        const prefix = parsePrefix(`${text}/${length}`);
        if (prefix === undefined) throw new Error('not parsed');
        const { first, last } = rangeOf(prefix);
        expect([first, last].map((number) => contains(prefix, ipv4(number)))).toEqual([true, true]);
        if (first > 0) expect(contains(prefix, ipv4(first - 1))).toBe(false);
        if (last < 2 ** 32 - 1) expect(contains(prefix, ipv4(last + 1))).toBe(false);
      }),
    );
  });
});
