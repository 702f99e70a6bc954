import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearest } from './nearest.ts';
import { quoted, quotedList } from './quoted.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What one error of ajv (with `verbose`) says to a person: what is wrong, what was expected, what to do next. */
export function sentence(error: ErrorObject): string {
  const { keyword, params, data } = error;
  const schema: Schema = error.parentSchema ?? {};
  const wanted = description(schema);
  const found = schema['writeOnly'] === true ? 'found a value that is not shown here' : shown(data);
  switch (keyword) {
    case 'additionalProperties':
      return unknownKey(String(params['additionalProperty']), Object.keys(propertiesOf(schema)));
    case 'required': {
      const key = String(params['missingProperty']);
      const meaning = expectation(propertiesOf(schema)[key]);
      return `the key ${quoted(key)} is missing${meaning === undefined ? '' : `, expected ${meaning}`}`;
    }
    case 'type':
      return isNotEvenInQuotes(schema, data) && wanted !== undefined
        ? `${found}, expected ${wanted}`
        : wrongKind(typesOf(schema), found, data);
    case 'enum':
      return wrongWord(params['allowedValues'] as readonly unknown[], found, data);
    case 'const':
      return isNewerFormat(error)
        ? `format ${String(data)} is of a newer dsr-audit, this one reads format ${String(params['allowedValue'])}; update dsr-audit`
        : `${found}, expected ${quoted(params['allowedValue'])}${remedy([typeof params['allowedValue']], data)}`;
    case 'pattern':
      return `${found}, expected ${wanted ?? `text that matches ${String(schema['pattern'])}`}`;
    case 'format':
      return `${found}, expected a ${String(params['format'])}`;
    case 'minimum':
    case 'maximum':
      return `${found}, expected a number ${range(schema['minimum'], schema['maximum'])}`;
    case 'minLength':
    case 'maxLength':
      return `${found}, expected text of length ${range(schema['minLength'], schema['maxLength'])}`;
    case 'minItems':
    case 'maxItems':
      return `this list has ${lengthOf(data)} entries, expected ${range(schema['minItems'], schema['maxItems'])}`;
    case 'minProperties':
      return `this map is empty, expected at least ${String(params['limit'])} entry${wanted === undefined ? '' : `: ${wanted}`}`;
    case 'uniqueItems': {
      const entry = quoted((data as readonly unknown[])[Number(params['duplicate'])]);
      return `${entry} is already entry ${Number(params['earlier']) + 1} of this list; remove one of the two`;
    }
    case 'anyOf':
    case 'oneOf':
      return noChoice(error, found, data);
    default:
      return `${found}, which ${error.message ?? 'does not fit here'}`;
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  if (key === '<<') return 'merge keys (<<) are YAML 1.1, expected YAML 1.2; write the keys out';
  const meant = nearest(key, known);
  const next = meant === undefined ? `expected one of ${quotedList(known)}` : `did you mean ${quoted(meant)}?`;
  return `unknown key ${quoted(key)}; ${next}`;
}

function wrongKind(types: readonly string[], found: string, data: unknown): string {
  const wanted = types.map((type) => kinds.get(type) ?? type).join(' or ');
  return `${found}, expected ${wanted}${remedy(types, data)}`;
}

// The slips that YAML invites: text that reads as a number, a number in quotes, the yes and no of YAML 1.1, a single
// value where a list is due, and entries that are not indented below their key.
function remedy(types: readonly string[], data: unknown): string {
  const wants = (...names: readonly string[]): boolean => names.some((name) => types.includes(name));
  if (typeof data === 'number' && wants('string')) return '; put it in quotes';
  if (typeof data === 'boolean' && wants('string')) return '; put it in quotes';
  if (typeof data === 'string' && wants('number', 'integer') && /^-?\d+$/.test(data)) return '; remove the quotes';
  if (typeof data === 'string' && wants('boolean') && /^(true|false)$/.test(data)) return '; remove the quotes';
  if (typeof data === 'string' && wants('boolean')) return '; YAML 1.2 knows no yes, no, on and off';
  if (typeof data === 'string' && wants('array')) return '; put it in [ ]';
  if (data === null && wants('object', 'array')) return '; are the lines below it indented?';
  return '';
}

// A number or truth value where text of a certain form is due, which it would not have as text either.
function isNotEvenInQuotes({ type, pattern }: Schema, data: unknown): boolean {
  if (type !== 'string' || typeof pattern !== 'string') return false;
  return (typeof data === 'number' || typeof data === 'boolean') && !new RegExp(pattern, 'u').test(String(data));
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map (key: value)'],
  ['null', 'nothing'],
]);

function wrongWord(allowed: readonly unknown[], found: string, data: unknown): string {
  const words = allowed.filter((word) => typeof word === 'string');
  const meant = typeof data === 'string' ? nearest(data, words) : undefined;
  const suggestion = meant === undefined ? '' : `; did you mean ${quoted(meant)}?`;
  return `${found}, expected one of ${quotedList(allowed)}${suggestion}`;
}

/** Whether the error says that the document is of a newer format: whatever else is wrong with it then means nothing. */
export function isNewerFormat({ keyword, instancePath, params, data }: ErrorObject): boolean {
  const ours: unknown = params['allowedValue'];
  return (
    keyword === 'const' &&
    /^\/(formatVersion|version)$/.test(instancePath) &&
    Number.isInteger(data) &&
    Number(data) > Number(ours)
  );
}

function noChoice({ schema, params }: ErrorObject, found: string, data: unknown): string {
  const required = params['required'] as readonly (readonly string[])[];
  if (typeof data === 'object' && data !== null && required.length === (schema as readonly Schema[]).length) {
    const several = Array.isArray(params['passingSchemas']);
    return `expected ${several ? 'only one of the keys' : 'the key'} ${required.map(quotedList).join(' or ')}`;
  }
  const types = params['types'] as readonly string[];
  return types.length > 0 ? wrongKind(types, found, data) : `${found}, which is none of the forms allowed here`;
}

function shown(data: unknown): string {
  if (data === null) return 'found nothing';
  if (typeof data === 'number') return `found the number ${data}`;
  return `found ${quoted(data)}`;
}

/** What is expected of a key that is missing: one of its words, or what its schema describes. */
function expectation(schema: unknown): string | undefined {
  const words = typeof schema === 'object' && schema !== null ? (schema as Schema)['enum'] : undefined;
  return Array.isArray(words) ? `one of ${quotedList(words)}` : description(schema);
}

/** The first sentence of a schema's description as the end of another: "An IPv4 address. ..." becomes "an IPv4 address". */
function description(schema: unknown): string | undefined {
  const text = typeof schema === 'object' && schema !== null ? (schema as Schema)['description'] : undefined;
  if (typeof text !== 'string') return undefined;
  return text.replace(/\.(?: .*)?$/, '').replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

function propertiesOf(schema: Schema): Schema {
  return (schema['properties'] ?? {}) as Schema;
}

function typesOf(schema: Schema): readonly string[] {
  return schema['type'] === undefined ? [] : ([schema['type']].flat() as string[]);
}

function range(least: unknown, most: unknown): string {
  if (least === undefined) return `at most ${quoted(most)}`;
  return most === undefined ? `at least ${quoted(least)}` : `from ${quoted(least)} to ${quoted(most)}`;
}

function lengthOf(data: unknown): number {
  return Array.isArray(data) ? data.length : 0;
}
