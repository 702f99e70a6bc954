import type { Evidence } from '../../contracts/report.ts';

/** One condition of a rule: undefined where it cannot be told. */
export type Condition<P> = (packet: P) => boolean | undefined;

/** Kleene's conjunction: a condition that is not met wins over one that cannot be told. */
export function every<P>(conditions: readonly Condition<P>[], packet: P): boolean | undefined {
  let all: boolean | undefined = true;
  for (const condition of conditions) {
    const matched = condition(packet);
    if (matched === false) return false;
    if (matched === undefined) all = undefined;
  }
  return all;
}

/** The index of the last argument of an option whose number of arguments is not known: before the next option. */
export function lastArgument(tokens: readonly string[], option: number): number {
  let last = option;
  while (last + 1 < tokens.length && tokens[last + 1] !== '!' && tokens[last + 1]?.startsWith('-') !== true) last += 1;
  return last;
}

/** What a rule does with a packet that it matches. */
export type FilterAction =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'continue' | 'unknown' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

/** One rule of a chain. */
export interface FilterRule<P> {
  readonly matches: Condition<P>;
  /** What it writes into packets that it matches. */
  readonly rewrite: ((packet: P) => P) | undefined;
  readonly action: FilterAction;
  readonly evidence: Evidence;
}

/** A chain that the kernel enters by itself, with the chains that it may call. */
export interface FilterHook<P> {
  readonly table: string;
  readonly stage: 'ingress' | 'input' | 'output' | 'egress';
  /** The devices that a hook of the device layer is bound to; undefined for one that sees every interface. */
  readonly devices: readonly string[] | undefined;
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
  readonly policyEvidence: Evidence;
  readonly rules: readonly FilterRule<P>[];
  readonly chains: ReadonlyMap<string, readonly FilterRule<P>[]>;
}

interface Passage<P> {
  readonly verdict: 'accept' | 'drop' | 'undecided';
  /** As it leaves the hook; the same object where no rule has rewritten it. */
  readonly packet: P;
  readonly evidence: readonly Evidence[];
}

// nf_tables refuses deeper calls (NFT_JUMP_STACK_SIZE); a deeper chain here is a loop of a damaged listing. The number of
// rules looked at is bounded because chains that call each other many times multiply.
const deepest = 16;
const mostRules = 20_000;

/** Leads a packet through a hook's rules to its verdict; undecided where a rule that cannot be told would change it. */
export function walk<P>(hook: FilterHook<P>, packet: P): Passage<P> {
  const policy = { verdict: hook.policy, evidence: hook.policy === 'drop' ? [hook.policyEvidence] : [] };
  const { verdict, ...end } = chain({ chains: hook.chains, rulesLeft: mostRules }, hook.rules, packet, 0, policy);
  // A hook's own chain ends with its policy: nothing is left to return to.
  return { ...end, verdict: verdict === 'return' ? hook.policy : verdict };
}

type Verdict = Passage<unknown>['verdict'] | 'return';

/** Where a packet stands after a chain or a rule. */
interface Standing<P, V = Verdict> {
  readonly verdict: V;
  readonly packet: P;
  readonly evidence: readonly Evidence[];
}

interface Walk<P> {
  readonly chains: ReadonlyMap<string, readonly FilterRule<P>[]>;
  rulesLeft: number;
}

/** What follows when no rule of a chain decides: the hook's policy, or the return to the chain that called it. */
type Otherwise = Omit<Standing<unknown>, 'packet'>;

const goBack: Otherwise = { verdict: 'return', evidence: [] };

function chain<P>(
  walk: Walk<P>,
  rules: readonly FilterRule<P>[],
  packet: P,
  depth: number,
  otherwise: Otherwise,
): Standing<P> {
  let current = packet;
  const evidence: Evidence[] = [];
  const doubts: Standing<P>[] = [];
  const end = (ended: Verdict): Standing<P> => {
    const verdict = ended === 'return' ? otherwise.verdict : ended;
    if (ended === 'return') evidence.push(...otherwise.evidence);
    const differs = (doubt: Standing<P>): boolean =>
      doubt.packet !== current || (doubt.verdict === 'return' ? otherwise.verdict : doubt.verdict) !== verdict;
    const doubt = doubts.find(differs);
    return doubt === undefined
      ? { verdict, packet: current, evidence }
      : { verdict: 'undecided', packet: current, evidence: [...evidence, ...doubt.evidence] };
  };
  for (const rule of rules) {
    walk.rulesLeft -= 1;
    if (walk.rulesLeft < 0) return { verdict: 'undecided', packet: current, evidence };
    const matched = rule.matches(current);
    if (matched === false) continue;
    const { verdict, ...taken } = apply(walk, rule, current, depth);
    if (matched === undefined || rule.action.kind === 'unknown') {
      if (verdict !== 'continue') doubts.push({ ...taken, verdict });
      else if (taken.packet !== current) doubts.push({ ...taken, verdict: 'undecided' });
      continue;
    }
    evidence.push(...taken.evidence);
    current = taken.packet;
    if (verdict !== 'continue') return end(verdict);
  }
  return end('return');
}

function apply<P>(walk: Walk<P>, rule: FilterRule<P>, packet: P, depth: number): Standing<P, Verdict | 'continue'> {
  const own = { packet: rule.rewrite?.(packet) ?? packet, evidence: [rule.evidence] };
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
      const called = walk.chains.get(rule.action.chain);
      if (called === undefined || depth >= deepest) return { ...own, verdict: 'undecided' };
      const end = chain(walk, called, own.packet, depth + 1, goBack);
      if (end.verdict !== 'return') return end;
      return { ...end, verdict: rule.action.kind === 'jump' ? 'continue' : 'return' };
    }
  }
}
