import { describe, expect, it } from 'vitest';
import { owned, resultOf } from '../../../src/evaluate/result.ts';
import type { Address, LinuxFacts, NetworkInterface } from '../../../src/contracts/snapshot.ts';
import type { Backend } from '../../../src/facts/backend.ts';
import { linuxSubjects } from '../../../src/facts/linux/subjects.ts';
import { builtInRules, loadRules } from '../../../src/rules/load.ts';
import {
  address,
  backend,
  binding,
  defaultRules,
  dummy,
  ethernet,
  linuxFacts,
  listener,
  localRoute,
  lookup,
  loopback,
  loopbackAddresses,
  loopbackRoutes,
  proxyNeighbour,
  route,
  sysctls,
} from '../../support/linux-facts.ts';

const all = await loadRules([builtInRules]);
/** The rules of the running state; those of the next boot have tests of their own. */
const rules = new Map([...all].filter(([id, rule]) => id.startsWith('linux/') && rule.horizon === 'now'));

/** Every result that is neither pass nor not applicable, as "RESULT RULE"; information only where it is asked for. */
function findings(facts: LinuxFacts, host: Backend = backend(), besides: readonly string[] = []): readonly string[] {
  const silent = new Set(['pass', 'notapplicable', 'informational'].filter((result) => !besides.includes(result)));
  return linuxSubjects(host, facts)
    .flatMap((subject) =>
      [...rules.values()]
        .filter((rule) => rule.subject === subject.kind)
        .map((rule) => resultOf(rule, owned(host.name, subject), rules)),
    )
    .filter(({ result }) => !silent.has(result))
    .map(({ rule, result, interface: device }) => `${result} ${rule}${device === undefined ? '' : ` ${device}`}`);
}

const hiding = { 'all/arp_ignore': 1, 'all/arp_announce': 2 };
const vip = '10.77.0.100';

/** The compliant host with the VIP's addresses changed, and its routes with them. */
function withVip(...held: Address[]): LinuxFacts {
  return linuxFacts({
    addresses: { value: [...loopbackAddresses(), address('eth0', '10.77.0.11/24'), ...held] },
    routes: {
      value: [
        ...loopbackRoutes(),
        localRoute('10.77.0.11/32', 'eth0'),
        ...held.map((each) => localRoute(`${each.ip}/${each.family === 4 ? 32 : 128}`, each.interface)),
        ...held
          .filter((each) => each.interface === 'lo' && each.prefixLength === 24)
          .map(() => localRoute('10.77.0.0/24', 'lo')),
        route('10.77.0.0/24', { interface: 'eth0', scope: 'link' }),
        route('0.0.0.0/0', { interface: 'eth0', gateway: '10.77.0.1' }),
      ],
    },
  });
}

const asked = backend({
  bindings: [
    binding({
      ports: [{ number: 80, protocol: 'tcp' }],
      client: '198.51.100.20',
      loadBalancer: { name: 'aloha', addresses: ['10.77.0.5'] },
    }),
  ],
});
const neighbour = backend({
  bindings: [binding({ client: '10.77.0.2', loadBalancer: { name: 'aloha', addresses: ['10.77.0.5'] } })],
});

