import type { NetworkInterface } from '../../../contracts/snapshot.ts';
import { byteOrder } from '../boot-files.ts';
import { matchesGlob } from '../boot-sysctl-glob.ts';
import { startsAtBoot } from '../boot-units.ts';
import {
  addressOf,
  type BootAddress,
  classfulLength,
  type Doubt,
  doubtsUnder,
  effectOf,
  type Reading,
  type Surroundings,
} from './boot-address.ts';
import { readSettings, type Setting } from './ini.ts';

const directories = [
  '/etc/systemd/network',
  '/run/systemd/network',
  '/usr/local/lib/systemd/network',
  '/usr/lib/systemd/network',
];

/** A .network file with its drop-ins. */
interface NetworkFile {
  readonly name: string;
  readonly path: string;
  readonly settings: readonly (Setting & { readonly path: string })[];
}

/**
 * systemd-networkd: for each interface the first .network file, by name, whose [Match] fits; a name in /etc hides the
 * same in /run and /usr. Files that netplan generates in /run count in that order, but netplan's own file is what lasts.
 * Source: systemd.network(5).
 */
export function readNetworkd({ facts, files }: Surroundings): Reading {
  const doubts: Doubt[] = [];
  const networks = networkFiles(files, doubts);
  if (networks.length === 0 && doubts.length === 0) return { addresses: [], doubts };
  const devices = createdDevices(files, doubts);
  const effect = effectOf(startsAtBoot(facts, 'systemd-networkd'), 'systemd-networkd');
  const links = new Map(('value' in facts.interfaces ? facts.interfaces.value : []).map((link) => [link.name, link]));
  const named = networks.flatMap(({ settings }) =>
    wordsOf(settings, 'Match', 'Name').filter((name) => /^[\w.-]+$/.test(name)),
  );
  const addresses = [...new Set(['lo', ...links.keys(), ...devices, ...named])].flatMap((device): BootAddress[] => {
    const { file, hesitation } = fileFor(device, links.get(device), networks);
    if (file === undefined || isGenerated(file.path)) return [];
    return file.settings.flatMap((setting): BootAddress[] => {
      const isAddress = setting.key === 'Address' && (setting.section === 'Network' || setting.section === 'Address');
      const read = isAddress ? addressOf(setting.value, classfulLength) : undefined;
      const route = anyIpRoute(setting, file);
      const found = read ?? route;
      if (found === undefined) return [];
      return [
        {
          ...found,
          manager: 'systemd-networkd',
          interface: device,
          route: read === undefined,
          source: `${setting.path}:${setting.number}`,
          text: setting.text,
          effect: settled(effect, hesitation ?? absence(device, links.get(device), devices)),
        },
      ];
    });
  });
  return { addresses, doubts: doubtsUnder(effect, doubts) };
}

function settled(effect: BootAddress['effect'], hesitation: string | undefined): BootAddress['effect'] {
  return effect === 'boot' && hesitation !== undefined ? { perhaps: hesitation } : effect;
}

/** Why it is not certain that an interface exists at boot: a dummy that no .netdev file creates. */
function absence(device: string, link: NetworkInterface | undefined, created: readonly string[]): string | undefined {
  const mustBeCreated = link === undefined ? device !== 'lo' : link.kind === 'dummy';
  return mustBeCreated && !created.includes(device) ? `no .netdev file creates ${device}` : undefined;
}

function isGenerated(path: string): boolean {
  return /^\/run\/systemd\/network\/[^/]*netplan-/.test(path);
}

function networkFiles(files: Surroundings['files'], doubts: Doubt[]): readonly NetworkFile[] {
  const chosen = new Map<string, string>();
  for (const directory of directories) {
    if (files.isClosed(directory)) doubts.push({ path: directory, reason: 'the probe’s user may not look into it' });
    for (const name of files.names(directory)) {
      if (name.endsWith('.network') && !chosen.has(name)) chosen.set(name, `${directory}/${name}`);
    }
  }
  return [...chosen]
    .sort(([left], [right]) => byteOrder(left, right))
    .flatMap(([name, path]) => {
      const dropIns = directories.flatMap((directory) =>
        files
          .names(`${directory}/${name}.d`)
          .flatMap((each) => (each.endsWith('.conf') ? [`${directory}/${name}.d/${each}`] : [])),
      );
      const settings = [path, ...dropIns].flatMap((each) => {
        const content = files.open(each);
        if ('absent' in content) return [];
        if ('unreadable' in content) {
          doubts.push({ path: each, reason: content.unreadable });
          return [];
        }
        return readSettings(content.lines).map((setting) => ({ ...setting, path: content.path }));
      });
      return [{ name, path, settings }];
    });
}

function createdDevices(files: Surroundings['files'], doubts: Doubt[]): readonly string[] {
  return directories.flatMap((directory) =>
    files.names(directory).flatMap((name) => {
      if (!name.endsWith('.netdev')) return [];
      const content = files.open(`${directory}/${name}`);
      if ('unreadable' in content) doubts.push({ path: `${directory}/${name}`, reason: content.unreadable });
      if (!('lines' in content)) return [];
      return wordsOf(readSettings(content.lines), 'NetDev', 'Name');
    }),
  );
}

/** The file that configures an interface, and why that is not certain. */
function fileFor(
  device: string,
  link: NetworkInterface | undefined,
  networks: readonly NetworkFile[],
): { readonly file?: NetworkFile; readonly hesitation?: string } {
  for (const file of networks) {
    const fits = fitsMatch(device, link, file.settings);
    if (fits === false) continue;
    return fits === true
      ? { file }
      : { file, hesitation: `whether [Match] of ${file.path} fits ${device} is not known` };
  }
  return {};
}

/** Whether [Match] fits an interface; undefined where it asks for something that is not known. An empty one fits all but lo. */
function fitsMatch(
  device: string,
  link: NetworkInterface | undefined,
  settings: readonly Setting[],
): boolean | undefined {
  const match = settings.filter(({ section, value }) => section === 'Match' && value !== '');
  if (match.length === 0) return settings.length === 0 ? false : device !== 'lo';
  let certain = true;
  for (const { key, value } of match) {
    const patterns = value.split(/\s+/);
    const negated = patterns[0]?.startsWith('!') === true;
    const anyFits = (text: string): boolean =>
      patterns.some((pattern) => matchesGlob(pattern.replace(/^!/, ''), text)) !== negated;
    if (key === 'Name') {
      if (!anyFits(device)) return false;
    } else if (key === 'MACAddress' && link !== undefined) {
      if (!patterns.some((pattern) => pattern.toLowerCase() === link.address.toLowerCase())) return false;
    } else if (key === 'Type') {
      const type = device === 'lo' ? 'loopback' : 'ether';
      if (!anyFits(type)) return false;
    } else certain = false;
  }
  return certain ? true : undefined;
}

/** [Route] Type=local Destination=VIP/32. */
function anyIpRoute(setting: Setting, { settings }: NetworkFile): ReturnType<typeof addressOf> {
  if (setting.section !== 'Route' || setting.key !== 'Destination') return undefined;
  const isLocal = settings.some(
    ({ section, occurrence, key, value }) =>
      section === 'Route' && occurrence === setting.occurrence && key === 'Type' && value === 'local',
  );
  return isLocal ? addressOf(setting.value, (ip) => ip.words.length * 32) : undefined;
}

function wordsOf(settings: readonly Setting[], section: string, key: string): readonly string[] {
  return settings.flatMap((setting) =>
    setting.section === section && setting.key === key ? setting.value.split(/\s+/) : [],
  );
}
