import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderText } from '../../src/report/text.ts';
import { anyTexts, reportWith } from './fixtures/arbitrary.ts';
import { cases } from './fixtures/cases.ts';
import { largeFleet } from './fixtures/large.ts';

const brokenFleet = cases.get('broken-fleet')!;

function firstLine(name: string): string | undefined {
  return renderText(cases.get(name)!).split('\n')[0];
}

describe('text report', () => {
  it('says the verdict and the exit code in its first line', () => {
    expect(firstLine('broken-fleet')).toBe(
      '✗ NON-COMPLIANT, exit code 1: 11 failures on 6 of 10 hosts; 3 hosts can hijack a VIP right now.',
    );
    expect(firstLine('compliant')).toBe(
      '✓ COMPLIANT, exit code 0: Every one of 2 hosts was assessed and nothing failed.',
    );
    expect(firstLine('nothing-assessed')).toContain('? NOT ASSESSED, exit code 4: ');
    expect(firstLine('interrupted')).toContain('? INTERRUPTED, exit code 130: ');
  });

  it('always states the coverage', () => {
    for (const report of cases.values()) expect(renderText(report)).toMatch(/Coverage +\d+ selected, \d+ assessed/);
  });

  it('names every host with a hijack risk', () => {
    expect(renderText(brokenFleet)).toContain('HIJACK RISK: web02, web04, web05');
  });

  it('is plain unless colour is asked for, and says the same in colour', () => {
    const plain = renderText(brokenFleet, { columns: 100 });
    const coloured = renderText(brokenFleet, { columns: 100, colour: true });
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it('fits prose into the columns and leaves commands whole', () => {
    const lines = renderText(brokenFleet, { columns: 60 }).split('\n');
    const long = lines.filter((line) => line.length > 60);
    expect(long.length).toBeGreaterThan(0);
    expect(long.filter((line) => !/sysctl|interface|address|InterfaceAlias|--limit|compliant/.test(line))).toEqual([]);
    const command = brokenFleet.hosts[1]?.results.find(({ rule }) => rule === 'linux/sysctl-persistence')?.fix?.[0]
      ?.run;
    expect(lines.map((line) => line.trim())).toContain(command);
  });

  it('tells a fix once where it is the same for all hosts', () => {
    expect(renderText(brokenFleet).split('sysctl -w net.ipv4.conf.all.arp_ignore=1')).toHaveLength(2);
  });

  it('stays readable for a large fleet', () => {
    const text = renderText(largeFleet(2000));
    expect(text.split('\n').length).toBeLessThan(250);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(600);
    expect(text).toMatch(/and \d+ more .*\(see the JSON report\)/);
  });

  it('never holds a character that a terminal acts on, nor one that hides', () => {
    fc.assert(
      fc.property(anyTexts, fc.integer({ min: 1, max: 200 }), (texts, columns) => {
        const text = renderText(reportWith(texts), { columns }).replaceAll('\n', '');
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      }),
      { numRuns: 200 },
    );
  });

  it('bounds every line, whatever the host sent', () => {
    const flood = 'x'.repeat(8000);
    const report = {
      ...brokenFleet,
      hosts: brokenFleet.hosts.map((host) => ({
        ...host,
        results: host.results.map((result) => ({
          ...result,
          expected: flood,
          actual: flood,
          message: flood,
          evidence: [{ source: flood, text: `${flood}\n`.repeat(50) }],
          fix: [{ say: flood, run: flood }],
        })),
      })),
    };
    const lines = renderText(report).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2100);
    expect(lines.join('\n')).toContain('(a command of 8000 characters: see the JSON report)');
  });
});
