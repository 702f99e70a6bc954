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

/** A thing that a rule judges, with every fact that the catalogue lists for its platform and kind. */
export interface Subject {
  readonly platform: 'linux' | 'windows' | 'any';
  readonly kind: SubjectKind;
  readonly vip?: string;
  readonly interface?: string;
  /** For example 443/tcp. */
  readonly port?: string;
  readonly facts: ReadonlyMap<string, Derived>;
  /** The same facts as the host's boot loader would leave them, where that differs in kind: for rules with atBoot. */
  readonly boot?: ReadonlyMap<string, Derived>;
  /** As boot, with what cannot be told taken from the running host, since the last boot has proven it: can only make a rule pass. */
  readonly proven?: ReadonlyMap<string, Derived>;
}

/** What a fact of a subject is: its JSON Schema (2020-12) and one sentence that names its meaning and unit. */
export interface FactDefinition {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly meaning: string;
}

/** The facts of one kind of subject on one platform, by name. */
export type FactDefinitions = ReadonlyMap<string, FactDefinition>;

/** Facts by name as an object literal gives them; the names must be those of the definitions, and the type checker sees to it. */
export type DerivedFacts<Names extends string> = { readonly [name in Names]: Derived };

/** A subject's facts as a map; a Map because a rule file chooses the names that are looked up. */
export function factMap<Names extends string>(facts: DerivedFacts<Names>): ReadonlyMap<string, Derived> {
  return new Map(Object.entries<Derived>(facts));
}
