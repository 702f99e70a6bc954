import { describe, expect, it } from 'vitest';
import { renderJson } from '../../src/report/json.ts';
import { cases } from './fixtures/cases.ts';

describe('json report', () => {
  it('is the report itself, and ends its last line', () => {
    for (const report of cases.values()) {
      const text = renderJson(report);
      expect(JSON.parse(text)).toEqual(report);
      expect(text.endsWith('\n}\n')).toBe(true);
    }
  });

  it('does not depend on the order in which the rules were loaded', () => {
    const report = cases.get('broken-fleet')!;
    const reversed = { ...report, rules: Object.fromEntries(Object.entries(report.rules).reverse()) };
    expect(Object.keys(reversed.rules)).not.toEqual(Object.keys(report.rules));
    expect(renderJson(reversed)).toBe(renderJson(report));
  });
});
