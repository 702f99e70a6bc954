import { type Chance, chanceOf } from './chance.ts';
import { filters } from './random-filters.ts';
import { type Mishap, type Ports, unlessRefused } from './random-parts.ts';
import { routes } from './random-routes.ts';
import { type Configuration, knob, plan } from './specimen.ts';

/** VIPs in the subnet of eth0, twice, then beside it, in the subnet of eth1, and of IPv6. */
const vipPool = ['10.77.0.100', '10.77.0.120', '203.0.113.10', '10.78.0.100', plan.vip6] as const;

/** Values that matter often, every other one sometimes, and one below what the kernel knows. */
const arpIgnore = [0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, -1] as const;
const arpAnnounce = [0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 3, 4, -1] as const;

/** A configuration over all knobs that decide who answers for a VIP and who announces it. */
export function randomConfiguration(seed: number): Configuration {
  const chance = chanceOf(seed);
  const isCalm = chance.once(2);
  const mishap: Mishap = (times) => chance.once(isCalm ? times * 5 : times);
  const ports = pickPorts(chance, mishap);
  const vips = pickVips(chance);
  const real = realAddresses(chance, mishap, ports);
  const virtual = vips.flatMap((vip) => place(chance, mishap, vip, ports));
  return {
    title: `seed ${seed}`,
    secondNic: ports.hasSecondNic,
    vips,
    method: 'loopback',
    commands: [
      ...(mishap(6) ? defaults(chance) : []),
      'ip link set dev eth0 up',
      ...links(chance, ports),
      ...(mishap(8) ? [...virtual, ...real] : [...real, ...virtual]),
      ...routes(chance, mishap, ports, vips),
      ...parameters(chance, mishap, ports),
      ...(mishap(3) ? forwarding(chance, ports, vips) : []),
      ...(mishap(6) ? filters(chance, vips, ports) : []),
      ...(mishap(8) ? [`ip link set dev ${chance.pick(ports.names)} arp off`] : []),
    ],
  };
}

function pickVips(chance: Chance): readonly string[] {
  const first = chance.pick([0, 0, 0, 1, 2]);
  return vipPool.slice(first, first + chance.pick([1, 1, 1, 2, 3, 5]));
}

function pickPorts(chance: Chance, mishap: Mishap): Ports {
  const hasSecondNic = chance.once(2);
  const main = chance.pick(['eth0', 'eth0', 'eth0', 'br0'] as const);
  const macvlan = mishap(6) ? ['mac0'] : [];
  return { main, hasSecondNic, names: [main, ...(hasSecondNic ? ['eth1'] : []), ...macvlan] };
}

/** conf.default reaches the interfaces that come later, and those that have no address yet. */
function defaults(chance: Chance): readonly string[] {
  return [
    knob('default', 'arp_ignore', chance.pick(arpIgnore)),
    knob('default', 'arp_announce', chance.pick(arpAnnounce)),
  ];
}

function links(chance: Chance, { main, names, hasSecondNic }: Ports): readonly string[] {
  const bridge = ['ip link add name br0 type bridge', 'ip link set dev eth0 master br0', 'ip link set dev br0 up'];
  const macvlan = [`ip link add link ${main} name mac0 type macvlan mode bridge`, 'ip link set dev mac0 up'];
  return [
    ...(main === 'br0' ? bridge : []),
    ...(hasSecondNic && !chance.once(10) ? ['ip link set dev eth1 up'] : []),
    ...(names.includes('mac0') ? macvlan : []),
  ];
}

function realAddresses(chance: Chance, mishap: Mishap, { main, hasSecondNic, names }: Ports): readonly string[] {
  const onLo = `ip addr add ${plan.rip}/32 dev lo`;
  const route = `ip route add 10.77.0.0/24 dev ${main}`;
  const first = mishap(5)
    ? chance.pick([
        [onLo, route],
        [onLo, `${route} src ${plan.rip}`],
        [`ip addr add ${plan.rip} peer ${plan.gateway} dev ${main}`, route],
        [`ip addr add ${plan.rip}/24 dev ${main} noprefixroute`, `${route} metric 50`],
        [`ip addr add ${plan.rip}/24 dev ${main} scope link`],
      ])
    : [`ip addr add ${plan.rip}/24 dev ${main}`];
  const subnet = mishap(2) ? chance.pick(['10.77.0.12/24', '']) : '10.78.0.11/24';
  return [
    ...first,
    ...(hasSecondNic && subnet !== '' ? [`ip addr add ${subnet} dev eth1`] : []),
    ...(names.includes('mac0') && chance.once(2) ? ['ip addr add 10.77.0.13/24 dev mac0'] : []),
    `ip addr add ${plan.rip6}/64 dev ${main}`,
  ].map(unlessRefused);
}

