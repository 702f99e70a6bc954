import { describe, expect, test } from 'vitest';
import type { ConfigurationFile, LinuxFacts } from '../../../../src/contracts/snapshot.ts';
import { bootPlan } from '../../../../src/facts/linux/vip-persistence/boot-plan.ts';
import { dummy, ethernet, linuxFacts, loopback } from '../../../support/linux-facts.ts';
import { closed, file, units } from '../boot/files.ts';

const services = units({
  'networking.service': 'enabled',
  'systemd-networkd.service': 'enabled',
  'NetworkManager.service': 'enabled',
  'network.service': 'enabled',
  'wicked.service': 'enabled',
  'keepalived.service': 'enabled',
});
const tools = { value: ['NetworkManager: 1.46.0'] };

/** What the files ask for, as "ADDRESS/LENGTH dev INTERFACE by MANAGER at FILE:LINE", with what is against it. */
function plan(files: readonly ConfigurationFile[], changes: Partial<LinuxFacts> = {}): readonly string[] {
  const read = bootPlan(linuxFacts({ addressFiles: { value: files }, units: services, tools, ...changes }));
  if ('missing' in read) return [read.missing];
  return [
    ...read.value.addresses.map(({ ip, prefixLength, interface: device, route, manager, source, effect }) => {
      const against =
        effect === 'boot' ? '' : 'never' in effect ? `, never: ${effect.never}` : `, perhaps: ${effect.perhaps}`;
      return `${ip.text}/${prefixLength} ${route ? 'local route ' : ''}dev ${device} by ${manager} at ${source}${against}`;
    }),
    ...read.value.doubts.map(({ path, reason }) => `doubt: ${path}: ${reason}`),
  ];
}

describe('ifupdown', () => {
  const path = '/etc/network/interfaces';
  const at = (...lines: readonly string[]) => plan([file(path, `${lines.join('\n')}\n`)]);

  test.each<readonly [string, readonly string[], readonly string[]]>([
    [
      'an alias of lo',
      ['auto lo:0', 'iface lo:0 inet static', '  address 10.77.0.100', '  netmask 255.255.255.255'],
      [`10.77.0.100/32 dev lo by ifupdown at ${path}:3`],
    ],
    [
      'a mask behind the address',
      ['auto lo:0', 'iface lo:0 inet static', 'address 10.77.0.100/32'],
      [`10.77.0.100/32 dev lo by ifupdown at ${path}:3`],
    ],
    [
      'no mask: the class of the address decides (measured with ifup 0.8.41)',
      ['auto lo:0', 'iface lo:0 inet static', 'address 10.77.0.100'],
      [`10.77.0.100/8 dev lo by ifupdown at ${path}:3`],
    ],
    [
      'the line auto forgotten',
      ['iface lo:0 inet static', 'address 10.77.0.100/32'],
      [`10.77.0.100/32 dev lo by ifupdown at ${path}:2, never: no line "auto lo:0"`],
    ],
    [
      'allow-hotplug, which brings up no alias',
      ['allow-hotplug lo:0', 'iface lo:0 inet static', 'address 10.77.0.100/32'],
      [`10.77.0.100/32 dev lo by ifupdown at ${path}:3, never: allow-hotplug does not bring up the alias lo:0`],
    ],
    [
      'allow-hotplug of an interface',
      ['allow-hotplug eth0', 'iface eth0 inet static', 'address 10.77.0.100/24'],
      [`10.77.0.100/24 dev eth0 by ifupdown at ${path}:3`],
    ],
    [
      'commands of lo',
      [
        'auto lo',
        'iface lo inet loopback',
        '\tup ip addr add 10.77.0.100/32 dev $IFACE',
        '\tpost-up ip route add local 10.77.0.101 dev lo',
        '\tdown ip addr del 10.77.0.100/32 dev lo',
      ],
      [`10.77.0.100/32 dev lo by ifupdown at ${path}:3`, `10.77.0.101/32 local route dev lo by ifupdown at ${path}:4`],
    ],
    [
      'IPv6 and a continued line',
      ['auto lo', 'iface lo inet6 static', 'address \\', '2001:db8::100', '# comment', 'netmask 128'],
      [`2001:db8::100/128 dev lo by ifupdown at ${path}:3`],
    ],
    ['no address', ['auto lo', 'iface lo inet loopback', 'address'], []],
    [
      'a dummy that is created, and one that is not',
      [
        'auto dummy0 dummy1',
        'iface dummy0 inet static',
        'pre-up ip link add dummy0 type dummy',
        'address 10.77.0.100/32',
        'iface dummy1 inet static',
        'address 10.77.0.101/32',
      ],
      [
        `10.77.0.100/32 dev dummy0 by ifupdown at ${path}:4`,
        `10.77.0.101/32 dev dummy1 by ifupdown at ${path}:6, perhaps: nothing that the probe reads creates dummy1 at boot`,
      ],
    ],
  ])('%s', (_, lines, expected) => {
    expect(at(...lines)).toEqual(expected);
  });

  test('sourced files, by pattern and by folder, and one that the probe does not read', () => {
    const stanza = (ip: string) => `auto lo:0\niface lo:0 inet static\naddress ${ip}/32\n`;
    expect(
      plan([
        file(path, 'source /etc/network/interfaces.d/*.cfg\nsource-directory interfaces.d\nsource /opt/vips\n'),
        file('/etc/network/interfaces.d/one.cfg', stanza('192.0.2.1')),
        file('/etc/network/interfaces.d/two', stanza('192.0.2.2')),
        file('/etc/network/interfaces.d/three.bak', stanza('192.0.2.3')),
      ]),
    ).toEqual([
      '192.0.2.1/32 dev lo by ifupdown at /etc/network/interfaces.d/one.cfg:3',
      '192.0.2.2/32 dev lo by ifupdown at /etc/network/interfaces.d/two:3',
      'doubt: /opt/vips: the probe does not read what /etc/network/interfaces:3 includes',
    ]);
  });

  test('files without a line that sources them count for nothing', () => {
    expect(
      plan([
        file(path, 'auto lo\n'),
        file('/etc/network/interfaces.d/vip', 'auto lo:0\niface lo:0 inet static\naddress 192.0.2.1/32\n'),
      ]),
    ).toEqual([]);
  });

  test('the service networking decides', () => {
    const files = [file(path, 'auto lo:0\niface lo:0 inet static\naddress 192.0.2.1/32\n')];
    expect(plan(files, { units: units({ networking: 'disabled' }, 'inactive') })).toEqual([
      `192.0.2.1/32 dev lo by ifupdown at ${path}:3, never: the service networking does not start at boot`,
    ]);
    expect(plan(files, { units: { missing: 'cut' } })).toEqual([
      `192.0.2.1/32 dev lo by ifupdown at ${path}:3, perhaps: whether the service networking starts at boot is not known`,
    ]);
    expect(plan([closed(path)])).toEqual([`doubt: ${path}: the probe’s user may not read it`]);
    expect(plan([closed(path)], { units: units({}) })).toEqual([]);
  });
});

