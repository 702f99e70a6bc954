/** Chance that repeats itself: the same seed gives the same choices (mulberry32, Tommy Ettinger, public domain). */
export interface Chance {
  /** An integer from 0 to limit - 1. */
  below(limit: number): number;
  /** One of the values; a value given twice is twice as likely. */
  pick<T>(values: readonly T[]): T;
  /** True in one of `times` cases. */
  once(times: number): boolean;
}

/** Chance from a seed, an integer. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => next() % limit;
  return {
    below,
    pick: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
    once: (times) => below(times) === 0,
  };
}
