import type { Host, LoadedInventory, LoadBalancer, Service } from '../../src/inventory/model.ts';
import { type Configuration, plan } from './specimen.ts';

const balancer: LoadBalancer = { name: 'balancer', addresses: plan.balancers };
const position = { line: 1, column: 1 };

/** The name of the service that a specimen backs with a VIP. */
export function serviceName(host: string, vip: string): string {
  return `${vip} of ${host}`;
}

/** The inventory that asks of every specimen what its configuration says: one host each, one service a VIP. */
export function inventoryOf(configurations: readonly Configuration[]): LoadedInventory {
  const services = new Map<string, Service>();
  const hosts = new Map<string, Host>();
  for (const [index, { vips, method }] of configurations.entries()) {
    const name = `specimen${index}`;
    for (const vip of vips) {
      const service = serviceName(name, vip);
      services.set(service, {
        name: service,
        vips: [vip],
        ports: [],
        method,
        client: plan.client,
        loadBalancer: balancer,
        backends: [name],
        position,
      });
    }
    hosts.set(name, {
      name,
      address: plan.rip,
      platform: 'linux',
      role: 'backend',
      tags: [],
      ingressInterfaces: [],
      bindings: vips.map((vip) => ({
        service: serviceName(name, vip),
        vip,
        method,
        ports: [],
        client: plan.client,
        loadBalancer: balancer,
      })),
      transport: 'local',
      identityFiles: [],
      knownHosts: [],
      legacyAlgorithms: false,
      privileged: true,
      useTls: false,
      position,
    });
  }
  return { file: 'lab', loadBalancers: new Map([[balancer.name, balancer]]), services, hosts };
}