describe('netplan', () => {
  const path = '/etc/netplan/50-vip.yaml';
  const at = (text: string, changes?: Partial<LinuxFacts>) => plan([file(path, text)], changes);
  const lo = (address: string) =>
    `network:\n  version: 2\n  ethernets:\n    lo:\n      addresses: [127.0.0.1/8, "::1/128", ${address}]\n`;

  test.each<readonly [string, string, readonly string[]]>([
    ['lo', lo('10.77.0.100/32'), [`10.77.0.100/32 dev lo by netplan at ${path}:5`]],
    [
      'a match, and a label',
      'network:\n  ethernets:\n    any-id:\n      match: {name: lo}\n      addresses:\n        - 10.77.0.100/32: {label: "lo:0"}\n',
      [`10.77.0.100/32 dev lo by netplan at ${path}:6`],
    ],
    [
      'a dummy device',
      'network:\n  dummy-devices:\n    dm0:\n      addresses: [10.77.0.100/32]\n',
      [`10.77.0.100/32 dev dm0 by netplan at ${path}:4`],
    ],
    [
      'no mask',
      lo('10.77.0.100'),
      [`10.77.0.100/0 dev lo by netplan at ${path}:5, never: netplan refuses an address without a mask length`],
    ],
    [
      'no YAML',
      'network: [\n',
      [
        `doubt: ${path}: netplan would refuse it: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 11:`,
      ],
    ],
    ['nothing of the network', 'other: 1\n', []],
    ['a text where a map should be', 'network: none\n', []],
  ])('%s', (_, text, expected) => {
    expect(at(text).filter((each) => !each.startsWith('127.') && !each.startsWith('::1'))).toEqual(expected);
  });

  test('the renderer decides which service must run', () => {
    const files = `${lo('10.77.0.100/32')}  renderer: NetworkManager\n`;
    const only = (name: string) => ({ units: units({ [name]: 'enabled' }) });
    expect(at(files, only('NetworkManager.service'))[2]).toBe(`10.77.0.100/32 dev lo by netplan at ${path}:5`);
    expect(at(files, only('systemd-networkd.service'))[2]).toContain('never: NetworkManager does not start at boot');
  });

  test('/run does not last, and a name in /etc hides the same in /usr/lib', () => {
    expect(plan([file('/run/netplan/1.yaml', lo('10.77.0.100/32'))])).toEqual([]);
    expect(plan([file(path, 'network: {}\n'), file('/usr/lib/netplan/50-vip.yaml', lo('10.77.0.100/32'))])).toEqual([]);
    expect(plan([closed(path)])).toEqual([`doubt: ${path}: the probe’s user may not read it`]);
  });
});

