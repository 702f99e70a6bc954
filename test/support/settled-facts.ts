import { type Derived, type DerivedFacts, settled } from '../../src/facts/subject.ts';

/** Every fact, derived. */
export function settledFacts<Name extends string>(facts: DerivedFacts<Name>): Readonly<Record<Name, Derived>> {
  const entries = Object.entries<DerivedFacts<Name>[Name]>(facts).map(([name, given]) => [name, settled(given)]);
  return Object.fromEntries(entries) as Record<Name, Derived>;
}