describe('the compliant host', () => {
  it('has no finding, whatever the inventory asks', () => {
    expect([findings(linuxFacts()), findings(linuxFacts(), asked), findings(linuxFacts(), neighbour)]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('has information: the scope of the VIP', () => {
    expect(findings(linuxFacts(), backend(), ['informational'])).toEqual(['informational linux/vip-scope']);
  });

  it('has none with an IPv6 VIP beside it', () => {
    const facts = withVip(address('lo', `${vip}/32`), address('lo', '2001:db8::100/128'));
    const bindings = [binding(), binding({ vip: '2001:db8::100' })];
    expect(findings(facts, backend({ bindings }))).toEqual([]);
  });

  it('has none with the VIP on a dummy, with scope host, as AnyIP, or twice protected', () => {
    const onDummy = {
      ...withVip(address('dummy0', `${vip}/32`)),
      interfaces: { value: [loopback(), ethernet('eth0', 2), dummy('dummy0', 3)] },
    };
    const anyIp = withVip();
    const routes = 'value' in anyIp.routes ? [...anyIp.routes.value, localRoute(`${vip}/32`, 'lo')] : [];
    expect([
      findings(onDummy, backend({ bindings: [binding({ method: 'dummy' })] })),
      findings(withVip(address('lo', `${vip}/32`, { scope: 'host' }))),
      findings({ ...anyIp, routes: { value: routes } }, backend({ bindings: [binding({ method: 'anyip' })] })),
      findings(linuxFacts({ sysctls: sysctls({ ...hiding, 'eth0/arp_ignore': 2, 'eth0/arp_announce': 2 }) })),
    ]).toEqual([[], [], [], []]);
  });
});

describe('one cause gives one finding', () => {
  it('the VIP is missing', () => {
    expect(findings(withVip(), asked)).toEqual(['fail linux/vip-present']);
  });

  it('no kernel parameter is set', () => {
    expect(findings(linuxFacts({ sysctls: sysctls() }))).toEqual([
      'fail linux/arp-announce eth0',
      'fail linux/arp-ignore eth0',
    ]);
  });

  it('the parameters are set on lo only', () => {
    const facts = linuxFacts({ sysctls: sysctls({ 'lo/arp_ignore': 1, 'lo/arp_announce': 2 }) });
    expect(findings(facts, backend(), ['informational'])).toEqual([
      'informational linux/vip-scope',
      'fail linux/arp-announce eth0',
      'fail linux/arp-ignore eth0',
      'informational linux/arp-scope eth0',
    ]);
  });

  it.each([
    ['of the segment, client outside', asked],
    ['of the segment, client inside', neighbour],
  ])('the VIP on lo has a /24 %s', (_name, host) => {
    expect(findings(withVip(address('lo', `${vip}/24`)), host)).toEqual(['fail linux/vip-prefix-length']);
  });

  it('the VIP on lo has a /8', () => {
    expect(findings(withVip(address('lo', `${vip}/8`)), neighbour)).toEqual(['fail linux/vip-prefix-length']);
  });

  it.each([32, 24])('the VIP is on eth0 with /%i', (length) => {
    expect(findings(withVip(address('eth0', `${vip}/${length}`)), asked)).toEqual(['fail linux/vip-placement']);
  });

  it('the VIP is on lo and on eth0', () => {
    expect(findings(withVip(address('lo', `${vip}/32`), address('eth0', `${vip}/32`)))).toEqual([
      'fail linux/vip-placement',
    ]);
  });

  it('the VIP is on lo and on a dummy', () => {
    const facts = withVip(address('lo', `${vip}/32`), address('dummy0', `${vip}/32`));
    expect(
      findings({ ...facts, interfaces: { value: [loopback(), ethernet('eth0', 2), dummy('dummy0', 3)] } }),
    ).toEqual(['fail linux/vip-holders']);
  });

  it('the VIP is on an interface that is down', () => {
    const facts = withVip(address('eth1', `${vip}/32`));
    const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3, { flags: 0x1002 })];
    expect(findings({ ...facts, interfaces: { value: links } })).toEqual(['fail linux/vip-holder']);
  });

  it('another address on lo has a short mask', () => {
    const facts = withVip(address('lo', `${vip}/32`), address('lo', '192.0.2.1/24'));
    expect(findings(facts)).toEqual(['fail linux/loopback-prefix-length', 'fail linux/undeclared-vip']);
  });

  it('arp_ignore of the interface is 3', () => {
    const facts = linuxFacts({ sysctls: sysctls({ ...hiding, 'eth0/arp_ignore': 3 }) });
    expect(findings(facts)).toEqual(['fail linux/arp-ignore eth0']);
    expect(findings({ ...withVip(address('lo', `${vip}/32`, { scope: 'host' })), sysctls: facts.sysctls })).toEqual([
      'fail linux/arp-ignore-value eth0',
    ]);
  });

  it('arp_ignore is 8', () => {
    expect(findings(linuxFacts({ sysctls: sysctls({ ...hiding, 'all/arp_ignore': 8 }) }))).toEqual([
      'fail linux/own-address-reply eth0',
    ]);
  });

  it('a packet filter takes every ARP request', () => {
    const nftables = [
      'table arp own {',
      'chain input {',
      'type filter hook input priority filter; policy drop;',
      '}',
      '}',
    ];
    expect(findings(linuxFacts({ nftables: { value: nftables } }))).toEqual(['fail linux/own-address-reply eth0']);
  });

  it('the real address is on lo, where arp_ignore hides it', () => {
    const addresses = [...loopbackAddresses(), address('lo', '10.77.0.11/32'), address('lo', `${vip}/32`)];
    const routes = [
      ...loopbackRoutes(),
      localRoute('10.77.0.11/32', 'lo'),
      localRoute(`${vip}/32`, 'lo'),
      route('10.77.0.0/24', { interface: 'eth0', scope: 'link', source: '10.77.0.11' }),
      route('0.0.0.0/0', { interface: 'eth0', gateway: '10.77.0.1' }),
    ];
    const facts = linuxFacts({ addresses: { value: addresses }, routes: { value: routes } });
    expect(findings(facts)).toContain('fail linux/own-address-reply eth0');
    expect(findings({ ...facts, sysctls: sysctls({}) })).not.toContain('fail linux/own-address-reply eth0');
  });

  it('does not depend on a policy rule that is not understood', () => {
    const odd = { family: 4, priority: 100, text: 'from all goto 200' } as const;
    const policyRules = { value: [...defaultRules(), odd] };
    expect(findings(linuxFacts({ policyRules }))).not.toContain('unknown linux/own-address-reply eth0');
    const silent = linuxFacts({ policyRules, sysctls: sysctls({ ...hiding, 'all/arp_ignore': 8 }) });
    expect(findings(silent)).toContain('fail linux/own-address-reply eth0');
  });

  it('arp_announce is 1, and the VIP is in the subnet of the interface or not', () => {
    const parameters = sysctls({ ...hiding, 'all/arp_announce': 1 });
    expect(findings(linuxFacts({ sysctls: parameters }))).toEqual(['fail linux/arp-announce eth0']);
    const outside = withVip(address('lo', '203.0.113.10/32'));
    const host = backend({ bindings: [binding({ vip: '203.0.113.10' })] });
    expect(findings({ ...outside, sysctls: parameters }, host)).toEqual(['fail linux/arp-announce-subnet eth0']);
  });

  it('only the interface is set, and not all', () => {
    const facts = linuxFacts({ sysctls: sysctls({ 'eth0/arp_ignore': 1, 'eth0/arp_announce': 2 }) });
    expect(findings(facts)).toEqual(['fail linux/arp-all-interfaces']);
  });

  it('an interface away from the segment is not protected', () => {
    const facts = withVip(address('lo', `${vip}/32`), address('eth1', '192.0.2.11/24'));
    const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3)];
    const parameters = sysctls({ 'eth0/arp_ignore': 1, 'eth0/arp_announce': 2 }, ['lo', 'eth0', 'eth1']);
    expect(findings({ ...facts, interfaces: { value: links }, sysctls: parameters })).toEqual([
      'fail linux/arp-announce-elsewhere eth1',
      'fail linux/arp-ignore-elsewhere eth1',
    ]);
  });

  it('the VIP is missing and the host is a proxy for it: two causes', () => {
    const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3)];
    const facts = withVip();
    const routes = 'value' in facts.routes ? [...facts.routes.value, route(`${vip}/32`, { interface: 'eth1' })] : [];
    const parameters = sysctls({ ...hiding, 'eth0/forwarding': 1 }, ['lo', 'eth0', 'eth1']);
    const entry = { neighbours: { value: [proxyNeighbour(vip, 'eth0')] } };
    expect(
      findings({ ...facts, ...entry, interfaces: { value: links }, routes: { value: routes }, sysctls: parameters }),
    ).toEqual(['fail linux/vip-present', 'fail linux/vip-proxy']);
  });

  it('proxy_arp is on, and the VIP is local', () => {
    const parameters = sysctls({ ...hiding, 'eth0/forwarding': 1, 'all/proxy_arp': 1 });
    expect(findings(linuxFacts({ sysctls: parameters }))).toEqual(['fail linux/proxy-arp eth0']);
  });

  it('the interface has no address and borrows the VIP', () => {
    const facts = linuxFacts({
      addresses: { value: [...loopbackAddresses(), address('lo', `${vip}/32`)] },
      routes: {
        value: [...loopbackRoutes(), localRoute(`${vip}/32`, 'lo'), route('0.0.0.0/0', { interface: 'eth0' })],
      },
    });
    expect(findings(facts)).toEqual(['fail linux/request-source']);
    expect(findings(facts, backend(), ['informational'])).toContain('informational linux/unnumbered-links');
  });

  it('the network interface has NOARP', () => {
    const facts = linuxFacts({ interfaces: { value: [loopback(), ethernet('eth0', 2, { flags: 0x1083 })] } });
    expect(findings(facts)).toEqual(['fail linux/ingress-arp']);
    const unnumbered = [...loopbackAddresses(), address('lo', '10.77.0.11/32'), address('lo', `${vip}/32`)];
    expect(findings({ ...facts, addresses: { value: unnumbered } })).toContain('fail linux/ingress-arp');
  });

  it('arp_ignore is 2 and the gateway in another subnet', () => {
    const parameters = sysctls({ ...hiding, 'all/arp_ignore': 2 });
    expect(findings(linuxFacts({ sysctls: parameters }))).toEqual([]);
    const far = backend({ bindings: [binding({ loadBalancer: { name: 'aloha', addresses: ['192.0.2.5'] } })] });
    const base = withVip(address('lo', `${vip}/32`));
    const routes =
      'value' in base.routes ? [...base.routes.value, route('192.0.2.5/32', { interface: 'eth0', scope: 'link' })] : [];
    expect(findings({ ...base, sysctls: parameters, routes: { value: routes } }, far)).toEqual([
      'fail linux/arp-ignore-subnet eth0',
    ]);
  });
});

