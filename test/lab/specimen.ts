import type { Method } from '../../src/contracts/inventory.ts';
import { attempt, run } from './command.ts';
import { type Namespace, createNamespace, inside } from './namespace.ts';

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

/** Knobs that a new namespace copies from the machine (devinet_init_net), set to the kernel's own values before any interface exists. */
const neutral = `
for knob in arp_ignore arp_announce arp_filter arp_notify proxy_arp proxy_arp_pvlan rp_filter accept_local route_localnet forwarding; do
  for scope in all default lo; do
    file=/proc/sys/net/ipv4/conf/$scope/$knob
    [ "$(cat $file)" = 0 ] || echo 0 >$file
  done
done
# Duplicate address detection takes seconds during which an address is neither used nor told.
for scope in all default; do echo 0 >/proc/sys/net/ipv6/conf/$scope/accept_dad; done`;

/** The observer of many specimens: it asks and listens, and may send from any address. */
export async function createObserver(): Promise<Namespace> {
  const observer = await createNamespace('observer');
  await run(
    inside(observer, '/bin/sh', '-e'),
    `echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind
     for scope in all default; do
       echo 0 >/proc/sys/net/ipv4/conf/$scope/rp_filter
       echo 0 >/proc/sys/net/ipv6/conf/$scope/accept_dad
     done
     ip addr add ${plan.peer}/32 dev lo`,
  );
  return observer;
}

/** Builds a backend as its configuration says and links it to the observer. */
export async function createSpecimen(
  configuration: Configuration,
  observer: Namespace,
  number: number,
): Promise<Specimen> {
  const backend = await createNamespace(`specimen${number}`);
  const nics = configuration.secondNic ? (['eth0', 'eth1'] as const) : (['eth0'] as const);
  const segments = nics.map((nic) => ({ interface: nic, observerInterface: `${nic}of${number}` }));
  const links = segments.map((segment) => linkCommand(segment, observer.name));
  await run(
    inside(backend, '/bin/sh', '-e'),
    [neutral, ...links, 'ip link set dev lo up', ...configuration.commands].join('\n'),
  );
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
    neutral.trim(),
    ...nics.map((nic) => linkCommand({ interface: nic as 'eth0', observerInterface: `${nic}of1` }, 'observer')),
    'ip link set dev lo up',
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

/** Removes the namespaces of specimens; nothing runs in them any more. */
export async function discard(namespaces: readonly Namespace[]): Promise<void> {
  await attempt(['ip', '-batch', '-'], namespaces.map(({ name }) => `netns del ${name}\n`).join(''));
}
