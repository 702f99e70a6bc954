import type { Row } from './document.ts';
import type { Scalar } from './setting.ts';

/** A source that answered, but not in a way that can be understood. */
export interface Unreadable {
  readonly unreadable: string;
}

/** Whether a reader gave up. */
export function isUnreadable(value: object | null): value is Unreadable {
  return value !== null && 'unreadable' in value;
}

/** A property that holds one value, not a list; undefined where it is absent. */
export function plain(row: Row | null | undefined, name: string): Scalar | undefined {
  const value = row?.[name];
  return isList(value) ? undefined : value;
}

/** A property that holds a list of texts, or one text; null where it holds none. */
export function texts(row: Row | undefined, name: string): readonly string[] | null {
  const value = row?.[name];
  if (value === null || value === undefined) return null;
  return (isList(value) ? value : [value]).map(String);
}

/** Reads every row; the first that cannot be read makes the list unreadable, because a list that is known is complete. */
export function readRows<Source, Item extends object>(
  rows: readonly Source[],
  read: (row: Source) => Item | Unreadable,
): readonly Item[] | Unreadable {
  const items: Item[] = [];
  for (const row of rows) {
    const item = read(row);
    if (isUnreadable(item)) return item;
    items.push(item);
  }
  return items;
}

function isList(value: Row[string] | undefined): value is readonly Scalar[] {
  return Array.isArray(value);
}
