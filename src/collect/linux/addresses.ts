import type { Address } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import { flagsOf, isFlagName } from './address-flags.ts';
import { readInet6 } from './inet6.ts';
import { comparable, readPrefix } from './ip-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

const addressLine = /^([0-9]{1,10}): ([^ ]{1,64}) +(inet6?) (.*)$/;
// Old versions of `ip -o addr` print the interface as well.
const linkLine = /^[0-9]{1,10}: [^ ]{1,129}: <[A-Z0-9_,-]*> /;
const lifetimes = /^(.*?) ?\\ +valid_lft (forever|[0-9]{1,10}sec) preferred_lft (forever|-?[0-9]{1,10}sec)$/;
const details =
  /^([0-9a-f.:]+)(?: peer ([0-9a-f.:]+))?\/([0-9]{1,3}) (?:metric [0-9]+ )?(?:brd [0-9a-f.:]+ )?(?:any [0-9a-f.:]+ )?(?:mcast [0-9a-f.:]+ )?scope ([A-Za-z0-9_-]{1,16})(?: (.*))?$/;

/** Interface names by index. */
export type InterfaceNames = ReadonlyMap<number, string>;

/** Reads `ip -o addr show`, checked against /proc/net/if_inet6 and, where they are known, the interfaces of sysfs. */
export function readAddresses(
  sections: Sections,
  hasIpv6: boolean,
  names: InterfaceNames | undefined,
): readonly Address[] {
  const found: Address[] = [];
  const inet6: string[] = [];
  const seen = new Set<string>();
  for (const line of sections.lines('addresses')) {
    const [, index = '', name, family, rest] = addressLine.exec(line) ?? [];
    if (name === undefined || family === undefined || rest === undefined) {
      if (linkLine.test(line)) continue;
      throw unexpected(line);
    }
    if (names !== undefined && names.get(Number(index)) !== name) {
      throw new UnreadableOutput(`ip addr names the interface ${index} ${quoteRemote(name)}, and sysfs does not`);
    }
    const address = readAddress(line, name, family === 'inet' ? 4 : 6, rest);
    const key = `${index} ${address.ip} ${address.peer} ${address.prefixLength}`;
    if (seen.has(key))
      throw new UnreadableOutput(`ip addr shows ${address.ip}/${address.prefixLength} of ${quoteRemote(name)} twice`);
    seen.add(key);
    found.push(address);
    if (address.family === 6) inet6.push(`${index} ${comparable(address.ip)}`);
  }
  const proc = readInet6(sections, hasIpv6).map((entry) => `${entry.index} ${comparable(entry.ip)}`);
  if (proc.sort().join('\n') !== inet6.sort().join('\n')) {
    throw new UnreadableOutput('ip addr and /proc/net/if_inet6 show different IPv6 addresses');
  }
  return found;
}

function readAddress(line: string, name: string, family: 4 | 6, rest: string): Address {
  const [, described = rest, valid, preferred] = lifetimes.exec(rest) ?? [];
  if (valid === undefined && rest.includes('\\ ')) throw unexpected(line);
  const [, text = '', peerText, length = '', scope, words] = details.exec(described.trimEnd()) ?? [];
  const own = readPrefix(`${text}/${length}`);
  const peer = peerText === undefined ? undefined : readPrefix(`${peerText}/${length}`);
  const isPeerRight = peerText === undefined || peer?.family === family;
  if (own?.family !== family || !isPeerRight || scope === undefined) throw unexpected(line);
  return {
    interface: name,
    ...readFlags(line, name, family, words ?? ''),
    family,
    ip: own.ip,
    peer: peer?.ip ?? null,
    prefixLength: own.length,
    scope,
    validLifetime: seconds(valid),
    preferredLifetime: seconds(preferred),
  };
}

/** What follows the scope: flags, then for IPv4 the label, which is free text and usually begins with the interface's name. */
function readFlags(line: string, name: string, family: 4 | 6, text: string): Pick<Address, 'label' | 'flags'> {
  const words = text === '' ? [] : text.split(' ');
  const flags: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    // An interface may have the name of a flag, and its label too; the label comes last.
    const isLast = next === undefined;
    if (isFlagName(word) && !(isLast && family === 4 && word.startsWith(name))) flags.push(word);
    else if (word === 'flags' && next !== undefined && /^[0-9a-f]{2,8}$/.test(next)) {
      flags.push(...flagsOf(Number.parseInt(next, 16), family));
      index += 1;
    } else if (word === 'proto' && next !== undefined) index += 1;
    else {
      const label = words.slice(index).join(' ');
      if (family === 4 && label.length <= 64 && (isLast || label.startsWith(name))) return { label, flags };
      throw unexpected(line);
    }
  }
  return { label: null, flags };
}

function seconds(lifetime: string | undefined): number | null {
  return lifetime === undefined || lifetime === 'forever' ? null : Number.parseInt(lifetime, 10);
}

function unexpected(line: string): UnreadableOutput {
  return new UnreadableOutput(`unexpected line of ip addr: ${quoteRemote(line)}`);
}
