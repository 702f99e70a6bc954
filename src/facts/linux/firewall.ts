import type { Port } from '../backend.ts';
import { contains, type Ip, parsePrefix } from '../ip.ts';
import type { Derived } from '../subject.ts';
import type { Condition, FilterAction, FilterHook, FilterRule } from './filter-chain.ts';
import { every, lastArgument, walk } from './filter-chain.ts';
import { facingInterfaces, type LinuxHost, portName, type VipPlan } from './linux-host.ts';

/** The first packet of a client to a VIP and port, as it arrives on an interface. */
interface Packet {
  readonly source: Ip | undefined;
  readonly destination: Ip;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly device: string;
}

/**
 * What the rules for input (iptables' table filter, or nftables' input hooks) do with the first packet of a client:
 * judged by address, protocol, port, interface and connection state; a rule that asks for more leaves it open.
 */
export function firewallVerdict(host: LinuxHost, vip: VipPlan, port: Port): Derived<'accepts' | 'drops'> {
  const { facts } = host;
  if ('missing' in facts.iptables && 'missing' in facts.nftables) {
    return host.backend.privileged === true
      ? facts.nftables
      : { notapplicable: 'packet filters can be read by root only; privileged: true in the inventory has them read' };
  }
  if (vip.method === 'tunnel')
    return { notapplicable: 'the packets arrive in a tunnel, whose port is not that of the service' };
  const devices = facingInterfaces(host);
  if (!('value' in devices)) return devices;
  // REDIRECT has changed the destination before the rules for input see the packet.
  const destination = vip.method === 'redirect' && host.ownAddress?.family === vip.ip.family ? host.ownAddress : vip.ip;
  const hooks = [
    ...('value' in facts.iptables && vip.ip.family === 4 ? iptablesHooks(facts.iptables.value) : []),
    ...('value' in facts.nftables ? nftablesHooks(facts.nftables.value, vip.ip.family) : []).filter(
      // iptables-nft keeps its rules there; iptables-save prints the matches that nft cannot.
      ({ table }) => table !== 'ip filter' || 'missing' in facts.iptables,
    ),
  ];
  const evidence: { source: string; text: string }[] = [];
  for (const device of devices.value) {
    const packet = { source: vip.clients[0], destination, protocol: port.protocol, port: port.number, device };
    for (const hook of hooks) {
      const { verdict, evidence: found } = walk(hook, packet);
      evidence.push(...found);
      if (verdict === 'drop') return { value: 'drops', evidence: found };
      if (verdict === 'undecided') {
        const rule = found.at(-1)?.text ?? hook.table;
        return { unknown: `whether a packet for ${vip.text} ${portName(port)} passes depends on the rule: ${rule}` };
      }
    }
  }
  const nothing = { source: 'nft list ruleset', text: 'no rule for input drops it' };
  return { value: 'accepts', evidence: evidence.length === 0 ? [nothing] : evidence };
}

function targetOf(name: string): FilterAction {
  if (name === 'ACCEPT') return { kind: 'accept' };
  if (name === 'DROP' || name === 'REJECT') return { kind: 'drop' };
  if (name === 'RETURN') return { kind: 'return' };
  if (['LOG', 'NFLOG', 'MARK', 'CONNMARK', 'CT', 'TRACE', 'SET', 'AUDIT', 'TCPMSS'].includes(name))
    return { kind: 'continue' };
  return name === 'NFQUEUE' ? { kind: 'unknown' } : { kind: 'jump', chain: name };
}

/** The chain INPUT of the table filter that `iptables-save` printed. */
function iptablesHooks(lines: readonly string[]): readonly FilterHook<Packet>[] {
  const chains = new Map<string, FilterRule<Packet>[]>();
  let table = '';
  let policy: 'accept' | 'drop' | undefined;
  let policyText = '';
  for (const line of lines) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    if (table !== 'filter') continue;
    const [, chain, word] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (chain !== undefined) {
      chains.set(chain, []);
      if (chain === 'INPUT') {
        policy = word === 'DROP' ? 'drop' : 'accept';
        policyText = line;
      }
    }
    const [, name, rest] = /^(?:\[[0-9:]+\] )?-A (\S+)(.*)$/.exec(line) ?? [];
    if (name !== undefined) chains.get(name)?.push(iptablesRule(line, rest ?? ''));
  }
  const rules = chains.get('INPUT');
  if (rules === undefined || policy === undefined) return [];
  const policyEvidence = { source: 'iptables-save', text: policyText };
  return [{ table: 'filter', stage: 'input', devices: undefined, priority: 0, policy, policyEvidence, rules, chains }];
}

