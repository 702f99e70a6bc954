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
  /** Two bridges without addresses, one a segment: `segment` carries the VIP, `management` the audit. */
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
    await configure(
      wires,
      ['segment', 'management', 'outside'].flatMap((name) => [
        `link add name ${name} type bridge`,
        `link set dev ${name} up`,
      ]),
    );
    const plug = async (namespace: Namespace, nic: string, bridge: string, address?: string): Promise<void> => {
      const port = `${nic}${++ports}`;
      await connect(namespace, nic, wires, port);
      await configure(wires, [`link set dev ${port} master ${bridge}`]);
      if (address !== undefined) await configure(namespace, [`addr add ${address}/24 dev ${nic}`]);
    };
    let ports = 0;
    const [router, client, balancer, peer, auditor] = [
      await make('router'),
      await make('client'),
      await make('balancer'),
      await make('peer'),
      await make('auditor'),
    ];
    await plug(router, 'eth0', 'segment', addresses.router);
    await plug(router, 'eth1', 'outside', '198.51.100.1');
    await plug(client, 'eth0', 'outside', addresses.client);
    await plug(balancer, 'eth0', 'segment', addresses.balancer);
    await plug(peer, 'eth0', 'segment', addresses.peer);
    await plug(auditor, 'eth0', 'management', '10.88.0.2');
    await shell(router, 'echo 1 >/proc/sys/net/ipv4/ip_forward');
    await configure(client, ['route add default via 198.51.100.1']);
    await configure(balancer, [`addr add ${addresses.vip}/32 dev eth0`]);
    for (const [index, plan] of plans.entries()) {
      const station = {
        rip: addresses.rip(index),
        managementAddress: addresses.management(index),
        gateway: addresses.router,
      };
      const backend = await startBackend(plan, station, folder, async (namespace) => {
        namespaces.push(namespace);
        await plug(namespace, 'eth0', 'segment');
        await plug(namespace, 'mgmt0', 'management');
      });
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

function webServer(name: string): string {
  return `require('node:http').createServer((request, response) => response.end(${JSON.stringify(name)})).listen(80, '0.0.0.0', () => console.log('listening'))`;
}
