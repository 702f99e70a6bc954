import type { Ip } from '../ip.ts';
import type { FilterHook, FilterRule } from './filter-chain.ts';

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

/** A rule of a chain that ARP packets pass. */
export type ArpRule = FilterRule<ArpPacket>;

/** A chain that ARP packets enter. */
export type ArpHook = FilterHook<ArpPacket>;

/** A change of the sender address; none where there is no address to write. */
export function rewriting(sender: Ip | undefined): ArpRule['rewrite'] {
  return sender === undefined ? undefined : (packet) => ({ ...packet, sender });
}
