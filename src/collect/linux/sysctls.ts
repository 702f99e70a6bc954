import type { Sysctl } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

// An interface name may hold any byte but a slash, white space and, since Linux 4.17, a colon.
const parameter = /^\.\/([^/]{1,64})\/([a-z0-9_]{1,64}):(.{0,256})$/;
const single = /^\/proc\/sys\/(net\/ipv[46]\/[a-z0-9_]{1,64}):(.{0,256})$/;

/** Reads the kernel parameters of the network. A kernel that lacks one of them leaves its key out. */
export function readSysctls(sections: Sections, hasIpv6: boolean): readonly Sysctl[] {
  const found = new Map<string, string>();
  const add = (line: string, key: string | undefined, value: string | undefined): void => {
    if (key === undefined || value === undefined) {
      throw new UnreadableOutput(`unexpected line of /proc/sys/net: ${quoteRemote(line)}`);
    }
    if (found.has(key)) throw new UnreadableOutput(`${quoteRemote(key)} occurs more than once`);
    found.set(key, value);
  };
  for (const family of hasIpv6 ? ['ipv4', 'ipv6'] : ['ipv4']) {
    const lines = sections.lines(family);
    if (lines.length === 0) throw new UnreadableOutput(`/proc/sys/net/${family}/conf shows nothing`);
    for (const line of lines) {
      const [, device, name, value] = parameter.exec(line) ?? [];
      add(line, device === undefined ? undefined : `net/${family}/conf/${device}/${name}`, value);
    }
  }
  for (const line of sections.lines('switches')) {
    const [, key, value] = single.exec(line) ?? [];
    add(line, key, value);
  }
  return [...found].map(([key, value]) => ({ key, value }));
}