describe('routing', () => {
  const routesOf = (facts: LinuxFacts): readonly ReturnType<typeof route>[] =>
    'value' in facts.routes ? facts.routes.value : [];

  it('the default gateway is the balancer', () => {
    const facts = linuxFacts();
    const routes = routesOf(facts).map((each) => (each.gateway === null ? each : { ...each, gateway: '10.77.0.5' }));
    expect(findings({ ...facts, routes: { value: routes } }, asked)).toEqual(['fail linux/return-gateway']);
    const reported = lookup('198.51.100.20', { from: vip, gateway: '10.77.0.5' });
    expect(findings({ ...facts, routeLookups: { value: [reported] } }, asked)).toEqual(['fail linux/return-gateway']);
  });

  it('the default gateway is a VIP, with no balancer in the inventory', () => {
    const facts = linuxFacts();
    const routes = routesOf(facts).map((each) => (each.gateway === null ? each : { ...each, gateway: vip }));
    expect(findings({ ...facts, routes: { value: routes } })).toContain('fail linux/return-gateway');
  });

  it('no route leads to the client', () => {
    const facts = linuxFacts();
    const routes = routesOf(facts).filter(({ gateway }) => gateway === null);
    expect(findings({ ...facts, routes: { value: routes } }, asked)).toEqual(['fail linux/return-path']);
  });

  it('the balancer is behind a router', () => {
    const far = backend({ bindings: [binding({ loadBalancer: { name: 'aloha', addresses: ['192.0.2.5'] } })] });
    expect(findings(linuxFacts(), far)).toEqual(['fail linux/same-segment']);
  });

  it('rp_filter is strict and replies leave by another interface', () => {
    const base = withVip(address('lo', `${vip}/32`), address('eth1', '192.0.2.11/24'));
    const links = [loopback(), ethernet('eth0', 2), ethernet('eth1', 3)];
    const routes = routesOf(base).map((each) =>
      each.gateway === null ? each : { ...each, interface: 'eth1', gateway: '192.0.2.1' },
    );
    const host = (strict: number): LinuxFacts => ({
      ...base,
      interfaces: { value: links },
      routes: { value: routes },
      sysctls: sysctls({ ...hiding, 'all/rp_filter': 1, 'eth0/rp_filter': strict }, ['lo', 'eth0', 'eth1']),
    });
    expect([findings(host(1), asked), findings(host(2), asked)]).toEqual([['fail linux/reverse-path'], []]);
  });

  it('a policy rule covers the host and not the VIP', () => {
    const facts = linuxFacts();
    const rules = [...defaultRules(), { family: 4 as const, priority: 100, text: 'from 10.77.0.11 lookup 100' }];
    const routes = [
      ...routesOf(facts),
      route('0.0.0.0/0', { table: '100', interface: 'eth0', gateway: '10.77.0.254' }),
    ];
    expect(findings({ ...facts, policyRules: { value: rules }, routes: { value: routes } }, asked)).toEqual([
      'fail linux/source-routing',
    ]);
  });

  it('the balancer is an address of the host', () => {
    const facts = withVip(address('lo', `${vip}/32`), address('eth0', '10.77.0.5/24'));
    expect(findings(facts, asked)).toEqual(['fail linux/local-peers']);
  });

  it('a default route leads into a dummy', () => {
    const facts = withVip(address('lo', `${vip}/32`));
    const links: NetworkInterface[] = [loopback(), ethernet('eth0', 2), dummy('dummy0', 3)];
    const routes = [...routesOf(facts), route('0.0.0.0/0', { interface: 'dummy0', metric: 100 })];
    expect(findings({ ...facts, interfaces: { value: links }, routes: { value: routes } })).toEqual([
      'fail linux/holder-routes',
    ]);
  });
});

