import { quoteRemote } from '../remote-text.ts';
import { familyOf } from './ip-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

/** One route of /proc/net/fib_trie, which knows neither interface nor gateway. */
export interface TrieLeaf {
  /** main, local, or a number. */
  readonly table: string;
  readonly ip: string;
  readonly length: number;
  /** universe, site, link, host, nowhere or scope=N. */
  readonly scope: string;
  readonly type: string;
}

const tableLine = /^(Main|Local|Id ([0-9]{1,10})):$/;
const nodeLine = /^ +\|-- ([0-9.]+)$/;
const leafLine =
  /^ +\/([0-9]{1,2}) (universe|site|link|host|nowhere|scope=[0-9]{1,3}) ([A-Z]{3,16})(?: tos=[0-9]{1,3})?$/;

/** Reads /proc/net/fib_trie without its inner nodes: the IPv4 routes of every table. */
export function readTrie(sections: Sections): readonly TrieLeaf[] {
  const leaves: TrieLeaf[] = [];
  let table: string | undefined;
  let ip: string | undefined;
  for (const line of sections.lines('trie')) {
    const [, name, number] = tableLine.exec(line) ?? [];
    const [, node] = nodeLine.exec(line) ?? [];
    const [, length, scope, type] = leafLine.exec(line) ?? [];
    if (name !== undefined) {
      table = number ?? name.toLowerCase();
      ip = undefined;
    } else if (node !== undefined && familyOf(node) === 4) ip = node;
    else if (
      scope !== undefined &&
      type !== undefined &&
      table !== undefined &&
      ip !== undefined &&
      Number(length) <= 32
    ) {
      leaves.push({ table, ip, length: Number(length), scope, type: type.toLowerCase() });
    } else throw new UnreadableOutput(`unexpected line of /proc/net/fib_trie: ${quoteRemote(line)}`);
  }
  return leaves;
}
