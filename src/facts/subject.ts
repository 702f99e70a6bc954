import type { Evidence } from '../contracts/report.ts';
import type { SubjectKind } from '../contracts/rule.ts';

/**
 * A fact of a subject: what the raw facts of a host mean. Known with its evidence; or missing (could not be collected
 * or parsed), unknown (collected, but insufficient or contradictory) or notapplicable, each with its reason.
 */
export type Derived<T = unknown> =
  | { readonly value: T; readonly evidence: readonly Evidence[] }
  | { readonly missing: string }
  | { readonly unknown: string }
  | { readonly notapplicable: string };

/** Where a subject belongs below its host. */
export interface Place {
  readonly vip?: string | undefined;
  readonly interface?: string | undefined;
  /** For example 443/tcp. */
  readonly port?: string | undefined;
}

/** A thing that a rule judges, with every fact that the catalogue lists for its platform and kind. */
export interface Subject extends Place {
  readonly platform: 'linux' | 'windows' | 'any';
  readonly kind: SubjectKind;
  readonly facts: Facts;
  /** The same facts as the host's boot loader would leave them, where that differs in kind: for rules with atBoot. */
  readonly boot?: Facts | undefined;
  /** As boot, with what cannot be told taken from the running host, since the last boot has proven it: can only make a rule pass. */
  readonly proven?: Facts | undefined;
}

/** Facts by name. A rule file chooses the names that are looked up, so any text may be asked for. */
export interface Facts extends Iterable<readonly [string, Derived]> {
  get(name: string): Derived | undefined;
  keys(): Iterable<string>;
}

/** What a fact of a subject is: its JSON Schema (2020-12) and one sentence that names its meaning and unit. */
export interface FactDefinition {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly meaning: string;
}

/** The facts of one kind of subject on one platform, by name. */
export type FactDefinitions = ReadonlyMap<string, FactDefinition>;

/**
 * Facts by name as an object literal gives them, each as it is or as a function that derives it; the names must be those
 * of the definitions, and the type checker sees to it.
 */
export type DerivedFacts<Names extends string> = { readonly [name in Names]: Derived | (() => Derived) };

/** The facts of a subject, given in parts that share no name. Each is derived once, when it is first asked for. */
export function factMap(...parts: readonly DerivedFacts<string>[]): Facts {
  const facts = new Map<string, Derived | (() => Derived)>();
  for (const part of parts) {
    for (const name of Object.keys(part)) {
      const given = part[name];
      if (given !== undefined) facts.set(name, given);
    }
  }
  const get = (name: string): Derived | undefined => {
    const given = facts.get(name);
    if (typeof given !== 'function') return given;
    const fact = given();
    facts.set(name, fact);
    return fact;
  };
  return factsOf(() => facts.keys(), get);
}

/** A fact as it is, or as the function derives it. */
export function settled(given: Derived | (() => Derived)): Derived {
  return typeof given === 'function' ? given() : given;
}

/** The value of a fact; undefined where it has none. */
export function knownValue(fact: Derived | undefined): unknown {
  return fact !== undefined && 'value' in fact ? fact.value : undefined;
}

/** Facts of which some are others. */
export function changedFacts(facts: Facts, ...changes: readonly Facts[]): Facts {
  const get = (name: string): Derived | undefined => {
    for (const changed of changes) {
      const fact = changed.get(name);
      if (fact !== undefined) return fact;
    }
    return facts.get(name);
  };
  return factsOf(() => facts.keys(), get);
}

function factsOf(keys: Facts['keys'], get: Facts['get']): Facts {
  return {
    get,
    keys,
    *[Symbol.iterator]() {
      for (const name of keys()) {
        const fact = get(name);
        if (fact !== undefined) yield [name, fact];
      }
    },
  };
}

/** A value that is computed when it is first asked for. */
export function once<T>(compute: () => T): () => T {
  let settled: { readonly value: T } | undefined;
  return () => (settled ??= { value: compute() }).value;
}
