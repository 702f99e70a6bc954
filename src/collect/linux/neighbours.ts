import type { Neighbour } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import { familyOf } from './ip-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

const arpLine = /^([0-9.]+) +0x[0-9a-f]+ +0x([0-9a-f]+) +([0-9a-f:*]+|<[^>]*>) +[^ ]+ +([^ ]{1,64}) *$/i;

/** Reads `ip neigh show` and its proxy entries. */
export function readNeighbours(sections: Sections, hasIpv6: boolean): readonly Neighbour[] {
  // busybox ignores the word `proxy` and would show the ordinary entries once more; so would any ip that is not iproute2's.
  if (sections.lines('kinds').at(-1) !== 'status 0') {
    throw new UnreadableOutput('the ip command of this host, not being iproute2, does not show proxy entries');
  }
  const lists = ['neighbours', 'proxies4', ...(hasIpv6 ? ['proxies6'] : [])];
  const entries = lists.flatMap((list) => sections.lines(list).map(readEntry));
  const keys = new Set(entries.map(({ ip, interface: device, proxy }) => `${ip} ${device} ${proxy}`));
  if (keys.size < entries.length) throw new UnreadableOutput('ip neigh shows an entry twice');
  return entries;
}

// ip/ipneigh.c print_neigh of iproute2.
const states = new Set(['INCOMPLETE', 'REACHABLE', 'STALE', 'DELAY', 'PROBE', 'FAILED', 'NOARP', 'PERMANENT', 'NONE']);
const flags = new Set(['router', 'managed', 'extern_learn', 'offload', 'extern_valid']);
const values = new Set(['ref', 'used', 'probes', 'proto', 'nhid']);

function readEntry(line: string): Neighbour {
  const words = line.split(' ').filter((word) => word !== '');
  const [ip, ...others] = words;
  const found = { interface: '', hardwareAddress: null as string | null, proxy: false, state: null as string | null };
  const rest = others.values();
  for (const word of rest) {
    if (word === 'dev') found.interface = rest.next().value ?? '';
    else if (word === 'lladdr') found.hardwareAddress = rest.next().value ?? '';
    else if (word === 'proxy') found.proxy = true;
    else if (word.split(',').every((part) => states.has(part))) found.state = word;
    else if (values.has(word)) rest.next();
    else if (!flags.has(word)) throw unexpected('ip neigh', line);
  }
  const { hardwareAddress } = found;
  const isAddress = hardwareAddress === null || /^[0-9a-f.:]{1,64}$/.test(hardwareAddress);
  if (ip === undefined || familyOf(ip) === undefined || found.interface === '' || !isAddress) {
    throw unexpected('ip neigh', line);
  }
  if (found.interface.length > 64 || (found.state?.length ?? 0) > 64) throw unexpected('ip neigh', line);
  return { ip, ...found };
}

/** Reads /proc/net/arp, for hosts without ip. IPv6 has no such file, so it only does where there is no IPv6. */
export function readArpTable(sections: Sections, hasIpv6: boolean): readonly Neighbour[] {
  if (hasIpv6) throw new UnreadableOutput('ip is not installed, and nothing else shows the IPv6 neighbours');
  return sections.lines('arp').flatMap((line, position) => {
    if (position === 0 && line.startsWith('IP address ')) return [];
    const [, ip, flagText, hardwareAddress, name] = arpLine.exec(line) ?? [];
    if (ip === undefined || name === undefined || familyOf(ip) !== 4) throw unexpected('/proc/net/arp', line);
    // ATF_COM, ATF_PERM and ATF_PUBL of include/uapi/linux/if_arp.h.
    const bits = Number.parseInt(flagText ?? '', 16);
    const isComplete = (bits & 0x2) !== 0;
    const proxy = (bits & 0x8) !== 0;
    return [
      {
        ip,
        interface: name,
        hardwareAddress: isComplete ? (hardwareAddress ?? null) : null,
        proxy,
        state: proxy ? null : (bits & 0x4) !== 0 ? 'PERMANENT' : isComplete ? 'REACHABLE' : 'INCOMPLETE',
      },
    ];
  });
}

function unexpected(source: string, line: string): UnreadableOutput {
  return new UnreadableOutput(`unexpected line of ${source}: ${quoteRemote(line)}`);
}
