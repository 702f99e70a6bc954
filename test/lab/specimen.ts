import type { Method } from '../../src/contracts/inventory.ts';
import { type Namespace, neutralise, shell } from './namespace.ts';

/** A backend to be built: the shell commands that configure it, and what the inventory asks of it. */
export interface Configuration {
  readonly title: string;
  /** Shell commands, run in the backend's namespace; eth0 (and eth1) exist, are down and have no address. */
  readonly commands: readonly string[];
  readonly secondNic: boolean;
  readonly vips: readonly string[];
  readonly method: Method;
}

/** The addresses of a specimen's two segments: eth0 is on the first, eth1 on the second. */
export const plan = {
  rip: '10.77.0.11',
  gateway: '10.77.0.1',
  balancers: ['10.77.0.5', '10.78.0.5'],
  peer: '10.77.0.3',
  client: '198.51.100.20',
  rip6: '2001:db8:77::11',
  vip6: '2001:db8:77::100',
} as const;

/** A backend under measurement: one namespace, each network interface linked to the observer by a segment of its own. */
export interface Specimen {
  readonly configuration: Configuration;
  readonly backend: Namespace;
  readonly observer: Namespace;
  readonly segments: readonly Segment[];
}

/** The shell command that sets a parameter of net/ipv4/conf. */
export function knob(scope: string, name: string, value: number): string {
  return `echo ${value} >/proc/sys/net/ipv4/conf/${scope}/${name}`;
}

/** The link between a network interface of a backend and the observer's end of it. */
export interface Segment {
  readonly interface: 'eth0' | 'eth1';
  readonly observerInterface: string;
}

/** Makes a namespace an observer of many specimens: it asks and listens, and may send from any address. */
export async function prepareObserver(observer: Namespace): Promise<void> {
  await shell(observer, `echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind\nip addr add ${plan.peer}/32 dev lo`);
}

/** Builds a backend in a namespace as its configuration says, and links it to the observer. */
export async function buildSpecimen(
  configuration: Configuration,
  backend: Namespace,
  observer: Namespace,
  number: number,
): Promise<Specimen> {
  const nics = configuration.secondNic ? (['eth0', 'eth1'] as const) : (['eth0'] as const);
  const segments = nics.map((nic) => ({ interface: nic, observerInterface: `${nic}of${number}` }));
  const links = segments.map((segment) => linkCommand(segment, observer.name));
  await shell(backend, [...links, ...configuration.commands].join('\n'));
  return { configuration, backend, observer, segments };
}

function linkCommand(segment: Segment, observer: string): string {
  const far = segment.observerInterface;
  return `ip link add name ${segment.interface} type veth peer name ${far} netns ${observer} && ip -n ${observer} link set dev ${far} up`;
}

/** The shell commands that build the same backend by hand, and ask it the same questions. */
export function reproduction(configuration: Configuration): string {
  const nics = configuration.secondNic ? ['eth0', 'eth1'] : ['eth0'];
  return [
    'ip netns add observer && ip netns add backend',
    'ip netns exec observer sysctl -qw net.ipv4.ip_nonlocal_bind=1 net.ipv4.conf.all.rp_filter=0',
    "ip netns exec backend /bin/sh -e <<'EOF'",
    neutralise,
    ...nics.map((nic) => linkCommand({ interface: nic as 'eth0', observerInterface: `${nic}of1` }, 'observer')),
    ...configuration.commands,
    'EOF',
    ...nics.flatMap((nic) =>
      configuration.vips.flatMap((vip) => [
        `ip netns exec observer arping -D -c 2 -w 2 -I ${nic}of1 ${vip}`,
        `ip netns exec observer arping -b -c 2 -w 2 -s ${plan.balancers[0]} -I ${nic}of1 ${vip}`,
      ]),
    ),
    `(sleep 1; ip netns exec backend ping -c 1 -W 1 -I ${configuration.vips[0] ?? plan.rip} 10.77.0.66) &`,
    "ip netns exec observer timeout 5 tcpdump -nel -i any 'arp and inbound'",
    'ip netns del observer; ip netns del backend',
  ].join('\n');
}
