/** A thing that a host said, or the reason why it is missing. Missing is not false: nothing turns a missing fact into a default. */
export type Fact<T> = { readonly value: T } | { readonly missing: string };

/** A known fact. */
export function known<T>(value: T): Fact<T> {
  return { value };
}

/** A missing fact, with the reason. */
export function missing(reason: string): { readonly missing: string } {
  return { missing: reason };
}
