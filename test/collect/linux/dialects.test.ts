// What versions of the tools print that the captures do not have. These lines are hand-made after the tools' sources:
// ip/ipaddress.c, ip/iproute.c, ip/ipneigh.c and misc/ss.c of iproute2, networking/libiproute of busybox, net-tools.
import { describe, expect, it } from 'vitest';
import { parseProbe } from '../../../src/collect/linux/parse.ts';
import type { LinuxFacts } from '../../../src/contracts/snapshot.ts';
import { capture, parameters } from './support/throw-away-host.ts';

/** The facts of a capture of which some sections say something else: their lines, and their status where it is not 0. */
function factsWith(name: string, sections: Readonly<Record<string, readonly string[]>>, status = 0): LinuxFacts {
  let raw = capture(name);
  for (const [section, lines] of Object.entries(sections)) {
    const pattern = new RegExp(`(@@capture0 begin ${section} .*\n)[^]*?(@@capture0 end ${section} )\\d+`);
    if (!pattern.test(raw)) throw new Error(`no section ${section}`);
    raw = raw.replace(pattern, (_all, begin: string, end: string) =>
      [begin, ...lines.map((line) => `${line}\n`), end, status].join(''),
    );
  }
  const result = parseProbe(raw, parameters.nonce, parameters.vips);
  if (!('linux' in result)) throw new Error(JSON.stringify(result));
  return result.linux;
}

function value<T>(fact: { readonly value: T } | { readonly missing: string }): T {
  if ('missing' in fact) throw new Error(fact.missing);
  return fact.value;
}

function lineOf(name: string, section: string, start: string): string {
  const text = new RegExp(`@@capture0 begin ${section} .*\n([^]*?)@@`).exec(capture(name))?.[1] ?? '';
  const line = text.split('\n').find((candidate) => candidate.startsWith(start));
  if (line === undefined) throw new Error(`no line ${start}`);
  return line;
}

describe('ip addr', () => {
  const inet6 = ['1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever'];
  const proc = { inet6: ['/proc/net/if_inet6:00000000000000000000000000000001 01 80 10 80       lo'] };
  const address = (line: string) =>
    value(factsWith('compliant', { ...proc, addresses: [...inet6, line] }).addresses).at(-1);

  it.each([
    [
      'without lifetimes, RHEL 5',
      '2: eth0    inet 10.77.0.11/24 brd 10.77.0.255 scope global eth0',
      { ip: '10.77.0.11', prefixLength: 24, label: 'eth0', flags: [], validLifetime: null },
    ],
    [
      'with metric, protocol and flags',
      '2: eth0    inet 10.77.0.11/24 metric 100 brd 10.77.0.255 scope global secondary dynamic noprefixroute proto kernel_lo eth0\\       valid_lft 86000sec preferred_lft 0sec',
      { flags: ['secondary', 'dynamic', 'noprefixroute'], label: 'eth0', validLifetime: 86000, preferredLifetime: 0 },
    ],
    [
      'with flags in hexadecimal, busybox',
      '2: eth0    inet 10.77.0.11/24 scope global flags 0221 eth0:1\\       valid_lft forever preferred_lft forever',
      { flags: ['secondary', 'deprecated', 'noprefixroute'], label: 'eth0:1' },
    ],
    [
      'with a peer',
      '2: eth0    inet 10.77.2.1 peer 10.77.2.2/32 scope link eth0\\       valid_lft forever preferred_lft forever',
      { ip: '10.77.2.1', peer: '10.77.2.2', prefixLength: 32, scope: 'link' },
    ],
    [
      'with a label that has a space, a backslash and the name of a flag',
      '2: eth0    inet 10.77.2.1/32 scope 42 eth0 dynamic\\ x\\       valid_lft forever preferred_lft forever',
      { scope: '42', label: 'eth0 dynamic\\ x', flags: [] },
    ],
  ])('%s', (_name, line, expected) => {
    expect(address(line)).toMatchObject({ interface: 'eth0', family: 4, ...expected });
  });

  it('with the interfaces between the addresses, iproute2 of RHEL 6', () => {
    const link =
      '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP qlen 1000\\    link/ether 02:00:0a:4d:00:0b brd ff:ff:ff:ff:ff:ff';
    const facts = factsWith('compliant', { ...proc, addresses: [link, ...inet6] });
    expect(value(facts.addresses)).toHaveLength(1);
  });

  it.each([
    [
      'an unknown word',
      '2: eth0    inet 10.77.0.11/24 scope global novel eth0\\       valid_lft forever preferred_lft forever',
    ],
    ['no address', '2: eth0    inet 10.77.0.300/24 scope global eth0\\       valid_lft forever preferred_lft forever'],
    ['a length beyond the family', '2: eth0    inet 10.77.0.11/33 scope global eth0'],
    ['a family that is not the address’s', '2: eth0    inet ::1/24 scope global eth0'],
    ['a lifetime that is cut', '2: eth0    inet 10.77.0.11/24 scope global eth0\\       valid_lft'],
    ['an interface of another name', '2: eth1    inet 10.77.0.11/24 scope global eth1'],
    ['an index that sysfs does not have', '7: eth0    inet 10.77.0.11/24 scope global eth0'],
  ])('%s makes the addresses missing', (_name, line) => {
    expect(factsWith('compliant', { ...proc, addresses: [...inet6, line] }).addresses).toHaveProperty('missing');
  });

  it('that contradicts /proc/net/if_inet6 makes the addresses missing', () => {
    const facts = factsWith('compliant', { inet6: [], addresses: inet6 });
    expect(facts.addresses).toStrictEqual({ missing: 'ip addr and /proc/net/if_inet6 show different IPv6 addresses' });
  });

  it('that shows an address twice makes the addresses missing, not the last one win', () => {
    const line = lineOf('compliant', 'addresses', '2: eth0');
    const facts = factsWith('compliant', { ...proc, addresses: [...inet6, line, line.replace('global', 'host')] });
    expect(facts.addresses).toStrictEqual({ missing: 'ip addr shows 10.77.0.11/24 of "eth0" twice' });
  });
});

