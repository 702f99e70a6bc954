import type { Evidence } from '../../contracts/report.ts';
import type { Ip } from '../ip.ts';

/** An ARP packet on its way through the filters. */
export interface ArpPacket {
  readonly direction: 'in' | 'out';
  /** The interface that ARP receives it on or sends it by. */
  readonly device: string;
  /** That interface and those below it which its frames always pass: the only port of a bridge, the parent of a macvlan. */
  readonly path: readonly string[];
  readonly operation: 1 | 2;
  readonly sender: Ip;
  readonly target: Ip;
}

/** One condition of a rule: undefined where it cannot be told. */
export type Condition = (packet: ArpPacket) => boolean | undefined;

/** Kleene's conjunction: a condition that is not met wins over one that cannot be told. */
export function every(conditions: readonly Condition[], packet: ArpPacket): boolean | undefined {
  let all: boolean | undefined = true;
  for (const condition of conditions) {
    const matched = condition(packet);
    if (matched === false) return false;
    if (matched === undefined) all = undefined;
  }
  return all;
}

/** What a rule does with a packet that it matches. */
export type FilterAction =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'continue' | 'unknown' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

/** One rule of a chain. */
export interface FilterRule {
  readonly matches: Condition;
  /** The sender address that it writes into packets that it matches. */
  readonly rewritesSender: Ip | undefined;
  readonly action: FilterAction;
  readonly evidence: Evidence;
}

/** A chain that the kernel enters by itself, with the chains that it may call. */
export interface FilterHook {
  readonly table: string;
  readonly stage: 'ingress' | 'input' | 'output' | 'egress';
  /** The devices that a hook of the device layer is bound to; undefined for one that sees every interface. */
  readonly devices: readonly string[] | undefined;
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
  readonly policyEvidence: Evidence;
  readonly rules: readonly FilterRule[];
  readonly chains: ReadonlyMap<string, readonly FilterRule[]>;
}

interface Passage {
  readonly verdict: 'accept' | 'drop' | 'undecided';
  readonly sender: Ip;
  readonly evidence: readonly Evidence[];
}

// nf_tables refuses deeper calls (NFT_JUMP_STACK_SIZE); a deeper chain here is a loop of a damaged listing.
const deepest = 16;

/** Leads a packet through a hook's rules to its verdict. */
export function walk(hook: FilterHook, packet: ArpPacket): Passage {
  const end = chain(hook, hook.rules, packet, 0);
  if (end.verdict !== 'return') return { ...end, verdict: end.verdict };
  return {
    verdict: hook.policy,
    sender: end.sender,
    evidence: hook.policy === 'drop' ? [...end.evidence, hook.policyEvidence] : end.evidence,
  };
}

type Ending = Omit<Passage, 'verdict'> & { readonly verdict: Passage['verdict'] | 'return' };

function chain(hook: FilterHook, rules: readonly FilterRule[], packet: ArpPacket, depth: number): Ending {
  let current = packet;
  const evidence: Evidence[] = [];
  for (const [index, rule] of rules.entries()) {
    const matched = rule.matches(current);
    if (matched === false) continue;
    if (matched === undefined || rule.action.kind === 'unknown') {
      const rest = chain(hook, rules.slice(index + 1), current, depth);
      const taken = rule.action.kind === 'unknown' ? undefined : apply(hook, rule, current, depth);
      const agreed = taken !== undefined && taken.verdict === rest.verdict && taken.sender === rest.sender;
      if (agreed || (rule.action.kind === 'continue' && rule.rewritesSender === undefined)) {
        return { ...rest, evidence: [...evidence, ...rest.evidence] };
      }
      return { verdict: 'undecided', sender: current.sender, evidence: [...evidence, rule.evidence] };
    }
    const end = apply(hook, rule, current, depth);
    evidence.push(...end.evidence);
    current = { ...current, sender: end.sender };
    if (end.verdict !== 'continue') return { verdict: end.verdict, sender: end.sender, evidence };
  }
  return { verdict: 'return', sender: current.sender, evidence };
}

function apply(
  hook: FilterHook,
  rule: FilterRule,
  packet: ArpPacket,
  depth: number,
): Omit<Ending, 'verdict'> & { readonly verdict: Ending['verdict'] | 'continue' } {
  const sender = rule.rewritesSender ?? packet.sender;
  const own = { sender, evidence: [rule.evidence] };
  switch (rule.action.kind) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      return { ...own, verdict: rule.action.kind };
    case 'unknown':
      return { ...own, verdict: 'undecided' };
    case 'jump':
    case 'goto': {
      const called = hook.chains.get(rule.action.chain);
      if (called === undefined || depth >= deepest) return { ...own, verdict: 'undecided' };
      const end = chain(hook, called, { ...packet, sender }, depth + 1);
      if (end.verdict !== 'return') return end;
      return { ...end, verdict: rule.action.kind === 'jump' ? 'continue' : 'return' };
    }
  }
}