describe('methods', () => {
  const method = (name: 'arptables' | 'redirect' | 'tunnel' | 'anyip'): Backend =>
    backend({ bindings: [binding({ method: name })] });
  const off = { sysctls: sysctls() };

  it('arptables: both rules, one of them, none, and not readable', () => {
    const saved = (...lines: string[]): Partial<LinuxFacts> => ({
      ...off,
      arptables: { value: ['*filter', ':INPUT ACCEPT', ':OUTPUT ACCEPT', ...lines] },
    });
    const drop = `-A INPUT -j DROP -d ${vip}`;
    const mangle = `-A OUTPUT -j mangle -s ${vip} --mangle-ip-s 10.77.0.11`;
    const gone = { missing: 'arptables-save needs root' };
    expect([
      findings(linuxFacts(saved(drop, mangle)), method('arptables')),
      findings(linuxFacts(saved(drop)), method('arptables')),
      findings(linuxFacts(saved()), method('arptables')),
      findings(linuxFacts({ ...off, arptables: gone, nftables: gone }), method('arptables')),
    ]).toEqual([
      [],
      ['fail linux/arp-packet-filter'],
      ['fail linux/arp-packet-filter'],
      ['unknown linux/arp-packet-filter'],
    ]);
  });

  it('redirect: the rule and no address, an address, no rule, and not readable', () => {
    const iptables = { value: [`-A PREROUTING -d ${vip}/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 80`] };
    expect([
      findings({ ...withVip(), ...off, iptables }, method('redirect')),
      findings({ ...withVip(address('lo', `${vip}/32`)), ...off, iptables }, method('redirect')),
      findings({ ...withVip(), ...off }, method('redirect')),
      findings({ ...withVip(), ...off, iptables: { missing: 'needs root' } }, method('redirect')),
    ]).toEqual([[], ['fail linux/redirect-vip'], ['fail linux/vip-present'], ['unknown linux/vip-present']]);
  });

  it('tunnel: a VIP away from the segment is no danger, the tunnel needs an address', () => {
    const host = backend({ bindings: [binding({ vip: '203.0.113.10', method: 'tunnel' })] });
    const tunnel = ethernet('tunl0', 3, { flags: 0xc1, type: 768, kind: 'ipip' });
    const facts = (...held: Address[]): LinuxFacts => ({
      ...withVip(address('lo', '203.0.113.10/32'), ...held),
      interfaces: { value: [loopback(), ethernet('eth0', 2), tunnel] },
      sysctls: sysctls({}, ['lo', 'eth0', 'tunl0']),
    });
    expect(findings(facts(address('tunl0', '192.0.2.77/32')), host)).toEqual(['fail linux/tunnel-silence']);
    expect(findings(facts(), host)).toContain('fail linux/tunnel-interface');
  });

  it('anyip: a route for more than the VIP', () => {
    const base = withVip();
    const routes = 'value' in base.routes ? [...base.routes.value, localRoute('10.77.0.96/28', 'lo')] : [];
    expect(findings({ ...base, routes: { value: routes } }, method('anyip'))).toEqual(['fail linux/vip-prefix-length']);
    expect(findings({ ...base, routes: { value: routes } })).toEqual([
      'fail linux/loopback-prefix-length',
      'fail linux/vip-present',
    ]);
  });
});

