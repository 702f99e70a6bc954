import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { env } from 'node:process';
import { describe, expect, it } from 'vitest';
import { renderers } from '../../src/report/render.ts';
import { cases } from './fixtures/cases.ts';

// The bundle of the page changes with each build and is tested in Chromium; here it stands as a word.
const page = { script: '"page.js";', style: '/* page.css */' };
const folder = new URL('../golden/', import.meta.url);
const rebuild = 'UPDATE_GOLDEN=1 npx vitest run --project unit test/report/golden.test.ts';

describe('golden reports', () => {
  const expected = [...cases].flatMap(([name, report]) =>
    [...renderers.values()].map((renderer) => ({ name, report, renderer })),
  );

  it.each(expected)('$name as $renderer.name', async ({ name, report, renderer }) => {
    const file = new URL(`${name}.${report.exitCode}.${renderer.name}`, folder);
    const render = await renderer.load();
    const text = render(report, { columns: 100, page });
    if (env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(text, `differs from the golden file; if it should, run ${rebuild}`).toBe(readFileSync(file, 'utf8'));
  });

  it('has no golden file that belongs to no case', () => {
    const named = new Set(expected.map(({ name, report, renderer }) => `${name}.${report.exitCode}.${renderer.name}`));
    const formats = [...renderers.keys()].map((name) => `.${name}`);
    const found = readdirSync(folder).filter((file) => formats.some((format) => file.endsWith(format)));
    expect(found.filter((file) => !named.has(file))).toEqual([]);
    expect(found).toHaveLength(named.size);
  });
});
