import { startsAtBoot } from '../boot-units.ts';
import {
  addressOf,
  type BootAddress,
  type Doubt,
  doubtsUnder,
  effectOf,
  type Reading,
  type Surroundings,
} from './boot-address.ts';
import { readSettings, type Setting } from './ini.ts';

const directories = ['/etc/NetworkManager/system-connections', '/usr/lib/NetworkManager/system-connections'];

/** NetworkManager keyfiles. Only from 1.42 on can it configure lo. Source: nm-settings-keyfile(5); NEWS of 1.42. */
export function readNetworkManager({ facts, files }: Surroundings): Reading {
  const doubts: Doubt[] = [];
  const effect = effectOf(startsAtBoot(facts, 'NetworkManager'), 'NetworkManager');
  const addresses = directories.flatMap((directory) => {
    if (files.isClosed(directory)) doubts.push({ path: directory, reason: 'the probe’s user may not look into it' });
    return files.names(directory).flatMap((name) => {
      const content = files.open(`${directory}/${name}`);
      if ('unreadable' in content) doubts.push({ path: content.path, reason: content.unreadable });
      return 'lines' in content ? addressesOf(content.path, readSettings(content.lines), effect, versionOf(facts)) : [];
    });
  });
  return { addresses, doubts: doubtsUnder(effect, doubts) };
}

function addressesOf(
  path: string,
  settings: readonly Setting[],
  service: BootAddress['effect'],
  version: number | undefined,
): readonly BootAddress[] {
  const value = (section: string, key: string): string | undefined =>
    settings.findLast((setting) => setting.section === section && setting.key === key)?.value;
  const device = value('connection', 'interface-name') ?? '';
  const type = value('connection', 'type') ?? '';
  const obstacle =
    value('connection', 'autoconnect') === 'false'
      ? 'autoconnect is false'
      : device === 'lo' && type !== 'loopback'
        ? `a connection of type ${type} cannot configure lo`
        : type === 'loopback' && version !== undefined && version < 1.42
          ? `NetworkManager ${version} cannot configure lo; 1.42 can`
          : undefined;
  const effect: BootAddress['effect'] =
    obstacle !== undefined
      ? { never: obstacle }
      : type === 'loopback' && version === undefined && service === 'boot'
        ? { perhaps: 'NetworkManager can configure lo from 1.42 on, and its version is not known' }
        : service;
  return settings.flatMap((setting): BootAddress[] => {
    if (!/^ipv[46]$/.test(setting.section) || !/^address(?:es|[0-9]+)$/.test(setting.key)) return [];
    if (value(setting.section, 'method') === 'disabled') return [];
    const texts = setting.key === 'addresses' ? setting.value.split(/[;,]/) : [setting.value.split(',')[0] ?? ''];
    return texts.flatMap((text) => {
      const read = addressOf(text.trim(), (ip) => ip.words.length * 32);
      if (read === undefined) return [];
      const source = `${path}:${setting.number}`;
      return [
        { ...read, manager: 'NetworkManager', interface: device, route: false, source, text: setting.text, effect },
      ];
    });
  });
}

function versionOf(facts: Surroundings['facts']): number | undefined {
  const line =
    'value' in facts.tools ? facts.tools.value.find((each) => each.startsWith('NetworkManager: ')) : undefined;
  const text = /(\d+)\.(\d+)/.exec(line ?? '');
  // 1.8 is older than 1.42.
  return text === null ? undefined : Number(text[1]) + Number(text[2]) / 100;
}
