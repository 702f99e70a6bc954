import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer } from '../../src/collect/answer.ts';

const mark = '@@nonce end';

function feed(chunks: readonly Buffer[], limit = 1_000_000): { state: string; bytes: string } {
  const answer = readAnswer(mark, limit);
  let state = 'more';
  for (const chunk of chunks) {
    if (state === 'more') state = answer.take(chunk);
  }
  return { state, bytes: state === 'too-much' ? '' : answer.bytes().toString('latin1') };
}

function split(text: string, sizes: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) chunks.push(bytes.subarray(at, (at += size)));
  chunks.push(bytes.subarray(at));
  return chunks;
}

const piece = fc.constantFrom(mark, '@@nonce', ' end', '@', '\n', '\r\n', 'x', ' rc 0', 'some text');
const sizes = fc.array(fc.nat(7), { maxLength: 40 });

test('the end mark counts at the beginning of a line that is ended, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), sizes, (pieces, cuts) => {
      const text = pieces.join('');
      // The same said with a regular expression over the whole text.
      const found = /(?<=^|\n)@@nonce end[^\n]*\n/.exec(text);
      const expected =
        found === null
          ? { state: 'more', bytes: text }
          : { state: 'complete', bytes: text.slice(0, found.index + found[0].length) };
      expect(feed(split(text, cuts))).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test('the limit counts what is kept, not what follows the end mark', () => {
  const text = `1234567\n${mark}\n`;
  expect(feed([Buffer.from(text + 'x'.repeat(100))], text.length).state).toBe('complete');
  expect(feed([Buffer.from(text)], text.length - 1).state).toBe('too-much');
});

test('one endless line in small chunks stays cheap', () => {
  const answer = readAnswer(mark, 64 * 1024 * 1024);
  const chunk = Buffer.from('x');
  for (let count = 0; count < 1_000_000; count += 1) answer.take(chunk);
  expect(answer.bytes()).toHaveLength(1_000_000);
});
