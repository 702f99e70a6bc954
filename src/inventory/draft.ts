import type { DocumentPath } from '../contracts/violation.ts';
import { fields, mergeDefaults, type Fields } from './settings.ts';

/** Text of the inventory and where it stands. */
export interface Text {
  readonly text: string;
  readonly path: DocumentPath;
}

/** What can be made out of a service that may be wrong in any way. */
export interface DraftService {
  readonly name: string;
  readonly path: DocumentPath;
  readonly vips: readonly Text[];
  readonly ports: readonly Text[];
  readonly backends: readonly Text[];
  readonly method: unknown;
  readonly loadBalancer: Text | undefined;
  readonly client: Text | undefined;
}

/** What can be made out of a host, with the defaults. */
export interface DraftHost {
  readonly name: string;
  readonly path: DocumentPath;
  readonly address: Text;
  readonly platform: unknown;
  readonly transport: unknown;
  readonly port: unknown;
  /** Of its own or by default. */
  readonly jump: string | undefined;
  readonly ownJump: Text | undefined;
}

/** What can be made out of an inventory that may be wrong in any way, so that everything wrong is said at once. */
export interface Draft {
  readonly services: readonly DraftService[];
  /** Undefined where `hosts` is not a map: then no name can be looked up. */
  readonly hosts: ReadonlyMap<string, DraftHost> | undefined;
  /** The addresses of each load balancer; undefined where `loadBalancers` is not a map. */
  readonly loadBalancers: ReadonlyMap<string, readonly Text[]> | undefined;
  readonly defaultJump: Text | undefined;
  /** Every file that is named. */
  readonly files: readonly Text[];
}

/** Reads what can be read of an inventory: text where text is due, and passes over the rest. */
export function draftOf(value: Fields): Draft {
  const defaults = fields(value['defaults']) ?? {};
  const hosts = fields(value['hosts']);
  const merged = mergeDefaults(hosts ?? {}, defaults);
  const loadBalancers = value['loadBalancers'] === undefined ? {} : fields(value['loadBalancers']);
  const files = [...merged].flatMap(([name, { own }]) => filesOf(own, ['hosts', name]));
  return {
    services: Object.entries(fields(value['services']) ?? {}).map(([name, service]) => draftService(name, service)),
    hosts: hosts && new Map([...merged].map(([name, host]) => [name, draftHost(name, host.own, host.settings)])),
    loadBalancers:
      loadBalancers &&
      new Map(
        Object.entries(loadBalancers).map(([name, balancer]) => {
          return [name, texts(fields(balancer)?.['addresses'], ['loadBalancers', name, 'addresses'])];
        }),
      ),
    defaultJump: text(defaults['jump'], ['defaults', 'jump']),
    files: [...filesOf(defaults, ['defaults']), ...files],
  };
}

function draftService(name: string, value: unknown): DraftService {
  const service = fields(value) ?? {};
  const path = ['services', name];
  return {
    name,
    path,
    vips: texts(service['vip'], [...path, 'vip']),
    ports: texts(service['ports'], [...path, 'ports']),
    backends: texts(service['backends'], [...path, 'backends']),
    method: service['method'] ?? 'loopback',
    loadBalancer: text(service['loadBalancer'], [...path, 'loadBalancer']),
    client: text(service['client'], [...path, 'client']),
  };
}

function draftHost(name: string, own: Fields, settings: Fields): DraftHost {
  const path = ['hosts', name];
  return {
    name,
    path,
    address: text(settings['address'], [...path, 'address']) ?? { text: name, path: [...path, 'address'] },
    platform: settings['platform'] ?? 'linux',
    transport: settings['transport'] ?? 'ssh',
    port: settings['port'],
    jump: text(settings['jump'], path)?.text,
    ownJump: text(own['jump'], [...path, 'jump']),
  };
}

function filesOf(settings: Fields, path: DocumentPath): readonly Text[] {
  const passphrase = text(settings['identityPassphrase'], [...path, 'identityPassphrase']);
  const named = ['identityFile', 'knownHosts', 'credentialFile'].flatMap((key) => texts(settings[key], [...path, key]));
  if (passphrase?.text.startsWith('file:') !== true) return named;
  return [...named, { ...passphrase, text: passphrase.text.slice('file:'.length) }];
}

function text(value: unknown, path: DocumentPath): Text | undefined {
  return typeof value === 'string' ? { text: value, path } : undefined;
}

function texts(value: unknown, path: DocumentPath): readonly Text[] {
  if (!Array.isArray(value)) return [text(value, path) ?? []].flat();
  return value.flatMap((entry, index) => text(entry, [...path, index]) ?? []);
}