describe('ip link', () => {
  it('that contradicts sysfs makes the interfaces missing', () => {
    const lines = ['1: lo: \\link/loopback', '2: eth1@if2: \\link/ether \\veth', 'status 0'];
    expect(factsWith('compliant', { kinds: lines }).interfaces).toHaveProperty(
      'missing',
      'sysfs and ip link contradict each other about the interface 2',
    );
    expect(factsWith('compliant', { kinds: ['1: lo: \\link/loopback', 'status 0'] }).interfaces).toHaveProperty(
      'missing',
      'sysfs shows 2 interfaces and ip link 1',
    );
  });

  it('names the kind, not the part that an interface plays or what is attached to it', () => {
    const lines = [
      '1: lo: \\link/loopback \\prog/xdp \\alias',
      '2: eth0@if2: \\link/ether \\bond_slave \\altname',
      'status 0',
    ];
    expect(value(factsWith('compliant', { kinds: lines }).interfaces).map(({ kind }) => kind)).toStrictEqual([
      null,
      null,
    ]);
  });

  it('is needed to tell a VRF from a bridge', () => {
    const interfaces = ['lo', 'eth0', 'red'].flatMap((name, position) => [
      `./${name}/ifindex:${position + 1}`,
      `./${name}/flags:0x1003`,
      `./${name}/type:1`,
      `./${name}/iflink:${position + 1}`,
      `./${name}/operstate:up`,
      `./${name}/address:02:00:00:00:00:0${position}`,
    ]);
    const facts = factsWith('alpine-like', { interfaces: [...interfaces, './eth0/master/ifindex:3'] });
    expect(facts.interfaces).toHaveProperty(
      'missing',
      '"red" has other interfaces below it, and its kind cannot be told without iproute2',
    );
    const bridge = factsWith('alpine-like', {
      interfaces: [...interfaces, './eth0/brport/bridge/ifindex:3', './red/uevent:DEVTYPE=bridge'],
    });
    expect(value(bridge.interfaces)[1]).toMatchObject({ name: 'eth0', master: 'red', bridgePort: true });
  });
});

describe('sysctls', () => {
  it.each([
    ['that come twice', './all/arp_ignore:1', './all/arp_ignore:0'],
    ['with another form', './all/arp_ignore=1', './lo/arp_ignore:0'],
    ['of no interface', './/arp_ignore:1', './lo/arp_ignore:0'],
  ])('%s are missing', (_name, ...lines) => {
    expect(factsWith('compliant', { ipv4: lines }).sysctls).toHaveProperty('missing');
  });

  it('that the kernel does not show at all are missing', () => {
    expect(factsWith('compliant', { ipv4: [] }).sysctls).toStrictEqual({
      missing: '/proc/sys/net/ipv4/conf shows nothing',
    });
  });
});