function iptablesRule(line: string, text: string): FilterRule<Packet> {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const conditions: Condition<Packet>[] = [];
  let action: FilterAction = { kind: 'continue' };
  let inverted = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const option = tokens[at] ?? '';
    if (option === '!') {
      inverted = true;
      continue;
    }
    const value = tokens[at + 1] ?? '';
    at += 1;
    const not = inverted;
    inverted = false;
    const add = (condition: Condition<Packet>): void => {
      conditions.push((packet) => {
        const matched = condition(packet);
        return matched === undefined ? undefined : matched !== not;
      });
    };
    if (option === '-j') action = targetOf(value);
    else if (option === '-g') action = { kind: 'goto', chain: value };
    else if (option === '-p') add(({ protocol }) => value === protocol || value === 'all');
    else if (option === '-d') add(({ destination }) => inPrefix(value, destination));
    else if (option === '-s') add(({ source }) => inPrefix(value, source));
    else if (option === '-i') add(({ device }) => isDevice(value, device, '+'));
    else if (option === '--dport' || option === '--dports') add(({ port }) => isPort(value.split(','), port));
    else if (option === '--state' || option === '--ctstate') add(() => value.split(',').includes('NEW'));
    else if (option === '--syn') {
      at -= 1;
      add(({ protocol }) => protocol === 'tcp');
    } else if (option === '-m') {
      if (!['tcp', 'udp', 'state', 'conntrack', 'multiport', 'comment'].includes(value)) add(() => undefined);
    } else if (option === '--icmp-type' || option === '--icmpv6-type') add(() => false);
    else if (option !== '--comment' && option !== '--reject-with' && !option.startsWith('--log-')) {
      add(() => undefined);
      at = lastArgument(tokens, at - 1);
    }
  }
  return {
    matches: (packet) => every(conditions, packet),
    rewrite: undefined,
    action,
    evidence: { source: 'iptables-save', text: line },
  };
}

