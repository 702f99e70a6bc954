import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../src/contracts/document.ts';
import { compileSchema, readJsonDocument, validateDocument, validators } from '../../src/contracts/validation.ts';
import { pathText } from '../../src/contracts/quoted.ts';
import { refusal } from '../support/refusal.ts';

function said(schema: object, value: unknown): readonly string[] {
  return compileSchema(schema)
    .violations(value)
    .map(({ path, at, message }) => `${pathText(path)} (${at}): ${message()}`);
}

function object(properties: object, rest: object = {}): object {
  return { type: 'object', properties, ...rest };
}

describe('a violation is said in one sentence', () => {
  test.each<[string, object, unknown, string[]]>([
    ['nothing', object({ a: { type: 'string' } }), { a: 'x' }, []],
    [
      'an unknown key',
      object({ port: {} }, { additionalProperties: false }),
      { prot: 1 },
      ['prot (key): unknown key "prot"; did you mean "port"?'],
    ],
    [
      'a key that is unknown, instead of the one that is missing for it',
      object({ port: {}, user: {} }, { additionalProperties: false, required: ['port', 'user'] }),
      { prot: 1 },
      [' (key): the key "user" is missing', 'prot (key): unknown key "prot"; did you mean "port"?'],
    ],
    [
      'a missing key, by what it means',
      object({ vip: { description: 'The virtual address. It is announced.' } }, { required: ['vip'] }),
      {},
      [' (key): the key "vip" is missing, expected the virtual address'],
    ],
    [
      'a number',
      object({ a: { type: 'number', minimum: 1 } }),
      { a: 0 },
      ['a (value): found the number 0, expected a number at least 1'],
    ],
    [
      'a number, not even that',
      object({ a: { type: 'number' } }),
      { a: Infinity },
      ['a (value): found the number Infinity, expected a number'],
    ],
    [
      'text that is short',
      object({ a: { type: 'string', minLength: 2 } }),
      { a: 'x' },
      ['a (value): found "x", expected text of length at least 2'],
    ],
    [
      'text that is long',
      object({ a: { type: 'string', minLength: 2, maxLength: 3 } }),
      { a: 'xxxx' },
      ['a (value): found "xxxx", expected text of length from 2 to 3'],
    ],
    [
      'a pattern without description',
      object({ a: { type: 'string', pattern: '^x$' } }),
      { a: 'y' },
      ['a (value): found "y", expected text that matches ^x$'],
    ],
    [
      'a format',
      object({ a: { type: 'string', format: 'date-time' } }),
      { a: 'now' },
      ['a (value): found "now", expected a date-time'],
    ],
    [
      'a choice of words',
      object({ a: { enum: ['low', 'high', null] } }),
      { a: 'hihg' },
      ['a (value): found "hihg", expected one of "low", "high", null; did you mean "high"?'],
    ],
    [
      'a keyword that has no sentence',
      object({ a: { type: 'number', multipleOf: 2 } }),
      { a: 3 },
      ['a (value): found the number 3, which must be multiple of 2'],
    ],
    [
      'several types',
      object({ a: { type: ['string', 'null'] } }),
      { a: 1 },
      ['a (value): found the number 1, expected text or nothing; put it in quotes'],
    ],
    [
      'a secret',
      object({ a: { type: 'string', pattern: '^env:', description: 'A reference.', writeOnly: true } }),
      { a: 'hunter2' },
      ['a (value): found a value that is not shown here, expected a reference'],
    ],
    [
      'a long list',
      object({ a: { type: 'array', maxItems: 1 } }),
      { a: [1, 2] },
      ['a (value): this list has 2 entries, expected at most 1'],
    ],
  ])('%s', (_, schema, value, expected) => {
    expect(said(schema, value)).toEqual(expected);
  });
});

