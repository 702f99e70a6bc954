import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathText, printable, quoted, quotedList } from '../../src/contracts/quoted.ts';

test.each<[unknown, string]>([
  ['web01', '"web01"'],
  ['say "hi" \\', String.raw`"say \"hi\" \\"`],
  ['a\nb\tc\u0000', String.raw`"a\u{a}b\u{9}c\u{0}"`],
  ['\u001b[31mred\u009b', String.raw`"\u{1b}[31mred\u{9b}"`],
  ['user\u202Etxt.exe\u2066', String.raw`"user\u{202e}txt.exe\u{2066}"`],
  ['a\u200Bb\uFEFFc\u00ADd', String.raw`"a\u{200b}b\u{feff}c\u{ad}d"`],
  ['no\u00A0break\u3000space', String.raw`"no\u{a0}break\u{3000}space"`],
  ['lone \uD83D', String.raw`"lone \u{d83d}"`],
  ['Zürich 東京 😀', '"Zürich 東京 😀"'],
  ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
  [`${'x'.repeat(59)}😀`, `"${'x'.repeat(59)}…"`],
  [22, '22'],
  [null, 'null'],
  [['a'], 'a list'],
  [{ a: 1 }, 'a map'],
])('%j is shown as %s', (value, shown) => {
  expect(quoted(value)).toBe(shown);
});

test.each<[(string | number)[], string]>([
  [['hosts', 'web01', 'tags', 0], 'hosts.web01.tags[0]'],
  [['hosts', 'web01.example.net', 'port'], 'hosts["web01.example.net"].port'],
  [['hosts', '10'], 'hosts["10"]'],
  [['a b', '__proto__'], '["a b"].__proto__'],
  [['hosts', '\u202e"'], String.raw`hosts["\u{202e}\""]`],
  [[], ''],
])('%j is the path %s', (path, shown) => {
  expect(pathText(path)).toBe(shown);
});

test('long lists end with how many more there are', () => {
  expect(quotedList(['a', 'b'])).toBe('"a", "b"');
  expect(quotedList(Array.from({ length: 25 }, (_, index) => index))).toMatch(/ 18, 19 and 5 more$/);
});

test('whatever is shown stays on its line and within bounds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(quoted(text)).toMatch(/^"[^\p{C}\p{Zl}\p{Zp}]*"$/u);
      expect(quoted(text).length).toBeLessThan(60 * 12);
      expect(printable(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\u00A0]/u);
    }),
  );
});