/** The input hooks of the family's tables (ip or ip6, and inet) that `nft list ruleset` printed. */
function nftablesHooks(lines: readonly string[], family: 4 | 6): readonly FilterHook<Packet>[] {
  const hooks: FilterHook<Packet>[] = [];
  let table = '';
  let chains = new Map<string, FilterRule<Packet>[]>();
  let rules: FilterRule<Packet>[] | undefined;
  for (const raw of lines) {
    const line = raw.trim();
    const [, type, name] = /^table (\S+) (\S+) \{/.exec(line) ?? [];
    if (type !== undefined) {
      table = type === 'inet' || type === (family === 4 ? 'ip' : 'ip6') ? `${type} ${name}` : '';
      chains = new Map();
      rules = undefined;
    } else if (table === '' || line === '') continue;
    else if (/^chain \S+ \{/.test(line)) {
      rules = [];
      chains.set(line.split(' ')[1] ?? '', rules);
    } else if (line === '}') rules = undefined;
    else if (rules !== undefined && line.startsWith('type filter hook ')) {
      if (!line.includes('hook input ')) continue;
      const policyEvidence = { source: 'nft list ruleset', text: `table ${table}: ${line}` };
      const policy = line.includes('policy drop') ? 'drop' : 'accept';
      hooks.push({ table, stage: 'input', devices: undefined, priority: 0, policy, policyEvidence, rules, chains });
    } else rules?.push(nftablesRule(line, table));
  }
  return hooks;
}

function nftablesRule(line: string, table: string): FilterRule<Packet> {
  const tokens = line.match(/"[^"]*"|\{[^}]*\}|\S+/g) ?? [];
  const conditions: Condition<Packet>[] = [];
  let action: FilterAction = { kind: 'continue' };
  let at = 0;
  const take = (): string => tokens[at++] ?? '';
  const compare = (test: (packet: Packet, value: string) => boolean | undefined): void => {
    const not = tokens[at] === '!=';
    if (not) at += 1;
    const text = take();
    // A verdict map: which verdict it gives to whom is not looked up.
    if (text === 'vmap') action = { kind: 'unknown' };
    const values = text
      .replaceAll(/[{}"]/g, '')
      .split(',')
      .map((value) => value.trim());
    conditions.push((packet) => {
      if (text.startsWith('@') || text === 'vmap') return undefined;
      const results = values.map((value) => test(packet, value));
      const matched = results.includes(true) ? true : results.includes(undefined) ? undefined : false;
      return matched === undefined ? undefined : matched !== not;
    });
  };
  while (at < tokens.length) {
    const word = take();
    const key = word === 'meta' || word === 'ct' || word === 'ip' || word === 'ip6' ? `${word} ${take()}` : word;
    if (key === 'iif' || key === 'iifname' || key === 'meta iif' || key === 'meta iifname') {
      compare(({ device }, value) => isDevice(value, device, '*'));
    } else if (key === 'ip daddr' || key === 'ip6 daddr')
      compare(({ destination }, value) => inPrefix(value, destination));
    else if (key === 'ip saddr' || key === 'ip6 saddr') compare(({ source }, value) => inPrefix(value, source));
    else if (key === 'meta l4proto' || key === 'ip protocol' || key === 'ip6 nexthdr') {
      compare(({ protocol }, value) => value === protocol || value === (protocol === 'tcp' ? '6' : '17'));
    } else if (key === 'meta nfproto') compare(({ destination }, value) => value === `ipv${destination.family}`);
    else if (key === 'ct state') compare((_, value) => value === 'new');
    else if ((key === 'tcp' || key === 'udp' || key === 'th') && tokens[at] === 'dport') {
      at += 1;
      if (key !== 'th') conditions.push(({ protocol }) => protocol === key);
      compare(({ port }, value) => isPort([value.replace('-', ':')], port));
    } else if (key === 'icmp' || key === 'icmpv6' || key === 'sctp') {
      conditions.push(() => false);
      break;
    } else if (key === 'counter') {
      if (tokens[at] === 'packets') at += 4;
    } else if (key === 'comment') at += 1;
    else if (key === 'log') {
      while (['prefix', 'level', 'group', 'flags'].includes(tokens[at] ?? '')) at += 2;
    } else if (key === 'jump' || key === 'goto') action = { kind: key, chain: take() };
    else if (key === 'accept' || key === 'drop' || key === 'return' || key === 'continue') action = { kind: key };
    else if (key === 'reject') {
      action = { kind: 'drop' };
      break;
    } else if (key === 'xt' || key === 'queue') {
      action = { kind: 'unknown' };
      break;
    } else conditions.push(() => undefined);
  }
  const evidence = { source: 'nft list ruleset', text: `table ${table}: ${line}` };
  return { matches: (packet) => every(conditions, packet), rewrite: undefined, action, evidence };
}

/** Whether an address lies in a prefix; cannot be told where the address is not known, unless the prefix is everything. */
function inPrefix(text: string, ip: Ip | undefined): boolean | undefined {
  const prefix = parsePrefix(text);
  if (prefix === undefined) return undefined;
  if (prefix.length === 0) return true;
  return ip === undefined ? undefined : contains(prefix, ip);
}

function isDevice(pattern: string, device: string, wildcard: '+' | '*'): boolean {
  const name = pattern.replaceAll('"', '');
  return name.endsWith(wildcard) ? device.startsWith(name.slice(0, -1)) : name === device;
}

/** Ports and ranges such as 80 or 8000:8010; a name of a service cannot be told. */
function isPort(texts: readonly string[], port: number): boolean | undefined {
  let any: boolean | undefined = false;
  for (const text of texts) {
    const [, first, last] = /^([0-9]{1,5})(?::([0-9]{1,5}))?$/.exec(text) ?? [];
    if (first === undefined) any = undefined;
    else if (port >= Number(first) && port <= Number(last ?? first)) return true;
  }
  return any;
}