describe('of a choice, what is said is about the branch of the same shape', () => {
  const known = {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: { value: { type: 'string' } },
  };
  const missing = {
    type: 'object',
    additionalProperties: false,
    required: ['missing'],
    properties: { missing: { type: 'string' } },
  };
  const schema = {
    $defs: { known },
    type: 'object',
    properties: {
      fact: { oneOf: [{ $ref: '#/$defs/known' }, missing] },
      file: {
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'array', items: { type: 'string' } },
        ],
      },
    },
    anyOf: [{ required: ['fact'] }, { required: ['file'] }],
  };

  test.each<[unknown, string[]]>([
    [{ fact: { value: 1 } }, ['fact.value (value): found the number 1, expected text; put it in quotes']],
    [{ fact: { missing: true } }, ['fact.missing (value): found true, expected text; put it in quotes']],
    [{ fact: { valeu: 'x' } }, ['fact.valeu (key): unknown key "valeu"; did you mean "value"?']],
    [{ fact: {} }, ['fact (value): expected the key "value" or "missing"']],
    [{ fact: { value: 'x', note: '' } }, ['fact.note (key): unknown key "note"; expected one of "value"']],
    [{ fact: 'x' }, ['fact (value): found "x", expected a map (key: value)']],
    [{ file: '' }, ['file (value): found "", expected text of length at least 1']],
    [{ file: ['a', 1] }, ['file[1] (value): found the number 1, expected text; put it in quotes']],
    [{ file: true }, ['file (value): found true, expected text or a list; put it in quotes']],
    [{}, [' (value): expected the key "fact" or "file"']],
  ])('%j', (value, expected) => {
    expect(said(schema, value)).toEqual(expected);
  });

  test('and of two that exclude each other, that one must go', () => {
    const rule = { type: 'object', oneOf: [{ required: ['expect'] }, { required: ['atBoot'] }] };
    expect(said(rule, { expect: 1, atBoot: 2 })).toEqual([
      ' (value): expected only one of the keys "expect" or "atBoot"',
    ]);
    expect(said(rule, {})).toEqual([' (value): expected the key "expect" or "atBoot"']);
  });
});

describe('entries that repeat', () => {
  const unique = { type: 'array', uniqueItems: true, items: { type: 'string' } };

  test('are each said', () => {
    expect(said(unique, ['a', 'b', 'a', 'a'])).toEqual([
      '[2] (value): "a" is already entry 1 of this list; remove one of the two',
      '[3] (value): "a" is already entry 1 of this list; remove one of the two',
    ]);
  });

  test('call nothing that stands in them', () => {
    const hostile: readonly unknown[] = [{ valueOf: 1 }, { valueOf: 1 }, { toString: 1 }, { constructor: 1 }];
    expect(said(unique, hostile)).toHaveLength(4);
  });

  test('may be names that JavaScript gives a meaning', () => {
    expect(said(unique, ['__proto__', 'constructor', 'hasOwnProperty'])).toEqual([]);
    expect(said(unique, ['__proto__', '__proto__'])).toHaveLength(1);
  });
});

test('a key of the prototype is not a key of the document', () => {
  expect(said({ type: 'object', required: ['constructor', 'toString'] }, {})).toHaveLength(2);
});

test('a schema that is none is a mistake of ours', () => {
  expect(() => compileSchema({ type: 'strnig' })).toThrow(/schema is invalid/);
  expect(() => compileSchema({ prefixLenght: 1 })).toThrow(/unknown keyword/);
});

test('a document that is valid is given back', () => {
  const document = parseDocument('a.yaml', 'a: 1', { maxBytes: 100 });
  expect(validateDocument(document, compileSchema({ type: 'object' }))).toBe(document.value);
});

test('a document that is not has the place of each violation, in reading order', () => {
  const text = 'subject: vip\ntitle: T\nplatform: linuks\n';
  const document = parseDocument('r.yaml', text, { maxBytes: 1000 });
  const message = refusal(() => validateDocument(document, validators.rule))?.message ?? 'accepted';
  expect(message.split('\n')).toEqual(
    expect.arrayContaining([
      'r.yaml:2:8: title: found "T", expected text of length from 8 to 400',
      'r.yaml:3:11: platform: found "linuks", expected one of "linux", "windows", "any"; did you mean "linux"?',
    ]),
  );
  expect(message).toMatch(/^r\.yaml:1:1: the key "failure" is missing, expected the failing state/m);
  expect(message).toContain(
    'the key "severity" is missing, expected one of "critical", "high", "medium", "low", "info"',
  );
});