function route(line: string): unknown {
  return value(factsWith('compliant', { routes4: [line], routes6: [] }).routes);
}

describe('ip route', () => {
  it.each([
    ['default via 10.77.0.1 dev eth0 proto dhcp src 10.77.0.11 metric 100 ', { gateway: '10.77.0.1', metric: 100 }],
    ['default via inet6 fe80::1 dev eth0 onlink ', { gateway: 'fe80::1' }],
    ['10.0.0.0/8 dev eth0  scope link  metric -1 ', { destination: '10.0.0.0/8', metric: 4294967295 }],
    ['unreachable 10.9.0.0/16 dev lo table 7 metric 4294967295 error -101', { type: 'unreachable', table: '7' }],
    [
      '10.9.0.0/16 nhid 12 via 10.77.0.2 dev eth0 mtu lock 1400 advmss 1360 rto_min 200ms features ecn ',
      { gateway: '10.77.0.2' },
    ],
    ['192.0.2.0/24 dev via proto static linkdown ', { interface: 'via' }],
    ['local 10.77.0.100 dev lo table local proto kernel scope host src 10.77.0.100 ', { type: 'local', scope: 'host' }],
  ])('%s', (line, expected) => {
    expect(route(line)).toMatchObject([expected]);
  });

  it.each([
    ['an unknown word', '10.0.0.0/8 encap mpls 100 via inet 10.77.0.1 dev eth0 '],
    ['a multipath route whose next hops are not shown, busybox', '10.0.0.0/8 '],
    ['two gateways', 'default via 10.77.0.1 via 10.77.0.2 dev eth0 '],
    ['a destination of the other family', '2001:db8::/32 dev eth0 '],
    ['a word without its value', 'default via 10.77.0.1 dev'],
  ])('%s makes the routes missing', (_name, line) => {
    expect(factsWith('compliant', { routes4: [line] }).routes).toHaveProperty('missing');
  });

  it('that fails makes the routes missing', () => {
    expect(factsWith('compliant', { routes4: [] }, 2).routes).toStrictEqual({
      missing: 'the command of the section "routes4" failed with exit status 2',
    });
  });
});

describe('ip rule', () => {
  it('keeps the text', () => {
    const rules4 = ['0:\tfrom all lookup local ', '100:\tnot from 10.0.0.0/8 fwmark 0x1 lookup vips'];
    expect(value(factsWith('compliant', { rules4, rules6: [] }).policyRules)).toStrictEqual([
      { family: 4, priority: 0, text: 'from all lookup local' },
      { family: 4, priority: 100, text: 'not from 10.0.0.0/8 fwmark 0x1 lookup vips' },
    ]);
  });
});

function lookups(...lines: readonly string[]): LinuxFacts['routeLookups'] {
  return factsWith('compliant', { lookups: lines }).routeLookups;
}

describe('ip route get', () => {
  it('says why there is no route', () => {
    expect(
      value(lookups('lookup 198.51.100.20 10.77.0.100', 'RTNETLINK answers: Invalid argument', 'status 2')),
    ).toStrictEqual([
      {
        destination: '198.51.100.20',
        from: '10.77.0.100',
        type: null,
        interface: null,
        gateway: null,
        source: null,
        error: 'RTNETLINK answers: Invalid argument',
      },
    ]);
    expect(value(lookups('lookup 198.51.100.20 any', 'status 1'))).toMatchObject([
      { error: 'ip route get ended with exit status 1' },
    ]);
  });

  it.each([
    ['about another address', 'lookup 198.51.100.20 any', '198.51.100.21 dev eth0 src 10.77.0.11', 'status 0'],
    ['of two lines', 'lookup 198.51.100.20 any', '198.51.100.20 dev eth0', '198.51.100.20 dev eth1', 'status 0'],
    ['without an end', 'lookup 198.51.100.20 any', '198.51.100.20 dev eth0'],
    ['without a question', '198.51.100.20 dev eth0', 'status 0'],
  ])('an answer %s makes the look-ups missing', (_name, ...lines) => {
    expect(lookups(...lines)).toHaveProperty('missing');
  });
});

