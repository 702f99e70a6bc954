import { describe, expect, test } from 'vitest';
import type { ConfigurationFile, LinuxFacts } from '../../../../src/contracts/snapshot.ts';
import type { Binding } from '../../../../src/facts/backend.ts';
import { linuxHost } from '../../../../src/facts/linux/linux-host.ts';
import { deriveVipPersistence } from '../../../../src/facts/linux/vip-persistence.ts';
import { backend, binding, linuxFacts } from '../../../support/linux-facts.ts';
import { settledFacts } from '../../../support/settled-facts.ts';
import { bootedAt, closed, file, units } from '../boot/files.ts';

const services = units({ 'networking.service': 'enabled', 'NetworkManager.service': 'enabled' });
const stanza = (label: string, address: string): string =>
  `auto ${label}\niface ${label} inet static\naddress ${address}\n`;
const interfaces = (text: string): ConfigurationFile => file('/etc/network/interfaces', text);
const shut = closed('/etc/NetworkManager/system-connections/lo.nmconnection');

function outlook(files: readonly ConfigurationFile[], changes: Partial<LinuxFacts> = {}, asked: Partial<Binding> = {}) {
  const facts = linuxFacts({ addressFiles: { value: files }, units: services, ...changes });
  const host = linuxHost(backend({ bindings: [binding(asked)] }), facts);
  return settledFacts(deriveVipPersistence(host, host.vips[0]!));
}

/** Each fact's value, or the answer that stands for it. */
function values(...given: Parameters<typeof outlook>): Record<keyof ReturnType<typeof outlook>, unknown> {
  return Object.fromEntries(
    Object.entries(outlook(...given)).map(([name, derived]) => [name, 'value' in derived ? derived.value : derived]),
  ) as Record<keyof ReturnType<typeof outlook>, unknown>;
}

describe('what becomes of the VIP', () => {
  test('it comes back on lo', () => {
    expect(values([interfaces(stanza('lo:0', '10.77.0.100/32'))])).toMatchObject({
      bootHolders: ['lo'],
      bootPrefixLengths: [32],
      bootWideAddresses: [],
      bootOnIngress: [],
      persistenceManagers: ['ifupdown'],
      persistenceStrength: 'manager',
    });
  });

  test('with a short mask', () => {
    expect(values([interfaces(stanza('lo:0', '10.77.0.100/24'))])).toMatchObject({
      bootPrefixLengths: [24],
      bootWideAddresses: ['10.77.0.100/24 on lo'],
    });
  });

  test('on the ingress interface too', () => {
    expect(values([interfaces(stanza('lo:0', '10.77.0.100/32') + stanza('eth0:0', '10.77.0.100/24'))])).toMatchObject({
      bootHolders: ['lo', 'eth0'],
      bootOnIngress: ['eth0'],
      bootWideAddresses: [],
    });
  });

  test('only by a script, or by a script and a manager', () => {
    const script = file('/etc/rc.local', 'ip addr add 10.77.0.100/32 dev lo\n', { executable: true });
    expect(values([script])).toMatchObject({ persistenceStrength: 'script', persistenceManagers: ['script'] });
    expect(values([script, interfaces(stanza('lo:0', '10.77.0.100/32'))])).toMatchObject({
      persistenceStrength: 'manager',
    });
  });

  test('not at all, with the reason of the line that would', () => {
    const { bootHolders, persistenceStrength } = outlook([
      interfaces('iface lo:0 inet static\naddress 10.77.0.100/32\n'),
    ]);
    expect(persistenceStrength).toMatchObject({ value: 'none' });
    expect(bootHolders).toMatchObject({
      value: [],
      evidence: [
        { source: '/etc/network/interfaces:2', text: 'address 10.77.0.100/32 (without effect: no line "auto lo:0")' },
        { source: 'next boot' },
      ],
    });
  });

  test('however IPv6 is written', () => {
    const asked = { vip: '2001:db8::100' };
    const text = 'auto lo\niface lo inet6 static\naddress 2001:DB8:0:0::100/128\n';
    expect(values([interfaces(text)], {}, asked)).toMatchObject({ bootHolders: ['lo'], bootPrefixLengths: [128] });
    expect(values([interfaces('auto lo\n')], {}, asked)).toMatchObject({ persistenceStrength: 'none' });
    const other = file('/etc/sysconfig/network-scripts/ifcfg-eth0', '', { size: 80 });
    expect(values([interfaces('auto lo\n'), other], {}, asked)).toMatchObject({
      persistenceStrength: {
        unknown: 'no file names the VIP as 2001:db8::100; another spelling of it would not be found',
      },
    });
  });

  test('files that were not collected are missing', () => {
    const facts = linuxFacts({ addressFiles: { missing: 'the probe was not told any VIP' } });
    const host = linuxHost(backend(), facts);
    expect(settledFacts(deriveVipPersistence(host, host.vips[0]!)).bootHolders).toEqual({
      missing: 'the probe was not told any VIP',
    });
  });
});

