import { familyOf } from './ip-text.ts';

/** One route as `ip -o route` prints it, its words told apart. */
export interface RouteText {
  readonly type: string;
  /** `default`, or an address with or without a prefix length. */
  readonly destination: string;
  readonly from: string | null;
  readonly table: string | null;
  readonly source: string | null;
  readonly scope: string | null;
  readonly metric: number | null;
  /** The route's own next hop, then those of a multipath route. */
  readonly hops: readonly { readonly interface: string | null; readonly gateway: string | null }[];
}

const types = new Set([
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'anycast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
]);

// ip/iproute.c print_route of iproute2, and networking/libiproute/iproute.c of busybox.
const flags = new Set([
  'dead',
  'onlink',
  'pervasive',
  'offload',
  'trap',
  'notify',
  'linkdown',
  'unresolved',
  'rt_offload',
  'rt_trap',
  'rt_offload_failed',
  'cache',
  'ecn',
  'tcp_usec_ts',
  '\\',
]);
const ignoredValues = new Set([
  'nhid',
  'tos',
  'dsfield',
  'proto',
  'mark',
  'realm',
  'realms',
  'uid',
  'iif',
  'pref',
  'window',
  'rtt',
  'rttvar',
  'ssthresh',
  'cwnd',
  'reordering',
  'hoplimit',
  'initcwnd',
  'rto_min',
  'initrwnd',
  'quickack',
  'congctl',
  'fastopen_no_cookie',
  'mtu',
  'advmss',
  'weight',
  'expires',
  'error',
  'users',
  'used',
  'age',
  'ipid',
  'ts',
  'tsage',
  'ttl-propogate',
]);

/** Reads one line of `ip -o route`; undefined when it holds a word that is not known, for then the others are not sure either. */
export function readRouteText(line: string): RouteText | undefined {
  const words = line.split(/[ \t]+/).filter((word) => word !== '');
  const hasType = types.has(words[0] ?? '');
  const type = hasType ? (words[0] ?? '') : 'unicast';
  const destination = words[hasType ? 1 : 0];
  if (destination === undefined) return undefined;
  const hops: { interface: string | null; gateway: string | null }[] = [{ interface: null, gateway: null }];
  let from: string | null = null;
  let table: string | null = null;
  let source: string | null = null;
  let scope: string | null = null;
  let metric: number | null = null;
  const rest = words.slice(hasType ? 2 : 1).values();
  for (const word of rest) {
    const hop = hops.at(-1);
    if (hop === undefined) return undefined;
    if (word === 'nexthop') {
      hops.push({ interface: null, gateway: null });
      continue;
    }
    // `cache <local>`, and the hexadecimal remainder of `features`.
    if (flags.has(word) || /^<[a-z,-]*(?:[0-9a-f]+)?>$/.test(word)) continue;
    const next = rest.next();
    const value = next.done === true ? undefined : next.value;
    if (value === undefined) return undefined;
    switch (word) {
      case 'via': {
        const named = value === 'inet' || value === 'inet6' ? rest.next().value : value;
        if (hop.gateway !== null || named === undefined || familyOf(named) === undefined) return undefined;
        hop.gateway = named;
        break;
      }
      case 'dev':
        if (hop.interface !== null || value.length > 64) return undefined;
        hop.interface = value;
        break;
      case 'src':
        if (source !== null || familyOf(value) === undefined) return undefined;
        source = value;
        break;
      case 'from':
        if (from !== null) return undefined;
        from = value;
        break;
      case 'table':
        if (table !== null || value.length > 32) return undefined;
        table = value;
        break;
      case 'scope':
        if (scope !== null || value.length > 16) return undefined;
        scope = value;
        break;
      case 'metric':
        // busybox prints it as a signed number.
        if (metric !== null || !/^-?[0-9]{1,10}$/.test(value)) return undefined;
        metric = Number(value) >>> 0;
        break;
      case 'features':
        break;
      default:
        if (!ignoredValues.has(word)) return undefined;
        if (value === 'lock') rest.next();
    }
  }
  return { type, destination, from, table, source, scope, metric, hops };
}