describe('systemd-networkd', () => {
  const path = '/etc/systemd/network/10-lo.network';
  const lo = '[Match]\nName=lo\n\n[Network]\nAddress=10.77.0.100/32\n';
  const found = `10.77.0.100/32 dev lo by systemd-networkd at ${path}:5`;
  const devices = { interfaces: { value: [loopback(), ethernet('eth0', 2), dummy('dummy0', 3)] } };

  test.each<readonly [string, readonly ConfigurationFile[], readonly string[]]>([
    ['lo', [file(path, lo)], [found]],
    [
      'a section of its own',
      [file(path, '[Match]\nName=lo\n[Address]\nAddress=10.77.0.100/32\nScope=host\n')],
      [`10.77.0.100/32 dev lo by systemd-networkd at ${path}:4`],
    ],
    [
      'an AnyIP route',
      [file(path, '[Match]\nName=lo\n[Route]\nType=local\nDestination=10.77.0.100/32\n')],
      [`10.77.0.100/32 local route dev lo by systemd-networkd at ${path}:5`],
    ],
    [
      'a drop-in',
      [file(path, '[Match]\nName=lo\n'), file(`${path}.d/vip.conf`, '[Network]\nAddress=10.77.0.100/32\n')],
      [`10.77.0.100/32 dev lo by systemd-networkd at ${path}.d/vip.conf:2`],
    ],
    [
      'no mask: the class decides',
      [file(path, lo.replace('/32', ''))],
      [`10.77.0.100/8 dev lo by systemd-networkd at ${path}:5`],
    ],
    [
      'only the first file that fits',
      [file('/etc/systemd/network/05-lo.network', '[Match]\nName=lo\n'), file(path, lo)],
      [],
    ],
    [
      'a file of the same name in /etc hides it',
      [
        file('/etc/systemd/network/20.network', '[Match]\nName=eth9\n'),
        file('/usr/lib/systemd/network/20.network', lo),
      ],
      [],
    ],
    [
      'a pattern, and a negation',
      [file(path, '[Match]\nName=!eth* l?\n[Network]\nAddress=10.77.0.100/32\n')],
      [`10.77.0.100/32 dev dummy0 by systemd-networkd at ${path}:4, perhaps: no .netdev file creates dummy0`],
    ],
    [
      'an empty match fits every interface but lo',
      [file(path, '[Match]\n[Network]\nAddress=10.77.0.100/32\n')],
      [
        `10.77.0.100/32 dev eth0 by systemd-networkd at ${path}:3`,
        `10.77.0.100/32 dev dummy0 by systemd-networkd at ${path}:3, perhaps: no .netdev file creates dummy0`,
      ],
    ],
    [
      'a match that cannot be followed',
      [file(path, lo.replace('[Match]', '[Match]\nDriver=x'))],
      [`${found.replace(':5', ':6')}, perhaps: whether [Match] of ${path} fits lo is not known`],
    ],
    [
      'a match that another hardware address fits',
      [file(path, '[Match]\nMACAddress=02:00:00:00:00:99\n[Network]\nAddress=10.77.0.100/32\n')],
      [],
    ],
    [
      'a dummy with its .netdev',
      [
        file('/etc/systemd/network/d.netdev', '[NetDev]\nName=dummy0\nKind=dummy\n'),
        file('/etc/systemd/network/d.network', lo.replace('lo', 'dummy0')),
      ],
      ['10.77.0.100/32 dev dummy0 by systemd-networkd at /etc/systemd/network/d.network:5'],
    ],
    [
      'a dummy without',
      [file('/etc/systemd/network/d.network', lo.replace('lo', 'dummy0'))],
      [
        '10.77.0.100/32 dev dummy0 by systemd-networkd at /etc/systemd/network/d.network:5, perhaps: no .netdev file creates dummy0',
      ],
    ],
    ['what netplan generated does not last by itself', [file('/run/systemd/network/10-netplan-lo.network', lo)], []],
    ['a file that may not be read', [closed(path)], [`doubt: ${path}: the probe’s user may not read it`]],
  ])('%s', (_, files, expected) => {
    expect(plan(files, devices)).toEqual(expected);
  });
});

