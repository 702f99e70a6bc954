import { isIP } from 'node:net';
import { parseDocument, type ParsedDocument } from '../contracts/document.ts';
import type { HostSettings, Inventory, InventoryService } from '../contracts/inventory.ts';
import { validators } from '../contracts/validation.ts';
import { refuse } from '../contracts/violation.ts';
import { parseIp } from './address.ts';
import { checkHosts } from './check-hosts.ts';
import { checkServices } from './check-services.ts';
import { draftOf } from './draft.ts';
import { folderOf, resolvePath } from './file-path.ts';
import type { Binding, Host, LoadBalancer, LocatedInventory, Port, Service } from './model.ts';
import { mergeDefaults } from './settings.ts';

/** The largest inventory that is read: some 20,000 hosts of 200 bytes. */
export const mostInventoryBytes = 4 * 1024 * 1024;

/**
 * Reads an inventory, YAML or JSON. `file` names it in messages and is where its relative paths begin. Throws an InputError
 * with everything that is wrong with it.
 */
export function loadInventory(file: string, content: string | Uint8Array): LocatedInventory {
  const document = parseDocument(file, content, { maxBytes: mostInventoryBytes });
  const inventory = checked(document);
  const folder = folderOf(file);

  const loadBalancers = new Map(
    Object.entries(inventory.loadBalancers ?? {}).map(([name, { addresses }]): [string, LoadBalancer] => {
      return [name, { name, addresses: addresses.map(canonical) }];
    }),
  );
  const services = new Map(
    Object.entries(inventory.services).map(([name, service]): [string, Service] => {
      const loadBalancer = loadBalancers.get(service.loadBalancer ?? '');
      const position = document.positionOf(['services', name], 'key');
      return [name, { ...serviceOf(name, service), ...(loadBalancer && { loadBalancer }), position }];
    }),
  );
  const bindings = bindingsByHost(services);
  const hosts = new Map(
    [...mergeDefaults(inventory.hosts, { ...inventory.defaults })].map(([name, { settings }]): [string, Host] => {
      const position = document.positionOf(['hosts', name], 'key');
      return [name, { ...hostOf(name, settings, folder), bindings: bindings.get(name) ?? [], position }];
    }),
  );
  return { file, loadBalancers, services, hosts, document };
}

// Both kinds of check always run, so that nobody mends one error to be shown the next; of two that find fault with the
// same value, the schema says it first.
function checked(document: ParsedDocument): Inventory {
  const { file, value, positionOf } = document;
  const violations = validators.inventory.violations(value);
  const reported = new Set(violations.map(({ path }) => JSON.stringify(path)));
  const version = value['version'];
  const isNewer = typeof version === 'number' && version > 1;
  const draft = draftOf(value);
  const further = isNewer ? [] : [...checkServices(draft), ...checkHosts(draft)];
  const all = [...violations, ...further.filter(({ path }) => !reported.has(JSON.stringify(path)))];
  refuse(file, all, positionOf);
  return value as unknown as Inventory;
}

function serviceOf(name: string, service: InventoryService): Omit<Service, 'loadBalancer' | 'position'> {
  return {
    name,
    vips: [service.vip].flat().map(canonical),
    ports: (service.ports ?? []).map(portOf),
    method: service.method ?? 'loopback',
    ...(service.client !== undefined && { client: canonical(service.client) }),
    backends: service.backends,
  };
}

function hostOf(name: string, settings: HostSettings, folder: string): Omit<Host, 'bindings' | 'position'> {
  const { user, port, identityPassphrase: passphrase, hostKeyAlias, jump, credentialFile } = settings;
  const resolve = (path: string): string => resolvePath(path, folder);
  return {
    name,
    address: canonical(settings.address ?? name),
    platform: settings.platform ?? 'linux',
    role: settings.role ?? 'backend',
    tags: settings.tags ?? [],
    ingressInterfaces: settings.ingressInterfaces ?? [],
    transport: settings.transport ?? 'ssh',
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
    identityFiles: [settings.identityFile ?? []].flat().map(resolve),
    ...(passphrase !== undefined && {
      identityPassphrase: passphrase.replace(/^file:(.*)/, (_, path: string) => `file:${resolve(path)}`),
    }),
    knownHosts: [settings.knownHosts ?? []].flat().map(resolve),
    ...(hostKeyAlias !== undefined && { hostKeyAlias }),
    ...(jump !== undefined && { jump }),
    legacyAlgorithms: settings.legacyAlgorithms ?? false,
    privileged: settings.privileged ?? false,
    ...(credentialFile !== undefined && { credentialFile: resolve(credentialFile) }),
    useTls: settings.useTls ?? false,
  };
}

/** What each host must serve, in the order of the services. */
function bindingsByHost(services: ReadonlyMap<string, Service>): ReadonlyMap<string, readonly Binding[]> {
  const bindings = new Map<string, Binding[]>();
  for (const service of services.values()) {
    for (const backend of service.backends) {
      const ofHost = bindings.get(backend) ?? [];
      for (const vip of service.vips) ofHost.push(bindingOf(service, vip));
      bindings.set(backend, ofHost);
    }
  }
  return bindings;
}

function bindingOf({ name, method, ports, client, loadBalancer }: Service, vip: string): Binding {
  // A client of the other family says nothing about how this VIP answers.
  const ofFamily = client !== undefined && isIP(client) === isIP(vip) ? client : undefined;
  return {
    service: name,
    vip,
    method,
    ports,
    ...(ofFamily !== undefined && { client: ofFamily }),
    ...(loadBalancer !== undefined && { loadBalancer }),
  };
}

function portOf(text: string): Port {
  const [number, protocol] = text.split('/');
  return { number: Number(number), protocol: protocol === 'udp' ? 'udp' : 'tcp' };
}

/** An address as ipaddr.js writes it; a DNS name as it is. */
function canonical(address: string): string {
  const ip = parseIp(address);
  return 'text' in ip ? ip.text : address;
}
