import type { Report } from '../contracts/report.ts';
import type { ShownHost, ShownReport, ShownResult, ShownService } from './shown.ts';
import { prose, visible, visibleText } from './visible.ts';

/**
 * A report packed for the page: equal results of different hosts, which are most of a healthy fleet, stand once in
 * `results`, and hosts and services name them by index. Fingerprints are left out, and all text is made visible.
 */
export interface Packed extends Omit<Report, 'hosts' | 'services'> {
  readonly hosts: readonly (Omit<ShownHost, 'results'> & Indexed)[];
  readonly services: readonly (Omit<ShownService, 'results'> & Indexed)[];
  readonly results: readonly ShownResult[];
}

interface Indexed {
  readonly results: readonly number[];
}

/** Packs a report; its text is from hosts, so what acts or hides is replaced by visible escapes here, once. */
export function pack(report: Report): Packed {
  const indices = new Map<string, number>();
  const results: ShownResult[] = [];
  const indexed = <T extends { readonly results: Report['hosts'][number]['results'] }>(
    owner: T,
  ): Omit<T, 'results'> & Indexed => ({
    ...owner,
    results: owner.results.map(({ fingerprint: _fingerprint, ...result }) => {
      const key = JSON.stringify(result);
      const index = indices.get(key) ?? results.push(result) - 1;
      indices.set(key, index);
      return index;
    }),
  });
  const packed: Packed = {
    ...report,
    hosts: report.hosts.map(indexed),
    services: report.services.map(indexed),
    results,
  };
  return withVisibleText(packed, '') as Packed;
}

/** The report of a pack, for reading; equal results are one object. */
export function unpack({ results, ...packed }: Packed): ShownReport {
  const expanded = <T extends Indexed>(
    owner: T,
  ): Omit<T, 'results'> & { readonly results: readonly ShownResult[] } => ({
    ...owner,
    results: owner.results.flatMap((index) => results[index] ?? []),
  });
  return { ...packed, hosts: packed.hosts.map(expanded), services: packed.services.map(expanded) };
}

// Output of a host and commands keep their lines and tabs, prose is folded; names and values have neither.
const multiline: ReadonlySet<string> = new Set(['text', 'run']);
const folded: ReadonlySet<string> = new Set(['title', 'failure', 'why', 'say', 'message', 'expected', 'actual']);

function withVisibleText(value: unknown, key: string): unknown {
  if (typeof value === 'string') return (multiline.has(key) ? visibleText : folded.has(key) ? prose : visible)(value);
  if (Array.isArray(value)) return value.map((item) => withVisibleText(item, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [visible(name), withVisibleText(item, name)]));
}