function place(chance: Chance, mishap: Mishap, vip: string, ports: Ports): readonly string[] {
  const isIpv6 = vip.includes(':');
  const lengths = isIpv6 ? [64, 120, 127] : [31, 30, 28, 26, 24, 16, 8];
  const whole = isIpv6 ? 128 : 32;
  const length = mishap(2) ? chance.pick(lengths) : whole;
  const scope = isIpv6 ? '' : chance.pick(['', '', '', ' scope host', ' scope link']);
  const peer = !isIpv6 && mishap(30) ? ` peer ${plan.gateway}` : `/${length}`;
  const on = (device: string): readonly string[] => [unlessRefused(`ip addr add ${vip}${peer}${scope} dev ${device}`)];
  const kind = mishap(2) ? chance.pick(['label', 'main', 'main', 'other', 'holder', 'anyip', 'absent', 'twice']) : 'lo';
  const last = ports.names.at(-1) ?? ports.main;
  switch (kind) {
    case 'label':
      return on(isIpv6 ? 'lo' : 'lo label lo:0');
    case 'main':
      return on(ports.main);
    case 'other':
      return on(last);
    case 'twice':
      return [...on('lo'), ...on(last)];
    case 'anyip':
      return [unlessRefused(`ip route add local ${chance.once(4) ? surroundings(vip) : vip} dev lo`)];
    case 'absent':
      return [];
    case 'holder':
      return [...holder(chance, vip), ...on(holderName(vip))];
    default:
      return on('lo');
  }
}

function holderName(vip: string): string {
  return `vip${vip.replaceAll(/[.:]/g, '-')}`.slice(0, 15);
}

/** A bridge without ports stands for the dummy interface, which is not in every kernel. */
function holder(chance: Chance, vip: string): readonly string[] {
  const name = holderName(vip);
  return [
    `ip link add name ${name} type bridge`,
    ...(chance.once(2) ? [`ip link set dev ${name} arp off`] : []),
    ...(chance.once(2) ? [`ip link set dev ${name} up`] : []),
  ];
}

/** The range of sixteen addresses around one. */
function surroundings(ip: string): string {
  const [, start = '', last = ''] = /^(.*\.)(\d+)$/.exec(ip) ?? [];
  return last === '' ? `${ip.slice(0, -1)}0/124` : `${start}${Number(last) & 0xf0}/28`;
}

function parameters(chance: Chance, mishap: Mishap, { names }: Ports): readonly string[] {
  const commands: string[] = [];
  const set = (scope: string, name: string, values: readonly number[]): void => {
    commands.push(knob(scope, name, chance.pick(values)));
  };
  set('all', 'arp_ignore', mishap(1) ? arpIgnore : [1]);
  set('all', 'arp_announce', mishap(1) ? arpAnnounce : [2]);
  for (const scope of ['all', ...names, 'lo', 'default']) {
    if (scope !== 'all' && mishap(3)) set(scope, 'arp_ignore', arpIgnore);
    if (scope !== 'all' && mishap(3)) set(scope, 'arp_announce', arpAnnounce);
    if (chance.once(8)) set(scope, 'rp_filter', [1, 1, 2]);
    if (mishap(12)) set(scope, 'arp_filter', [1]);
    if (mishap(12)) set(scope, 'route_localnet', [1]);
    if (mishap(16)) set(scope, 'accept_local', [1]);
    if (chance.once(16)) set(scope, 'arp_notify', [1]);
    if (chance.once(16)) set(scope, 'drop_gratuitous_arp', [1]);
    if (chance.once(16)) set(scope, 'send_redirects', [0]);
    if (mishap(30) && scope !== 'all') set(scope, 'medium_id', [1, 2, -1]);
  }
  return commands;
}

function forwarding(chance: Chance, { names }: Ports, vips: readonly string[]): readonly string[] {
  const name = chance.pick(names);
  const scope = (): string => chance.pick(['all', name]);
  const knob6 = (parameter: string): string => `echo 1 >/proc/sys/net/ipv6/conf/${scope()}/${parameter}`;
  return [
    ...(chance.once(5) ? [] : [knob(chance.pick(['all', 'all', name]), 'forwarding', 1), knob6('forwarding')]),
    ...(chance.once(2) ? [knob(scope(), 'proxy_arp', 1), knob6('proxy_ndp')] : []),
    ...(chance.once(3) ? [knob(scope(), 'proxy_arp_pvlan', 1)] : []),
    ...(chance.once(3) ? [`ip neigh add proxy ${chance.pick(vips)} dev ${name}`] : []),
  ];
}
