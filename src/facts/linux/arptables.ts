import { type ArpHook, type ArpPacket, type ArpRule, rewriting } from './arp-packet.ts';
import { type Condition, every, type FilterAction, lastArgument } from './filter-chain.ts';
import { contains, type Ip, parseIp, parsePrefix } from '../ip.ts';

// RHEL 5 and 6 call the chains IN and OUT (arptables_jf).
const stages = new Map<string, 'input' | 'output'>([
  ['INPUT', 'input'],
  ['IN', 'input'],
  ['OUTPUT', 'output'],
  ['OUT', 'output'],
]);

/** The hooks of table filter that `arptables-save` printed. */
export function arptablesHooks(lines: readonly string[]): readonly ArpHook[] {
  const chains = new Map<string, ArpRule[]>();
  const policies = new Map<string, { readonly policy: 'accept' | 'drop'; readonly text: string }>();
  for (const line of lines) {
    const header = /^:(\S+) (\S+)/.exec(line);
    if (header?.[1] !== undefined) {
      chains.set(header[1], []);
      policies.set(header[1], { policy: header[2] === 'DROP' ? 'drop' : 'accept', text: line });
      continue;
    }
    const rule = /^-A (\S+)(.*)$/.exec(line);
    if (rule?.[1] !== undefined) chains.get(rule[1])?.push(ruleOf(line, words(rule[2] ?? '')));
  }
  return [...chains].flatMap(([name, rules]) => {
    const stage = stages.get(name);
    const policy = policies.get(name);
    if (stage === undefined || policy === undefined) return [];
    const policyEvidence = { source: 'arptables-save', text: policy.text };
    return [
      {
        table: 'arptables',
        stage,
        devices: undefined,
        priority: 0,
        policy: policy.policy,
        policyEvidence,
        rules,
        chains,
      },
    ];
  });
}

function words(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.trim().split(/\s+/);
}

function ruleOf(line: string, tokens: readonly string[]): ArpRule {
  const conditions: Condition<ArpPacket>[] = [];
  let action: FilterAction = { kind: 'continue' };
  let rewritesSender: Ip | undefined;
  let inverted = false;
  for (let index = 0; index < tokens.length; index += 1) {
    const option = tokens[index] ?? '';
    if (option === '!') {
      inverted = true;
      continue;
    }
    const position = index;
    let value = tokens[index + 1] ?? '';
    index += 1;
    // arptables before 1.8 printed the inversion between option and value.
    if (value === '!') {
      inverted = true;
      value = tokens[index + 1] ?? '';
      index += 1;
    }
    const not = inverted;
    inverted = false;
    const add = (condition: Condition<ArpPacket>): void => {
      conditions.push(not ? (packet) => negated(condition(packet)) : condition);
    };
    switch (option) {
      case '-j':
      case '--jump':
        action = targetOf(value);
        break;
      case '-s':
      case '--source-ip':
      case '-d':
      case '--destination-ip': {
        const prefix = prefixOf(value);
        const isSource = option === '-s' || option === '--source-ip';
        add((packet) =>
          prefix === undefined ? undefined : contains(prefix, isSource ? packet.sender : packet.target),
        );
        break;
      }
      case '-i':
      case '--in-interface':
        add((packet) => packet.direction === 'in' && isDevice(value, packet.device));
        break;
      case '-o':
      case '--out-interface':
        // Old versions print `-o any` for every rule, also for those of the input chain.
        add((packet) => value === 'any' || (packet.direction === 'out' && isDevice(value, packet.device)));
        break;
      case '--opcode':
        add((packet) => operationOf(value) === packet.operation);
        break;
      // Ethernet and IPv4, which is all that the kernel's own ARP is asked for here.
      case '--h-type':
      case '--h-length':
      case '--proto-type':
        break;
      case '--mangle-ip-s':
        rewritesSender = parseIp(value);
        if (rewritesSender === undefined) action = { kind: 'unknown' };
        break;
      case '--mangle-ip-d':
      case '--mangle-mac-s':
      case '--mangle-mac-d':
        break;
      case '--mangle-target':
        action = value === 'CONTINUE' ? { kind: 'continue' } : targetOf(value);
        break;
      default:
        add(() => undefined);
        index = lastArgument(tokens, position);
    }
  }
  return {
    matches: (packet) => every(conditions, packet),
    rewrite: rewriting(rewritesSender),
    action,
    evidence: { source: 'arptables-save', text: line },
  };
}

function targetOf(name: string): FilterAction {
  switch (name) {
    case 'DROP':
      return { kind: 'drop' };
    case 'RETURN':
      return { kind: 'return' };
    case 'CONTINUE':
      return { kind: 'continue' };
    // arpt_mangle accepts unless --mangle-target, which follows, says otherwise.
    case 'ACCEPT':
    case 'mangle':
      return { kind: 'accept' };
    case 'CLASSIFY':
    case 'MARK':
      return { kind: 'continue' };
    default:
      return { kind: 'jump', chain: name };
  }
}

/** An address with an optional mask, as a length or as an address. */
function prefixOf(text: string): ReturnType<typeof parsePrefix> {
  const [address = '', mask] = text.split('/');
  const maskIp = mask === undefined ? undefined : parseIp(mask);
  if (maskIp === undefined) return parsePrefix(text);
  const host = ~(maskIp.words[0] ?? 0) >>> 0;
  return (host & (host + 1)) === 0 ? parsePrefix(`${address}/${32 - Math.log2(host + 1)}`) : undefined;
}

function isDevice(pattern: string, device: string): boolean {
  if (pattern === 'any' || pattern === '*') return true;
  return pattern.endsWith('+') ? device.startsWith(pattern.slice(0, -1)) : device === pattern;
}

function operationOf(text: string): number {
  if (/^request$/i.test(text)) return 1;
  return /^reply$/i.test(text) ? 2 : Number(text);
}

function negated(matched: boolean | undefined): boolean | undefined {
  return matched === undefined ? undefined : !matched;
}