describe('NetworkManager', () => {
  const path = '/etc/NetworkManager/system-connections/lo.nmconnection';
  const keyfile = (type: string, name: string, ...more: readonly string[]) => [
    file(
      path,
      `[connection]\nid=${name}\ntype=${type}\ninterface-name=${name}\n${more.join('\n')}\n[ipv4]\naddress1=127.0.0.1/8\naddress2=10.77.0.100/32,10.77.0.1\nmethod=manual\n`,
    ),
  ];
  const vipOf = (files: readonly ConfigurationFile[], changes?: Partial<LinuxFacts>) =>
    plan(files, changes).filter((each) => each.startsWith('10.'));

  test.each<readonly [string, readonly ConfigurationFile[], Partial<LinuxFacts>, string]>([
    ['lo', keyfile('loopback', 'lo'), {}, ''],
    [
      'lo before 1.42',
      keyfile('loopback', 'lo'),
      { tools: { value: ['NetworkManager: 1.30.0-1.el8'] } },
      ', never: NetworkManager 1.3 cannot configure lo; 1.42 can',
    ],
    [
      'lo with 1.8, which is older than 1.42',
      keyfile('loopback', 'lo'),
      { tools: { value: ['NetworkManager: 1.8.0'] } },
      ', never: NetworkManager 1.08 cannot configure lo; 1.42 can',
    ],
    [
      'lo with an unknown version',
      keyfile('loopback', 'lo'),
      { tools: { value: [] } },
      ', perhaps: NetworkManager can configure lo from 1.42 on, and its version is not known',
    ],
    [
      'a connection of another type on lo',
      keyfile('ethernet', 'lo'),
      {},
      ', never: a connection of type ethernet cannot configure lo',
    ],
    [
      'a connection that does not start by itself',
      keyfile('loopback', 'lo', 'autoconnect=false'),
      {},
      ', never: autoconnect is false',
    ],
  ])('%s', (_, files, changes, against) => {
    expect(vipOf(files, changes)).toEqual([`10.77.0.100/32 dev lo by NetworkManager at ${path}:8${against}`]);
  });

  test('a dummy, which it creates itself, and the old form of a list', () => {
    expect(
      plan([
        file(
          path,
          '[connection]\ntype=dummy\ninterface-name=dummy0\n[ipv4]\naddresses=10.77.0.100/32;10.77.0.101/32;\n',
        ),
      ]),
    ).toEqual([
      `10.77.0.100/32 dev dummy0 by NetworkManager at ${path}:5`,
      `10.77.0.101/32 dev dummy0 by NetworkManager at ${path}:5`,
    ]);
    expect(plan([closed(path)])).toEqual([`doubt: ${path}: the probe’s user may not read it`]);
    expect(plan([closed(path)], { units: units({}) })).toEqual([]);
  });
});

