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
  if (sections.status(section) === 127) {
    if (tables) throw new UnreadableOutput(`${command} is not installed`);
    // Without the program and without its tables in the kernel there are no rules of its kind.
    return [];
  }
  const lines = sections.lines(section);
  const elsewhere = lines.find((line) => /^# Warning: .*legacy tables present/.test(line));
  if (elsewhere !== undefined) {
    throw new UnreadableOutput(`${command} does not show all rules: ${quoteRemote(elsewhere)}`);
  }
  return lines;
}
