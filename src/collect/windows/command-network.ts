import type {
  IpInterface,
  WindowsAddress,
  WindowsFacts,
  WindowsGateway,
  WindowsRoute,
} from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import { dumpedAddress } from './address-facts.ts';
import { type Answers, mapLines, usable } from './command-answers.ts';
import { type CommandStep, notRead } from './commands.ts';
import { dumpedRegistrations } from './connection-facts.ts';
import { dumpedInterface, verboseInterface } from './ip-interface-facts.ts';
import { type Dump, readDump } from './netsh-dump.ts';
import { readAddressBlocks, readAddressTable6, readRouteTable, type RouteRow } from './netsh-tables.ts';
import { readVerboseInterfaces } from './netsh-verbose.ts';
import type { Owners } from './owner.ts';
import { dumpedRoute } from './route-facts.ts';
import { isUnreadable, type Unreadable } from './row.ts';

/** What netsh printed of addresses, routes and IP settings. */
export type CommandNetworkFacts = Pick<
  WindowsFacts,
  | 'addresses'
  | 'persistentAddresses'
  | 'gateways'
  | 'routes'
  | 'persistentRoutes'
  | 'ipInterfaces'
  | 'persistentIpInterfaces'
  | 'dnsRegistrations'
>;

/** Reads addresses, routes and IP settings. IPv6 may be off: then its steps fail or print nothing, and only IPv4 is there. */
export function readCommandNetwork(answers: Answers, owners: Owners): CommandNetworkFacts {
  const dump = usable(answers('dump'), readDump);
  const dump6 = usable(answers('dump6'), readDump);
  const dumps = 'missing' in dump ? dump : [dump, ...('missing' in dump6 ? [] : [dump6])];
  return {
    ...readAddresses(answers, owners),
    persistentAddresses: mapDumps(dumps, ({ addresses }) => addresses.map((row) => dumpedAddress(row, owners))),
    routes: readRoutes(answers, owners),
    persistentRoutes: mapDumps(dumps, ({ routes }) => routes.map((row) => dumpedRoute(row, owners))),
    ...readIpInterfaces(answers, dump, owners),
    dnsRegistrations:
      'missing' in dump ? dump : dump.dnsRegistration.size === 0 ? notRead : known(dumpedRegistrations(dump, owners)),
  };
}

function mapDumps<Item>(
  dumps: readonly Dump[] | { readonly missing: string },
  read: (dump: Dump) => readonly Item[],
): { readonly value: readonly Item[] } | { readonly missing: string } {
  return 'missing' in dumps ? dumps : known(dumps.flatMap(read));
}

function readAddresses(answers: Answers, owners: Owners): Pick<WindowsFacts, 'addresses' | 'gateways'> {
  const blocks = usable(answers('addresses'), readAddressBlocks);
  if ('missing' in blocks) return { addresses: blocks, gateways: blocks };
  const lines6 = answers('addresses6');
  const rows: WindowsAddress[] = [];
  const gateways: WindowsGateway[] = [];
  const untold = { state: null, skipAsSource: null, origin: null, source: 'netsh' } as const;
  for (const { alias, addresses, gateways: ips } of blocks) {
    for (const address of addresses) rows.push({ ...owners({ alias }), ...address, ...untold });
    for (const ip of ips) gateways.push({ ...owners({ alias }), ip });
  }
  for (const { index, alias, ip } of 'missing' in lines6 ? [] : readAddressTable6(lines6)) {
    rows.push({ ...owners({ index, alias }), ip, family: 6, prefixLength: null, ...untold });
  }
  return { addresses: known(rows), gateways: known(gateways) };
}

function readRoutes(answers: Answers, owners: Owners): WindowsFacts['routes'] {
  const lines6 = answers('routes6');
  return mapLines(answers('routes'), (lines) => {
    const rows = readRouteTable(lines);
    if (rows.length === 0) return missing('netsh interface ipv4 show route listed no route');
    const all = [...rows, ...('missing' in lines6 ? [] : readRouteTable(lines6))];
    return known(all.map((row) => tableRoute(row, owners)));
  });
}

function tableRoute({ index, ...route }: RouteRow, owners: Owners): WindowsRoute {
  return { ...owners({ index }), ...route, source: 'netsh' };
}

function readIpInterfaces(
  answers: Answers,
  dump: Dump | { readonly missing: string },
  owners: Owners,
): Pick<WindowsFacts, 'ipInterfaces' | 'persistentIpInterfaces'> {
  const read = (step4: CommandStep, step6: CommandStep): WindowsFacts['ipInterfaces'] => {
    const four = usable(answers(step4), (lines) => readVerbose(lines, 4, owners));
    const six = usable(answers(step6), (lines) => readVerbose(lines, 6, owners));
    // IPv6 may be off: then only IPv4 answers.
    return 'missing' in four ? four : known([...four.rows, ...('missing' in six ? [] : six.rows)]);
  };
  const persistent = read('persistent4', 'persistent6');
  // 2003 has no such context and no switch that a dump could name: its silence there is no answer.
  const dumpTells = !('missing' in dump) && !('missing' in answers('interfaces'));
  return {
    ipInterfaces: read('active4', 'active6'),
    persistentIpInterfaces:
      'missing' in persistent && dumpTells
        ? known(dump.interfaces.map((row) => dumpedInterface(row, 4, owners)))
        : persistent,
  };
}

function readVerbose(
  lines: readonly string[],
  family: 4 | 6,
  owners: Owners,
): { readonly rows: readonly IpInterface[] } | Unreadable {
  const interfaces = readVerboseInterfaces(lines);
  if (isUnreadable(interfaces)) return interfaces;
  return { rows: interfaces.map((row) => verboseInterface(row, family, owners)) };
}
