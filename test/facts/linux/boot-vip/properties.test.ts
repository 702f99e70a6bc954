import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bootState } from '../../../../src/facts/linux/boot-sysctls.ts';
import { bootPlan } from '../../../../src/facts/linux/vip-persistence/boot-plan.ts';
import { linuxFacts } from '../../../support/linux-facts.ts';
import { file, link, units } from '../boot/files.ts';

const addressPaths = [
  '/etc/network/interfaces',
  '/etc/network/interfaces.d/a',
  '/etc/netplan/a.yaml',
  '/etc/systemd/network/a.network',
  '/etc/systemd/network/a.netdev',
  '/etc/NetworkManager/system-connections/a.nmconnection',
  '/etc/sysconfig/network-scripts/ifcfg-lo:0',
  '/etc/sysconfig/network/ifcfg-lo',
  '/etc/keepalived/keepalived.conf',
  '/etc/rc.local',
  '/etc/nftables.conf',
];
const sysctlPaths = [
  '/etc/sysctl.conf',
  '/etc/sysctl.d/a.conf',
  '/run/sysctl.d/a.conf',
  '/etc/sysctls.conf',
  '/etc/rc.local',
  '/etc/ufw/sysctl.conf',
  '/etc/tuned/active_profile',
  '/etc/tuned/a/tuned.conf',
];
const words = [
  '10.77.0.100',
  '10.77.0.100/32',
  '2001:db8::1/128',
  'lo',
  'auto',
  'iface',
  'inet',
  'static',
  'address',
  'netmask',
  '255.255.255.255',
  'up',
  'ip',
  'addr',
  'add',
  'dev',
  'source',
  '/etc/network/*',
  '[Match]',
  '[Network]',
  'Name=lo',
  'Address=',
  '[ipv4]',
  'address1=',
  'network:',
  'ethernets:',
  'addresses:',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '&a',
  '*a',
  'static_ipaddress',
  'IPADDR=',
  'ifconfig',
  'sysctl',
  '-w',
  '-p',
  'net.ipv4.conf.all.arp_ignore=1',
  'net/ipv4/conf/*/arp_ignore',
  '=',
  '-',
  '*',
  'include=a',
  'a',
  '$x',
  ';',
  '&&',
  'if',
  '>',
  '"',
  "'",
  '\\',
  '\0',
  '\r',
  '\u{feff}',
];

const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(fc.constantFrom(...words), { maxLength: 7 })
    .chain((parts) => fc.constantFrom(' ', '', '\t').map((gap) => parts.join(gap))),
);
const text = fc
  .array(
    line.map((each) => each.replaceAll('\n', ' ')),
    { maxLength: 8 },
  )
  .map((lines) => lines.join('\n'));
const filesAt = (paths: readonly string[]) =>
  fc.uniqueArray(
    fc.tuple(fc.constantFrom(...paths), text, fc.boolean(), fc.constantFrom(...paths, '/dev/null', '../x', '')),
    {
      selector: ([path]) => path,
    },
  );
const services = units({
  networking: 'enabled',
  'systemd-networkd': 'enabled',
  NetworkManager: 'enabled',
  network: 'enabled',
  wicked: 'enabled',
  keepalived: 'enabled',
  ufw: 'enabled',
  tuned: 'enabled',
  nftables: 'enabled',
});

test('whatever the address files say, they are read to the end, and only valid addresses come out', () => {
  fc.assert(
    fc.property(filesAt(addressPaths), (given) => {
      const files = given.map(([path, content, isLink, target]) =>
        isLink ? link(path, target) : file(path, content, { executable: true }),
      );
      const plan = bootPlan(linuxFacts({ addressFiles: { value: files }, units: services }));
      const addresses = 'value' in plan ? plan.value.addresses : [];
      expect('value' in plan).toBe(true);
      expect(addresses.every(({ ip, prefixLength }) => prefixLength >= 0 && prefixLength <= ip.words.length * 32)).toBe(
        true,
      );
    }),
  );
});

test('whatever the sysctl files say, each parameter gets an integer or a reason, the same each time', () => {
  fc.assert(
    fc.property(
      filesAt(sysctlPaths),
      fc.constantFrom('systemd', 'openrc', 'upstart', 'sysvinit', 'other'),
      (given, init) => {
        const files = given.map(([path, content, isLink, target]) =>
          isLink ? link(path, target) : file(path, content, { executable: true }),
        );
        const facts = linuxFacts({ sysctlFiles: { value: files }, units: services, initSystem: { value: init } });
        const read = (): unknown[] =>
          ['all', 'default', 'lo', 'eth0'].map((device) =>
            bootState(facts).sysctls.read(`net/ipv4/conf/${device}/arp_ignore`),
          );
        const answers = read();
        expect(read()).toEqual(answers);
        expect(
          answers.every(
            (answer) =>
              typeof answer === 'object' &&
              answer !== null &&
              ('unknown' in answer || Number.isInteger((answer as { value: unknown }).value)),
          ),
        ).toBe(true);
      },
    ),
  );
});
