import type { Node, SysctlTree } from './sysctl-tree.ts';

/** Sysctl files in which a loader once surprised, and what each loader leaves in one key. */
export interface ChosenTree {
  readonly name: string;
  readonly tree: SysctlTree;
  /** Path below net/ipv4/conf. */
  readonly key: string;
  readonly leaves: {
    readonly systemd: number;
    /** Where systemd 247 leaves another value. */
    readonly systemd247?: number;
    readonly procps: number;
    /** Where procps 3 leaves another value. */
    readonly procps3?: number;
    readonly busybox: number;
  };
}

const all = 'net.ipv4.conf.all.arp_ignore';

const texts = (files: Readonly<Record<string, string>>): SysctlTree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { text }]));
const oneFile = (...lines: readonly string[]): SysctlTree =>
  texts({ '/etc/sysctl.d/90-dsr.conf': `${lines.join('\n')}\n` });

/** Measured with systemd 247, 252 and 257, procps 3.3.17, 4.0.2 and 4.0.4, and busybox 1.35 on Linux 6.18; where a manual says otherwise, this holds. */
export const chosenTrees: readonly ChosenTree[] = [
  {
    name: '/etc/sysctl.conf is read at the place of its link, or last',
    tree: new Map<string, Node>([
      ['/etc/sysctl.conf', { text: `${all}=1\n` }],
      ['/etc/sysctl.d/99-sysctl.conf', { target: '../sysctl.conf' }],
      ['/etc/sysctl.d/99-zzz.conf', { text: `${all}=2\n` }],
    ]),
    key: 'all/arp_ignore',
    leaves: { systemd: 2, procps: 1, busybox: 1 },
  },
  {
    name: '/etc/sysctl.conf without a link',
    tree: texts({ '/etc/sysctl.conf': `${all}=1\n` }),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, procps: 1, busybox: 1 },
  },
  {
    name: 'a hidden file',
    tree: texts({ '/etc/sysctl.d/.90-dsr.conf': `${all}=1\n` }),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, procps: 1, busybox: 0 },
  },
  {
    name: 'a link to /dev/null masks the file of the same name',
    tree: new Map<string, Node>([
      ['/usr/lib/sysctl.d/50-vendor.conf', { text: `${all}=1\n` }],
      ['/etc/sysctl.d/50-vendor.conf', { target: '/dev/null' }],
    ]),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, procps: 0, busybox: 1 },
  },
  {
    name: 'so does a folder of that name',
    tree: new Map<string, Node>([
      ['/usr/lib/sysctl.d/50-vendor.conf', { text: `${all}=1\n` }],
      ['/etc/sysctl.d/50-vendor.conf', { directory: true }],
    ]),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, procps: 0, busybox: 1 },
  },
  {
    name: 'file names sort by bytes: capitals before small letters',
    tree: texts({ '/etc/sysctl.d/a.conf': `${all}=1\n`, '/etc/sysctl.d/Z.conf': `${all}=2\n` }),
    key: 'all/arp_ignore',
    leaves: { systemd: 1, procps: 1, busybox: 1 },
  },
  {
    name: 'the dots of a VLAN interface are separators, except for busybox',
    tree: oneFile('net.ipv4.conf.eth0.100.arp_ignore=1'),
    key: 'eth0.100/arp_ignore',
    leaves: { systemd: 0, procps: 0, busybox: 1 },
  },
  {
    name: 'a VLAN interface with a slash for its dot',
    tree: oneFile('net.ipv4.conf.eth0/100.arp_ignore=1'),
    key: 'eth0.100/arp_ignore',
    leaves: { systemd: 1, procps: 1, busybox: 1 },
  },
  {
    name: 'conf.default reaches interfaces that have no address yet',
    tree: oneFile('net.ipv4.conf.default.arp_ignore=1'),
    key: 'eth0/arp_ignore',
    leaves: { systemd: 1, procps: 1, busybox: 1 },
  },
  {
    name: 'an explicit key beats a wildcard that comes later',
    tree: oneFile(`${all}=1`, 'net.ipv4.conf.*.arp_ignore=2'),
    key: 'all/arp_ignore',
    leaves: { systemd: 1, procps: 1, busybox: 1 },
  },
  {
    name: 'unless procps finds it spelled in another way',
    tree: oneFile('net/./ipv4/conf/all/arp_ignore=1', 'net.ipv4.conf.*.arp_ignore=2'),
    key: 'all/arp_ignore',
    leaves: { systemd: 1, procps: 2, procps3: 1, busybox: 1 },
  },
  {
    name: 'an exclusion takes back an assignment before it, for systemd',
    tree: oneFile(`${all}=1`, `-${all}`),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, procps: 1, busybox: 1 },
  },
  {
    name: 'an exclusion keeps a wildcard off',
    tree: oneFile('net.ipv4.conf.*.arp_ignore=1', `-${all}`),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, procps: 0, busybox: 0 },
  },
  {
    name: 'a repeated wildcard keeps its first place, for systemd',
    tree: oneFile('net.ipv4.conf.a*.arp_ignore=1', 'net.ipv4.conf.*l.arp_ignore=2', 'net.ipv4.conf.a*.arp_ignore=1'),
    key: 'all/arp_ignore',
    leaves: { systemd: 2, procps: 1, procps3: 0, busybox: 0 },
  },
  {
    name: 'braces count where there is a wildcard too, for systemd',
    tree: oneFile('net.ipv4.conf.{eth0,lo}*.arp_ignore=1', 'net.ipv4.conf.{eth0,lo}.arp_announce=1'),
    key: 'eth0/arp_ignore',
    leaves: { systemd: 1, procps: 0, busybox: 0 },
  },
  {
    name: 'a dash and a blank',
    tree: oneFile(`- ${all}=1`),
    key: 'all/arp_ignore',
    leaves: { systemd: 1, procps: 0, busybox: 0 },
  },
  {
    name: 'two dashes',
    tree: oneFile(`--${all}=1`),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, procps: 1, procps3: 0, busybox: 0 },
  },
  {
    name: 'a refused value loses the good one before it, for systemd',
    tree: oneFile(`${all}=1`, `${all}="2"`),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, procps: 1, busybox: 1 },
  },
  {
    name: 'busybox ends at a refused value',
    tree: oneFile('net.ipv4.conf.all.arp_announce="2"', `${all}=1`),
    key: 'all/arp_ignore',
    leaves: { systemd: 1, procps: 1, busybox: 0 },
  },
  {
    name: 'a carriage return inside a line ends it, for systemd',
    tree: oneFile(`${all}=1\r2`),
    key: 'all/arp_ignore',
    leaves: { systemd: 1, procps: 0, procps3: 1, busybox: 0 },
  },
  {
    name: 'a slash at the end of a key',
    tree: oneFile('net/ipv4/conf/all/arp_ignore/=1'),
    key: 'all/arp_ignore',
    leaves: { systemd: 1, procps: 0, busybox: 0 },
  },
  {
    name: 'a slash at the end of a key with a wildcard',
    tree: oneFile('net/ipv4/conf/a*/arp_ignore/=1'),
    key: 'all/arp_ignore',
    leaves: { systemd: 1, procps: 1, procps3: 0, busybox: 0 },
  },
  {
    name: 'a key that goes up and down again',
    tree: oneFile('net/ipv6/../ipv4/conf/all/arp_ignore=1'),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, systemd247: 1, procps: 1, busybox: 1 },
  },
  {
    name: 'octal',
    tree: oneFile(`${all}=010`),
    key: 'all/arp_ignore',
    leaves: { systemd: 8, procps: 8, busybox: 8 },
  },
  {
    name: 'a comment behind the value',
    tree: oneFile(`${all} = 1 # hide`),
    key: 'all/arp_ignore',
    leaves: { systemd: 1, procps: 1, busybox: 1 },
  },
  {
    name: 'a comment that touches the value',
    tree: oneFile(`${all} = 1# hide`),
    key: 'all/arp_ignore',
    leaves: { systemd: 0, procps: 0, busybox: 0 },
  },
];
