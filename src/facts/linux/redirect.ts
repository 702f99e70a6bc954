import type { Evidence } from '../../contracts/report.ts';
import type { LinuxFacts } from '../../contracts/snapshot.ts';
import { contains, type Ip, parsePrefix } from '../ip.ts';
import type { Derived } from '../subject.ts';

/** Whether a rule of the table nat sends packets for an address to the host itself (REDIRECT, or DNAT to an own address). */
export function redirectRule(facts: LinuxFacts, ip: Ip): Derived<boolean> {
  const found: Evidence[] = [];
  const unread: string[] = [];
  if ('value' in facts.iptables) {
    for (const line of facts.iptables.value) {
      const destination = /^-A \S+ .*?-d (\S+) .*-j (?:REDIRECT|DNAT)\b/.exec(line)?.[1];
      if (covers(destination, ip) && !/! -d /.test(line)) found.push({ source: 'iptables-save', text: line });
    }
  } else unread.push(facts.iptables.missing);
  if ('value' in facts.nftables) {
    for (const line of facts.nftables.value) {
      const [, values = ''] = /\bip6? daddr (\{[^}]*\}|\S+) .*\b(?:redirect|dnat)\b/.exec(line) ?? [];
      const destinations = values.replaceAll(/[{}]/g, '').split(',');
      if (destinations.some((each) => covers(each.trim(), ip))) {
        found.push({ source: 'nft list ruleset', text: line.trim() });
      }
    }
  } else unread.push(facts.nftables.missing);
  if (found.length > 0) return { value: true, evidence: found };
  if (unread.length > 0)
    return { unknown: `REDIRECT rules can be read by root only: ${[...new Set(unread)].join('; ')}` };
  return { value: false, evidence: [{ source: 'iptables-save', text: `no REDIRECT or DNAT rule for ${ip.text}` }] };
}

function covers(text: string | undefined, ip: Ip): boolean {
  const prefix = text === undefined ? undefined : parsePrefix(text);
  return prefix !== undefined && contains(prefix, ip);
}
