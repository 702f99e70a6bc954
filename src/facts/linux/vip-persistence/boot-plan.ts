import type { LinuxFacts } from '../../../contracts/snapshot.ts';
import type { Fact } from '../../fact.ts';
import { fileTree, type FileTree } from '../boot-files.ts';
import type { BootAddress, Doubt, Reading, Surroundings } from './boot-address.ts';
import { readIfupdown } from './ifupdown.ts';
import { readKeepalived } from './keepalived.ts';
import { readNetplan } from './netplan.ts';
import { readNetworkManager } from './network-manager.ts';
import { readNetworkScripts } from './network-scripts.ts';
import { readNetworkd } from './networkd.ts';
import { readScripts } from './scripts.ts';
import { readWicked } from './wicked.ts';

/** Every address that the files of a host ask for at boot. */
export interface BootPlan {
  readonly files: FileTree;
  readonly addresses: readonly BootAddress[];
  readonly doubts: readonly Doubt[];
}

const readers: readonly ((surroundings: Surroundings) => Reading)[] = [
  readIfupdown,
  readNetplan,
  readNetworkd,
  readNetworkManager,
  readNetworkScripts,
  readWicked,
  readKeepalived,
  readScripts,
];

/** Reads the address files of all managers once, for every VIP of the host. */
export function bootPlan(facts: LinuxFacts): Fact<BootPlan> {
  if ('missing' in facts.addressFiles) return facts.addressFiles;
  const files = fileTree(facts.addressFiles.value);
  const readings = readers.map((read) => read({ facts, files }));
  const addresses = readings
    .flatMap((reading) => reading.addresses)
    .map((address) => withDevice(facts, files, address));
  return { value: { files, addresses, doubts: readings.flatMap((reading) => reading.doubts) } };
}

/** A dummy must be created before it can hold an address; netplan, NetworkManager and wicked do that themselves, networkd's reader looks for .netdev. */
function withDevice(facts: LinuxFacts, files: FileTree, address: BootAddress): BootAddress {
  if (address.effect !== 'boot' || !/^(?:ifupdown|network-scripts|script)$/.test(address.manager)) return address;
  const link =
    'value' in facts.interfaces ? facts.interfaces.value.find(({ name }) => name === address.interface) : undefined;
  const isDummy = link === undefined ? address.interface.startsWith('dummy') : link.kind === 'dummy';
  if (!isDummy || creates(files, address.interface)) return address;
  return { ...address, effect: { perhaps: `nothing that the probe reads creates ${address.interface} at boot` } };
}

function creates(files: FileTree, device: string): boolean {
  return files.entries.some(
    ({ lines }) =>
      'value' in lines &&
      lines.value.some(({ text }) => /\blink\s+add\b/.test(text) && text.split(/\s+/).includes(device)),
  );
}
