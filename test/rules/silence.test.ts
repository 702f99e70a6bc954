import fc from 'fast-check';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { silentPasses } from '../../src/rules/silence.ts';

const holder = {
  type: 'object',
  required: ['interface', 'prefixLength'],
  additionalProperties: false,
  properties: { interface: { type: 'string' }, prefixLength: { type: 'integer' } },
};
const integer = { type: 'integer' };
const list = { type: 'array', items: holder };

describe('schemas that cannot pass by silence are accepted', () => {
  test.each([
    [{ const: 32 }, integer],
    [{ enum: [1, 2] }, integer],
    [{ minimum: 1, maximum: 3 }, integer],
    [{ maxItems: 0 }, list],
    [{ minItems: 1, items: { required: ['prefixLength'], properties: { prefixLength: { const: 32 } } } }, list],
    [{ contains: { required: ['interface'], properties: { interface: { const: 'lo' } } } }, list],
    [{ type: 'integer', minimum: 1 }, { type: ['integer', 'null'] }],
    [{ not: { const: 0 } }, integer],
    [{ description: 'a sentence', const: true }, { type: 'boolean' }],
  ])('%j', (schema, definition) => {
    expect(silentPasses(schema, definition)).toEqual([]);
  });
});

describe('schemas that could pass by silence are refused, and say why', () => {
  test.each([
    [{}, integer, 'an empty schema accepts every value'],
    [{ description: 'only words' }, integer, 'an empty schema accepts every value'],
    [{ properties: { prefixLength: { const: 32 } } }, holder, 'property prefixLength is asserted and not required'],
    [
      { required: ['prefixLenght'], properties: { prefixLenght: { const: 32 } } },
      holder,
      'property prefixLenght does not exist',
    ],
    [
      { items: { required: ['prefixLength'], properties: { prefixLength: { const: 32 } } } },
      list,
      'items is satisfied by an empty list',
    ],
    [
      { contains: { const: 1 }, minContains: 0 },
      { type: 'array', items: integer },
      'minContains: 0 accepts every list',
    ],
    [{ minimum: 1 }, { type: ['integer', 'null'] }, 'minimum says nothing about a value of type null'],
    [{ pattern: '^x' }, integer, 'pattern says nothing about a value of type integer'],
    [{ maxItems: 0 }, { type: 'string' }, 'maxItems says nothing about a value of type string'],
    [{ const: 'lopback' }, { enum: ['loopback', 'dummy'] }, '"lopback" can never occur'],
    [{ enum: [1, '2'] }, integer, '"2" can never occur'],
    [{ type: 'string', pattern: 'x' }, integer, 'type string can never occur'],
    [{ minimun: 1 }, integer, 'the keyword minimun is not allowed here'],
    [{ anyOf: [{ const: 1 }, {}] }, integer, 'an empty schema accepts every value (at anyOf[1])'],
    [{ patternProperties: { a: { const: 1 } } }, holder, 'the keyword patternProperties is not allowed here'],
  ])('%j', (schema, definition, sentence) => {
    expect(silentPasses(schema, definition).join('\n')).toContain(sentence);
  });
});

test('a schema of one keyword that is accepted for integers refuses at least one integer', () => {
  const ajv = new Ajv2020({ strict: false });
  const keyword = fc.constantFrom(
    'const',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'minLength',
    'maxItems',
    'pattern',
    'required',
  );
  fc.assert(
    fc.property(keyword, fc.integer({ min: -5, max: 5 }), (name, number) => {
      const schema = { [name]: name === 'pattern' ? 'x' : name === 'required' ? ['x'] : number };
      if (silentPasses(schema, integer).length > 0) return;
      expect(
        [-1000, ...Array.from({ length: 12 }, (_, index) => index - 6), 1000].some(
          (value) => !ajv.validate(schema, value),
        ),
      ).toBe(true);
    }),
  );
});
