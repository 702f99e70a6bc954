import { isIP, isIPv4 } from 'node:net';
import type { HostSettings, Inventory } from '../contracts/inventory.ts';
import { pathText, quoted } from '../contracts/quoted.ts';
import { comparePositions, type DocumentPath, type Position } from '../contracts/violation.ts';
import { folderOf, resolvePath } from './file-path.ts';
import { idleKeys } from './idle-keys.ts';
import type { Host, LocatedInventory, Service } from './model.ts';

/** Something of a valid inventory that is worth a look. */
export interface LintNote {
  /** error: what loadInventory refuses, for listings of both; warning: most likely a mistake; note: it limits the audit. */
  readonly severity: 'error' | 'warning' | 'note';
  readonly position: Position;
  readonly path: string;
  readonly message: string;
}

type Remark = Omit<LintNote, 'position' | 'path'> & { readonly path: DocumentPath };

type Place = readonly [DocumentPath, HostSettings];

/** Everything that can be said of a valid inventory without contacting a host, in file order. */
export function lintInventory(inventory: LocatedInventory, fileExists: (path: string) => boolean): readonly LintNote[] {
  const { file, document } = inventory;
  // loadInventory has validated it.
  const { defaults = {}, hosts } = document.value as unknown as Inventory;
  const places: readonly Place[] = [
    [['defaults'], defaults],
    ...Object.entries(hosts).map(([name, host]): Place => [['hosts', name], host ?? {}]),
  ];
  const hops = new Set(
    [...inventory.hosts.values()].flatMap(({ transport, jump }) => (transport === 'ssh' && jump) || []),
  );
  const folder = folderOf(file);
  const remarks: Remark[] = [
    ...[...inventory.services.values()].flatMap((service) => serviceRemarks(service, inventory)),
    ...[...inventory.hosts.values()].flatMap((host) => hostRemarks(host, hops)),
    ...unusedLoadBalancers(inventory),
    ...confusingTags(places, inventory),
    ...places.flatMap((place) => missingFiles(place, folder, fileExists)),
    ...places.flatMap(legacyAlgorithms),
    ...idleKeys(inventory, defaults, hosts).map((idle): Remark => ({ severity: 'note', ...idle })),
  ];
  return remarks
    .map(({ path, ...remark }) => ({ ...remark, position: document.positionOf(path, 'key'), path: pathText(path) }))
    .sort((a, b) => comparePositions(a.position, b.position) || compareText(a.message, b.message));
}

function serviceRemarks(service: Service, { hosts }: LocatedInventory): Remark[] {
  const path = ['services', service.name];
  const remarks: Remark[] = [];
  const note = (at: DocumentPath, message: string): void => {
    remarks.push({ severity: 'note', path: at, message });
  };
  if (service.backends.length === 1) note([...path, 'backends'], 'one backend only: nothing takes over when it fails');
  if (service.ports.length === 0) note(path, 'without ports, the rules on listeners and firewalls are not applicable');
  const absent = (['client', 'loadBalancer'] as const).filter((key) => service[key] === undefined);
  if (absent.length > 0) {
    note(path, `without ${absent.join(' and ')}, the rules on the return path are not applicable`);
  }
  const networks = new Set(service.backends.flatMap((name) => network24(hosts.get(name)?.address) ?? []));
  for (const vip of service.vips) {
    const network = network24(vip);
    if (network === undefined || networks.size === 0 || networks.has(network)) continue;
    note(
      [...path, 'vip'],
      `${vip} is outside the /24 of every backend: check that the balancer reaches them on one segment`,
    );
  }
  return remarks;
}

function hostRemarks({ name, address, bindings }: Host, hops: ReadonlySet<string>): Remark[] {
  const path = ['hosts', name];
  const remarks: Remark[] = [];
  if (bindings.length === 0 && !hops.has(name)) {
    const message = 'never contacted: no service has this host among its backends, and no host is reached through it';
    remarks.push({ severity: 'warning', path, message });
  }
  if (bindings.length > 0 && isIP(address) === 0) {
    const message = `${quoted(address)} is a DNS name: the address that the balancer knows must then be derived from the host`;
    remarks.push({ severity: 'note', path: [...path, 'address'], message });
  }
  return remarks;
}

function unusedLoadBalancers({ loadBalancers, services }: LocatedInventory): Remark[] {
  const used = new Set([...services.values()].map((service) => service.loadBalancer?.name));
  return [...loadBalancers.keys()]
    .filter((name) => !used.has(name))
    .map((name) => ({
      severity: 'warning',
      path: ['loadBalancers', name],
      message: 'no service names this load balancer',
    }));
}

/** The first place of each tag that is also the name of a service. */
function confusingTags(places: readonly Place[], { services }: LocatedInventory): Remark[] {
  const seen = new Set<string>();
  return places.flatMap(([path, settings]) =>
    (settings.tags ?? []).flatMap((tag, index): Remark[] => {
      if (!services.has(tag) || seen.has(tag)) return [];
      seen.add(tag);
      const message = `a service is named ${quoted(tag)} too: --limit tag:${tag} and service:${tag} may choose different hosts`;
      return [{ severity: 'warning', path: [...path, 'tags', index], message }];
    }),
  );
}

function missingFiles([path, settings]: Place, folder: string, fileExists: (path: string) => boolean): Remark[] {
  return (['identityFile', 'knownHosts', 'credentialFile'] as const).flatMap((key) =>
    [settings[key] ?? []].flat().flatMap((written): Remark[] => {
      const file = resolvePath(written, folder);
      if (fileExists(file)) return [];
      return [{ severity: 'warning', path: [...path, key], message: `${quoted(file)} does not exist on this machine` }];
    }),
  );
}

function legacyAlgorithms([path, settings]: Place): Remark[] {
  if (settings.legacyAlgorithms !== true) return [];
  const message =
    'SHA-1 is offered: whoever can forge it can stand between; remove this once the server is OpenSSH 6.5 or newer';
  return [{ severity: 'warning', path: [...path, 'legacyAlgorithms'], message }];
}

/** The first three numbers of an IPv4 address. */
function network24(address: string | undefined): string | undefined {
  return address !== undefined && isIPv4(address) ? address.slice(0, address.lastIndexOf('.')) : undefined;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
