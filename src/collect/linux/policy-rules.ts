import type { PolicyRule } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

/** Reads `ip rule show` of both families. */
export function readPolicyRules(sections: Sections, hasIpv6: boolean): readonly PolicyRule[] {
  const families = hasIpv6 ? ([4, 6] as const) : ([4] as const);
  return families.flatMap((family) =>
    sections.lines(`rules${family}`).map((line) => {
      const [, priority, text] = /^([0-9]{1,10}):[ \t]+((?:not )?from .{1,500})$/.exec(line) ?? [];
      if (priority === undefined || text === undefined) {
        throw new UnreadableOutput(`unexpected line of ip rule: ${quoteRemote(line)}`);
      }
      return { family, priority: Number(priority), text: text.trimEnd() };
    }),
  );
}
