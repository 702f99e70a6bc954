import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadInventory } from '../../src/inventory/load.ts';
import { refusal } from '../support/refusal.ts';

// Each file of bad/ is one slip. It begins with every problem that must be said about it, in order: # expect: LINE:COLUMN: ...
const folder = join(import.meta.dirname, 'bad');

describe('a bad inventory is refused with', () => {
  test.each(readdirSync(folder))('%s', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const expected = [...text.matchAll(/^# expect: (.*)$/gm)].map((match) => `${name}:${match[1]}`);
    expect(expected).not.toEqual([]);
    expect(refusal(() => loadInventory(name, text))?.message.split('\n')).toEqual(expected);
  });
});
