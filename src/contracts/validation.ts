import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type FuncKeywordDefinition } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { InputError } from '../errors.ts';
import type { ParsedDocument } from './document.ts';
import type { Inventory } from './inventory.ts';
import { printable } from './quoted.ts';
import type { Report } from './report.ts';
import type { RuleFile } from './rule.ts';
import { violationsOf } from './schema-violations.ts';
import type { Snapshot } from './snapshot.ts';
import { decodeText } from './text.ts';
import { refuse, type Violation } from './violation.ts';

/** A compiled schema of documents of type T. */
export interface Validator<T> {
  readonly accepts: (value: unknown) => value is T;
  /** Everything that the schema has against a value; empty when it accepts it. */
  readonly violations: (value: unknown) => Violation[];
}

/** The most that one string of V8 holds is 512 MiB. */
const mostJsonBytes = 500 * 1024 * 1024;

// ajv compares each entry with each, and two maps by calling the valueOf that stands in them. The published schemas ask
// for unique entries in lists of text only; anything else in such a list is of the wrong type and has its error.
const uniqueItems: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: true,
  compile: (asked: boolean) => {
    const validate: { (list: readonly unknown[]): boolean; errors?: Partial<ErrorObject>[] } = (list) => {
      const first = new Map<unknown, number>();
      const errors: Partial<ErrorObject>[] = [];
      for (const [duplicate, entry] of list.entries()) {
        const earlier = typeof entry === 'string' ? first.get(entry) : undefined;
        if (earlier === undefined) first.set(entry, duplicate);
        else errors.push({ keyword: 'uniqueItems', params: { duplicate, earlier }, message: 'repeats an entry' });
      }
      validate.errors = errors;
      return !asked || errors.length === 0;
    };
    return validate;
  },
};

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: true,
  strictRequired: false, // a choice between keys names them without defining them
  allowUnionTypes: true,
  ownProperties: true, // a document's "constructor" is a key like any other
  addUsedSchema: false,
  logger: false,
});
formats.default(ajv);
ajv.removeKeyword('uniqueItems').addKeyword(uniqueItems);

/** Compiles a JSON Schema (2020-12, strict mode of ajv, with formats); throws an Error where it is not one. */
export function compileSchema<T>(schema: object): Validator<T> {
  const accepts = ajv.compile<T>(schema);
  const violations = (value: unknown): Violation[] => {
    return accepts(value) ? [] : violationsOf(schema as Readonly<Record<string, unknown>>, value, accepts.errors ?? []);
  };
  return { accepts: (value): value is T => accepts(value), violations };
}

// Compiled when it is first used: that takes a tenth of a second, and no command needs all four.
function published<T>(path: string): Validator<T> {
  let compiled: Validator<T> | undefined;
  const validator = (): Validator<T> => {
    compiled ??= compileSchema<T>(JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as object);
    return compiled;
  };
  return {
    accepts: (value): value is T => validator().accepts(value),
    violations: (value) => validator().violations(value),
  };
}

/** The validators of the four published documents. */
export const validators = {
  inventory: published<Inventory>('../inventory/inventory.schema.json'),
  snapshot: published<Snapshot>('../../reports/snapshot.schema.json'),
  report: published<Report>('../../reports/report.schema.json'),
  rule: published<RuleFile>('../../rules/rule.schema.json'),
} as const;

/** The content of a parsed document; throws an InputError with every violation and its place. */
export function validateDocument<T>(document: ParsedDocument, validator: Validator<T>): T {
  const { file, value, positionOf } = document;
  if (validator.accepts(value)) return value;
  refuse(file, validator.violations(value), positionOf);
  throw new Error('a schema refused a document and had nothing against it');
}

/** The content of a JSON document that a program wrote: a snapshot or a report; throws an InputError with every violation. */
export function readJsonDocument<T>(
  file: string,
  content: string | Uint8Array,
  validator: Validator<T>,
  limits: { readonly maxBytes: number } = { maxBytes: mostJsonBytes },
): T {
  const value = parseJson(file, decodeText(file, content, limits.maxBytes));
  if (validator.accepts(value)) return value;
  refuse(file, validator.violations(value));
  throw new Error('a schema refused a document and had nothing against it');
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const why = text.trim() === '' ? 'the file is empty' : printable(error.message);
    throw new InputError([{ file, message: `is not JSON: ${why}; was it cut off, or edited?` }]);
  }
}
