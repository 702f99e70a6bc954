import type { Evidence } from '../../contracts/report.ts';
import type { LinuxFacts, NetworkInterface, Route } from '../../contracts/snapshot.ts';
import type { Fact } from '../fact.ts';
import { contains, type Ip, ipv4, type Prefix, parsePrefix, rangeOf } from '../ip.ts';
import { once } from '../subject.ts';
import type { HeldAddress } from './held-address.ts';
import { interfaceFlags } from './link.ts';
import { type Flow, type PolicyStep, policyStep } from './policy-rule.ts';

/** One route of a table, parsed. */
export interface RouteEntry {
  readonly prefix: Prefix;
  readonly raw: Route;
  /** All next hops of the same route, each of which a packet may take; other routes for the prefix are not among them. */
  readonly hops: readonly Route[];
}

/** What the kernel's route lookup finds; no route where it finds none or one that rejects. */
export type Lookup =
  { readonly route: RouteEntry | undefined } | { readonly missing: string } | { readonly unknown: string };

/** The routing tables and policy rules of one host. */
export interface Routing {
  /** fib_lookup: the policy rules in their order, each naming a table. */
  lookup(flow: Flow): Lookup;
  /** Table local alone (inet_addr_type): whether the host takes the address for its own. */
  isLocal(ip: Ip): { readonly route: RouteEntry | undefined } | { readonly missing: string };
  /** The routes of every table but local, and those of table local, of one family. */
  routes(family: 4 | 6): Fact<{ readonly others: readonly RouteEntry[]; readonly local: readonly RouteEntry[] }>;
  /** The routes of type local that no address of the host explains: AnyIP. */
  customLocalRoutes(family: 4 | 6): Fact<readonly RouteEntry[]>;
  /** Whether any policy rule is not one of the kernel's own three (fib4_has_custom_rules). */
  hasCustomRules(family: 4 | 6): Fact<boolean>;
  /** The destinations that single policy rules are for; empty where rules are the kernel's own or not known. */
  ruleDestinations(family: 4 | 6): readonly Prefix[];
}

const kernelRules = {
  4: ['0 from all lookup local', '32766 from all lookup main', '32767 from all lookup default'],
  6: ['0 from all lookup local', '32766 from all lookup main'],
} as const;

/** The routing of a host; the tables are parsed and sorted when they are first looked at. */
export function routingOf(
  facts: LinuxFacts,
  addresses: Fact<readonly HeldAddress[]>,
  interfaces: Fact<ReadonlyMap<string, NetworkInterface>>,
): Routing {
  const families = new Map<4 | 6, FamilyRouting>();
  const of = (family: 4 | 6): FamilyRouting => {
    let routing = families.get(family);
    if (routing === undefined) families.set(family, (routing = familyRouting(family, facts, addresses, interfaces)));
    return routing;
  };
  return {
    lookup: (flow) => of(flow.to.family).lookup(flow),
    isLocal: (ip) => of(ip.family).isLocal(ip),
    routes: (family) => of(family).routes,
    customLocalRoutes: (family) => of(family).customLocalRoutes(),
    hasCustomRules: (family) => of(family).hasCustomRules,
    ruleDestinations: (family) => of(family).ruleDestinations,
  };
}

interface FamilyRouting {
  readonly routes: ReturnType<Routing['routes']>;
  readonly hasCustomRules: Fact<boolean>;
  readonly ruleDestinations: readonly Prefix[];
  lookup(flow: Flow): Lookup;
  isLocal(ip: Ip): { readonly route: RouteEntry | undefined } | { readonly missing: string };
  customLocalRoutes(): Fact<readonly RouteEntry[]>;
}

function familyRouting(
  family: 4 | 6,
  facts: LinuxFacts,
  addresses: Fact<readonly HeldAddress[]>,
  interfaces: Fact<ReadonlyMap<string, NetworkInterface>>,
): FamilyRouting {
  if ('missing' in facts.routes) return without(facts.routes.missing);
  const tables = new Map<string, RouteEntry[]>();
  const others: RouteEntry[] = [];
  let hops: Route[] = [];
  for (const raw of facts.routes.value) {
    const prefix = raw.family === family ? parsePrefix(raw.destination) : undefined;
    if (prefix === undefined) continue;
    // A route with several next hops stands once for each, one after the other.
    if (raw.nextHop === undefined) hops = [];
    hops.push(raw);
    const entry = { prefix, raw, hops };
    const table = tables.get(raw.table);
    if (table === undefined) tables.set(raw.table, [entry]);
    else table.push(entry);
    if (raw.table !== 'local') others.push(entry);
  }
  for (const table of tables.values()) table.sort(byPreference);
  const rules = policyRules(family, facts);
  const custom = 'missing' in rules ? rules : { value: rules.value.custom };
  const local = tables.get('local') ?? [];
  // Until the first policy rule is added, tables local and main of IPv4 share one trie, and the longest prefix of both
  // wins: commit 0ddcf43d5d4a. A rule that came and went splits them for good; the tables do not show that.
  const isMerged = family === 4 && 'value' in custom && !custom.value;
  const merged = isMerged ? [...local, ...(tables.get('main') ?? [])].sort(byPreference) : undefined;
  return {
    routes: { value: { others, local } },
    hasCustomRules: custom,
    ruleDestinations:
      'missing' in rules
        ? []
        : rules.value.steps.flatMap((step) => ('unknown' in step || step.to === undefined ? [] : [step.to])),
    isLocal: (ip) => ({ route: localMatch(merged ?? local, ip) }),
    lookup: (flow) => {
      if ('missing' in rules) return rules;
      if (rules.value.custom) return follow(rules.value.steps, tables, flow);
      return first([...(merged === undefined ? [local, tables.get('main')] : [merged]), tables.get('default')], flow);
    },
    customLocalRoutes: once(() => unexplained(family, local, addresses, interfaces)),
  };
}

