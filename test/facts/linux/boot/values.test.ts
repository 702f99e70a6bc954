import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelInteger } from '../../../../src/facts/linux/boot-sysctl-values.ts';

describe('what the kernel makes of a text that is written to an integer parameter', () => {
  test.each([
    ['1', 1],
    ['-1', -1],
    ['-0', 0],
    [' 2', 2],
    ['1 # hidden', 1],
    ['1\t2', 1],
    ['0x2', 2],
    ['010', 8],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
  ])('%j is %i', (text, value) => {
    expect(kernelInteger(text)).toBe(value);
  });

  test.each([
    '',
    ' ',
    '"1"',
    "'1'",
    '+1',
    '- 1',
    '1,2',
    '1;',
    '1#',
    '08',
    '0x',
    'one',
    '1.0',
    '2147483648',
    '-2147483649',
  ])('%j is refused', (text) => {
    expect(kernelInteger(text)).toBeUndefined();
  });

  test('of any text: nothing, or an integer of its range; of an integer: itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const value = kernelInteger(text);
        expect(value === undefined || (Number.isInteger(value) && Math.abs(value) <= 2 ** 31)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(kernelInteger(`${value}`)).toBe(value);
      }),
    );
  });
});
