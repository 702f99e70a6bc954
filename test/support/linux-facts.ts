import type {
  Address,
  LinuxFacts,
  Listener,
  Neighbour,
  NetworkInterface,
  PolicyRule,
  Route,
  RouteLookup,
} from '../../src/contracts/snapshot.ts';
import type { Backend, Binding } from '../../src/facts/backend.ts';

/**
 * Facts of the compliant backend of the lab: eth0 10.77.0.11/24 behind the gateway 10.77.0.1, VIP 10.77.0.100/32 on lo,
 * arp_ignore 1 and arp_announce 2 on all. Each part is known; what a test changes it overrides.
 */
export function linuxFacts(changes: Partial<LinuxFacts> = {}): LinuxFacts {
  return {
    probeVersion: 1,
    hostname: { value: 'web01' },
    kernelRelease: { value: '6.1.0-18-amd64' },
    osRelease: { value: { id: 'debian', idLike: '', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' } },
    userId: { value: 0 },
    clock: { value: 1_795_000_000 },
    uptime: { value: 864_000 },
    initSystem: { value: 'systemd' },
    namespaces: { value: { own: 'net:[4026531840]', init: 'net:[4026531840]' } },
    sysctls: sysctls({ 'all/arp_ignore': 1, 'all/arp_announce': 2 }),
    interfaces: { value: [loopback(), ethernet('eth0', 2)] },
    addresses: { value: [...loopbackAddresses(), address('eth0', '10.77.0.11/24'), address('lo', '10.77.0.100/32')] },
    routes: {
      value: [
        ...loopbackRoutes(),
        localRoute('10.77.0.11/32', 'eth0'),
        localRoute('10.77.0.100/32', 'lo'),
        route('10.77.0.0/24', { interface: 'eth0', scope: 'link', source: '10.77.0.11' }),
        route('0.0.0.0/0', { interface: 'eth0', gateway: '10.77.0.1' }),
      ],
    },
    policyRules: { value: defaultRules() },
    routeLookups: { value: [] },
    neighbours: { value: [] },
    listeners: { value: [listener('0.0.0.0', 80)] },
    virtualServers: { value: [] },
    sysctlFiles: { value: [] },
    addressFiles: { value: [] },
    units: { value: [] },
    tools: { value: ['ip', 'ss'] },
    nftables: { value: [] },
    arptables: { value: [] },
    iptables: { value: [] },
    ...changes,
  };
}

/** The inventory's side of the same host: one IPv4 VIP by the default method. */
export function backend(changes: Partial<Backend> = {}): Backend {
  return {
    name: 'web01',
    address: '10.77.0.11',
    platform: 'linux',
    role: 'backend',
    tags: [],
    ingressInterfaces: [],
    bindings: [binding()],
    ...changes,
  };
}

/** One service of the inventory on the host: web on 10.77.0.100, without ports, client or load balancer. */
export function binding(changes: Partial<Binding> = {}): Binding {
  return { service: 'web', vip: '10.77.0.100', method: 'loopback', ports: [], ...changes };
}

const parametersOf4 = {
  accept_local: 0,
  arp_announce: 0,
  arp_filter: 0,
  arp_ignore: 0,
  arp_notify: 0,
  drop_gratuitous_arp: 0,
  forwarding: 0,
  medium_id: 0,
  promote_secondaries: 0,
  proxy_arp: 0,
  proxy_arp_pvlan: 0,
  route_localnet: 0,
  rp_filter: 0,
  send_redirects: 1,
};
const parametersOf6 = { accept_dad: 1, disable_ipv6: 0, forwarding: 0, proxy_ndp: 0 };

/**
 * The kernel parameters of a host with the given interfaces: the kernel's defaults, then the changes, which are
 * written as all/arp_ignore (below net/ipv4/conf) or as a whole path such as net/ipv6/conf/lo/disable_ipv6.
 */
export function sysctls(
  changes: Readonly<Record<string, number | string>> = {},
  devices: readonly string[] = ['lo', 'eth0'],
): LinuxFacts['sysctls'] {
  const values = new Map<string, string>();
  for (const device of ['all', 'default', ...devices]) {
    for (const [name, value] of Object.entries(parametersOf4))
      values.set(`net/ipv4/conf/${device}/${name}`, `${value}`);
    for (const [name, value] of Object.entries(parametersOf6))
      values.set(`net/ipv6/conf/${device}/${name}`, `${value}`);
  }
  for (const [key, value] of Object.entries(changes)) {
    values.set(key.startsWith('net/') ? key : `net/ipv4/conf/${key}`, `${value}`);
  }
  return { value: [...values].map(([key, value]) => ({ key, value })) };
}

/** lo, up. */
export function loopback(changes: Partial<NetworkInterface> = {}): NetworkInterface {
  return networkInterface('lo', 1, {
    flags: 0x9,
    type: 772,
    address: '00:00:00:00:00:00',
    operState: 'unknown',
    ...changes,
  });
}

/** An Ethernet interface, up, with broadcast and multicast. */
export function ethernet(name: string, index: number, changes: Partial<NetworkInterface> = {}): NetworkInterface {
  return networkInterface(name, index, changes);
}

/** A dummy interface, up: Ethernet without ARP. */
export function dummy(name: string, index: number, changes: Partial<NetworkInterface> = {}): NetworkInterface {
  return networkInterface(name, index, { flags: 0x83, kind: 'dummy', operState: 'unknown', ...changes });
}

function networkInterface(name: string, index: number, changes: Partial<NetworkInterface>): NetworkInterface {
  return {
    name,
    index,
    flags: 0x1003,
    type: 1,
    address: `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`,
    linkIndex: index,
    operState: 'up',
    kind: null,
    master: null,
    bridgePort: false,
    ...changes,
  };
}

/** An address such as 10.77.0.11/24 on an interface, as `ip -o addr` shows it: scope global, for ever. */
export function address(device: string, text: string, changes: Partial<Address> = {}): Address {
  const [ip = '', length = ''] = text.split('/');
  return {
    interface: device,
    label: ip.includes(':') ? null : device,
    family: ip.includes(':') ? 6 : 4,
    ip,
    peer: null,
    prefixLength: Number(length),
    scope: 'global',
    flags: ip.includes(':') ? [] : ['permanent'],
    validLifetime: null,
    preferredLifetime: null,
    ...changes,
  };
}

/** 127.0.0.1/8 and ::1/128 on lo. */
export function loopbackAddresses(): readonly Address[] {
  return [address('lo', '127.0.0.1/8', { scope: 'host' }), address('lo', '::1/128', { scope: 'host' })];
}

/** A route of table main, or as the changes say. */
export function route(destination: string, changes: Partial<Route> = {}): Route {
  return {
    table: 'main',
    family: destination.includes(':') ? 6 : 4,
    type: 'unicast',
    destination,
    gateway: null,
    interface: null,
    source: null,
    scope: null,
    metric: null,
    ...changes,
  };
}

/** A route of type local in table local, as an address or AnyIP leaves it. */
export function localRoute(destination: string, device: string, changes: Partial<Route> = {}): Route {
  return route(destination, { table: 'local', type: 'local', interface: device, scope: 'host', ...changes });
}

/** What 127.0.0.1/8 and ::1/128 leave in table local. */
export function loopbackRoutes(): readonly Route[] {
  return [localRoute('127.0.0.0/8', 'lo'), localRoute('127.0.0.1/32', 'lo'), localRoute('::1/128', 'lo')];
}

/** The policy rules that the kernel starts with, of both families. */
export function defaultRules(): readonly PolicyRule[] {
  return [
    { family: 4, priority: 0, text: 'from all lookup local' },
    { family: 4, priority: 32_766, text: 'from all lookup main' },
    { family: 4, priority: 32_767, text: 'from all lookup default' },
    { family: 6, priority: 0, text: 'from all lookup local' },
    { family: 6, priority: 32_766, text: 'from all lookup main' },
  ];
}

/** What `ip route get` says of a destination. */
export function lookup(destination: string, changes: Partial<RouteLookup> = {}): RouteLookup {
  return {
    destination,
    from: null,
    type: 'unicast',
    interface: 'eth0',
    gateway: null,
    source: null,
    error: null,
    ...changes,
  };
}

/** A proxy entry of the neighbour table, as `ip neigh show proxy` lists it. */
export function proxyNeighbour(ip: string, device: string): Neighbour {
  return { ip, interface: device, hardwareAddress: null, proxy: true, state: null };
}

/** A listening TCP socket, or as the changes say. */
export function listener(ip: string, port: number, changes: Partial<Listener> = {}): Listener {
  return { protocol: 'tcp', ip, port, interface: null, onlyIpv6: null, ...changes };
}