describe('network-scripts', () => {
  const path = '/etc/sysconfig/network-scripts/ifcfg-lo:0';
  const at = (name: string, text: string, changes?: Partial<LinuxFacts>) =>
    plan([file(`/etc/sysconfig/network-scripts/${name}`, text)], changes);
  const alias = 'DEVICE=lo:0\nIPADDR=10.77.0.100\nNETMASK=255.255.255.255\nONBOOT=yes\n';
  const onlyManager = { units: units({ 'NetworkManager.service': 'enabled' }) };

  test.each<readonly [string, string, string, Partial<LinuxFacts>, readonly string[]]>([
    ['an alias of lo', 'ifcfg-lo:0', alias, {}, [`10.77.0.100/32 dev lo by network-scripts at ${path}:2`]],
    [
      'PREFIX',
      'ifcfg-lo:0',
      'DEVICE="lo:0"\nIPADDR="10.77.0.100"\nPREFIX=32\n',
      {},
      [`10.77.0.100/32 dev lo by network-scripts at ${path}:2`],
    ],
    [
      'no mask: that of the stock ifcfg-lo',
      'ifcfg-lo:0',
      'DEVICE=lo:0\nIPADDR=192.0.2.1\n',
      {},
      [`192.0.2.1/8 dev lo by network-scripts at ${path}:2`],
    ],
    [
      'ONBOOT says nothing of an alias',
      'ifcfg-lo:0',
      alias.replace('ONBOOT=yes', 'ONBOOT=no'),
      {},
      [`10.77.0.100/32 dev lo by network-scripts at ${path}:2`],
    ],
    [
      'ONPARENT does',
      'ifcfg-lo:0',
      `${alias}ONPARENT=no\n`,
      {},
      [`10.77.0.100/32 dev lo by network-scripts at ${path}:2, never: ONPARENT is no`],
    ],
    [
      'NetworkManager alone brings up no alias of lo',
      'ifcfg-lo:0',
      alias,
      onlyManager,
      [`10.77.0.100/32 dev lo by network-scripts at ${path}:2, never: the service network does not start at boot`],
    ],
    [
      'but those of others',
      'ifcfg-eth0:0',
      alias.replace('lo', 'eth0'),
      onlyManager,
      ['10.77.0.100/32 dev eth0 by network-scripts at /etc/sysconfig/network-scripts/ifcfg-eth0:0:2'],
    ],
    [
      'numbered addresses',
      'ifcfg-eth0',
      'DEVICE=eth0\nIPADDR0=192.0.2.1\nPREFIX0=24\nIPADDR1=192.0.2.2\nPREFIX1=32\n',
      {},
      [
        '192.0.2.1/24 dev eth0 by network-scripts at /etc/sysconfig/network-scripts/ifcfg-eth0:2',
        '192.0.2.2/32 dev eth0 by network-scripts at /etc/sysconfig/network-scripts/ifcfg-eth0:4',
      ],
    ],
    [
      'ONBOOT of an interface',
      'ifcfg-eth0',
      'DEVICE=eth0\nIPADDR=192.0.2.1\nPREFIX=24\nONBOOT=no\n',
      {},
      ['192.0.2.1/24 dev eth0 by network-scripts at /etc/sysconfig/network-scripts/ifcfg-eth0:2, never: ONBOOT is no'],
    ],
    ['a backup', 'ifcfg-lo:0.rpmsave', alias, {}, []],
  ])('%s', (_, name, text, changes, expected) => {
    expect(at(name, text, changes)).toEqual(expected);
  });
});

describe('wicked', () => {
  const path = '/etc/sysconfig/network/ifcfg-lo';

  test.each<readonly [string, string, readonly string[]]>([
    [
      'a suffix and a label',
      "IPADDR=127.0.0.1/8\nIPADDR_VIP='10.77.0.100/32'\nLABEL_VIP='0'\n",
      [`10.77.0.100/32 dev lo by wicked at ${path}:2`],
    ],
    [
      'a separate mask',
      "IPADDR_1='10.77.0.100'\nNETMASK_1='255.255.255.0'\n",
      [`10.77.0.100/24 dev lo by wicked at ${path}:1`],
    ],
    ['no mask: the whole address', "IPADDR_1='10.77.0.100'\n", [`10.77.0.100/32 dev lo by wicked at ${path}:1`]],
  ])('%s', (_, text, expected) => {
    expect(plan([file(path, text)]).filter((each) => !each.startsWith('127.'))).toEqual(expected);
  });

  test('an interface that only somebody starts, and a file that may not be read', () => {
    expect(plan([file('/etc/sysconfig/network/ifcfg-dummy0', "STARTMODE=manual\nIPADDR='10.77.0.100/32'\n")])).toEqual([
      '10.77.0.100/32 dev dummy0 by wicked at /etc/sysconfig/network/ifcfg-dummy0:2, never: STARTMODE is manual',
    ]);
    expect(plan([closed(path)])).toEqual([`doubt: ${path}: the probe’s user may not read it`]);
  });
});

describe('keepalived', () => {
  const path = '/etc/keepalived/keepalived.conf';

  test('static addresses last, virtual ones come with the role', () => {
    expect(
      plan([
        file(
          path,
          'static_ipaddress {\n  10.77.0.100/32 dev lo scope host # VIP\n  ! 10.77.0.9 dev lo\n}\nvrrp_instance a {\n  virtual_ipaddress {\n    10.77.0.101 dev eth0\n  }\n}\n',
        ),
      ]),
    ).toEqual([
      `10.77.0.100/32 dev lo by keepalived at ${path}:2`,
      `10.77.0.101/32 dev eth0 by keepalived at ${path}:7, perhaps: it comes with the VRRP state MASTER`,
    ]);
  });
});

