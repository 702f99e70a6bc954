import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from '../../src/contracts/nearest.ts';

const keys = ['address', 'platform', 'port', 'user', 'knownHosts', 'identityFile', 'jump', 'tags'];

test.each<[string, string | undefined]>([
  ['prot', 'port'],
  ['Port', 'port'],
  ['adress', 'address'],
  ['addresses', 'address'],
  ['known_hosts', 'knownHosts'],
  ['known-hosts', 'knownHosts'],
  ['IDENTITYFILE', 'identityFile'],
  ['identyFile', 'identityFile'],
  ['tag', 'tags'],
  ['usr', 'user'],
  ['pt', undefined],
  ['x', undefined],
  ['', undefined],
  ['colour', undefined],
  ['p'.repeat(1000), undefined],
])('%s may mean %s', (word, meant) => {
  expect(nearest(word, keys)).toBe(meant);
});

test('of equally near words, the first is meant', () => {
  expect(nearest('web03', ['web01', 'web02'])).toBe('web01');
  expect(nearest('web_01', ['web011', 'Web01', 'web01'])).toBe('Web01');
});

test('one slip in a word of five letters or more is found', () => {
  const slip = fc.tuple(
    fc.stringMatching(/^[a-z]{5,12}$/),
    fc.nat(),
    fc.constantFrom('drop', 'double', 'swap', 'replace'),
  );
  fc.assert(
    fc.property(slip, ([word, at, kind]) => {
      const index = at % (word.length - 1);
      const [before, letter, after] = [word.slice(0, index), word.charAt(index), word.slice(index + 1)];
      const slipped = {
        drop: before + after,
        double: before + letter + letter + after,
        swap: before + after.charAt(0) + letter + after.slice(1),
        replace: `${before}9${after}`,
      }[kind];
      expect(nearest(slipped, ['unrelated-words', word])).toBe(word);
    }),
  );
});
