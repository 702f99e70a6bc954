import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseDocument, type ParsedDocument } from '../../src/contracts/document.ts';
import { refusal } from '../support/refusal.ts';

const mebibyte = 1024 * 1024;

function parse(content: string | Uint8Array, maxBytes = mebibyte): ParsedDocument {
  return parseDocument('a.yaml', content, { maxBytes });
}

function refused(content: string | Uint8Array, maxBytes?: number): string {
  return refusal(() => parse(content, maxBytes))?.message ?? 'accepted';
}

function nested(open: string, close: string, count: number, core = ''): string {
  return `${open.repeat(count)}${core}${close.repeat(count)}`;
}

// A control character in JSON text is escaped, except DEL.
function asJson(value: unknown, space?: string): string {
  return JSON.stringify(value, null, space).replaceAll('\u007f', String.raw`\u007f`);
}

// JSON has no negative zero.
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Every path of a value that is plain data, with how the text at its place must begin. */
function beginnings(value: unknown, path: readonly (string | number)[] = []): [readonly (string | number)[], string][] {
  if (Array.isArray(value))
    return [[path, '['], ...value.flatMap((entry, index) => beginnings(entry, [...path, index]))];
  if (typeof value !== 'object' || value === null) return [[path, asJson(value)]];
  return [[path, '{'], ...Object.entries(value).flatMap(([key, entry]) => beginnings(entry, [...path, key]))];
}

describe('places', () => {
  const text = `# comment
web: { vip: 10.77.0.100, backends: [a, b] }
hosts:
  a: &shared
    tags:
      - x
      - y
  b: *shared
  'c.d': |
    text
`;
  const { positionOf, value } = parse(text);

  test.each<[(string | number)[], 'key' | 'value', number, number]>([
    [[], 'value', 2, 1],
    [['web'], 'key', 2, 1],
    [['web'], 'value', 2, 6],
    [['web', 'vip'], 'key', 2, 8],
    [['web', 'vip'], 'value', 2, 13],
    [['web', 'backends', 1], 'value', 2, 40],
    [['web', 'backends', 1], 'key', 2, 40],
    [['hosts', 'a'], 'key', 4, 3],
    [['hosts', 'a', 'tags', 1], 'value', 7, 9],
    [['hosts', 'b'], 'value', 8, 6],
    [['hosts', 'b', 'tags', 1], 'value', 7, 9],
    [['hosts', 'c.d'], 'key', 9, 3],
    [['hosts', 'c.d'], 'value', 9, 10],
    // What is not there stands at the key of the map that lacks it.
    [['hosts', 'a', 'port'], 'value', 4, 3],
    [['nothing', 'at', 'all'], 'key', 2, 1],
  ])('%j %s', (path, at, line, column) => {
    expect(positionOf(path, at)).toEqual({ line, column });
  });

  test('values are plain', () => {
    expect(value).toEqual({
      web: { vip: '10.77.0.100', backends: ['a', 'b'] },
      hosts: { a: { tags: ['x', 'y'] }, b: { tags: ['x', 'y'] }, 'c.d': 'text\n' },
    });
  });

  test('count from the first character after a byte order mark', () => {
    expect(parse('\uFEFFa: 1').positionOf(['a'])).toEqual({ line: 1, column: 4 });
  });

  test('count lines of Windows', () => {
    expect(parse('a: 1\r\nb: 2\r\n').positionOf(['b'])).toEqual({ line: 2, column: 4 });
  });
});

describe('YAML 1.2', () => {
  test('has no surprises of YAML 1.1', () => {
    expect(parse('a: no\nb: 0777\nc: 22:22\nd: 0o17\ne: 2024-01-01\nf: ~\ng:\n').value).toEqual({
      a: 'no',
      b: 777,
      c: '22:22',
      d: 15,
      e: '2024-01-01',
      f: null,
      g: null,
    });
  });

  test('keeps keys as they are written', () => {
    expect(Object.keys(parse('1.10: a\nnull: b\ntrue: c\n010: d\n').value)).toEqual(['1.10', 'null', 'true', '010']);
  });

  test('gives __proto__ and its like no power', () => {
    const { value } = parse('__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }\n');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect('polluted' in value).toBe(false);
    expect('polluted' in {}).toBe(false);
  });

  test('uses the anchor that was last set before the alias', () => {
    expect(parse('a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: &x [&x 3, *x]\nf: *x\n').value).toEqual({
      a: 1,
      b: 1,
      c: 2,
      d: 2,
      e: [3, 3],
      f: 3,
    });
  });
});

