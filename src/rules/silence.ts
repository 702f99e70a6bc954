import { Ajv2020 } from 'ajv/dist/2020.js';

type Schema = Readonly<Record<string, unknown>>;

/**
 * Why a check's schema could pass by silence, as sentences; empty when it cannot. JSON Schema passes what it does not
 * see (a property that is absent, a keyword that does not apply to the value's type), so a typo would let a bad host
 * through: every such place is refused when the rule is loaded. `definition` is the fact's own schema.
 */
export function silentPasses(schema: Schema, definition: Schema): readonly string[] {
  const found: string[] = [];
  inspect(schema, definition, '', found);
  return found;
}

const annotations = new Set(['description', '$comment']);

// Each assertion keyword and the only types that it can refuse.
const keywordTypes = new Map<string, readonly string[]>([
  ['minimum', ['integer', 'number']],
  ['maximum', ['integer', 'number']],
  ['exclusiveMinimum', ['integer', 'number']],
  ['exclusiveMaximum', ['integer', 'number']],
  ['multipleOf', ['integer', 'number']],
  ['pattern', ['string']],
  ['minLength', ['string']],
  ['maxLength', ['string']],
  ['minItems', ['array']],
  ['maxItems', ['array']],
  ['uniqueItems', ['array']],
  ['items', ['array']],
  ['contains', ['array']],
  ['minContains', ['array']],
  ['maxContains', ['array']],
  ['properties', ['object']],
  ['required', ['object']],
]);
const anyType = new Set(['type', 'const', 'enum', 'not', 'anyOf', 'allOf', 'oneOf']);

function inspect(schema: Schema, definition: Schema, path: string, found: string[]): void {
  const at = path === '' ? '' : ` (at ${path})`;
  const keywords = Object.keys(schema).filter((keyword) => !annotations.has(keyword));
  if (keywords.length === 0) found.push(`an empty schema accepts every value${at}; say what is expected`);
  const possible = typesOf(definition);
  const narrowed = typesOf(schema);
  const types = narrowed.length > 0 ? narrowed : possible;
  for (const keyword of keywords) {
    const applies = keywordTypes.get(keyword);
    if (applies === undefined && !anyType.has(keyword)) {
      found.push(
        `the keyword ${keyword} is not allowed here${at}; use one of ${[...anyType, ...keywordTypes.keys()].join(', ')}`,
      );
      continue;
    }
    const blind = applies === undefined ? [] : types.filter((type) => !applies.includes(type));
    if (blind.length > 0 || (applies !== undefined && types.length === 0)) {
      found.push(`${keyword} says nothing about a value of type ${blind.join(' or ') || 'unknown'}${at}; add a type`);
    }
  }
  for (const value of [...('const' in schema ? [schema['const']] : []), ...arrayOf(schema['enum'])]) {
    if (!allows(definition, value))
      found.push(`${JSON.stringify(value)} can never occur${at}; the fact is ${describe(definition)}`);
  }
  for (const type of narrowed) {
    const canOccur =
      possible.length === 0 || possible.includes(type) || (type === 'integer' && possible.includes('number'));
    if (!canOccur) found.push(`type ${type} can never occur${at}; the fact is ${describe(definition)}`);
  }
  const inner = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if (isSchema(schema['properties'])) {
    const defined = isSchema(definition['properties']) ? definition['properties'] : {};
    const required = arrayOf(schema['required']);
    for (const [name, member] of Object.entries(schema['properties'])) {
      if (!required.includes(name))
        found.push(`property ${name} is asserted and not required${at}; add it to required`);
      if (!Object.hasOwn(defined, name)) {
        found.push(`property ${name} does not exist${at}; there are ${Object.keys(defined).join(', ') || 'none'}`);
      } else if (isSchema(member)) inspect(member, defined[name] as Schema, inner(name), found);
    }
    for (const name of required) {
      if (typeof name === 'string' && !Object.hasOwn(defined, name))
        found.push(`required property ${name} does not exist${at}`);
    }
  }
  const itemDefinition = isSchema(definition['items']) ? definition['items'] : {};
  if (isSchema(schema['items'])) {
    if (typeof schema['minItems'] !== 'number' || schema['minItems'] < 1) {
      found.push(`items is satisfied by an empty list${at}; add minItems: 1`);
    }
    inspect(schema['items'], itemDefinition, inner('items'), found);
  }
  if (isSchema(schema['contains'])) {
    if (schema['minContains'] === 0) found.push(`minContains: 0 accepts every list${at}`);
    inspect(schema['contains'], itemDefinition, inner('contains'), found);
  }
  if (isSchema(schema['not'])) inspect(schema['not'], definition, inner('not'), found);
  for (const keyword of ['anyOf', 'allOf', 'oneOf']) {
    for (const [index, choice] of arrayOf(schema[keyword]).entries()) {
      if (isSchema(choice)) inspect(choice, definition, inner(`${keyword}[${index}]`), found);
    }
  }
}

function typesOf(schema: Schema): readonly string[] {
  if (schema['type'] !== undefined) return [schema['type']].flat().map(String);
  const values = 'const' in schema ? [schema['const']] : arrayOf(schema['enum']);
  if (values.length > 0) return [...new Set(values.map(typeOf))];
  const choices = [...arrayOf(schema['anyOf']), ...arrayOf(schema['oneOf'])];
  return [...new Set(choices.flatMap((choice) => (isSchema(choice) ? typesOf(choice) : [])))];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const definitions = new Ajv2020({ strict: false });

function allows(definition: Schema, value: unknown): boolean {
  return definitions.validate(definition, value);
}

function describe(definition: Schema): string {
  return Array.isArray(definition['enum'])
    ? `one of ${definition['enum'].map((value) => JSON.stringify(value)).join(', ')}`
    : typesOf(definition).join(' or ');
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
