import { type ArpHook, type ArpPacket, type ArpRule, rewriting } from './arp-packet.ts';
import { type Condition, every, type FilterAction } from './filter-chain.ts';
import { contains, type Ip, parseIp, parsePrefix } from '../ip.ts';

interface Chain {
  readonly header: string | undefined;
  readonly rules: ArpRule[];
}

interface Table {
  readonly family: string;
  readonly name: string;
  readonly sets: Map<string, readonly string[]>;
  readonly chains: Map<string, Chain>;
}

/**
 * The hooks of the families arp and netdev in what `nft list ruleset` printed. Those of the family bridge are left out:
 * they see only the frames of bridges, and leaving them out errs on the side of a finding.
 */
export function nftablesHooks(lines: readonly string[]): readonly ArpHook[] {
  return tablesOf(lines).flatMap((table) => {
    const chains = new Map([...table.chains].map(([name, { rules }]) => [name, rules]));
    return [...table.chains.values()].flatMap(({ header, rules }) => {
      const hook = header === undefined ? undefined : hookOf(table, header);
      return hook === undefined ? [] : [{ ...hook, rules, chains }];
    });
  });
}

function tablesOf(lines: readonly string[]): readonly Table[] {
  const tables: Table[] = [];
  let chain: { header: string | undefined; rules: ArpRule[] } | undefined;
  let set: { readonly name: string; text: string } | undefined;
  for (const raw of lines) {
    const line = raw.trim();
    const table = tables.at(-1);
    const opened = /^table (\S+) (\S+) \{/.exec(line);
    if (opened?.[1] !== undefined && opened[2] !== undefined) {
      tables.push({ family: opened[1], name: opened[2], sets: new Map(), chains: new Map() });
      chain = set = undefined;
    } else if (table === undefined || !['arp', 'netdev'].includes(table.family) || line === '') continue;
    else if (/^chain \S+ \{/.test(line)) {
      chain = { header: undefined, rules: [] };
      table.chains.set(line.split(' ')[1] ?? '', chain);
    } else if (/^set \S+ \{/.test(line)) set = { name: line.split(' ')[1] ?? '', text: '' };
    else if (line === '}') {
      if (set !== undefined) table.sets.set(set.name, elements(/elements = (\{.*)/.exec(set.text)?.[1] ?? ''));
      chain = set = undefined;
    } else if (set !== undefined) set.text += ` ${line}`;
    else if (
      chain !== undefined &&
      chain.header === undefined &&
      chain.rules.length === 0 &&
      /^type \S+ hook /.test(line)
    ) {
      chain.header = line;
    } else if (chain !== undefined) chain.rules.push(ruleOf(line, table));
  }
  return tables;
}

function hookOf(table: Table, header: string): Omit<ArpHook, 'rules' | 'chains'> | undefined {
  const stage = /hook (\S+)/.exec(header)?.[1];
  const device = /devices? (?:= )?(\{[^}]*\}|"[^"]*"|\S+) priority/.exec(header)?.[1];
  const hook = {
    table: `${table.family} ${table.name}`,
    devices: device === undefined ? undefined : elements(device),
    priority: priorityOf(header),
    policy: header.includes('policy drop') ? ('drop' as const) : ('accept' as const),
    policyEvidence: { source: 'nft list ruleset', text: `table ${table.family} ${table.name}: ${header}` },
  };
  if (table.family === 'arp' && (stage === 'input' || stage === 'output')) return { ...hook, stage };
  if (table.family === 'netdev' && (stage === 'ingress' || stage === 'egress')) return { ...hook, stage };
  return undefined;
}

/** The number of a priority such as `filter - 5`; filter is 0 in these families. */
function priorityOf(header: string): number {
  const [, name = '', sign, offset] = /priority ([a-z0-9-]+)(?: ([+-]) ([0-9]+))?/.exec(header) ?? [];
  const base = /^-?[0-9]+$/.test(name) ? Number(name) : 0;
  return base + (offset === undefined ? 0 : Number(`${sign}${offset}`));
}

function elements(text: string): readonly string[] {
  return text
    .replaceAll(/[{}]/g, '')
    .split(',')
    .map((element) => element.trim().replaceAll('"', ''))
    .filter((element) => element !== '');
}

/** Headers of other protocols: an ARP packet has none of them, so the rule does not match it. */
const otherProtocols = new Set(['ip', 'ip6', 'tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'th', 'ct', 'vlan', 'ah', 'esp']);
const interfaceKeys = new Map<string, 'in' | 'out'>([
  ['iif', 'in'],
  ['iifname', 'in'],
  ['oif', 'out'],
  ['oifname', 'out'],
]);

function ruleOf(line: string, table: Table): ArpRule {
  const tokens = line.match(/"[^"]*"|\{[^}]*\}|\S+/g) ?? [];
  const conditions: Condition<ArpPacket>[] = [];
  let rewritesSender: Ip | undefined;
  let action: FilterAction = { kind: 'continue' };
  let at = 0;
  const take = (): string => tokens[at++] ?? '';
  /** The comparison that follows a key: its values, and whether they are excluded. */
  const comparison = (): { readonly excluded: boolean; readonly values: readonly string[] | undefined } => {
    const excluded = tokens[at] === '!=';
    if (excluded || tokens[at] === '==') at += 1;
    const value = take();
    // A verdict map: which verdict it gives to whom is not looked up.
    if (value === 'vmap') action = { kind: 'unknown' };
    const values = value.startsWith('@') ? table.sets.get(value.slice(1)) : elements(value);
    return { excluded, values: value === 'vmap' ? undefined : values };
  };
  const compare = (matches: (packet: ArpPacket, value: string) => boolean | undefined): void => {
    const { excluded, values } = comparison();
    conditions.push((packet) => {
      if (values === undefined) return undefined;
      const found = some(values, (value) => matches(packet, value));
      return found === undefined ? undefined : found !== excluded;
    });
  };
  while (at < tokens.length) {
    let key = take();
    if (key === 'meta') key = take();
    const direction = interfaceKeys.get(key);
    if (direction !== undefined) {
      compare((packet, value) => packet.direction === direction && isDevice(value, packet, table.family));
    } else if (key === 'arp') {
      const field = take();
      const part = field === 'saddr' || field === 'daddr' ? take() : '';
      if (field === 'saddr' && part === 'ip' && tokens[at] === 'set') {
        at += 1;
        rewritesSender = parseIp(take());
        if (rewritesSender === undefined) action = { kind: 'unknown' };
      } else if (part === 'ip' && tokens[at] !== 'set') {
        compare((packet, value) => isAddress(value, field === 'saddr' ? packet.sender : packet.target));
      } else if (field === 'operation') compare((packet, value) => isOperation(value, packet.operation));
      else if (field === 'htype') compare((_, value) => value === '1' || value === 'ether');
      else if (field === 'ptype') compare((_, value) => value === 'ip' || value === '0x0800');
      else if (field === 'hlen') compare((_, value) => value === '6');
      else if (field === 'plen') compare((_, value) => value === '4');
      else if (tokens[at] === 'set') at += 2;
      else {
        comparison();
        conditions.push(() => undefined);
      }
    } else if (key === 'protocol' || (key === 'ether' && tokens[at] === 'type')) {
      if (key === 'ether') at += 1;
      compare((_, value) => value === 'arp' || value === '0x0806');
    } else if (otherProtocols.has(key)) {
      conditions.push(() => false);
      break;
    } else if (key === 'counter') {
      if (tokens[at] === 'packets') at += 4;
    } else if (key === 'comment') at += 1;
    else if (key === 'log') {
      while (['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags'].includes(tokens[at] ?? '')) at += 2;
    } else if (key === 'jump' || key === 'goto') action = { kind: key, chain: take() };
    else if (key === 'accept' || key === 'drop' || key === 'return' || key === 'continue') action = { kind: key };
    else if (key === 'xt' || key === 'queue') {
      action = { kind: 'unknown' };
      break;
    } else {
      // Whatever else it asks (a mark, a rate, a hardware address) cannot be told; its verdict stands at the end.
      conditions.push(() => undefined);
    }
  }
  return {
    matches: (packet) => every(conditions, packet),
    rewrite: rewriting(rewritesSender),
    action,
    evidence: { source: 'nft list ruleset', text: `table ${table.family} ${table.name}: ${line}` },
  };
}

function isAddress(value: string, ip: Ip): boolean | undefined {
  const [from = '', to] = value.split('-');
  if (to !== undefined) {
    const first = parseIp(from)?.words[0];
    const last = parseIp(to)?.words[0];
    const word = ip.words[0] ?? 0;
    return first === undefined || last === undefined ? undefined : word >= first && word <= last;
  }
  const prefix = parsePrefix(value);
  return prefix === undefined ? undefined : contains(prefix, ip);
}

function isOperation(value: string, operation: 1 | 2): boolean {
  return value === 'request' || value === '1'
    ? operation === 1
    : (value === 'reply' || value === '2') && operation === 2;
}

/** An interface of the device layer is the one that the hook is bound to; of the arp family, the one that ARP works on. */
function isDevice(value: string, packet: ArpPacket, family: string): boolean {
  const names = family === 'arp' ? [packet.device] : packet.path;
  return names.some((name) => (value.endsWith('*') ? name.startsWith(value.slice(0, -1)) : name === value));
}

function some(values: readonly string[], test: (value: string) => boolean | undefined): boolean | undefined {
  let any: boolean | undefined = false;
  for (const value of values) {
    const matched = test(value);
    if (matched === true) return true;
    if (matched === undefined) any = undefined;
  }
  return any;
}
