import type { Chance } from './chance.ts';
import { type Mishap, type Ports, unlessRefused } from './random-parts.ts';
import { plan } from './specimen.ts';

/** The ways that a host's packets may take: default routes, routes to a VIP, policy rules. */
export function routes(chance: Chance, mishap: Mishap, ports: Ports, vips: readonly string[]): readonly string[] {
  const last = ports.names.at(-1) ?? ports.main;
  const vip4 = vips.find((vip) => !vip.includes(':')) ?? plan.rip;
  const type = chance.pick(['blackhole', 'unreachable', 'prohibit', 'throw']);
  return [
    ...(chance.once(6) ? [] : [`ip route add ${defaultRoute(chance, mishap, ports)}`]),
    ...(mishap(12) ? [`ip route add ${chance.pick(vips)} dev ${last}`] : []),
    ...(mishap(20) ? [`ip route add ${type} ${vip4}`] : []),
    ...(mishap(20) ? [`ip route add local 10.77.0.64/28 dev ${ports.main}`] : []),
    ...(mishap(6) ? policy(chance, ports, vip4) : []),
  ].map(unlessRefused);
}

function defaultRoute(chance: Chance, mishap: Mishap, { main, hasSecondNic, names }: Ports): string {
  const usual = `default via ${plan.gateway} dev ${main} onlink`;
  if (!mishap(2)) return usual;
  return chance.pick([
    `default dev ${names.at(-1) ?? main}`,
    `${usual} src ${plan.rip}`,
    `default nexthop via ${plan.gateway} dev ${main} onlink nexthop via 10.78.0.1 dev ${names.at(-1) ?? main} onlink`,
    ...(hasSecondNic ? ['default via 10.78.0.1 dev eth1 onlink', `${usual} metric 200`] : []),
  ]);
}

/** Any policy rule, even one that matches nothing, parts the tables local and main (commit 0ddcf43d5d4a). */
function policy(chance: Chance, { main, hasSecondNic, names }: Ports, vip: string): readonly string[] {
  const other = hasSecondNic ? 'default via 10.78.0.1 dev eth1 onlink' : `default dev ${names.at(-1) ?? main}`;
  return chance.pick([
    ['ip rule add from 192.0.2.0/24 lookup 100'],
    [`ip rule add from ${vip} lookup 100`, `ip route add ${other} table 100`],
    [`ip rule add from ${plan.rip} lookup 100`, `ip route add ${other} table 100`],
    [`ip rule add to ${vip} lookup 100`, `ip route add ${other} table 100`],
    ['ip rule add pref 100 lookup local', 'ip rule del pref 0'],
    [`ip rule add pref 5 to 10.77.0.0/24 lookup main`, 'ip rule add pref 6 lookup local', 'ip rule del pref 0'],
    [`ip rule add from ${vip} prohibit`],
    [`ip rule add iif ${main} lookup 100`, `ip route add ${other} table 100`],
    ['ip rule add lookup main suppress_prefixlength 0'],
  ]);
}
