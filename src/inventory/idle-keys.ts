import type { HostSettings } from '../contracts/inventory.ts';
import { quoted } from '../contracts/quoted.ts';
import type { DocumentPath } from '../contracts/violation.ts';
import type { Host, LoadedInventory } from './model.ts';

type Key = keyof HostSettings;

const overSsh = (host: Host): boolean => host.transport === 'ssh';
const overPowerShell = (host: Host): boolean => host.transport === 'powershell';
const overNetwork = (host: Host): boolean => overSsh(host) || overPowerShell(host);

/** The keys that matter to some hosts only, and to which. */
const audience: ReadonlyMap<Key, { readonly matters: (host: Host) => boolean; readonly only: string }> = new Map([
  ['user', { matters: overNetwork, only: 'the transports ssh and powershell' }],
  ['port', { matters: overNetwork, only: 'the transports ssh and powershell' }],
  ['identityFile', { matters: overSsh, only: 'transport ssh' }],
  ['identityPassphrase', { matters: overSsh, only: 'transport ssh' }],
  ['knownHosts', { matters: overSsh, only: 'transport ssh' }],
  ['hostKeyAlias', { matters: overSsh, only: 'transport ssh' }],
  ['jump', { matters: overSsh, only: 'transport ssh' }],
  ['legacyAlgorithms', { matters: overSsh, only: 'transport ssh' }],
  ['credentialFile', { matters: overPowerShell, only: 'transport powershell' }],
  ['useTls', { matters: overPowerShell, only: 'transport powershell' }],
  [
    'privileged',
    {
      matters: (host) => host.platform === 'linux' && (overSsh(host) || host.transport === 'local'),
      only: 'Linux hosts with transport ssh or local',
    },
  ],
]);

/** A key that somebody wrote and nothing reads. */
export interface IdleKey {
  readonly path: DocumentPath;
  readonly message: string;
}

/** The host keys without effect: of a host, for its transport or platform; of the defaults, for those of every host. */
export function idleKeys(
  { hosts }: LoadedInventory,
  defaults: HostSettings,
  own: Readonly<Record<string, HostSettings | null>>,
): readonly IdleKey[] {
  const ofDefaults = [...audience].filter(
    ([key, { matters }]) => Object.hasOwn(defaults, key) && ![...hosts.values()].some(matters),
  );
  return [
    ...ofDefaults.map(([key, { only }]) => ({
      path: ['defaults', key],
      message: `${quoted(key)} has no effect: it is for ${only}, and no host is that`,
    })),
    ...Object.entries(own).flatMap(([name, settings]) => {
      const host = hosts.get(name);
      if (host === undefined || settings === null) return [];
      return [...audience]
        .filter(([key, { matters }]) => Object.hasOwn(settings, key) && !matters(host))
        .map(([key, { only }]) => ({
          path: ['hosts', name, key],
          message: `${quoted(key)} has no effect: it is for ${only}`,
        }));
    }),
  ];
}