describe('refused, with the place, is', () => {
  test.each<[string, string | Uint8Array, string]>([
    [
      'a NUL byte',
      'a: 1\nb: x\0y',
      'a.yaml:2:5: contains the control character \\u{0}, expected text: the file is binary or UTF-16; save it as UTF-8',
    ],
    [
      'an escape sequence',
      'a: \u001b[2J',
      'a.yaml:1:4: contains the control character \\u{1b}, expected text; remove it',
    ],
    ['UTF-16', Buffer.from('\uFEFFa: 1', 'utf16le'), 'a.yaml: is UTF-16, expected UTF-8; save it again as UTF-8'],
    [
      'UTF-16, the other way round',
      Buffer.from('\uFEFFa: 1', 'utf16le').swap16(),
      'a.yaml: is UTF-16, expected UTF-8; save it again as UTF-8',
    ],
    [
      'Latin-1',
      Buffer.from('a: 1\nb: Jos\u00e9\nc: 3\n', 'latin1'),
      'a.yaml:2: this line is not UTF-8; save the file again as UTF-8',
    ],
    ['half a character', Buffer.from([0x61, 0xc3]), 'a.yaml:1: this line is not UTF-8; save the file again as UTF-8'],
    ['a scalar', 'web01', 'a.yaml:1:1: expected a map (key: value) at the top, found "web01"'],
    ['a list in JSON', '[]', 'a.yaml:1:1: expected a map (key: value) at the top, found a list'],
    [
      'nothing but a comment',
      '# todo\n',
      'a.yaml:1:1: expected a map (key: value) at the top, found nothing: the file is empty',
    ],
    [
      'a second document',
      'a: 1\n---\nb: 2\n',
      'a.yaml:2:1: a second document begins here, expected one document a file; split the file',
    ],
    ['a tag', 'a: !include secret.yaml', 'a.yaml:1:4: tags such as !name are not supported; write the plain value'],
    [
      'a tag of YAML 1.1',
      'a: !!binary aGk=',
      'a.yaml:1:4: tags such as !name are not supported; write the plain value',
    ],
    ['a tag that lies', 'a: !!int x', 'a.yaml:1:4: tags such as !name are not supported; write the plain value'],
    [
      'a list as key',
      '? [a]\n: 1\n',
      'a.yaml:1:3: this key is a list, a map or an alias, expected text; was a {{ template }} left in?',
    ],
    [
      'an alias as key',
      'a: &a x\n*a : 1\n',
      'a.yaml:2:1: this key is a list, a map or an alias, expected text; was a {{ template }} left in?',
    ],
    ['a reserved character', 'a: @x', 'a.yaml:1:4: not valid YAML: Plain value cannot start with reserved character @'],
    [
      'every equal key',
      'a: 1\nb:\n  c: 1\n  c: 2\n  "c": 3\na: 4\n',
      'a.yaml:4:3: b.c: the key "c" already stands on line 3; keep one of the two\na.yaml:5:3: b.c: the key "c" already stands on line 3; keep one of the two\na.yaml:6:1: a: the key "a" already stands on line 1; keep one of the two',
    ],
  ])('%s', (_, content, message) => {
    expect(refused(content)).toBe(message);
  });

  test('a file beyond the limit, in bytes', () => {
    expect(refused(`a: ${'é'.repeat(60)}`, 100)).toBe(
      'a.yaml: is larger than 100 bytes, the most that is read; split it',
    );
    expect(refused(`a: ${'x'.repeat(4 * mebibyte)}`, 4 * mebibyte)).toContain('is larger than 4 MiB');
    expect(refused(`a: ${'x'.repeat(97)}`, 100)).toBe('accepted');
  });
});

