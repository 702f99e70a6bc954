import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem, InputError } from '../../src/errors.ts';
import { loadInventory } from '../../src/inventory/load.ts';

// Each file of bad/ is one slip. It begins with every problem that must be said about it, in order: # expect: LINE:COLUMN: ...
const folder = join(import.meta.dirname, 'bad');

describe('a bad inventory is refused with', () => {
  test.each(readdirSync(folder))('%s', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const expected = [...text.matchAll(/^# expect: (.*)$/gm)].map((match) => match[1]);
    expect(expected).not.toEqual([]);
    expect(problems(name, text)).toEqual(expected);
  });
});

function problems(name: string, text: string): readonly string[] {
  try {
    loadInventory(name, text);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(new Set(error.problems.map(({ file }) => file))).toEqual(new Set([name]));
    return error.problems.map(({ file: _, ...problem }) => formatProblem(problem));
  }
}