describe('a JSON document', () => {
  const validator = compileSchema<{ readonly formatVersion: 1 }>({
    type: 'object',
    additionalProperties: false,
    required: ['formatVersion', 'hosts'],
    properties: { formatVersion: { const: 1 }, hosts: { type: 'array', items: { type: 'string' } } },
  });
  const read = (content: string | Uint8Array, maxBytes = 10_000_000): string =>
    refusal(() => readJsonDocument('s.json', content, validator, { maxBytes }))?.message ?? 'accepted';

  test('is read', () => {
    const content = { formatVersion: 1, hosts: ['a'] };
    expect(readJsonDocument('s.json', JSON.stringify(content), validator)).toEqual(content);
    expect(readJsonDocument('s.json', Buffer.from(`\uFEFF${JSON.stringify(content)}`), validator)).toEqual(content);
  });

  test('of a newer format is refused for that alone', () => {
    expect(read('{"formatVersion": 2, "fleets": []}')).toBe(
      's.json: formatVersion: format 2 is of a newer dsr-audit, this one reads format 1; update dsr-audit',
    );
  });

  test('of an older or odd format is refused for everything', () => {
    expect(read('{"formatVersion": 0, "fleets": []}').split('\n')).toEqual([
      's.json: the key "hosts" is missing',
      's.json: fleets: unknown key "fleets"; expected one of "formatVersion", "hosts"',
      's.json: formatVersion: found the number 0, expected 1',
    ]);
  });

  test('that was cut off, is empty or larger than the limit says so', () => {
    expect(read('{"formatVersion": 1, "hosts": ["a"')).toMatch(
      /^s\.json: is not JSON: .*; was it cut off, or edited\?$/,
    );
    expect(read('{"formatVersion": 1, \u001b[2J')).not.toContain('\u001b');
    expect(read(' \n')).toBe('s.json: is not JSON: the file is empty; was it cut off, or edited?');
    expect(read('{"formatVersion": 1}', 10)).toBe('s.json: is larger than 10 bytes, the most that is read; split it');
    expect(read(Buffer.from([0x22, 0xff, 0x22]))).toContain('is not UTF-8');
  });

  test('nested without end is refused like any other', () => {
    const deep = '['.repeat(1e5) + ']'.repeat(1e5);
    expect(read(deep)).toBe('s.json: found a list, expected a map (key: value)');
    expect(read(`{"formatVersion": 1, "hosts": [${deep}]}`)).toBe('s.json: hosts[0]: found a list, expected text');
  });

  test('with a key __proto__ has an unknown key', () => {
    expect(read('{"formatVersion": 1, "hosts": [], "__proto__": {"polluted": 1}}')).toContain(
      'unknown key "__proto__"',
    );
  });
});

describe('the published schemas', () => {
  const root = new URL('../../', import.meta.url);
  const files = [
    'src/inventory/inventory.schema.json',
    'reports/snapshot.schema.json',
    'reports/report.schema.json',
    'rules/rule.schema.json',
  ];

  test.each(files)('%s is JSON Schema 2020-12', (file) => {
    const schema = JSON.parse(readFileSync(new URL(file, root), 'utf8')) as object;
    const ajv = new Ajv2020();
    expect(ajv.validateSchema(schema) && ajv.errors).toBeNull();
  });

  test('the inventory describes each key and each value, for editors', () => {
    const schema = JSON.parse(readFileSync(new URL(files[0] as string, root), 'utf8')) as Record<string, unknown>;
    expect(withoutDescription(schema, '')).toEqual([]);
  });

  test.each(Object.entries(validators))('the validator of the %s is never satisfied with any value', (_, validator) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(validator.accepts(value)).toBe(false);
        const violations = validator.violations(value);
        expect(violations).not.toEqual([]);
        for (const { message } of violations) expect(message()).toMatch(/^[^\p{C}]+$/u);
      }),
      { numRuns: 50 },
    );
  });
});

/** The paths of properties, entries and definitions that say nothing about themselves, a $ref included. */
function withoutDescription(node: unknown, path: string): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const schema = node as Record<string, unknown>;
  const named = ['properties', '$defs'].flatMap((key) =>
    Object.entries(schema[key] ?? {}).map(([name, child]: [string, unknown]) => [`${path}/${name}`, child] as const),
  );
  const unnamed = ['items', 'additionalProperties']
    .filter((key) => typeof schema[key] === 'object')
    .map((key) => [`${path}/${key}`, schema[key]] as const);
  return [...named, ...unnamed].flatMap(([childPath, child]) => [
    ...('description' in (child as object) || '$ref' in (child as object) ? [] : [childPath]),
    ...withoutDescription(child, childPath),
  ]);
}