describe('nesting is refused beyond 100 levels', () => {
  test.each<[string, string]>([
    ['lists in JSON', `{"a":${nested('[', ']', 1e5)}}`],
    ['open lists', `a: ${nested('[', '', 1e5)}`],
    ['maps in JSON', nested('{"a":', '}', 1e5, '1')],
    ['lists of YAML', `a:\n${nested(' - ', '', 1e5, 'x')}`],
    ['lists after each other', nested('- ', '', 1e5)],
    ['explicit keys', nested('? ', '', 1e5)],
    ['maps of YAML', Array.from({ length: 500 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
    ['map in list in map', nested('{a: [', ']}', 1e5)],
  ])('%s', (_, text) => {
    expect(refused(text)).toMatch(
      /^a\.yaml:\d+:\d+: lists and maps are nested more than 100 deep here; expected a flat document$/,
    );
  });

  test('and not at 100', () => {
    expect(refused(nested('{"a":', '}', 99, '[]'))).toBe('accepted');
    expect(refused(nested('{"a":', '}', 100, '[]'))).toContain('nested more than 100');
    expect(refused(`a: ${nested('[', ']', 99)}`)).toBe('accepted');
    expect(refused(`a: ${nested('[', ']', 100)}`)).toContain('nested more than 100');
  });

  test('also when aliases do it', () => {
    const lines = ['a0: &a0 [x]'];
    for (let level = 1; level <= 100; level += 1) lines.push(`a${level}: &a${level} [*a${level - 1}]`);
    expect(refused(lines.slice(0, 99).join('\n'))).toBe('accepted');
    expect(refused(lines.join('\n'))).toContain('with this alias, lists and maps nest more than 100 deep');
  });
});

describe('what grows is refused', () => {
  test('aliases of aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 30; level += 1) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    expect(refused(lines.join('\n'))).toMatch(
      /: aliases multiply this document to more than 200000 values; write the values out$/,
    );
    expect(refused(lines.join('\n')).split('\n')).toHaveLength(1);
    expect(refused(lines.slice(0, 4).join('\n'))).toBe('accepted');
  });

  test('more signs than memory can take', () => {
    expect(refused(`a: [${','.repeat(2 * mebibyte)}]`, 4 * mebibyte)).toMatch(
      /^a\.yaml:1:\d+: more than 1,000,000 keys, values and signs stand before this; split the file$/,
    );
  });

  test('a thousand problems to a hundred', () => {
    const lines = refused('a: 1\n'.repeat(1001)).split('\n');
    expect(lines).toHaveLength(101);
    expect(lines[0]).toContain('a.yaml:2:1: ');
    expect(lines[100]).toBe('a.yaml: and 900 more problems');
  });
});

describe('for any input', () => {
  const json = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'binary' }), {
    noNullPrototype: true,
  });

  test('JSON is read as JSON reads it, however it is indented', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, ' ', '\t', '    '), (value, space) => {
        expect(plain(parse(asJson(value, space)).value)).toEqual(plain(value));
      }),
    );
  });

  test('every path of a document has the place of its value', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = asJson(value, '\t');
        const { positionOf, value: parsed } = parse(text);
        const lines = text.split('\n');
        for (const [path, beginning] of beginnings(parsed)) {
          const { line, column } = positionOf(path);
          expect(lines[line - 1]?.slice(column - 1).startsWith(beginning)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('YAML that is written is read back', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z ~*&!%@`-]{1,8}$/), fc.jsonValue({ maxDepth: 3 }), {
          noNullPrototype: true,
        }),
        (value) => {
          expect(plain(parse(stringify(value, { aliasDuplicateObjects: false })).value)).toEqual(plain(value));
        },
      ),
    );
  });

  test('text is read or refused as the user’s', () => {
    const signs = fc.constantFrom(
      ...'abc:-?[]{},&*!|>\'"%@`#~ \n\t\r01.<=_\\'.split(''),
      '---\n',
      '...\n',
      '&a ',
      '*a',
      '!!',
      '\n  ',
      ': ',
      '- ',
      '%YAML 1.1\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(signs, { maxLength: 40 }).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          expect(typeof refused(text)).toBe('string');
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('bytes are read or refused as the user’s', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(typeof refused(bytes)).toBe('string');
      }),
      { numRuns: 500 },
    );
  });
});
