import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearest } from './nearest.ts';
import { isNewerFormat, sentence } from './sentences.ts';
import type { DocumentPath, Violation } from './violation.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What a schema has against a document, one violation for each cause, from the errors of ajv (`allErrors`, `verbose`). */
export function violationsOf(schema: Schema, document: unknown, errors: readonly ErrorObject[]): Violation[] {
  const newer = errors.filter(isNewerFormat);
  const explained = misspelt(errors);
  const primary = errors.filter((error) => !explained.has(error) && error.keyword !== 'propertyNames');
  const causes = newer.length > 0 ? newer : withoutUnionNoise(schema, primary);
  return causes.map((error) => {
    const path = pathOf(document, error.instancePath);
    const key = error.propertyName ?? (error.params['additionalProperty'] as string | undefined);
    const message = (): string => sentence(error);
    if (key !== undefined) return { path: [...path, key], at: 'key', message };
    const index = error.params['duplicate'] as number | undefined;
    if (index !== undefined) return { path: [...path, index], at: 'value', message };
    // What a map lacks stands nowhere: the key that the map belongs to is what a reader looks for.
    return { path, at: error.keyword === 'required' ? 'key' : 'value', message };
  });
}

/**
 * Where a value fits no branch of an anyOf or oneOf, ajv tells what each branch has against it. Of that, only the errors of
 * the one branch whose shape is nearest mean something; where several are equally near, the anyOf or oneOf itself does,
 * with the types and keys that its branches ask for in params.
 */
function withoutUnionNoise(schema: Schema, errors: readonly ErrorObject[]): ErrorObject[] {
  const byPath = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    const same = byPath.get(error.instancePath);
    if (same === undefined) byPath.set(error.instancePath, [error]);
    else same.push(error);
  }
  const noise = new Set<ErrorObject>();
  const kept = errors.map((union) => {
    if (union.keyword !== 'anyOf' && union.keyword !== 'oneOf') return union;
    const atPath = byPath.get(union.instancePath) ?? [];
    const schemas = (union.schema as readonly Schema[]).map((branch) => withoutReference(schema, branch));
    const branches = schemas.map((branch) => atPath.filter(({ parentSchema }) => parentSchema === branch));
    const distances = branches.map(distance);
    const least = Math.min(...distances);
    const oneIsNearest = distances.filter((distance) => distance === least).length === 1;
    for (const [index, branch] of branches.entries()) {
      if (!oneIsNearest || distances[index] !== least) for (const error of branch) noise.add(error);
    }
    if (oneIsNearest) noise.add(union);
    const types = branches.flat().flatMap(({ params }) => (params['type'] as string | undefined) ?? []);
    const required = schemas.flatMap((branch) => (branch['required'] === undefined ? [] : [branch['required']]));
    return { ...union, params: { ...union.params, types: [...new Set(types)], required } };
  });
  return kept.filter((_, index) => !noise.has(errors[index] as ErrorObject));
}

// The schema that a $ref within the same document stands for: ajv names it in parentSchema, but not the way to it.
function withoutReference(root: Schema, schema: Schema): Schema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  const steps = reference.slice(2).split('/');
  return withoutReference(
    root,
    steps.reduce((inner, step) => inner[step] as Schema, root),
  );
}

// How far a value is from the shape of a branch: of another type, or with keys missing or too many.
function distance(branch: readonly ErrorObject[]): number {
  const costs = { type: 1000, required: 1, additionalProperties: 1 } as const;
  return branch.reduce((sum, { keyword }) => sum + (costs[keyword as keyof typeof costs] ?? 0), 0);
}

/** The errors about a missing key that stands there misspelt: the unknown key says it all. */
function misspelt(errors: readonly ErrorObject[]): ReadonlySet<ErrorObject> {
  const missing = new Map<string, ErrorObject>();
  for (const error of errors) {
    const key = error.params['missingProperty'] as string | undefined;
    if (key !== undefined) missing.set(JSON.stringify([error.instancePath, key]), error);
  }
  const explained = new Set<ErrorObject>();
  for (const { instancePath, params, parentSchema } of missing.size === 0 ? [] : errors) {
    const key = params['additionalProperty'] as string | undefined;
    const meant = key && nearest(key, Object.keys((parentSchema?.['properties'] ?? {}) as object));
    const error = missing.get(JSON.stringify([instancePath, meant]));
    if (error !== undefined) explained.add(error);
  }
  return explained;
}

// RFC 6901; a step is an index where the document has a list.
function pathOf(document: unknown, pointer: string): DocumentPath {
  const path: (string | number)[] = [];
  let value = document;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  return path;
}
