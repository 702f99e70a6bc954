import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearest } from './nearest.ts';
import { isNewerFormat, sentence } from './sentences.ts';
import type { DocumentPath, Violation } from './violation.ts';

/** The errors of ajv (with `allErrors` and `verbose`) about a document, one violation for each cause. */
export function violationsOf(root: unknown, errors: readonly ErrorObject[]): Violation[] {
  const newer = errors.filter(isNewerFormat);
  const noise = new Set([...unionNoise(errors), ...misspelt(errors)]);
  const causes = errors.filter((error) => !noise.has(error) && error.keyword !== 'propertyNames');
  return (newer.length > 0 ? newer : causes).map((error) => {
    const path = pathOf(root, error.instancePath);
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
 * the one branch whose shape is nearest mean something; where several are equally near, the anyOf or oneOf itself does.
 */
function unionNoise(errors: readonly ErrorObject[]): ErrorObject[] {
  const byPath = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    const same = byPath.get(error.instancePath);
    if (same === undefined) byPath.set(error.instancePath, [error]);
    else same.push(error);
  }
  return errors.flatMap((union) => {
    if (union.keyword !== 'anyOf' && union.keyword !== 'oneOf') return [];
    const branches = (union.schema as readonly { readonly $ref?: string }[]).map(({ $ref }, index) =>
      (byPath.get(union.instancePath) ?? []).filter(
        ({ schemaPath }) =>
          schemaPath.startsWith(`${union.schemaPath}/${index}/`) ||
          ($ref !== undefined && schemaPath.startsWith(`${$ref}/`)),
      ),
    );
    const distances = branches.map(distance);
    const least = Math.min(...distances);
    const nearestBranches = branches.filter((_, index) => distances[index] === least);
    const [kept] = nearestBranches;
    if (kept === undefined || nearestBranches.length > 1) return branches.flat();
    return [union, ...branches.filter((branch) => branch !== kept).flat()];
  });
}

// How far a value is from the shape of a branch: of another type, or with keys missing or too many.
function distance(branch: readonly ErrorObject[]): number {
  const costs = { type: 1000, required: 1, additionalProperties: 1 } as const;
  return branch.reduce((sum, { keyword }) => sum + (costs[keyword as keyof typeof costs] ?? 0), 0);
}

/** The errors about a missing key that stands there misspelt: the unknown key says it all. */
function misspelt(errors: readonly ErrorObject[]): ErrorObject[] {
  const missing = new Map<string, ErrorObject>();
  for (const error of errors) {
    const key = error.params['missingProperty'] as string | undefined;
    if (key !== undefined) missing.set(JSON.stringify([error.instancePath, key]), error);
  }
  if (missing.size === 0) return [];
  return errors.flatMap((error) => {
    const key = error.params['additionalProperty'] as string | undefined;
    if (key === undefined) return [];
    const meant = nearest(key, Object.keys((error.parentSchema?.['properties'] ?? {}) as object));
    return missing.get(JSON.stringify([error.instancePath, meant])) ?? [];
  });
}

// RFC 6901; a step is an index where the document has a list.
function pathOf(root: unknown, pointer: string): DocumentPath {
  const path: (string | number)[] = [];
  let value = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  return path;
}
