import type { Route } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import { readPrefix } from './ip-text.ts';
import { readRouteText, type RouteText } from './route-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

/** Reads `ip route show table all` of both families: every table; a route with several next hops stands once for each. */
export function readRoutes(sections: Sections, hasIpv6: boolean): readonly Route[] {
  return [...readFamily(sections, 4), ...(hasIpv6 ? readFamily(sections, 6) : [])];
}

function readFamily(sections: Sections, family: 4 | 6): readonly Route[] {
  const lines = sections.lines(`routes${family}`);
  if (new Set(lines).size < lines.length) throw new UnreadableOutput('ip route shows a route twice');
  return lines.flatMap((line) => {
    const route = readRouteText(line);
    if (route === undefined) throw unexpected(line);
    const prefix = destinationOf(route, family);
    if (prefix === undefined) throw unexpected(line);
    // busybox prints neither the next hops of a multipath route nor that there are any.
    const hops = route.hops.filter((hop) => hop.interface !== null || hop.gateway !== null);
    if (hops.length === 0 && route.type === 'unicast') throw unexpected(line);
    const shared = {
      table: route.table ?? 'main',
      family,
      type: route.type,
      destination: prefix,
      source: route.source,
      scope: route.scope,
      metric: route.metric,
    };
    const [first = { interface: null, gateway: null }, ...further] = hops;
    return [{ ...shared, ...first }, ...further.map((hop, index) => ({ ...shared, ...hop, nextHop: index + 1 }))];
  });
}

function destinationOf(route: RouteText, family: 4 | 6): string | undefined {
  if (route.destination === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
  const prefix = readPrefix(route.destination);
  return prefix?.family === family ? `${prefix.ip}/${prefix.length}` : undefined;
}

function unexpected(line: string): UnreadableOutput {
  return new UnreadableOutput(`unexpected line of ip route: ${quoteRemote(line)}`);
}