describe('ip neigh', () => {
  it('in its versions', () => {
    const neighbours = [
      '10.77.0.1 dev eth0 lladdr 02:00:00:00:00:01 ref 1 used 0/0/0 probes 4 REACHABLE',
      'fe80::1 dev eth0 lladdr 02:00:00:00:00:01 router extern_learn proto zebra STALE ',
      '10.77.0.9 dev eth0  INCOMPLETE',
      '10.77.0.8 dev ib0 lladdr 80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:00:00:01 PERMANENT,NOARP',
    ];
    expect(value(factsWith('compliant', { neighbours }).neighbours)).toMatchObject([
      { hardwareAddress: '02:00:00:00:00:01', state: 'REACHABLE', proxy: false },
      { ip: 'fe80::1', state: 'STALE' },
      { hardwareAddress: null, state: 'INCOMPLETE' },
      { interface: 'ib0', state: 'PERMANENT,NOARP' },
    ]);
  });

  it.each([
    '10.77.0.1 dev',
    '10.77.0.1 lladdr 02:00:00:00:00:01 STALE',
    'web01 dev eth0 STALE',
    '10.77.0.1 dev eth0 novel',
  ])('%s makes the neighbours missing', (line) => {
    expect(factsWith('compliant', { neighbours: [line] }).neighbours).toHaveProperty('missing');
  });
});

describe('ss', () => {
  const header = 'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess';
  const listeners = (four: readonly string[], six: readonly string[]) =>
    factsWith('compliant', { listeners4: [header, ...four], listeners6: [header, ...six] }).listeners;

  it('of today: * is the dual-stack wildcard', () => {
    const four = [
      'udp   UNCONN 0      0      127.0.0.53%lo:53       0.0.0.0:*          ',
      'tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=1,fd=6))',
    ];
    const six = [
      'tcp LISTEN 0 511 *:443 *:*',
      'tcp LISTEN 0 511 [::]:8443 [::]:*',
      'udp UNCONN 0 0 [fe80::1]%eth0:546 [::]:*',
    ];
    expect(value(listeners(four, six))).toStrictEqual([
      { protocol: 'udp', port: 53, ip: '127.0.0.53', interface: 'lo', onlyIpv6: null },
      { protocol: 'tcp', port: 80, ip: '0.0.0.0', interface: null, onlyIpv6: null },
      { protocol: 'tcp', port: 443, ip: '*', interface: null, onlyIpv6: false },
      { protocol: 'udp', port: 546, ip: 'fe80::1', interface: 'eth0', onlyIpv6: null },
      { protocol: 'tcp', port: 8443, ip: '::', interface: null, onlyIpv6: true },
    ]);
  });

  it('of RHEL 7: * is 0.0.0.0, and ::: does not tell', () => {
    const four = ['tcp    LISTEN     0      128       *:22                    *:*'];
    const six = [
      'tcp    LISTEN     0      128      :::22                   :::*',
      'tcp    LISTEN     0      100     ::1:25                   :::*',
    ];
    expect(value(listeners(four, six))).toStrictEqual([
      { protocol: 'tcp', port: 22, ip: '0.0.0.0', interface: null, onlyIpv6: null },
      { protocol: 'tcp', port: 22, ip: '::', interface: null, onlyIpv6: null },
      { protocol: 'tcp', port: 25, ip: '::1', interface: null, onlyIpv6: null },
    ]);
  });

  it.each([
    'tcp LISTEN 0 128 [::]:80 [::]:*',
    'tcp ESTAB 0 0 10.0.0.1:80 10.0.0.2:4711',
    'tcp LISTEN 0 128 0.0.0.0:70000 0.0.0.0:*',
    'tcp LISTEN 0 128 0.0.0.0:http 0.0.0.0:*',
  ])('%s among the IPv4 sockets makes the listeners missing', (line) => {
    expect(listeners([line], [])).toHaveProperty('missing');
  });
});

