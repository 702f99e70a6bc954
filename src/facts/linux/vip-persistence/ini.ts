import type { ConfigurationLine } from '../../../contracts/snapshot.ts';

/** One assignment of a file with sections. */
export interface Setting {
  readonly section: string;
  /** Counts the sections of the file from 0, since a section such as [Address] may occur more than once. */
  readonly occurrence: number;
  readonly key: string;
  readonly value: string;
  readonly number: number;
  readonly text: string;
}

/** Reads the INI syntax of systemd units and NetworkManager keyfiles: sections, key=value, comments with # and ;. */
export function readSettings(lines: readonly ConfigurationLine[]): readonly Setting[] {
  const settings: Setting[] = [];
  let section = '';
  let occurrence = -1;
  for (const { number, text } of lines) {
    const line = text.trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const header = /^\[([^\]]*)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      occurrence += 1;
      continue;
    }
    const equals = line.indexOf('=');
    if (equals === -1) continue;
    const key = line.slice(0, equals).trim();
    settings.push({ section, occurrence, key, value: line.slice(equals + 1).trim(), number, text: line });
  }
  return settings;
}
