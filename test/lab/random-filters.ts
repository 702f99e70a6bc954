import type { Chance } from './chance.ts';
import type { Ports } from './random-parts.ts';
import { plan } from './specimen.ts';

/** Packet filter rules that may silence a VIP, or look as if they did. */
export function filters(chance: Chance, vips: readonly string[], { main }: Ports): readonly string[] {
  const vips4 = vips.filter((vip) => !vip.includes(':'));
  const vip = vips4.length === 0 ? plan.rip : chance.pick(vips4);
  const set = vips4.length === 0 ? vip : vips4.join(', ');
  const silence = `arptables -A INPUT -d ${vip} -j DROP`;
  const rewrite = `arptables -A OUTPUT -s ${vip} -j mangle --mangle-ip-s ${plan.rip}`;
  return chance.pick([
    [silence],
    [silence, rewrite],
    [rewrite],
    [silence, `arptables -A OUTPUT -s ${vip} -j DROP`],
    [`arptables -A INPUT -i eth0 -d ${vip} -j DROP`],
    [`arptables -A INPUT ! -i eth0 -d ${vip} -j DROP`],
    [`arptables -A INPUT -s ${plan.balancers[0]} -d ${vip} -j ACCEPT`, silence],
    ['arptables -A INPUT -d 10.77.0.64/26 -j DROP'],
    ['arptables -A INPUT --opcode Reply -j DROP'],
    [`arptables -A INPUT --opcode Request -d ${vip} -j DROP`],
    ['arptables -P INPUT DROP', `arptables -A INPUT -d ${plan.rip} -j ACCEPT`],
    ['arptables -N vip', `arptables -A INPUT -d ${vip} -j vip`, 'arptables -A vip -j DROP'],
    nft('arp', 'input', `arp operation request arp daddr ip ${vip} drop`),
    nft('arp', 'input', `arp daddr ip { ${set} } drop`),
    nft('arp', 'input', `arp daddr ip != ${vip} accept`),
    nft('arp', 'input', `iifname "${main}" arp daddr ip ${vip} counter drop`),
    nft('arp', 'output', `arp saddr ip ${vip} drop`),
    nft('arp', 'output', `arp saddr ip ${vip} arp saddr ip set ${plan.rip}`),
    nft('arp', 'output', `oifname != "${main}" arp saddr ip ${vip} drop`),
    nft('netdev', 'ingress device eth0', `arp daddr ip ${vip} drop`),
    nft('netdev', 'ingress device eth0', 'ether type arp drop'),
    nft('netdev', 'egress device eth0', `arp saddr ip ${vip} drop`),
  ]);
}

function nft(family: string, hook: string, rule: string): readonly string[] {
  return [
    `nft add table ${family} lab`,
    `nft add chain ${family} lab c '{ type filter hook ${hook} priority 0; }'`,
    `nft 'add rule ${family} lab c ${rule}'`,
  ];
}