describe('what cannot be told', () => {
  test('a file that may not be read, with the command that shows it', () => {
    const quoted = closed("/etc/NetworkManager/system-connections/it's mine.nmconnection", { modifiedAt: bootedAt });
    expect(values([quoted]).bootHolders).toEqual({
      unknown: `${quoted.path} could set up the VIP: the probe’s user may not read it. This shows it: sudo grep -rnF -e 10.77.0.100 '/etc/NetworkManager/system-connections/it'\\''s mine.nmconnection'`,
    });
  });

  test('does not matter where another file brings the VIP up', () => {
    expect(values([{ ...shut, modifiedAt: bootedAt }, interfaces(stanza('lo:0', '10.77.0.100/32'))])).toMatchObject({
      bootHolders: ['lo'],
    });
  });

  test('is proven by a boot that is later than every change, if the VIP is held', () => {
    expect(values([shut])).toMatchObject({
      bootHolders: ['lo'],
      bootPrefixLengths: [32],
      persistenceStrength: 'proven',
    });
    expect(values([shut], { addresses: { value: [] } })).toMatchObject({
      persistenceStrength: { unknown: expect.any(String) },
    });
    expect(values([{ ...shut, modifiedAt: bootedAt }])).toMatchObject({
      persistenceStrength: { unknown: expect.any(String) },
    });
  });

  test('is not proven by files that name no VIP', () => {
    expect(values([interfaces('auto lo\n')])).toMatchObject({ persistenceStrength: 'none' });
  });

  test('a command of which nothing says when it runs', () => {
    const script = file('/usr/local/sbin/vip', 'ip addr add 10.77.0.100/32 dev lo\n', {
      executable: true,
      modifiedAt: bootedAt,
    });
    expect(values([script]).persistenceStrength).toEqual({
      unknown: '/usr/local/sbin/vip:1 (ip addr add 10.77.0.100/32 dev lo): what runs it at boot is not known',
    });
  });
});

describe('saved packet filter rules', () => {
  const rule = (path: string, text = '-A PREROUTING -d 10.77.0.100/32 -p tcp -j REDIRECT\n') => [file(path, text)];
  const saved = (files: readonly ConfigurationFile[], changes?: Partial<LinuxFacts>) =>
    values(files, changes, { method: 'redirect' }).ruleSaved;

  test.each<readonly [string, readonly ConfigurationFile[], Partial<LinuxFacts>, unknown]>([
    [
      'nftables',
      rule('/etc/nftables.conf', 'ip daddr 10.77.0.100 redirect'),
      { units: units({ 'nftables.service': 'enabled' }) },
      true,
    ],
    [
      'netfilter-persistent',
      rule('/etc/iptables/rules.v4'),
      { units: units({ 'netfilter-persistent.service': 'enabled' }) },
      true,
    ],
    [
      'arptables',
      rule('/etc/sysconfig/arptables', '-A INPUT -d 10.77.0.100 -j DROP'),
      { units: units({ 'arptables.service': 'enabled' }) },
      true,
    ],
    [
      'a service that does not start',
      rule('/etc/nftables.conf'),
      { units: units({ 'nftables.service': 'disabled' }, 'inactive') },
      false,
    ],
    [
      'another address',
      rule('/etc/sysconfig/iptables', '-d 10.77.0.10 -j DROP'),
      { units: units({ 'iptables.service': 'enabled' }) },
      false,
    ],
    [
      'a comment',
      rule('/etc/sysconfig/iptables', '# -d 10.77.0.100'),
      { units: units({ 'iptables.service': 'enabled' }) },
      false,
    ],
    ['no file', [], {}, false],
    [
      'services that are not known',
      rule('/etc/nftables.conf'),
      { units: { missing: 'cut' } },
      { unknown: 'whether nftables starts at boot is not known' },
    ],
    [
      'a file that may not be read',
      [closed('/etc/sysconfig/iptables')],
      { units: units({ 'iptables.service': 'enabled' }) },
      { unknown: '/etc/sysconfig/iptables could not be read: the probe’s user may not read it' },
    ],
  ])('%s', (_, files, changes, expected) => {
    expect(saved(files, changes)).toEqual(expected);
  });
});
