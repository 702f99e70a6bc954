import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/contracts/report.ts';
import { renderHtml } from '../../src/report/html.ts';
import { pack, unpack, type Packed } from '../../src/report/island.ts';
import { html } from '../../src/report/markup.ts';
import { anyText, anyTexts, reportWith } from './fixtures/arbitrary.ts';
import { cases } from './fixtures/cases.ts';
import { largeFleet } from './fixtures/large.ts';

const page = { script: 'void "<\\/script>";', style: 'body { color: red }' };
const brokenFleet = cases.get('broken-fleet')!;

function hash(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}

function islandOf(document: string): Packed {
  const found = /<script type="application\/json" id="report" data-encoding="(\w+)">([^<]*)<\/script>/.exec(document);
  const [, encoding, data = ''] = found ?? [];
  expect(found).not.toBeNull();
  return JSON.parse(encoding === 'gzip' ? gunzipSync(Buffer.from(data, 'base64')).toString() : data) as Packed;
}

function withoutFingerprints({ results, ...rest }: Report['hosts'][number]): object {
  return { ...rest, results: results.map(({ fingerprint: _fingerprint, ...result }) => result) };
}

describe('html report', () => {
  it('allows its own script and style, and nothing else', () => {
    const document = renderHtml(brokenFleet, { page });
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(document)?.[1];
    expect(policy?.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; script-src '${hash(page.script)}'; style-src '${hash(page.style)}'; base-uri 'none'; form-action 'none'`,
    );
    expect(document).toContain(`<script>${page.script}</script>`);
    expect(document).toContain(`<style>${page.style}</style>`);
  });

  it('refuses a bundle that would end its own element', () => {
    expect(() => renderHtml(brokenFleet, { page: { ...page, script: '"</SCRIPT>"' } })).toThrow('end its own element');
    expect(() => renderHtml(brokenFleet, { page: { ...page, style: '</style>' } })).toThrow('end its own element');
  });

  it('loads nothing and links nowhere but within itself', () => {
    for (const report of cases.values()) {
      const document = renderHtml(report, { page });
      const markup = document.replaceAll(/<script[^]*?<\/script>/g, '');
      const addresses = [...markup.matchAll(/<[^>]*\s(?:href|src|action|data|poster|srcset)="([^"]*)"/g)];
      expect(addresses.length).toBeGreaterThan(0);
      expect(addresses.filter(([, address]) => !address?.startsWith('#'))).toEqual([]);
      expect(markup).not.toMatch(/<[^>]*\s(?:on\w+|style)=/i);
    }
  });

  it('shows summary, every failing host and every fix without its script', () => {
    const document = renderHtml(brokenFleet, { page }).replaceAll(/<script[^]*?<\/script>/g, '');
    for (const host of brokenFleet.hosts.filter(({ verdict }) => verdict !== 'compliant'))
      expect(document).toContain(host.name);
    expect(document).toContain('sysctl -w net.ipv4.conf.all.arp_ignore=1');
    expect(document).toContain('11 failures on 6 of 10 hosts');
    expect(document).toContain('10 selected, 8 assessed, 2 unreachable');
  });

  it('carries the whole report but its fingerprints', () => {
    const report = unpack(islandOf(renderHtml(brokenFleet, { page })));
    expect(report.hosts).toEqual(brokenFleet.hosts.map(withoutFingerprints));
    expect(report).toMatchObject({ totals: brokenFleet.totals, rules: brokenFleet.rules, run: brokenFleet.run });
  });

  it('stays small and bounded for a large fleet', () => {
    const hosts = 5000;
    const document = renderHtml(largeFleet(hosts), { page });
    expect(document.length).toBeLessThan(hosts * 1024);
    expect(document.match(/<[a-z]/g)?.length).toBeLessThan(4000);
    expect(islandOf(document).hosts).toHaveLength(hosts);
  });

  it('stays one document with two scripts, whatever text the report holds', () => {
    fc.assert(
      fc.property(anyTexts, (texts) => {
        const report = reportWith(texts);
        const document = renderHtml(report, { page: { ...page, script: 'void 0;' } });
        const count = (needle: RegExp): number | undefined => document.match(needle)?.length;
        expect([count(/<script/gi), count(/<\/script/gi), count(/<!--/g), count(/<img/gi)]).toEqual([
          2,
          2,
          undefined,
          undefined,
        ]);
        expect(count(/</g)).toBe(count(/<[a-z/!]/gi));
        const seen = JSON.stringify(unpack(islandOf(document)));
        expect(seen).toBe(JSON.stringify(unpack(pack(report))));
        expect(JSON.parse(seen) as unknown).toMatchObject({ totals: report.totals });
      }),
      { numRuns: 100 },
    );
  });
});

describe('html template', () => {
  it('escapes whatever is put in, for content and quoted attributes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { markup } = html`<p title="${text}">${text}${[html`<b>${text}</b>`, text]}${undefined}</p>`;
        const plain = markup.replaceAll(/&(amp|lt|gt|quot|#39);/g, '').replace(/^<p title="([^"]*)">/, '$1');
        expect(plain).not.toMatch(/["'&]/);
        expect(plain.replaceAll(/<\/?[bp]>/g, '')).not.toMatch(/[<>]/);
      }),
    );
  });
});