/** The routes through an interface that lead to neighbours: without a gateway, and not to everywhere. */
export function onLinkRoutes(routes: readonly RouteEntry[], device: string): readonly RouteEntry[] {
  return routes.filter(({ raw, prefix }) => raw.interface === device && raw.gateway === null && prefix.length > 0);
}

function unexplained(
  family: 4 | 6,
  local: readonly RouteEntry[],
  addresses: Fact<readonly HeldAddress[]>,
  interfaces: Fact<ReadonlyMap<string, NetworkInterface>>,
): Fact<readonly RouteEntry[]> {
  if ('missing' in addresses) return addresses;
  if ('missing' in interfaces) return interfaces;
  const explained = new Set<string | number>();
  for (const held of addresses.value) {
    if (held.ip.family !== family) continue;
    for (const prefix of localPrefixes(held, interfaces.value)) explained.add(keyOf(prefix));
  }
  return { value: local.filter(({ prefix, raw }) => raw.type === 'local' && !explained.has(keyOf(prefix))) };
}

function without(reason: string): FamilyRouting {
  const missing = { missing: reason };
  return {
    routes: missing,
    hasCustomRules: missing,
    ruleDestinations: [],
    lookup: () => missing,
    isLocal: () => missing,
    customLocalRoutes: () => missing,
  };
}

function policyRules(
  family: 4 | 6,
  facts: LinuxFacts,
): Fact<{ readonly custom: boolean; readonly steps: readonly PolicyStep[] }> {
  if ('missing' in facts.policyRules) return facts.policyRules;
  const own = facts.policyRules.value.filter((rule) => rule.family === family);
  const texts = new Set(own.map((rule) => `${rule.priority} ${rule.text.trim()}`));
  const custom = own.length !== kernelRules[family].length || kernelRules[family].some((text) => !texts.has(text));
  const steps = custom ? [...own].sort((a, b) => a.priority - b.priority).map(policyStep) : [];
  return { value: { custom, steps } };
}

function follow(steps: readonly PolicyStep[], tables: ReadonlyMap<string, readonly RouteEntry[]>, flow: Flow): Lookup {
  for (const step of steps) {
    if ('unknown' in step) return { unknown: `the policy rule "${step.text}" is not understood: ${step.unknown}` };
    if (!step.matches(flow)) continue;
    if (step.action === 'reject') return { route: undefined };
    if (step.action === 'skip') continue;
    const found = match(tables.get(step.table), flow.to);
    if (found === undefined || (step.suppressLength !== undefined && found.prefix.length <= step.suppressLength))
      continue;
    if (found.raw.type === 'throw') continue;
    return { route: rejects(found) ? undefined : found };
  }
  return { route: undefined };
}

function first(tables: readonly (readonly RouteEntry[] | undefined)[], flow: Flow): Lookup {
  for (const table of tables) {
    const found = match(table, flow.to);
    if (found !== undefined && found.raw.type !== 'throw') return { route: rejects(found) ? undefined : found };
  }
  return { route: undefined };
}

function match(table: readonly RouteEntry[] | undefined, ip: Ip): RouteEntry | undefined {
  return table?.find(({ prefix }) => contains(prefix, ip));
}

function localMatch(table: readonly RouteEntry[], ip: Ip): RouteEntry | undefined {
  const found = match(table, ip);
  return found?.raw.type === 'local' ? found : undefined;
}

function rejects({ raw }: RouteEntry): boolean {
  return raw.type === 'blackhole' || raw.type === 'unreachable' || raw.type === 'prohibit';
}

/** The longest prefix first; of equal ones table local, then the lower metric (fib_find_alias). */
function byPreference(a: RouteEntry, b: RouteEntry): number {
  return (
    b.prefix.length - a.prefix.length ||
    Number(b.raw.table === 'local') - Number(a.raw.table === 'local') ||
    (a.raw.metric ?? 0) - (b.raw.metric ?? 0)
  );
}

/** fib_add_ifaddr: the address itself and, on a loopback interface, its whole prefix. */
function localPrefixes(held: HeldAddress, interfaces: ReadonlyMap<string, NetworkInterface>): readonly Prefix[] {
  const whole = { ip: held.ip, length: held.ip.words.length * 32 };
  const onLoopback = ((interfaces.get(held.device)?.flags ?? 0) & interfaceFlags.loopback) !== 0;
  if (!onLoopback || held.ip.family === 6) return [whole];
  return [whole, { ip: ipv4(rangeOf(held.subnet).first), length: held.subnet.length }];
}

/** What equal prefixes of one family share. */
function keyOf({ ip, length }: Prefix): string | number {
  return ip.family === 4 ? (ip.words[0] ?? 0) * 64 + length : `${ip.words.join(':')}/${length}`;
}

/** A route as `ip route show` prints it. */
export function routeEvidence({ raw }: Pick<RouteEntry, 'raw'>): Evidence {
  const words = [
    raw.type === 'unicast' ? undefined : raw.type,
    raw.destination === '0.0.0.0/0' || raw.destination === '::/0' ? 'default' : raw.destination,
    raw.gateway === null ? undefined : `via ${raw.gateway}`,
    raw.interface === null ? undefined : `dev ${raw.interface}`,
    raw.scope === null ? undefined : `scope ${raw.scope}`,
    raw.source === null ? undefined : `src ${raw.source}`,
    raw.metric === null ? undefined : `metric ${raw.metric}`,
  ];
  return {
    source: `ip -${raw.family} route show table ${raw.table}`,
    text: words.filter((word) => word !== undefined).join(' '),
  };
}
