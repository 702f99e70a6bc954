import { type Chance, chanceOf } from './chance.ts';
import { type Configuration, knob, plan } from './specimen.ts';

/** VIPs in the subnet of eth0, beside it, and in the subnet of eth1. */
const vipPool = ['10.77.0.100', '10.77.0.120', '203.0.113.10', '10.78.0.100'] as const;

/** Values that matter often, every other one sometimes, and one below what the kernel knows. */
const arpIgnore = [0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, -1] as const;
const arpAnnounce = [0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 3, 4, -1] as const;

/** What the ingress side of a host is made of. */
interface Ports {
  /** Every interface that takes part, the one with the real address first. */
  readonly names: readonly string[];
  readonly main: 'eth0' | 'br0';
  readonly secondNic: boolean;
}

/** A configuration over all knobs that decide who answers for a VIP and who announces it. */
export function randomConfiguration(seed: number): Configuration {
  const chance = chanceOf(seed);
  const ports = pickPorts(chance);
  const vips = vipPool.slice(0, chance.pick([1, 1, 1, 2, 3, 4]));
  const real = realAddresses(chance, ports);
  const virtual = vips.flatMap((vip) => place(chance, vip, ports));
  return {
    title: `seed ${seed}`,
    secondNic: ports.secondNic,
    vips,
    method: 'loopback',
    commands: [
      ...(chance.once(6) ? defaults(chance) : []),
      'ip link set dev eth0 up',
      ...links(chance, ports),
      ...(chance.once(8) ? [...virtual, ...real] : [...real, ...virtual]),
      ...routes(chance, ports, vips),
      ...conf(chance, ports),
      ...(chance.once(3) ? forwarding(chance, ports, vips) : []),
      ...(chance.once(6) ? filters(chance, vips) : []),
      ...(chance.once(8) ? [`ip link set dev ${chance.pick(ports.names)} arp off`] : []),
    ],
  };
}

function pickPorts(chance: Chance): Ports {
  const secondNic = chance.once(2);
  const main = chance.pick(['eth0', 'eth0', 'eth0', 'br0'] as const);
  const macvlan = chance.once(6) ? ['mac0'] : [];
  return { main, secondNic, names: [main, ...(secondNic ? ['eth1'] : []), ...macvlan] };
}

/** The kernel may refuse it, because of what came before; then it is not part of the configuration. */
const unlessRefused = (command: string): string => `${command} || true`;

/** conf.default reaches the interfaces that come later, and those that have no address yet. */
function defaults(chance: Chance): readonly string[] {
  return [
    knob('default', 'arp_ignore', chance.pick(arpIgnore)),
    knob('default', 'arp_announce', chance.pick(arpAnnounce)),
  ];
}

function links(chance: Chance, { main, names, secondNic }: Ports): readonly string[] {
  const bridge = ['ip link add name br0 type bridge', 'ip link set dev eth0 master br0', 'ip link set dev br0 up'];
  const macvlan = [`ip link add link ${main} name mac0 type macvlan mode bridge`, 'ip link set dev mac0 up'];
  return [
    ...(main === 'br0' ? bridge : []),
    ...(secondNic && !chance.once(10) ? ['ip link set dev eth1 up'] : []),
    ...(names.includes('mac0') ? macvlan : []),
  ];
}

function realAddresses(chance: Chance, { main, secondNic, names }: Ports): readonly string[] {
  const usual = [unlessRefused(`ip addr add ${plan.rip}/24 dev ${main}`)];
  const onLo = `ip addr add ${plan.rip}/32 dev lo`;
  const first = chance.once(5)
    ? chance.pick([
        [onLo, unlessRefused(`ip route add 10.77.0.0/24 dev ${main}`)],
        [onLo, unlessRefused(`ip route add 10.77.0.0/24 dev ${main} src ${plan.rip}`)],
        [
          `ip addr add ${plan.rip} peer ${plan.gateway} dev ${main}`,
          unlessRefused(`ip route add 10.77.0.0/24 dev ${main}`),
        ],
      ])
    : usual;
  const subnet = chance.pick(['10.78.0.11/24', '10.78.0.11/24', '10.77.0.12/24', '']);
  const second = secondNic && subnet !== '' ? [unlessRefused(`ip addr add ${subnet} dev eth1`)] : [];
  const third = names.includes('mac0') && chance.once(2) ? [unlessRefused('ip addr add 10.77.0.13/24 dev mac0')] : [];
  return [...first, ...second, ...third];
}