describe('/proc/net', () => {
  const tail = '00000000:00000000 00:00000000 00000000     0        0 1547 1 0000000055984fca 100 0 0 10 0';
  const sockets = [
    `/proc/net/tcp:   0: 64004D0A:1F90 00000000:0000 0A ${tail}`,
    `/proc/net/tcp6:   0: B80D0120000077000000000000010000:01BB 00000000000000000000000000000000:0000 0A ${tail}`,
    `/proc/net/udp:  12: 00000000:0035 00000000:0000 07 ${tail}`,
    `/proc/net/tcp:   1: 0100007F:0050 00000000:0000 07 ${tail}`,
  ];

  it('sockets in the byte order of the machine', () => {
    expect(
      value(factsWith('without-iproute2', { sockets }).listeners).map(
        ({ protocol, ip, port }) => `${protocol} ${ip} ${port}`,
      ),
    ).toStrictEqual(['udp 0.0.0.0 53', 'tcp 2001:db8:77::100 443', 'tcp 10.77.0.100 8080']);
    const host =
      /@@capture0 begin host all\n([^]*?)@@/.exec(capture('without-iproute2'))?.[1]?.trimEnd().split('\n') ?? [];
    const on = (machine: string) =>
      factsWith('without-iproute2', {
        sockets: [sockets[0] ?? ''],
        host: host.map((line) => line.replace('machine x86_64', `machine ${machine}`)),
      });
    expect(value(on('s390x').listeners)).toMatchObject([{ ip: '100.0.77.10' }]);
    // mips is the name of either.
    expect(on('mips').listeners).toStrictEqual({ missing: 'the byte order of this machine is not known' });
    expect(on('mips').routes).toStrictEqual({ missing: 'the byte order of this machine is not known' });
  });

  it('routes of a table that shows no gateway make the routes missing', () => {
    const trie = [
      'Id 100:',
      '     |-- 0.0.0.0',
      '        /0 universe UNICAST',
      'Main:',
      '     |-- 10.77.0.0',
      '        /24 link UNICAST',
    ];
    expect(factsWith('without-iproute2', { trie }).routes).toStrictEqual({
      missing: 'the routing table 100 cannot be read: ip is not installed',
    });
  });

  it('proxy entries of a host without ip and IPv6', () => {
    const host =
      /@@capture0 begin host all\n([^]*?)@@/.exec(capture('without-iproute2'))?.[1]?.trimEnd().split('\n') ?? [];
    const arp = [
      'IP address       HW type     Flags       HW address            Mask     Device',
      '10.77.0.1        0x1         0x2         02:00:00:00:00:01     *        eth0',
      '10.77.0.200      0x1         0xc         00:00:00:00:00:00     *        eth0',
      '10.77.0.9        0x1         0x0         00:00:00:00:00:00     *        eth0',
    ];
    const facts = factsWith('without-iproute2', { arp, host: host.map((line) => line.replace('ipv6 yes', 'ipv6 no')) });
    expect(value(facts.neighbours)).toMatchObject([
      { ip: '10.77.0.1', state: 'REACHABLE', proxy: false },
      { ip: '10.77.0.200', state: null, proxy: true, hardwareAddress: null },
      { ip: '10.77.0.9', state: 'INCOMPLETE' },
    ]);
  });
});

describe('ifconfig', () => {
  const busybox = [
    'eth0      Link encap:Ethernet  HWaddr 02:00:0A:4D:00:0B  ',
    '          inet addr:10.77.0.11  Bcast:10.77.0.255  Mask:255.255.255.0',
    '          inet6 addr: fe80::aff:fe4d:b/64 Scope:Link',
    '          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1',
    '',
    'lo        Link encap:Local Loopback  ',
    '          inet addr:127.0.0.1  Mask:255.0.0.0',
    '',
    'lo:0      Link encap:Local Loopback  ',
    '          inet addr:10.77.0.100  Mask:255.255.255.255',
  ];

  it('of busybox and of old net-tools', () => {
    expect(
      value(factsWith('without-iproute2', { ifconfig: busybox }).addresses).filter(({ family }) => family === 4),
    ).toMatchObject([
      { interface: 'eth0', label: 'eth0', ip: '10.77.0.11', prefixLength: 24, scope: null, lifetimesKnown: false },
      { interface: 'lo', label: 'lo', ip: '127.0.0.1', prefixLength: 8 },
      { interface: 'lo', label: 'lo:0', ip: '10.77.0.100', prefixLength: 32 },
    ]);
  });

  it('does not show an address without a label, which the routing table betrays', () => {
    expect(factsWith('without-iproute2', { ifconfig: busybox.slice(0, -2) }).addresses).toStrictEqual({
      missing:
        '10.77.0.100 is local to the host, but ifconfig does not show on which interface, and ip is not installed',
    });
  });

  it('with a name that it cut makes the addresses missing', () => {
    const cut = busybox.map((line) => line.replace('eth0 ', 'enp0s31f6'));
    expect(factsWith('without-iproute2', { ifconfig: cut }).addresses).toHaveProperty('missing');
  });
});

