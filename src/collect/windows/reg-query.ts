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
    const path = /^(HKEY_\S.*?)\s*$/.exec(line)?.[1]?.toLowerCase();
    if (path !== undefined) {
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
