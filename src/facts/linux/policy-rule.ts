import type { PolicyRule } from '../../contracts/snapshot.ts';
import { contains, type Ip, type Prefix, parsePrefix } from '../ip.ts';

/** What is looked up: a destination, the packet's source where it has one, and the interface it came in by (lo for the host's own). */
export interface Flow {
  readonly to: Ip;
  readonly from?: Ip;
  readonly input: string;
}

/** One policy rule as a step of a lookup; unknown where it asks for what a lookup of ours does not carry. */
export type PolicyStep =
  | { readonly text: string; readonly unknown: string }
  | {
      readonly matches: (flow: Flow) => boolean;
      /** The destinations that the rule is for; undefined where it is for all. */
      readonly to: Prefix | undefined;
      readonly action: 'look up' | 'reject' | 'skip';
      /** Table name or number, where the action is to look it up. */
      readonly table: string;
      /** suppress_prefixlength: a route with at most this length does not count. */
      readonly suppressLength: number | undefined;
    };

/**
 * A rule as `ip rule` prints it (iproute2, ip/iprule.c print_rule), applied to packets as the ARP code looks them up:
 * without mark, type of service, protocol and ports, so a rule that asks for one of these matches none of them.
 */
export function policyStep({ text }: PolicyRule): PolicyStep {
  const words = text.trim().split(/\s+/);
  let inverted = false;
  let to: Prefix | undefined;
  const conditions: ((flow: Flow) => boolean)[] = [];
  let action: 'look up' | 'reject' | 'skip' = 'skip';
  let table = '';
  let suppressLength: number | undefined;
  const unknown = (reason: string): PolicyStep => ({ text, unknown: reason });
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const next = words[index + 1] ?? '';
    switch (word) {
      case 'not':
        inverted = true;
        break;
      case 'from':
      case 'to': {
        const prefix = next === 'all' ? undefined : parsePrefix(next);
        if (next !== 'all' && prefix === undefined) return unknown(`${next} is not a prefix`);
        if (prefix !== undefined) conditions.push(addressCondition(word, prefix));
        if (word === 'to') to = prefix;
        index += 1;
        break;
      }
      case 'iif':
        conditions.push((flow) => flow.input === next);
        index += 1;
        break;
      // An interface to leave by is given by bound sockets only; marks, services, protocols and ports by none of ours.
      case 'oif':
      case 'fwmark':
      case 'tos':
      case 'dsfield':
      case 'ipproto':
      case 'sport':
      case 'dport':
        if (word !== 'fwmark' || !/^0(x0)?(\/|$)/.test(next)) conditions.push(() => false);
        index += 1;
        break;
      case '[detached]':
      case 'proto':
        if (word === 'proto') index += 1;
        break;
      case 'lookup':
        action = 'look up';
        table = next;
        index += 1;
        // The interfaces that a VRF owns are not looked up here; for the others the rule matches nothing.
        if (next === '[l3mdev-table]') conditions.push(() => false);
        break;
      case 'suppress_prefixlength':
        if (!/^[0-9]{1,3}$/.test(next)) return unknown(`${next} is not a prefix length`);
        suppressLength = Number(next);
        index += 1;
        break;
      case 'blackhole':
      case 'unreachable':
      case 'prohibit':
        action = 'reject';
        break;
      case 'nop':
        action = 'skip';
        break;
      default:
        return unknown(`the word ${word}`);
    }
  }
  const all = (flow: Flow): boolean => conditions.every((condition) => condition(flow));
  return { matches: inverted ? (flow) => !all(flow) : all, to, action, table, suppressLength };
}

function addressCondition(word: 'from' | 'to', prefix: Prefix): (flow: Flow) => boolean {
  if (word === 'to') return (flow) => contains(prefix, flow.to);
  // A lookup without a source carries 0.0.0.0.
  return (flow) => (flow.from === undefined ? prefix.length === 0 : contains(prefix, flow.from));
}
