import type { Evidence } from '../contracts/report.ts';
import type { Derived } from './subject.ts';

/** A known value with its evidence. */
export function derived<T>(value: T, ...evidence: readonly Evidence[]): Derived<T> {
  return { value, evidence };
}

/**
 * A value computed from several derived ones: known when all are, with the evidence of all; otherwise the first that
 * is missing, else unknown, else not applicable, speaks.
 */
export function combine<T extends readonly unknown[], U>(
  parts: { readonly [index in keyof T]: Derived<T[index]> },
  compute: (...values: T) => U,
): Derived<U> {
  const list = parts as readonly Derived[];
  const values: unknown[] = [];
  const evidence: Evidence[] = [];
  for (const part of list) {
    if (!('value' in part)) return strongestSilence(list, part);
    values.push(part.value);
    for (const item of part.evidence) evidence.push(item);
  }
  return { value: compute(...(values as unknown as T)), evidence };
}

type Silence = Exclude<Derived, { readonly value: unknown }>;

function strongestSilence(parts: readonly Derived[], fallback: Silence): Silence {
  const isMissing = (part: Derived): part is Silence => 'missing' in part;
  const isUnknown = (part: Derived): part is Silence => 'unknown' in part;
  return parts.find(isMissing) ?? parts.find(isUnknown) ?? fallback;
}

/** A computation that itself may not know: combine, then the answer it gives. */
export function chain<T, U>(part: Derived<T>, next: (value: T) => Derived<U>): Derived<U> {
  if (!('value' in part)) return part;
  const answer = next(part.value);
  return 'value' in answer ? { value: answer.value, evidence: [...part.evidence, ...answer.evidence] } : answer;
}

/** Every part as one list; one part that is not known makes the list not known. */
export function all<T>(parts: readonly Derived<T>[]): Derived<readonly T[]> {
  return combine<readonly T[], readonly T[]>(parts, (...values) => values);
}
