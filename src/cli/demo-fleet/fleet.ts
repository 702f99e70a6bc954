/** How a host of the demo fleet behaves. */
export interface DemoHost {
  readonly name: string;
  readonly platform: 'linux' | 'windows';
  /** File name in captures/; absent: nothing listens. */
  readonly capture?: string;
  /** The host shows another key than known_hosts holds. */
  readonly changedKey?: true;
  readonly service: 'web' | 'intranet';
  /** What is wrong with it, as a comment of the inventory. */
  readonly story: string;
}

/** The fleet that `dsr-audit demo` audits. The captures were taken from real kernels in the lab (docs/lab.md); Windows: docs/windows.md. */
export const demoHosts: readonly DemoHost[] = [
  { name: 'web01', platform: 'linux', capture: 'compliant.txt', service: 'web', story: 'as it should be' },
  {
    name: 'web02',
    platform: 'linux',
    capture: 'no-sysctls.txt',
    service: 'web',
    story: 'VIP on lo, arp_ignore and arp_announce never set',
  },
  { name: 'web03', platform: 'linux', capture: 'mask-24.txt', service: 'web', story: 'VIP on lo with a /24 mask' },
  {
    name: 'web04',
    platform: 'linux',
    capture: 'lo-only-sysctls.txt',
    service: 'web',
    story: 'sysctls set on lo only, where no ARP arrives',
  },
  { name: 'web05', platform: 'linux', capture: 'vip-on-eth0.txt', service: 'web', story: 'VIP on the network card' },
  {
    name: 'web06',
    platform: 'linux',
    capture: 'not-persisted.txt',
    service: 'web',
    story: 'right now, wrong after the next boot',
  },
  { name: 'web07', platform: 'linux', service: 'web', story: 'unreachable' },
  {
    name: 'web08',
    platform: 'linux',
    capture: 'compliant.txt',
    changedKey: true,
    service: 'web',
    story: 'shows another host key than the known one',
  },
];

/** The VIPs of the captures. */
export const demoVips = { web: '10.77.0.100', intranet: '192.0.2.100' } as const;
