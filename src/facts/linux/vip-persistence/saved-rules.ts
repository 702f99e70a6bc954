import { startsAtBoot } from '../boot-units.ts';
import { derived } from '../../derived.ts';
import type { Ip } from '../../ip.ts';
import type { Derived } from '../../subject.ts';
import type { Surroundings } from './boot-address.ts';

/** Files of packet filter rules, and the services that load them at boot. */
const loaded: readonly { readonly path: RegExp; readonly services: readonly string[] }[] = [
  { path: /^\/etc\/(?:sysconfig\/)?nftables(?:\.conf$|\/|\.d\/)/, services: ['nftables'] },
  { path: /^\/etc\/(?:sysconfig\/arptables|arptables\.conf)$/, services: ['arptables'] },
  { path: /^\/etc\/(?:sysconfig\/iptables$|iptables\/)/, services: ['iptables', 'netfilter-persistent'] },
];

/** Whether a rule that names the VIP is loaded at boot, from a file that the service of its kind reads. */
export function savedRule({ facts, files }: Surroundings, vip: Ip): Derived<boolean> {
  let doubt: string | undefined;
  const unloaded: string[] = [];
  for (const { path, lines } of files.entries) {
    const kind = loaded.find((each) => each.path.test(path));
    if (kind === undefined) continue;
    const starts = kind.services.map((service) => startsAtBoot(facts, service));
    if (!starts.includes(true)) {
      if (starts.includes(undefined)) doubt ??= `whether ${kind.services.join(' or ')} starts at boot is not known`;
      else if ('value' in lines && lines.value.length > 0) unloaded.push(path);
      continue;
    }
    if ('missing' in lines) doubt ??= `${path} could not be read: ${lines.missing}`;
    const line = 'value' in lines ? lines.value.find(({ text }) => names(text, vip)) : undefined;
    if (line !== undefined) return derived(true, { source: `${path}:${line.number}`, text: line.text.trim() });
  }
  if (doubt !== undefined) return { unknown: doubt };
  const text =
    unloaded.length === 0
      ? `no file of a packet filter service names ${vip.text}`
      : `${unloaded.join(', ')} names ${vip.text}, and the service that loads it does not start at boot`;
  return derived(false, { source: 'next boot', text });
}

function names(text: string, vip: Ip): boolean {
  return !/^\s*#/.test(text) && text.split(/[^0-9a-fA-F.:]+/).includes(vip.text);
}