function place(chance: Chance, vip: string, ports: Ports): readonly string[] {
  const prefix = chance.pick([32, 32, 32, 32, 32, 32, 31, 30, 28, 26, 24, 16, 8]);
  const scope = chance.pick(['', '', '', ' scope host', ' scope link']);
  const on = (device: string): readonly string[] => [
    unlessRefused(`ip addr add ${vip}/${prefix}${scope} dev ${device}`),
  ];
  const kinds = ['lo', 'lo', 'lo', 'lo', 'lo', 'lo', 'label', 'main', 'main', 'other', 'holder', 'anyip', 'absent'];
  const kind = chance.pick(kinds);
  if (kind === 'lo') return on('lo');
  if (kind === 'label') return on('lo label lo:0');
  if (kind === 'main') return on(ports.main);
  if (kind === 'other') return on(ports.names.at(-1) ?? ports.main);
  if (kind === 'anyip') return [unlessRefused(`ip route add local ${chance.once(4) ? surroundings(vip) : vip} dev lo`)];
  if (kind === 'absent') return [];
  // A bridge without ports stands for the dummy interface, which is not in every kernel.
  const name = `vip${vip.replaceAll('.', '-')}`;
  return [
    `ip link add name ${name} type bridge`,
    ...(chance.once(2) ? [`ip link set dev ${name} arp off`] : []),
    ...(chance.once(2) ? [`ip link set dev ${name} up`] : []),
    ...on(name),
  ];
}

/** The /28 around an address. */
function surroundings(ip: string): string {
  const [, start, last] = /^(.*\.)(\d+)$/.exec(ip) ?? [];
  return `${start}${Number(last) & 0xf0}/28`;
}

function routes(chance: Chance, { main, secondNic, names }: Ports, vips: readonly string[]): readonly string[] {
  const last = names.at(-1) ?? main;
  const ways = [
    `default via ${plan.gateway} dev ${main} onlink`,
    `default via ${plan.gateway} dev ${main} onlink`,
    `default dev ${last}`,
    ...(secondNic ? ['default via 10.78.0.1 dev eth1 onlink'] : []),
  ];
  const type = chance.pick(['blackhole', 'unreachable', 'prohibit']);
  return [
    ...(chance.once(5) ? [] : [unlessRefused(`ip route add ${chance.pick(ways)}`)]),
    ...(chance.once(8) ? ['ip rule add from 192.0.2.0/24 lookup 100'] : []),
    ...(chance.once(12) ? [unlessRefused(`ip route add ${chance.pick(vips)} dev ${last}`)] : []),
    ...(chance.once(20) ? [unlessRefused(`ip route add ${type} ${chance.pick(vips)}`)] : []),
  ];
}

function conf(chance: Chance, { names }: Ports): readonly string[] {
  const commands: string[] = [];
  for (const scope of ['all', ...names, 'lo', 'default']) {
    const maybe = (times: number, name: string, values: readonly number[]): void => {
      if (chance.once(times)) commands.push(knob(scope, name, chance.pick(values)));
    };
    maybe(scope === 'all' ? 1 : 3, 'arp_ignore', arpIgnore);
    maybe(scope === 'all' ? 1 : 3, 'arp_announce', arpAnnounce);
    maybe(8, 'rp_filter', [1, 1, 2]);
    maybe(12, 'arp_filter', [1]);
    maybe(12, 'route_localnet', [1]);
    maybe(16, 'accept_local', [1]);
    maybe(16, 'arp_notify', [1]);
  }
  return commands;
}

function forwarding(chance: Chance, { names }: Ports, vips: readonly string[]): readonly string[] {
  const name = chance.pick(names);
  return [
    ...(chance.once(5) ? [] : [knob(chance.pick(['all', 'all', name]), 'forwarding', 1)]),
    ...(chance.once(2) ? [knob(chance.pick(['all', name]), 'proxy_arp', 1)] : []),
    ...(chance.once(3) ? [knob(chance.pick(['all', name]), 'proxy_arp_pvlan', 1)] : []),
    ...(chance.once(3) ? [`ip neigh add proxy ${chance.pick(vips)} dev ${name}`] : []),
  ];
}

function filters(chance: Chance, vips: readonly string[]): readonly string[] {
  const vip = chance.pick(vips);
  const silence = `arptables -A INPUT -d ${vip} -j DROP`;
  return chance.pick([
    [silence],
    [silence, `arptables -A OUTPUT -s ${vip} -j mangle --mangle-ip-s ${plan.rip}`],
    [silence, `arptables -A OUTPUT -s ${vip} -j DROP`],
    [`arptables -A INPUT -i eth0 -d ${vip} -j DROP`],
    [`arptables -A INPUT ! -i eth0 -d ${vip} -j DROP`],
    [`arptables -A INPUT -s ${plan.balancers[0]} -d ${vip} -j ACCEPT`, silence],
    ['arptables -A INPUT -d 10.77.0.64/26 -j DROP'],
    ['arptables -P INPUT DROP', `arptables -A INPUT -d ${plan.rip} -j ACCEPT`],
    nft('arp', 'input', `arp operation request arp daddr ip ${vip} drop`),
    nft('arp', 'input', `arp daddr ip { ${vips.join(', ')} } drop`),
    nft('arp', 'input', `arp daddr ip != ${vip} accept`),
    nft('arp', 'output', `arp saddr ip ${vip} drop`),
    nft('netdev', 'ingress device eth0', `arp daddr ip ${vip} drop`),
  ]);
}

function nft(family: string, hook: string, rule: string): readonly string[] {
  return [
    `nft add table ${family} lab`,
    `nft add chain ${family} lab c '{ type filter hook ${hook} priority 0; }'`,
    `nft add rule ${family} lab c ${rule}`,
  ];
}
