import { quoteRemote } from '../remote-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

/** Reads the output of a command that only root may run. `tables` says that the kernel holds tables of its legacy kind. */
export function readRootOutput(
  sections: Sections,
  section: string,
  command: string,
  tables: boolean,
): readonly string[] {
  if (!sections.has(section)) {
    throw new UnreadableOutput(`${command} needs root, and the inventory does not say privileged for this host`);
  }
  const status = sections.status(section);
  if (status === 126) throw new UnreadableOutput(`${command} needs root, and sudo is not installed`);
  if (status === 127) {
    if (tables) throw new UnreadableOutput(`${command} is not installed`);
    // Without the program and without its tables in the kernel there are no rules of its kind.
    return [];
  }
  if (status === 1 && sections.lines(section, [1]).length === 0) {
    throw new UnreadableOutput(`${command} needs root, and sudo does not allow it`);
  }
  const lines = sections.lines(section);
  const elsewhere = lines.find((line) => /^# Warning: .*legacy tables present/.test(line));
  if (elsewhere !== undefined) {
    throw new UnreadableOutput(`${command} does not show all rules: ${quoteRemote(elsewhere)}`);
  }
  return lines;
}
