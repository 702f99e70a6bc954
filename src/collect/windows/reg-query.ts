/** The values of one registry key as `reg query` prints them, by value name in lower case. */
export type RegistryValues = ReadonlyMap<string, RegistryValue>;

/** One value: a number of REG_DWORD, the strings of REG_MULTI_SZ, the text of anything else. */
export type RegistryValue = number | string | readonly string[];

// Windows Server 2003 separates by tabs, later versions by four spaces. Types and names are not translated.
const valueLine = /^ {4}(\S.*?)(?:\t| {4})(REG_[A-Z_]+)(?:(?:\t| {4})(.*))?$/;

/** Reads the output of `reg query KEY /s`: the keys by their path in lower case. What is neither key nor value is skipped. */
export function readRegistry(lines: readonly string[]): ReadonlyMap<string, RegistryValues> {
  const keys = new Map<string, Map<string, RegistryValue>>();
  let current: Map<string, RegistryValue> | undefined;
  for (const line of lines) {
    if (line.startsWith('HKEY_')) {
      const path = line.trimEnd().toLowerCase();
      current = keys.get(path) ?? new Map<string, RegistryValue>();
      keys.set(path, current);
      continue;
    }
    const match = valueLine.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    current?.set(match[1].toLowerCase(), readValue(match[2], (match[3] ?? '').trim()));
  }
  return keys;
}

function readValue(type: string, text: string): RegistryValue {
  if (type === 'REG_DWORD' && /^0x[0-9a-f]{1,8}$/i.test(text)) return Number(text);
  // The separator is written as backslash and zero; 2003 also ends the list with two of them.
  if (type === 'REG_MULTI_SZ') return text.split(String.raw`\0`).filter((item) => item !== '');
  return text;
}

/** A text value of at most `limit` characters; null for the empty text and for other types. */
export function textOf(value: RegistryValue | undefined, limit: number): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, limit) : null;
}

/** A REG_DWORD; null for other types. */
export function numberOf(value: RegistryValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** A REG_DWORD that is 0 or 1; null for anything else. */
export function flagOf(value: RegistryValue | undefined): boolean | null {
  return value === 0 ? false : value === 1 ? true : null;
}

/** The strings of a REG_MULTI_SZ, or one REG_SZ, without empty ones: at most 100 of 64 characters. */
export function listOf(value: RegistryValue | undefined): string[] | null {
  if (value === undefined || typeof value === 'number') return null;
  return (typeof value === 'string' ? [value] : [...value])
    .filter((text) => text !== '')
    .slice(0, 100)
    .map((text) => text.slice(0, 64));
}
