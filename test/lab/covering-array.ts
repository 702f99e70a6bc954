/** Names of factors with the values that each can take. */
export type Factors = Readonly<Record<string, readonly (string | number)[]>>;

const separator = ', ';

/** One value a factor. */
export type Row<F extends Factors> = { readonly [Name in keyof F]: F[Name][number] };

/**
 * Rows in which every pair of values of every two factors occurs at least once: greedy, as AETG does it (Cohen, Dalal,
 * Fredman, Patton 1997), without chance: each row begins with a pair that is still missing and takes for every other
 * factor the value that completes most missing pairs.
 */
export function coveringArray<F extends Factors>(factors: F): readonly Row<F>[] {
  const names = Object.keys(factors);
  const missing = new Set(pairsOf(factors));
  const rows: Row<F>[] = [];
  for (const seed of missing) {
    const row: Record<string, string | number> = { ...parsePair(seed, factors) };
    for (const name of names) row[name] ??= bestValue(name, row, factors, missing);
    for (const pair of pairsOfRow(row)) missing.delete(pair);
    rows.push(row as Row<F>);
  }
  return rows;
}

function bestValue(
  name: string,
  row: Readonly<Record<string, string | number>>,
  factors: Factors,
  missing: ReadonlySet<string>,
): string | number {
  const gain = (value: string | number): number =>
    Object.entries(row).filter(([other, chosen]) => missing.has(pair(name, value, other, chosen))).length;
  const [first = '', ...rest] = factors[name] ?? [];
  return rest.reduce((best, value) => (gain(value) > gain(best) ? value : best), first);
}

/** Every pair of values of two factors, as text; the number of them is what a covering array must cover. */
export function pairsOf(factors: Factors): readonly string[] {
  const names = Object.keys(factors);
  return names.flatMap((left, index) =>
    names
      .slice(index + 1)
      .flatMap((right) =>
        (factors[left] ?? []).flatMap((a) => (factors[right] ?? []).map((b) => pair(left, a, right, b))),
      ),
  );
}

/** The pairs of values that stand in a row. */
export function pairsOfRow(row: Readonly<Record<string, string | number>>): readonly string[] {
  const entries = Object.entries(row);
  return entries.flatMap(([left, a], index) => entries.slice(index + 1).map(([right, b]) => pair(left, a, right, b)));
}

function pair(left: string, a: string | number, right: string, b: string | number): string {
  return [`${left}=${a}`, `${right}=${b}`].sort().join(separator);
}

function parsePair(text: string, factors: Factors): Record<string, string | number> {
  return Object.fromEntries(
    text.split(separator).map((part) => {
      const [name = '', written = ''] = part.split('=');
      return [name, (factors[name] ?? []).find((value) => String(value) === written) ?? written];
    }),
  );
}
