import { canonicalIp, canonicalPrefix, prefixLengthOfMask } from './identifier.ts';
import type { Unreadable } from './row.ts';

/** One row of `netsh interface ipv4 show interfaces`. */
export interface InterfaceRow {
  readonly index: number;
  readonly connected: boolean;
  readonly alias: string;
}

/** One interface of `netsh interface ip show address`. */
export interface AddressBlock {
  readonly alias: string;
  readonly addresses: readonly { readonly ip: string; readonly family: 4 | 6; readonly prefixLength: number }[];
  readonly gateways: readonly string[];
}

/** One row of `netsh interface ipv6 show addresses`; it does not tell the prefix length. */
export interface AddressRow6 {
  readonly index: number;
  readonly alias: string;
  readonly ip: string;
}

/** One row of `netsh interface ipv4 show route`. */
export interface RouteRow {
  readonly index: number;
  readonly destination: string;
  readonly family: 4 | 6;
  readonly nextHop: string | null;
  readonly metric: number;
}

/** Rows `Idx Met MTU State Name`: three numbers, one word, and the name to the end of the line. Headings are translated, the state is not. */
export function readInterfaceTable(lines: readonly string[]): readonly InterfaceRow[] {
  return lines.flatMap((line) => {
    const match = /^\s*(\d{1,9})\s+\d{1,10}\s+\d{1,10}\s+(connected|disconnected)\s+(\S.*)$/i.exec(line.trimEnd());
    if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return [];
    return [{ index: Number(match[1]), connected: match[2].toLowerCase() === 'connected', alias: match[3] }];
  });
}

/** Rows `Publish Type Met Prefix Idx Gateway/Interface Name`: a metric, a prefix, an index, then a gateway or a name. */
export function readRouteTable(lines: readonly string[]): readonly RouteRow[] {
  return lines.flatMap((line) => {
    const match = /\s(\d{1,10})\s+([0-9a-f.:]+\/\d{1,3})\s+(\d{1,9})\s+(\S.*)$/i.exec(line.trimEnd());
    const prefix = canonicalPrefix(match?.[2] ?? '');
    if (match === null || prefix === null) return [];
    const nextHop = canonicalIp(match[4] ?? '')?.ip ?? null;
    return [
      { index: Number(match[3]), destination: prefix.prefix, family: prefix.family, nextHop, metric: Number(match[1]) },
    ];
  });
}

/**
 * Blocks headed by a line with the quoted alias. Labels are translated; an address is the one that a mask or a prefix follows
 * on the next line, and a gateway the one that none follows.
 */
export function readAddressBlocks(lines: readonly string[]): readonly AddressBlock[] | Unreadable {
  const blocks: { alias: string; addresses: AddressBlock['addresses'][number][]; gateways: string[] }[] = [];
  let pending: { ip: string; family: 4 | 6 } | undefined;
  const settle = (): void => {
    if (pending !== undefined) blocks.at(-1)?.gateways.push(pending.ip);
    pending = undefined;
  };
  for (const line of lines) {
    const alias = /"([^"]+)"/.exec(line)?.[1];
    if (alias !== undefined) {
      settle();
      blocks.push({ alias, addresses: [], gateways: [] });
      continue;
    }
    const colon = line.search(/[:：]/);
    const value = colon === -1 ? '' : line.slice(colon + 1).trim();
    const prefixLength = prefixLengthIn(value);
    const address = canonicalIp(value);
    if (prefixLength !== null && pending !== undefined) {
      blocks.at(-1)?.addresses.push({ ...pending, prefixLength });
      pending = undefined;
    } else if (address !== null) {
      settle();
      pending = address;
    }
  }
  settle();
  return blocks.length === 0 ? { unreadable: 'netsh named no interface' } : blocks;
}

/** Tables headed by `Interface 18: LO`, whose rows end in an address. The words before it are translated. */
export function readAddressTable6(lines: readonly string[]): readonly AddressRow6[] {
  const rows: AddressRow6[] = [];
  let owner: { index: number; alias: string } | undefined;
  for (const line of lines) {
    const heading = /^\S+ (\d{1,9}): (\S.*)$/.exec(line.trim());
    if (heading?.[1] !== undefined && heading[2] !== undefined)
      owner = { index: Number(heading[1]), alias: heading[2] };
    const address = canonicalIp(line.trim().split(/\s+/).at(-1) ?? '');
    if (owner !== undefined && address?.family === 6) rows.push({ ...owner, ip: address.ip });
  }
  return rows;
}

function prefixLengthIn(value: string): number | null {
  const [first = ''] = value.split(/\s/);
  const prefix = canonicalPrefix(first);
  if (prefix !== null) return Number(prefix.prefix.split('/')[1]);
  // 2003 prints the mask alone. 0.0.0.0 is no mask that an address has.
  const length = prefixLengthOfMask(first);
  return first.startsWith('255.') || first.startsWith('128.') ? length : null;
}
