import type { WindowsSetting } from '../../contracts/snapshot.ts';

/** What JSON, WMI, a cmdlet's enumeration or netsh may give for one value. */
export type Scalar = string | number | boolean | null;

const words = new Map<string, WindowsSetting>([
  ['0', false],
  ['1', true],
  ['255', 'unset'],
  ['false', false],
  ['true', true],
  ['disabled', false],
  ['enabled', true],
  ['unchanged', 'unset'],
]);

/**
 * A switch of the TCP/IP provider: 0 and 1 in MSFT_NetIPInterface, Disabled and Enabled through the cmdlets, 255 for a value
 * that the store does not hold. Anything else, null included, tells nothing.
 */
export function readSetting(value: Scalar | undefined): WindowsSetting {
  return value === null || value === undefined ? null : (words.get(String(value).trim().toLowerCase()) ?? null);
}

/** A whole number, also when it comes as decimal text; null for anything else. */
export function readInteger(value: Scalar | undefined): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value.trim())) return null;
  return Number(value);
}

/** Yes or no, from a boolean, a number or a word; null where the source does not tell. */
export function readBoolean(value: Scalar | undefined): boolean | null {
  const setting = readSetting(value);
  return setting === 'unset' ? null : setting;
}

/** A text of at most `limit` characters; null for null and the empty text. */
export function readText(value: Scalar | undefined, limit: number): string | null {
  if (value === null || value === undefined || value === '') return null;
  return String(value).slice(0, limit);
}

/** The entry of a table that a number or the table's own word (in any case) names; null for anything else. */
export function readEnumeration<Name extends string>(
  value: Scalar | undefined,
  names: ReadonlyMap<number, Name>,
): Name | null {
  const number = readInteger(value);
  if (number !== null) return names.get(number) ?? null;
  const word = typeof value === 'string' ? value.toLowerCase().replaceAll('-', '') : null;
  for (const name of names.values()) if (name.replaceAll('-', '') === word) return name;
  return null;
}
