import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandBraces, matchesGlob } from '../../../../src/facts/linux/boot-sysctl-glob.ts';

describe('a glob(7) pattern over a path', () => {
  test.each([
    ['net/*/conf', 'net/ipv4/conf', true],
    ['net/*', 'net/ipv4/conf', false],
    ['eth?', 'eth0', true],
    ['eth[0-9]', 'eth7', true],
    ['eth[!0-9]', 'eth7', false],
    ['[]a]', ']', true],
    ['[', '[', true],
    ['\\*', '*', true],
    ['\\*', 'eth0', false],
    ['*', '.hidden', false],
    ['.*', '.hidden', true],
    ['*a*b', 'xxaxxb', true],
    ['[z-a]', 'm', false],
  ])('%s, %s: %s', (pattern, path, expected) => {
    expect(matchesGlob(pattern, path)).toBe(expected);
  });

  test('agrees with a plain reading of stars and question marks', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(patterns, words, (pattern, word) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '[ab]*').replaceAll('?', '[ab]')}$`);
        expect(matchesGlob(pattern, word)).toBe(expression.test(word));
      }),
    );
  });

  test('comes to an end on any pattern', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('*', '[', ']', '!', '\\', '?', 'a', '/', '-') }),
        fc.string(),
        (pattern, path) => [true, false].includes(matchesGlob(pattern, path)),
      ),
    );
    expect(matchesGlob('*a'.repeat(500), 'a'.repeat(400))).toBe(false);
  });
});

describe('braces', () => {
  test.each([
    ['a{b,c}d', ['abd', 'acd']],
    ['{a,b}{c,d}', ['ac', 'ad', 'bc', 'bd']],
    ['{a,{b,c}}', ['a', 'b', 'c']],
    ['a{b', ['a{b']],
    ['plain', ['plain']],
  ])('%s stands for %j', (pattern, expected) => {
    expect(expandBraces(pattern)).toEqual(expected);
  });

  test('never stand for more than a bounded number of patterns', () => {
    expect(expandBraces('{a,b}'.repeat(40))).toEqual(['{a,b}'.repeat(40)]);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', ',', 'a') }),
        (pattern) => expandBraces(pattern).length <= 64,
      ),
    );
  });
});
