import { type Backend, type BackendPlan, startBackend } from './backend.ts';
import { balance } from './balancer.ts';
import {
  type Namespace,
  configure,
  connect,
  createFolder,
  createNamespace,
  removeFolder,
  removeNamespaces,
  shell,
  sweepLeftovers,
} from './namespace.ts';

/** The addresses of a fleet. The VIP's segment is 10.77.0.0/24; the client stands behind the router; 10.88.0.0/24 carries the audit. */
export const addresses = {
  vip: '10.77.0.100',
  router: '10.77.0.1',
  balancer: '10.77.0.5',
  peer: '10.77.0.3',
  client: '198.51.100.20',
  rip: (index: number) => `10.77.0.${11 + index}`,
  management: (index: number) => `10.88.0.${11 + index}`,
} as const;

/** A balanced service in namespaces of its own; nothing of it reaches the machine's own network. */
export interface Fleet {
  /** The bridges: `segment` carries the VIP, `management` the audit, `outside` is behind the router. */
  readonly wires: Namespace;
  readonly client: Namespace;
  readonly router: Namespace;
  readonly balancer: Namespace;
  /** Another host of the VIP's segment. */
  readonly peer: Namespace;
  /** Where the audit runs: on the management segment only. */
  readonly auditor: Namespace;
  readonly backends: readonly Backend[];
  /** For keys, logs and inventories; goes when the fleet goes. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Builds a fleet and starts an HTTP server on port 80 of every backend, which answers with the backend's name. */
export async function startFleet(plans: readonly BackendPlan[]): Promise<Fleet> {
  await sweepLeftovers();
  const folder = createFolder();
  const namespaces: Namespace[] = [];
  const backends: Backend[] = [];
  const stop = async (): Promise<void> => {
    for (const backend of backends) await backend.stop();
    await removeNamespaces(namespaces);
    removeFolder(folder);
  };
  const make = async (purpose: string): Promise<Namespace> => {
    const namespace = await createNamespace(purpose);
    namespaces.push(namespace);
    return namespace;
  };
  try {
    const wires = await make('wires');
    const plug = await layWires(wires);
    const router = await make('router');
    await plug(router, 'eth0', 'segment', addresses.router);
    await plug(router, 'eth1', 'outside', '198.51.100.1');
    await shell(router, 'echo 1 >/proc/sys/net/ipv4/ip_forward');
    const client = await make('client');
    await plug(client, 'eth0', 'outside', addresses.client);
    await configure(client, ['route add default via 198.51.100.1']);
    const balancer = await make('balancer');
    await plug(balancer, 'eth0', 'segment', addresses.balancer);
    await configure(balancer, [`addr add ${addresses.vip}/32 dev eth0`]);
    const peer = await make('peer');
    await plug(peer, 'eth0', 'segment', addresses.peer);
    const auditor = await make('auditor');
    await plug(auditor, 'eth0', 'management', '10.88.0.2');
    for (const [index, plan] of plans.entries()) {
      const namespace = await make(plan.name);
      await plug(namespace, 'eth0', 'segment', addresses.rip(index));
      await plug(namespace, 'mgmt0', 'management', addresses.management(index));
      await configure(namespace, [`route add default via ${addresses.router}`]);
      const backend = await startBackend(plan, namespace, addresses.management(index), folder);
      backends.push(backend);
      await backend.start([process.execPath, '-e', webServer(plan.name)], /listening/);
    }
    await balance(balancer, [addresses.vip], backends);
    return { wires, client, router, balancer, peer, auditor, backends, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Wire = 'segment' | 'management' | 'outside';
type Plug = (namespace: Namespace, nic: string, wire: Wire, address: string) => Promise<void>;

/** Makes the segments, as bridges without addresses; what it returns connects an interface to one of them. */
async function layWires(wires: Namespace): Promise<Plug> {
  for (const name of ['segment', 'management', 'outside']) {
    await configure(wires, [`link add name ${name} type bridge`, `link set dev ${name} up`]);
  }
  let ports = 0;
  return async (namespace, nic, wire, address) => {
    const port = `port${++ports}`;
    await connect(namespace, nic, wires, port);
    await configure(wires, [`link set dev ${port} master ${wire}`]);
    await configure(namespace, [`addr add ${address}/24 dev ${nic}`]);
  };
}

function webServer(name: string): string {
  const answer = `(request, response) => response.end(${JSON.stringify(name)})`;
  return `require('node:http').createServer(${answer}).listen(80, '0.0.0.0', () => console.log('listening'))`;
}
