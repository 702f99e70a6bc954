// Every way in which a fact of a Windows host can be missing, from the published schema: a whole fact, and each field of a
// row that may be null. A test drops them in turn: none may turn a verdict into a pass.
import { readFileSync } from 'node:fs';
import type { WindowsFacts } from '../../src/contracts/snapshot.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

const { $defs: definitions } = JSON.parse(
  readFileSync(new URL('../../reports/snapshot.schema.json', import.meta.url), 'utf8'),
) as { $defs: Record<string, Schema> };

function resolve(schema: Schema | undefined): Schema {
  const name = schema?.$ref?.split('/').at(-1);
  return (name === undefined ? schema : definitions[name]) ?? {};
}

/** The schema of a fact's value; undefined for what is no fact. */
function valueOf(fact: Schema): Schema | undefined {
  const known = resolve(fact).oneOf?.[0]?.properties?.['value'];
  return known === undefined ? undefined : resolve(known);
}

function mayBeNull(schema: Schema): boolean {
  const { type, enum: choices } = resolve(schema);
  return (Array.isArray(type) && type.includes('null')) || choices?.includes(null) === true;
}

/** Paths such as `domain`, `domain.role` and `ipInterfaces[].weakHostSend`. */
export const windowsFactPaths: readonly string[] = Object.entries(
  definitions['windowsFacts']?.properties ?? {},
).flatMap(([name, fact]) => {
  const value = valueOf(fact);
  if (value === undefined) return [];
  const row = value.items === undefined ? value : resolve(value.items);
  const fields = Object.entries(row.properties ?? {}).filter(([, schema]) => mayBeNull(schema));
  const separator = value.items === undefined ? '.' : '[].';
  return [name, ...fields.map(([field]) => `${name}${separator}${field}`)];
});

/** The facts without the one at a path: a whole fact is missing, a field is null in every row. */
export function withoutWindowsFact(facts: WindowsFacts, path: string): WindowsFacts {
  const [name = '', field] = path.split(/\[\]\.|\./);
  const fact = facts[name as keyof WindowsFacts];
  if (typeof fact !== 'object' || Array.isArray(fact)) throw new Error(`${path} is no fact`);
  if (field === undefined) return { ...facts, [name]: { missing: `${name} was dropped by a test` } };
  if (!('value' in fact)) return facts;
  const drop = (row: object): object => Object.assign({}, row, { [field]: null });
  const value = Array.isArray(fact.value) ? fact.value.map(drop) : drop(fact.value as object);
  return { ...facts, [name]: { value } };
}
