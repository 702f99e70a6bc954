import type { ConfigurationFile, Unit } from '../../../../src/contracts/snapshot.ts';

/** When the tests' hosts were last booted, by the clock and uptime of the compliant host. */
export const bootedAt = 1_795_000_000 - 864_000;

/** A readable file of a host, changed before the last boot. */
export function file(path: string, text: string, changes: Partial<ConfigurationFile> = {}): ConfigurationFile {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return {
    path,
    kind: 'file',
    target: null,
    executable: false,
    size: text.length,
    modifiedAt: bootedAt - 1000,
    lines: { value: lines.map((line, index) => ({ number: index + 1, text: line })) },
    whole: true,
    ...changes,
  };
}

/** A file that the probe's user may not read. */
export function closed(path: string, changes: Partial<ConfigurationFile> = {}): ConfigurationFile {
  return file(path, 'secret', { lines: { missing: 'the probe’s user may not read it' }, whole: false, ...changes });
}

/** A symbolic link; one that leads to nothing has no size. */
export function link(path: string, target: string, changes: Partial<ConfigurationFile> = {}): ConfigurationFile {
  return file(path, '', { kind: 'link', target, lines: { missing: 'the link leads to nothing' }, ...changes });
}

/** A directory among files. */
export function folder(path: string): ConfigurationFile {
  return file(path, '', { kind: 'directory', lines: { value: [] } });
}

/** Services as the probe reports them. */
export function units(
  states: Readonly<Record<string, string>>,
  active = 'active',
): { readonly value: readonly Unit[] } {
  return { value: Object.entries(states).map(([name, enabled]) => ({ name, enabled, active })) };
}
