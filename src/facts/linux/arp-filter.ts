import type { Evidence } from '../../contracts/report.ts';
import type { LinuxFacts } from '../../contracts/snapshot.ts';
import type { ArpHook, ArpPacket } from './arp-packet.ts';
import { arptablesHooks } from './arptables.ts';
import { walk } from './filter-chain.ts';
import type { Ip } from '../ip.ts';
import { nftablesHooks } from './nftables.ts';

/** What the packet filters of a host do with one ARP packet. */
export interface FilterVerdict {
  readonly verdict: 'pass' | 'drop' | 'undecided';
  /** The sender address with which a packet leaves the filters; a rule may have rewritten it. */
  readonly sender: Ip;
  readonly evidence: readonly Evidence[];
}

/** The rules of arptables and nftables that see ARP. */
export interface ArpFilters {
  /** Why some of the rules are not known. */
  readonly unread: string | undefined;
  judge(packet: ArpPacket): FilterVerdict;
}

/** The ARP filters that a host reported; only root may read them. */
export function arpFilters(facts: LinuxFacts): ArpFilters {
  const reasons: string[] = [];
  const hooks: ArpHook[] = [];
  const arptables = 'value' in facts.arptables ? facts.arptables.value : undefined;
  if (arptables !== undefined) hooks.push(...arptablesHooks(arptables));
  if ('missing' in facts.arptables) reasons.push(facts.arptables.missing);
  if ('value' in facts.nftables) {
    // iptables-nft keeps arptables' rules in this table and nft cannot print its targets; arptables-save can.
    const printed = arptables?.some((line) => line.startsWith('-A')) ?? false;
    hooks.push(...nftablesHooks(facts.nftables.value).filter((hook) => !(printed && hook.table === 'arp filter')));
  } else reasons.push(facts.nftables.missing);
  hooks.sort((a, b) => a.priority - b.priority);
  return {
    unread: reasons.length === 0 ? undefined : [...new Set(reasons)].join('; '),
    judge: (packet) => judge(hooks, packet),
  };
}

function judge(hooks: readonly ArpHook[], packet: ArpPacket): FilterVerdict {
  let current = packet;
  const evidence: Evidence[] = [];
  let undecided = false;
  const stages = packet.direction === 'in' ? (['ingress', 'input'] as const) : (['output', 'egress'] as const);
  for (const stage of stages) {
    for (const hook of hooks) {
      if (hook.stage !== stage || !applies(hook, packet)) continue;
      const passage = walk(hook, current);
      evidence.push(...passage.evidence);
      if (passage.verdict === 'drop') return { verdict: 'drop', sender: current.sender, evidence };
      if (passage.verdict === 'undecided') undecided = true;
      current = passage.packet;
    }
  }
  return { verdict: undecided ? 'undecided' : 'pass', sender: current.sender, evidence };
}

/** A hook of the device layer sees the frames of its own device and those of the interfaces above it. */
function applies(hook: ArpHook, packet: ArpPacket): boolean {
  return hook.devices === undefined || hook.devices.some((device) => packet.path.includes(device));
}
