import type { ConfigurationLine } from '../../../contracts/snapshot.ts';

/** One assignment of a shell variable, as sysconfig files have them. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly number: number;
  readonly text: string;
}

/** Reads NAME=value lines, quotes removed; the last assignment of a name counts. */
export function readVariables(lines: readonly ConfigurationLine[]): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const { number, text } of lines) {
    const [, name, raw = ''] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(text) ?? [];
    if (name === undefined) continue;
    const value = /^"([^"]*)"|^'([^']*)'|^([^\s#;]*)/.exec(raw.trim());
    variables.set(name, { name, value: value?.[1] ?? value?.[2] ?? value?.[3] ?? '', number, text: text.trim() });
  }
  return variables;
}
