import { startsAtBoot } from '../boot-units.ts';
import {
  addressOf,
  type BootAddress,
  type Doubt,
  doubtsUnder,
  effectOf,
  type Reading,
  type Surroundings,
} from './boot-address.ts';

/** keepalived's static_ipaddress blocks; a virtual_ipaddress comes and goes with the VRRP state. Source: keepalived.conf(5). */
export function readKeepalived({ facts, files }: Surroundings): Reading {
  const doubts: Doubt[] = [];
  const service = effectOf(startsAtBoot(facts, 'keepalived'), 'keepalived');
  const addresses = files.entries.flatMap(({ path }): BootAddress[] => {
    if (!path.startsWith('/etc/keepalived/')) return [];
    const content = files.open(path);
    if ('unreadable' in content) doubts.push({ path, reason: content.unreadable });
    if (!('lines' in content)) return [];
    let block: string | undefined;
    return content.lines.flatMap(({ number, text }): BootAddress[] => {
      const line = text.replace(/[#!].*$/, '').trim();
      const [, opened, inside = ''] =
        /^(static_ipaddress|virtual_ipaddress|virtual_ipaddress_excluded)\s*\{?(.*)$/.exec(line) ?? [];
      if (opened !== undefined) block = opened;
      const words = (opened === undefined ? line : inside).replaceAll(/[{}]/g, ' ').trim().split(/\s+/);
      const read = block === undefined ? undefined : addressOf(words[0] ?? '', (ip) => ip.words.length * 32);
      const device = words[words.indexOf('dev') + 1];
      const isStatic = block === 'static_ipaddress';
      if (line.includes('}')) block = undefined;
      if (read === undefined) return [];
      const effect: BootAddress['effect'] = isStatic ? service : { perhaps: 'it comes with the VRRP state MASTER' };
      const source = `${content.path}:${number}`;
      const name = words.includes('dev') && device !== undefined ? device : 'eth0';
      return [{ ...read, manager: 'keepalived', interface: name, route: false, source, text: text.trim(), effect }];
    });
  });
  return { addresses, doubts: doubtsUnder(service, doubts) };
}
