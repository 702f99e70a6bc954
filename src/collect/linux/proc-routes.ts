import type { Route } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import { readTrie } from './fib-trie.ts';
import { ipOfHex, ipOfWords, lengthOfMask } from './ip-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

// RTF_* of include/uapi/linux/route.h and ipv6_route.h.
const flags = { gateway: 0x2, reject: 0x200, anycast: 0x4000_0000, local: 0x8000_0000 } as const;

/** Reads the routes from /proc/net, for hosts without ip: of tables main and local, since those of others show no gateway there. */
export function readProcRoutes(
  sections: Sections,
  hasIpv6: boolean,
  littleEndian: boolean | undefined,
): readonly Route[] {
  if (littleEndian === undefined) throw new UnreadableOutput('the byte order of this machine is not known');
  return [...readLocal(sections), ...readMain(sections, littleEndian), ...(hasIpv6 ? readFamily6(sections) : [])];
}

function readLocal(sections: Sections): readonly Route[] {
  const leaves = readTrie(sections);
  const other = leaves.find(({ table }) => table !== 'main' && table !== 'local');
  if (other !== undefined) {
    throw new UnreadableOutput(`the routing table ${other.table} cannot be read: ip is not installed`);
  }
  // Until the first policy rule is added the two tables are one, and shown twice.
  const local = new Map<string, Route>();
  for (const { ip, length, scope, type } of leaves) {
    if (type !== 'local') continue;
    const destination = `${ip}/${length}`;
    local.set(destination, {
      table: 'local',
      family: 4,
      type,
      destination,
      gateway: null,
      interface: null,
      source: null,
      scope: scope === 'universe' ? 'global' : scope.replace('scope=', ''),
      metric: null,
    });
  }
  return [...local.values()];
}

const route4 =
  /^([^\t]{1,64})\t([0-9A-F]{8})\t([0-9A-F]{8})\t([0-9A-F]{4})\t[0-9]+\t[0-9]+\t([0-9]+)\t([0-9A-F]{8})\t[0-9]+\t[0-9]+\t[0-9]+ *$/;

function readMain(sections: Sections, littleEndian: boolean): readonly Route[] {
  return sections.lines('route4').flatMap((line, position) => {
    if (position === 0 && line.startsWith('Iface\t')) return [];
    const [, name, destination = '', gateway = '', flagText = '', metric, mask = ''] = route4.exec(line) ?? [];
    const length = name === undefined ? undefined : lengthOfMask(ipOfWords(mask, littleEndian));
    if (name === undefined || length === undefined) {
      throw new UnreadableOutput(`unexpected line of /proc/net/route: ${quoteRemote(line)}`);
    }
    const bits = Number.parseInt(flagText, 16);
    return [
      {
        table: 'main',
        family: 4 as const,
        type: (bits & flags.reject) === 0 ? 'unicast' : 'unreachable',
        destination: `${ipOfWords(destination, littleEndian)}/${length}`,
        gateway: (bits & flags.gateway) === 0 ? null : ipOfWords(gateway, littleEndian),
        interface: name === '*' ? null : name,
        source: null,
        scope: null,
        metric: Number(metric),
      },
    ];
  });
}

const route6 =
  /^([0-9a-f]{32}) ([0-9a-f]{2}) [0-9a-f]{32} [0-9a-f]{2} ([0-9a-f]{32}) ([0-9a-f]{8}) [0-9a-f]{8} [0-9a-f]{8} ([0-9a-f]{8}) +([^ ]{1,64})$/;

function readFamily6(sections: Sections): readonly Route[] {
  return sections.lines('route6').flatMap((line) => {
    const [, destination, length = '', gateway = '', metric = '', flagText = '', name] = route6.exec(line) ?? [];
    if (destination === undefined || name === undefined || Number.parseInt(length, 16) > 128) {
      throw new UnreadableOutput(`unexpected line of /proc/net/ipv6_route: ${quoteRemote(line)}`);
    }
    const bits = Number.parseInt(flagText, 16);
    // The kernel's own entry for "no route".
    if ((bits & flags.reject) !== 0 && metric === 'ffffffff' && length === '00') return [];
    const type = typeOf(bits, destination);
    return [
      {
        table: type === 'unicast' || type === 'unreachable' ? 'main' : 'local',
        family: 6 as const,
        type,
        destination: `${ipOfHex(destination)}/${Number.parseInt(length, 16)}`,
        gateway: (bits & flags.gateway) === 0 ? null : ipOfHex(gateway),
        interface: name,
        source: null,
        scope: null,
        metric: Number.parseInt(metric, 16),
      },
    ];
  });
}

function typeOf(bits: number, destination: string): string {
  if ((bits & flags.local) !== 0) return 'local';
  if ((bits & flags.anycast) !== 0) return 'anycast';
  // Also what the kernel makes of a route to an address of lo that is not of type local.
  if ((bits & flags.reject) !== 0) return 'unreachable';
  return destination.startsWith('ff') ? 'multicast' : 'unicast';
}