describe('release files', () => {
  it.each([
    ['/etc/redhat-release:CentOS release 6.10 (Final)', { id: 'centos', versionId: '6.10', idLike: 'rhel fedora' }],
    ['/etc/redhat-release:Red Hat Enterprise Linux Server release 5.11 (Tikanga)', { id: 'rhel', versionId: '5.11' }],
    ['/etc/SuSE-release:SUSE Linux Enterprise Server 11 (x86_64)', { id: 'sles', versionId: '11' }],
    ['/etc/debian_version:6.0.10', { id: 'debian', versionId: '6.0.10' }],
    ['PRETTY_NAME="a \\"b\\" \\$c"', { id: 'linux', prettyName: 'a "b" $c' }],
  ])('%s', (line, expected) => {
    expect(value(factsWith('compliant', { release: [line] }, 2).osRelease)).toMatchObject(expected);
  });

  it('that say a thing twice are missing', () => {
    expect(factsWith('compliant', { release: ['ID=debian', 'ID=alpine'] }).osRelease).toStrictEqual({
      missing: 'os-release has ID more than once',
    });
  });
});

function files(...lines: readonly string[]): LinuxFacts['sysctlFiles'] {
  return factsWith('compliant', { 'sysctl-files': lines }).sysctlFiles;
}

describe('files', () => {
  it('of every kind', () => {
    expect(
      value(
        files(
          'is 81a4 10 1700000000 /etc/sysctl.conf',
          'is 41ed 4096 1700000000 /etc/sysctl.d/folder',
          'is 8180 5 1700000000 /etc/sysctl.d/secret.conf',
          'link /etc/sysctl.d/gone.conf',
          'to /nowhere',
          'unreadable /etc/sysctl.d/secret.conf',
          'status 0',
          'open lines /etc/sysctl.conf',
          'in /etc/sysctl.conf',
          '3|net.ipv4.ip_forward=1',
          'status 0',
        ),
      ),
    ).toMatchObject([
      { path: '/etc/sysctl.conf', kind: 'file', executable: false, lines: { value: [{ number: 3 }] }, whole: false },
      { kind: 'directory', lines: { value: [] } },
      { kind: 'file', lines: { missing: 'the probe’s user may not read it' } },
      { kind: 'link', target: '/nowhere', size: null, lines: { missing: 'the link leads to nothing' } },
    ]);
  });

  it.each([
    ['described twice', 'is 81a4 10 1 /a', 'is 81a4 11 1 /a'],
    ['shown twice', 'open lines /a', 'open lines /a'],
    ['not opened', 'in /a', '1|x'],
    ['with lines out of order', 'open lines /a', 'in /a', '2|x', '1|y'],
    ['with a line behind the cut', 'open lines /a', 'in /a', '1|x', 'cut', '2|y'],
    ['of a relative path', 'is 81a4 10 1 a'],
    ['whose reader failed', 'open lines /a', 'in /a', '1|x', 'status 2'],
    ['that is a link without a target', 'link /a', 'status 0'],
  ])('%s make the fact missing', (_name, ...lines) => {
    expect(files(...lines)).toHaveProperty('missing');
  });
});

function block(state: string): readonly string[] {
  return ['Names=a.service b.service', 'LoadState=loaded', 'ActiveState=active', `UnitFileState=${state}`];
}

describe('services', () => {
  it('that contradict each other are missing', () => {
    expect(factsWith('systemd-host', { units: [...block('enabled'), '', ...block('disabled')] }).units).toHaveProperty(
      'missing',
    );
    expect(
      value(factsWith('systemd-host', { units: [...block('enabled'), '', ...block('enabled')] }).units),
    ).toStrictEqual([
      { name: 'a.service', enabled: 'enabled', active: 'active' },
      { name: 'b.service', enabled: 'enabled', active: 'active' },
    ]);
  });

  it('of System V are enabled by their start-up links', () => {
    const runlevels = ['/etc/init.d/network', '/etc/rc.d/rc3.d/S10network', '/etc/init.d/keepalived'];
    expect(value(factsWith('compliant', { runlevels }).units)).toStrictEqual([
      { name: 'network', enabled: 'enabled', active: null },
      { name: 'keepalived', enabled: 'disabled', active: null },
    ]);
  });
});
