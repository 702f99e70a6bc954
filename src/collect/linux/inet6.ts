import { quoteRemote } from '../remote-text.ts';
import { flagsOf } from './address-flags.ts';
import { ipOfHex } from './ip-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

/** One IPv6 address as /proc/net/if_inet6 shows it. */
export interface Inet6Entry {
  readonly ip: string;
  readonly index: number;
  readonly prefixLength: number;
  readonly scope: string;
  readonly flags: readonly string[];
  readonly interface: string;
}

const entryLine =
  /^\/proc\/net\/if_inet6:([0-9a-f]{32}) ([0-9a-f]{2,8}) ([0-9a-f]{2}) ([0-9a-f]{2}) ([0-9a-f]{2}) +([^ ]{1,64})$/;
// net/ipv6/addrconf.c if6_seq_show prints rt_scope's IPv6 counterpart, IPV6_ADDR_SCOPE_MASK of include/net/ipv6.h.
const scopes = new Map([
  ['00', 'global'],
  ['10', 'host'],
  ['20', 'link'],
  ['40', 'site'],
  ['80', 'global'],
]);

/** Reads /proc/net/if_inet6; empty on a host without IPv6. */
export function readInet6(sections: Sections, hasIpv6: boolean): readonly Inet6Entry[] {
  // 1: the file is empty; 2: there is no such file.
  const lines = sections.lines('inet6', hasIpv6 ? [0, 1] : [1, 2]);
  const entries = lines.map((line) => {
    const [, address, index, length, scope, flags, name] = entryLine.exec(line) ?? [];
    const prefixLength = Number.parseInt(length ?? '', 16);
    const scopeName = scopes.get(scope ?? '');
    if (address === undefined || name === undefined || prefixLength > 128 || scopeName === undefined) {
      throw new UnreadableOutput(`unexpected line of /proc/net/if_inet6: ${quoteRemote(line)}`);
    }
    return {
      ip: ipOfHex(address),
      index: Number.parseInt(index ?? '', 16),
      prefixLength,
      scope: scopeName,
      flags: asIpNamesThem(Number.parseInt(flags ?? '', 16)),
      interface: name,
    };
  });
  // The file is in the order of a hash that differs from one boot to the next.
  return entries.sort((a, b) => a.index - b.index || (a.ip < b.ip ? -1 : 1));
}

/** The kernel has a flag for permanent addresses; ip names the others, as dynamic. */
function asIpNamesThem(bits: number): readonly string[] {
  const permanent = 0x80;
  return [...flagsOf(bits & ~permanent, 6), ...((bits & permanent) === 0 ? ['dynamic'] : [])];
}