describe('scripts', () => {
  const run = (path: string, text: string, changes: Partial<ConfigurationFile> = { executable: true }) =>
    plan([file(path, `${text}\n`, changes)]);

  test.each<readonly [string, string]>([
    ['ip addr add 10.77.0.100/32 dev lo', '10.77.0.100/32 dev lo'],
    ['/sbin/ip -4 address add 10.77.0.100 dev lo label lo:0', '10.77.0.100/32 dev lo'],
    ['ip a a dev lo 10.77.0.100/32', '10.77.0.100/32 dev lo'],
    ['ip addr replace "10.77.0.100/24" dev lo || true', '10.77.0.100/24 dev lo'],
    ['ifconfig lo:0 10.77.0.100 netmask 255.255.255.255 up', '10.77.0.100/32 dev lo'],
    ['ifconfig lo:0 10.77.0.100 broadcast 10.77.0.100 netmask 255.255.255.255', '10.77.0.100/32 dev lo'],
    ['ifconfig lo:0 10.77.0.100 up', '10.77.0.100/8 dev lo'],
    ['ifconfig lo:0 10.77.0.100/32', '10.77.0.100/32 dev lo'],
    ['ip route add local 10.77.0.100/32 dev lo', '10.77.0.100/32 local route dev lo'],
    ['ip route replace local 10.77.0.100 dev lo table local', '10.77.0.100/32 local route dev lo'],
  ])('%s', (command, expected) => {
    expect(run('/etc/rc.local', command)).toEqual([`${expected} by script at /etc/rc.local:1`]);
  });

  test.each([
    '# ip addr add 10.77.0.100/32 dev lo',
    'ip addr del 10.77.0.100/32 dev lo',
    'ip addr show 10.77.0.100',
    'ping -c 1 10.77.0.100',
    'VIP=10.77.0.100',
    'ip route add 10.77.0.100/32 dev eth0',
    'ip addr add $VIP dev lo',
  ])('%s adds nothing', (command) => {
    expect(run('/etc/rc.local', command)).toEqual([]);
  });

  test.each<readonly [string, string, boolean, string]>([
    ['/etc/rc.local', 'ip addr add 10.77.0.100/32 dev lo', false, ', never: /etc/rc.local is not executable'],
    ['/etc/rc.d/rc.local', 'ip addr add 10.77.0.100/32 dev lo', true, ''],
    [
      '/etc/rc.local',
      'if true; then ip addr add 10.77.0.100/32 dev lo; fi',
      true,
      ', perhaps: the command stands under a condition',
    ],
    [
      '/etc/local.d/vip.start',
      'ip addr add 10.77.0.100/32 dev lo',
      true,
      ', never: the service local does not start at boot',
    ],
    ['/etc/local.d/vip', 'ip addr add 10.77.0.100/32 dev lo', true, ', never: its name does not end in .start'],
    ['/etc/NetworkManager/dispatcher.d/vip', 'ip addr add 10.77.0.100/32 dev lo', true, ''],
    ['/etc/network/if-up.d/vip', 'ip addr add 10.77.0.100/32 dev lo', true, ''],
    ['/usr/local/sbin/vip', 'ip addr add 10.77.0.100/32 dev lo', true, ', perhaps: what runs it at boot is not known'],
    [
      '/etc/systemd/system/vip.service',
      'ExecStart=-/sbin/ip addr add 10.77.0.100/32 dev lo',
      false,
      ', perhaps: what runs it at boot is not known',
    ],
  ])('%s: %s, executable %s', (path, command, executable, against) => {
    expect(run(path, command, { executable })).toEqual([`10.77.0.100/32 dev lo by script at ${path}:1${against}`]);
  });

  test('one that may not be read leaves a doubt where it could run', () => {
    expect(plan([closed('/etc/rc.local', { executable: true })])).toEqual([
      'doubt: /etc/rc.local: the probe’s user may not read it',
    ]);
    expect(plan([closed('/etc/rc.local')])).toEqual([]);
  });
});

test('without files there is no plan', () => {
  expect(plan([])).toEqual([]);
  expect(bootPlan(linuxFacts({ addressFiles: { missing: 'the probe was not told any VIP' } }))).toEqual({
    missing: 'the probe was not told any VIP',
  });
});