describe('IPv6', () => {
  const host = backend({ bindings: [binding({ vip: '2001:db8::100' })] });
  const on = (device: string, text: string, changes: Partial<Address> = {}): LinuxFacts => ({
    ...withVip(address(device, text, changes)),
    sysctls: sysctls(),
  });

  it('needs no ARP parameter', () => {
    expect(findings(on('lo', '2001:db8::100/128'), host)).toEqual([]);
  });

  it('on the network interface, with a short prefix, missing, switched off', () => {
    expect([
      findings(on('eth0', '2001:db8::100/64'), host),
      findings(on('lo', '2001:db8::100/64'), host),
      findings({ ...withVip(), sysctls: sysctls() }, host),
      findings({ ...withVip(), sysctls: sysctls({ 'net/ipv6/conf/lo/disable_ipv6': 1 }) }, host),
    ]).toEqual([
      ['fail linux/vip-placement'],
      ['fail linux/vip6-prefix-length'],
      ['fail linux/vip-present'],
      ['fail linux/ipv6-enabled'],
    ]);
  });
});

describe('services', () => {
  const serving = (protocol: 'tcp' | 'udp', ...sockets: ReturnType<typeof listener>[]): readonly string[] => {
    const host = backend({ bindings: [binding({ ports: [{ number: 80, protocol }] })] });
    return findings(linuxFacts({ listeners: { value: sockets } }), host);
  };

  it.each([
    ['every address', [listener('0.0.0.0', 80)], []],
    ['dual-stack', [listener('*', 80)], []],
    ['[::] that takes IPv4', [listener('::', 80, { onlyIpv6: false })], []],
    ['[::] that does not', [listener('::', 80, { onlyIpv6: true })], ['fail linux/listener']],
    ['[::] of an old ss', [listener('::', 80)], ['unknown linux/health-check-listener', 'unknown linux/listener']],
    ['the VIP and the own address', [listener(vip, 80), listener('10.77.0.11', 80)], []],
    ['the VIP only', [listener(vip, 80)], ['fail linux/health-check-listener']],
    ['the own address only', [listener('10.77.0.11', 80)], ['fail linux/listener']],
    ['another port', [listener('0.0.0.0', 81)], ['fail linux/listener']],
    ['another protocol', [listener('0.0.0.0', 80, { protocol: 'udp' })], ['fail linux/listener']],
    ['lo, by SO_BINDTODEVICE', [listener('0.0.0.0', 80, { interface: 'lo' })], ['fail linux/listener']],
    ['eth0, by SO_BINDTODEVICE', [listener('0.0.0.0', 80, { interface: 'eth0' })], []],
  ])('bound to %s', (_name, sockets, expected) => {
    expect(serving('tcp', ...sockets)).toEqual(expected);
  });

  it('of UDP bound to every address may answer from the wrong one', () => {
    const udp = { protocol: 'udp' } as const;
    expect(serving('udp', listener('0.0.0.0', 80, udp))).toEqual(['fail linux/udp-source']);
    expect(serving('udp', listener(vip, 80, udp), listener('10.77.0.11', 80, udp))).toEqual([]);
  });

  it('behind a firewall that drops', () => {
    const host = backend({ bindings: [binding({ ports: [{ number: 80, protocol: 'tcp' }] })] });
    const iptables = {
      value: ['*filter', ':INPUT DROP [0:0]', '-A INPUT -d 10.77.0.11/32 -p tcp -m tcp --dport 80 -j ACCEPT'],
    };
    expect(findings(linuxFacts({ iptables }), host)).toEqual(['fail linux/vip-firewall']);
    expect(
      findings(
        linuxFacts({ iptables: { missing: 'no' }, nftables: { missing: 'no' }, arptables: { missing: 'no' } }),
        host,
      ),
    ).toEqual([]);
  });
});

