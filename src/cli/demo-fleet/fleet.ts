/** How a host of the demo fleet behaves. */
export interface DemoHost {
  readonly name: string;
  readonly platform: 'linux' | 'windows';
  /** File below captures/; absent: nothing listens. */
  readonly capture?: string;
  /** The host shows another key than known_hosts holds. */
  readonly changedKey?: true;
  /** What is wrong with it, as a comment of the inventory. */
  readonly story: string;
}

/**
 * The fleet that `dsr-audit demo` audits. The Linux captures were taken from real kernels in the lab (docs/lab.md); the
 * Windows ones are what the real collector printed for authored recordings (docs/windows.md).
 */
export const demoHosts: readonly DemoHost[] = [
  linux('web01', 'as it should be', 'compliant'),
  linux('web02', 'VIP on lo, arp_ignore and arp_announce never set', 'no-sysctls'),
  linux('web03', 'VIP on lo with a /24 mask', 'mask-24-on-lo'),
  linux('web04', 'sysctls set on lo only, where no ARP arrives', 'lo-only-sysctls'),
  linux('web05', 'VIP on the network card', 'vip-on-eth0'),
  linux('web06', 'right now, wrong after the next boot', 'not-persisted'),
  linux('web07', 'unreachable'),
  { ...linux('web08', 'shows another host key than the known one', 'compliant'), changedKey: true },
  windows('win01', 'Windows 2003 as it should be', '2003-good'),
  windows('win02', 'Windows 2003, automatic metric on the loopback adapter', '2003-metric-automatic'),
  windows('win03', 'Windows 2003, VIP with a /24 mask', '2003-vip-prefix-24'),
  windows('win04', 'Windows 2003, gateway on the loopback adapter', '2003-gateway-on-loopback'),
  windows('win05', 'Windows 2008 R2 as it should be', '2008r2-good'),
  windows('win06', 'Windows 2008 R2, weak host never enabled', '2008r2-weak-host-off'),
  windows('win07', 'Windows 2022 as it should be', '2022-good'),
  windows('win08', 'Windows 2022, VIP with a /24 mask', 'vip-prefix-24'),
  windows('win09', 'Windows 2022, gateway on the loopback adapter', 'gateway-on-loopback'),
  windows('win10', 'Windows 2022, VIP on the LAN', 'vip-on-lan'),
  windows('win11', 'Windows 2022, no firewall rule for the VIP', 'firewall-no-rule'),
  windows('win12', 'Windows 2022, weak host receive off on the LAN', 'lan-weak-host-receive-off'),
  windows('win13', 'Windows 2022, weak host send off on the loopback adapter', 'loopback-weak-host-send-off'),
  windows('win14', 'Windows 2022, weak host receive off on the loopback adapter', 'loopback-weak-host-receive-off'),
  windows('win15', 'Windows 2022, VIP lost at the next start', 'vip-lost-at-restart'),
];

/** The VIP of every capture, and the one that the Linux hosts hold beside it. */
export const demoVip = '10.77.0.100';
export const demoVip6 = '2001:db8:77::100';

function linux(name: string, story: string, capture?: string): DemoHost {
  return { name, platform: 'linux', story, ...(capture === undefined ? {} : { capture: `linux/${capture}.txt` }) };
}

function windows(name: string, story: string, capture: string): DemoHost {
  return { name, platform: 'windows', story, capture: `windows/${capture}.txt` };
}
