import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProbe } from '../../../src/collect/linux/parse.ts';
import { readSections } from '../../../src/collect/linux/sections.ts';
import type { LinuxFacts } from '../../../src/contracts/snapshot.ts';
import { schemaViolations } from './support/schema.ts';
import { capture, parameters } from './support/throw-away-host.ts';

const { nonce, vips } = parameters;
const whole = capture('compliant');
const wholeFacts = factsOf(whole);

function factsOf(raw: string): LinuxFacts {
  const result = parseProbe(raw, nonce, vips);
  if (!('linux' in result)) throw new Error(JSON.stringify(result));
  return result.linux;
}

function incomplete(raw: string): string {
  const result = parseProbe(raw, nonce, vips);
  if (!('incomplete' in result)) throw new Error('the output counts as complete');
  return result.incomplete;
}

/** The facts of an output that are neither what they were nor missing with a reason. */
function changedFacts(raw: string): readonly string[] {
  const result = parseProbe(raw, nonce, vips);
  if (!('linux' in result)) return [];
  const facts = new Map<string, unknown>(Object.entries(result.linux));
  return Object.entries(wholeFacts).flatMap(([name, fact]) => {
    const found = facts.get(name);
    const isMissing = typeof found === 'object' && found !== null && 'missing' in found && found.missing !== '';
    return isMissing || isDeepStrictEqual(found, fact) ? [] : [`${name}: ${JSON.stringify(found)}`];
  });
}

/** What the schema has against the facts of an output, which may be incomplete. */
function violationsIn(raw: string): readonly unknown[] {
  const result = parseProbe(raw, nonce, vips);
  return 'linux' in result ? schemaViolations(result.linux) : [];
}

describe('an output that is not whole', () => {
  it('is incomplete wherever it is cut', () => {
    for (let length = 0; length < whole.length; length += 1) {
      const sections = readSections(whole.slice(0, length), nonce);
      if (!('incomplete' in sections)) throw new Error(`complete after ${length} of ${whole.length} characters`);
    }
    expect('incomplete' in readSections(whole, nonce)).toBe(false);
  });

  it('says where it ends', () => {
    expect(incomplete('')).toBe('the output holds no section: the probe did not run, or its marks were lost');
    expect(incomplete(whole.slice(0, whole.indexOf('lo/arp_ignore')))).toBe(
      'the output ends inside the section "ipv4"',
    );
    expect(incomplete(whole.slice(0, whole.indexOf('@@capture0 complete')))).toMatch(
      /^the output ends after \d+ sections, without the last mark$/,
    );
  });

  it('is incomplete when sections are gone, or foreign text stands between two', () => {
    const withoutAddresses = whole.replace(/@@capture0 begin addresses[^]*@@capture0 end addresses 0\n/, '');
    expect(incomplete(withoutAddresses)).toMatch(/^\d+ sections arrived of the \d+ that the probe sent$/);
    expect(incomplete(whole.replace('@@capture0 begin ipv4', 'motd\n@@capture0 begin ipv4'))).toBe(
      'foreign text between two sections: "motd"',
    );
    expect(incomplete(whole.replace('@@capture0 end ipv4 0', '@@capture0 end ipv6 0'))).toBe(
      'the probe\'s mark "end ipv6 0" stands where it cannot be',
    );
    expect(incomplete(whole.replace('@@capture0 end ipv4 0', '@@capture0 begin ipv4 0'))).toContain(
      'stands where it cannot be',
    );
  });

  it('is incomplete when another version of the probe is installed on the host', () => {
    expect(incomplete(whole.replace('probe 1\n', 'probe 2\n'))).toContain('has version 2, expected 1');
    expect(incomplete(whole.replace('probe 1\n', 'probe 1\nsomething\n'))).toContain('"something"');
  });
});

describe('noise', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
    fc.constantFrom(
      '@@evidence begin addresses all',
      '@@evidence end addresses 0',
      '@@evidence complete 1',
      '@@capture1 complete 22',
      ' @@capture0 complete 22',
      '1: lo    inet 10.77.0.100/32 scope global lo',
      'Last login: Sun Nov 22 12:00:00 2026',
    ),
  );

  it('in front of the first mark changes nothing', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.string({ maxLength: 20 }), (lines, unended) => {
        const noise = [...lines, unended.replaceAll(/[\r\n]/g, ' ')].join('\n');
        expect(factsOf(`${noise}${whole}`)).toStrictEqual(wholeFacts);
      }),
      { numRuns: 100 },
    );
  });

  it('behind the last mark changes nothing', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        expect(factsOf(`${whole}${lines.join('\n')}`)).toStrictEqual(wholeFacts);
      }),
      { numRuns: 50 },
    );
  });

  it('in the middle makes facts missing, never other facts', () => {
    const lines = whole.split('\n');
    fc.assert(
      fc.property(line, fc.integer({ min: 2, max: lines.length - 2 }), (foreign, position) => {
        expect(changedFacts(lines.toSpliced(position, 0, `${foreign}~`).join('\n'))).toStrictEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('of carriage returns, as Windows tools save a file, changes nothing', () => {
    expect(factsOf(whole.replaceAll('\n', '\r\n'))).toStrictEqual(wholeFacts);
  });
});

describe('damage', () => {
  const output = Buffer.from(capture('everything'));

  it('of any bytes never throws, and what is left of the facts keeps to the schema', () => {
    const damage = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: output.length - 1 }), to: fc.integer({ min: 0, max: 255 }) }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = Buffer.from(output);
        for (const { at, to } of changes) bytes[at] = to;
        expect(violationsIn(bytes.toString('utf8'))).toStrictEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('of whole lines never throws either', () => {
    const lines = capture('everything').split('\n');
    const position = fc.integer({ min: 0, max: lines.length - 1 });
    fc.assert(
      fc.property(position, position, fc.string({ maxLength: 5000, unit: 'binary' }), (from, to, text) => {
        for (const changed of [
          lines.toSpliced(to, 0, lines[from] ?? ''),
          lines.with(from, text),
          lines.toSpliced(from, 1),
        ]) {
          expect(violationsIn(changed.join('\n'))).toStrictEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('that repeats a section makes its facts missing, not the last one win', () => {
    const [, count = ''] = /^@@capture0 complete (\d+)$/m.exec(whole) ?? [];
    for (const [section, , name = ''] of whole.matchAll(
      /(^@@capture0 begin ([a-z0-9-]+) .*\n)[^]*?^@@capture0 end \2 \d+\n/gm,
    )) {
      const twice = whole
        .replace(section, () => section + section)
        .replace(`complete ${count}`, `complete ${Number(count) + 1}`);
      const result = parseProbe(twice, nonce, vips);
      const text = JSON.stringify(result);
      expect(text).toContain(`the section \\"${name}\\" came more than once`);
      expect(changedFacts(twice)).toStrictEqual([]);
    }
  });
});