describe('roles and places', () => {
  it('an active local-node may hold the VIP on its interface', () => {
    expect(findings(withVip(address('eth0', `${vip}/32`)), backend({ role: 'local-node' }))).toEqual([]);
  });

  it('a backend that balances is told', () => {
    const facts = linuxFacts({
      virtualServers: { value: ['IP Virtual Server version 1.2.1', 'TCP  0A4D0064:0050 rr'] },
    });
    expect([findings(facts), findings(facts, backend({ role: 'local-node' }))]).toEqual([['fail linux/director'], []]);
  });

  it('an address that nobody knows is told', () => {
    expect(findings(withVip(address('lo', `${vip}/32`), address('lo', '10.77.0.101/32')))).toEqual([
      'fail linux/undeclared-vip',
    ]);
  });

  it('a namespace of its own is information, and no question without root', () => {
    const other = linuxFacts({ namespaces: { value: { own: 'net:[1]', init: 'net:[2]' } } });
    const hidden = linuxFacts({ namespaces: { value: { own: 'net:[1]', init: null } } });
    expect(findings(other, backend(), ['informational'])).toContain('informational linux/network-namespace');
    expect(findings(hidden)).toEqual([]);
  });

  it('an interface that the inventory names and the host lacks is an error, where it would be judged', () => {
    const result = findings(linuxFacts(), backend({ ingressInterfaces: ['eth7'] }));
    expect(result).toContain('error linux/arp-ignore eth7');
    expect(result).toContain('error linux/arp-announce eth7');
    expect(result.filter((each) => !each.endsWith('eth7'))).toEqual([]);
  });
});

describe('what could not be collected', () => {
  const gone = { missing: 'not collected' };
  it.each([
    ['addresses', ['linux/vip-present', 'linux/vip-placement', 'linux/vip-prefix-length']],
    ['interfaces', ['linux/arp-ignore', 'linux/arp-announce', 'linux/vip-placement']],
    ['sysctls', ['linux/arp-ignore', 'linux/arp-announce']],
    ['routes', ['linux/return-path', 'linux/arp-ignore']],
    ['listeners', ['linux/listener']],
  ] as const)('%s: an error, and never a pass', (part, expected) => {
    const result = findings(linuxFacts({ [part]: gone }), asked);
    for (const rule of expected) expect(result.some((each) => each.startsWith(`error ${rule}`))).toBe(true);
    expect(result.filter((each) => each.startsWith('fail'))).toEqual([]);
  });
});
