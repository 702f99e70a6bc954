import type { Evidence } from '../../contracts/report.ts';
import type { LinuxFacts } from '../../contracts/snapshot.ts';
import type { Derived } from '../subject.ts';

/** Kernel parameters by path below /proc/sys, such as net/ipv4/conf/eth0/arp_ignore: as they are, or as a boot would leave them. */
export interface SysctlView {
  /** The value as an integer; any text that is not one decimal integer is missing, since nothing else is compared with it. */
  read(key: string): Derived<number>;
  /** The value of a parameter below net/ipv4/conf that the kernel uses on an interface, by include/linux/inetdevice.h. */
  effective(parameter: Ipv4Parameter, device: string): Derived<Effective>;
}

/** The parameters that a function derives, each once, when it is first asked for. */
export function sysctlView(derive: (key: string) => Derived<number>): SysctlView {
  const values = new Map<string, Derived<number>>();
  const byDevice = new Map<string, Map<Ipv4Parameter, Derived<Effective>>>();
  const view: SysctlView = {
    read: (key) => {
      let value = values.get(key);
      if (value === undefined) values.set(key, (value = derive(key)));
      return value;
    },
    effective: (parameter, device) => {
      let onDevice = byDevice.get(device);
      if (onDevice === undefined) byDevice.set(device, (onDevice = new Map()));
      let value = onDevice.get(parameter);
      if (value === undefined) onDevice.set(parameter, (value = effective(view, parameter, device)));
      return value;
    },
  };
  return view;
}

// Linux 2.6.33, 2.6.34 and 3.6 brought these; before them the kernel behaves as with 0.
const younger = new Set(['accept_local', 'proxy_arp_pvlan', 'route_localnet']);

/** The parameters that the host reported, each with its line as evidence. */
export function runningSysctls(facts: LinuxFacts): SysctlView {
  if ('missing' in facts.sysctls) {
    const { missing } = facts.sysctls;
    return sysctlView(() => ({ missing }));
  }
  const values = new Map<string, string>();
  for (const { key, value } of facts.sysctls.value) values.set(key, value);
  return sysctlView((key) => {
    const text = values.get(key);
    if (text === undefined) return absent(key, values);
    const value = integerOf(text);
    return value === undefined
      ? { missing: `${key} is "${text}", which is not an integer` }
      : { value, evidence: [{ source: key, text }] };
  });
}

function absent(key: string, values: ReadonlyMap<string, string>): Derived<number> {
  const parameter = key.slice(key.lastIndexOf('/') + 1);
  const kernelLacks =
    younger.has(parameter) &&
    values.has('net/ipv4/conf/all/arp_ignore') &&
    !values.has(`net/ipv4/conf/all/${parameter}`) &&
    !values.has(`net/ipv4/conf/default/${parameter}`);
  return kernelLacks
    ? { value: 0, evidence: [{ source: key, text: 'this kernel is older than the parameter' }] }
    : { missing: `${key} is not among the kernel parameters that the host reported` };
}

/** One decimal integer of the kernel's int range, as /proc/sys prints it; undefined for any other text. */
export function integerOf(text: string): number | undefined {
  if (!/^-?[0-9]{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= -2_147_483_648 && value <= 2_147_483_647 ? value : undefined;
}

type Combination = 'max' | 'or' | 'own';

// include/linux/inetdevice.h: IN_DEV_MAXCONF, IN_DEV_ORCONF, IN_DEV_CONF_GET. Kernels before 5.11 without the stable
// backport of 1af5318c00a8 ignore conf.all for proxy_arp_pvlan; taking it into account errs on the side of a finding.
const combinations = {
  arp_ignore: 'max',
  arp_announce: 'max',
  rp_filter: 'max',
  arp_filter: 'or',
  proxy_arp: 'or',
  proxy_arp_pvlan: 'or',
  accept_local: 'or',
  route_localnet: 'or',
  drop_gratuitous_arp: 'or',
  send_redirects: 'or',
  forwarding: 'own',
  medium_id: 'own',
} as const satisfies Record<string, Combination>;

/** A parameter below net/ipv4/conf whose effective value the kernel combines from conf.all and the interface's own. */
export type Ipv4Parameter = keyof typeof combinations;

/** What the kernel uses on one interface, and what it was combined from. Booleans are 0 and 1. */
export interface Effective {
  readonly value: number;
  readonly own: number;
  /** Undefined for a parameter of which conf.all has no effect on interfaces. */
  readonly all: number | undefined;
  readonly combination: Combination;
}

function effective(view: SysctlView, parameter: Ipv4Parameter, device: string): Derived<Effective> {
  const combination: Combination = combinations[parameter];
  const own = view.read(`net/ipv4/conf/${device}/${parameter}`);
  if (!('value' in own)) return own;
  if (combination === 'own') {
    return { value: { value: own.value, own: own.value, all: undefined, combination }, evidence: own.evidence };
  }
  const all = view.read(`net/ipv4/conf/all/${parameter}`);
  if (!('value' in all)) return all;
  const value = combination === 'max' ? Math.max(all.value, own.value) : Number(all.value !== 0 || own.value !== 0);
  const evidence: Evidence[] = [...all.evidence, ...own.evidence];
  return { value: { value, own: own.value, all: all.value, combination }, evidence };
}
