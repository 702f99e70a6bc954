import { quoteRemote } from '../remote-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

/** Reads the first line that each tool prints about its version, as `NAME: LINE`. */
export function readVersions(sections: Sections): readonly string[] {
  const tools = new Set<string>();
  const lines = sections.lines('versions');
  for (const line of lines) {
    const [, tool] = /^(systemctl|sysctl|ip|NetworkManager|keepalived): /.exec(line) ?? [];
    if (tool === undefined) throw new UnreadableOutput(`unexpected line about versions: ${quoteRemote(line)}`);
    if (tools.has(tool)) throw new UnreadableOutput(`the version of ${tool} occurs more than once`);
    tools.add(tool);
  }
  return lines;
}
