import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { cases } from './fixtures/cases.ts';
import { largeFleet } from './fixtures/large.ts';

const schema = JSON.parse(readFileSync(new URL('../../reports/report.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

describe('report fixtures', () => {
  it.each([...cases, ['large fleet', largeFleet(50)] as const])('%s is a valid report', (_name, report) => {
    validate(report);
    expect(validate.errors).toBeNull();
  });

  it('covers each exit code that a report can have, and each verdict', () => {
    const reports = [...cases.values()];
    expect(new Set(reports.map((report) => report.exitCode))).toEqual(new Set([0, 1, 3, 4, 130]));
    expect(new Set(reports.map((report) => report.verdict)).size).toBe(4);
  });

  it('refuses a report that lost something', () => {
    const { verdict: _, ...rest } = cases.get('compliant')!;
    expect(validate(rest)).toBe(false);
  });
});
