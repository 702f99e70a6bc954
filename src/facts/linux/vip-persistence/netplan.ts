import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { startsAtBoot } from '../boot-units.ts';
import { addressOf, type BootAddress, type Doubt, effectOf, type Reading, type Surroundings } from './boot-address.ts';

const directories = ['/etc/netplan', '/usr/lib/netplan', '/lib/netplan'];
const renderers = { networkd: 'systemd-networkd', NetworkManager: 'NetworkManager' } as const;
const deviceKinds = /^(?:ethernets|wifis|modems|bridges|bonds|vlans|tunnels|dummy-devices|virtual-ethernets|vrfs)$/;

/**
 * netplan: all YAML files, their lists of addresses united; /run/netplan is empty after a boot. netplan refuses a file
 * with an address that has no mask length, and then brings nothing up. Source: netplan reference, netplan-yaml.
 */
export function readNetplan({ facts, files }: Surroundings): Reading {
  const doubts: Doubt[] = [];
  const documents = filesOf(files).flatMap((path) => {
    const content = files.open(path);
    if ('absent' in content) return [];
    if ('unreadable' in content) {
      doubts.push({ path, reason: content.unreadable });
      return [];
    }
    const lineCounter = new LineCounter();
    const text = paddedText(content.lines);
    const document = parseDocument(text, { lineCounter, logLevel: 'silent', maxAliasCount: 100 } as Parameters<
      typeof parseDocument
    >[1]);
    const [error] = document.errors;
    if (error !== undefined) {
      doubts.push({ path, reason: `netplan would refuse it: ${error.message.split('\n')[0] ?? ''}` });
      return [];
    }
    const network = isMap(document.contents) ? document.contents.get('network') : undefined;
    return isMap(network) ? [{ path, network, lineCounter, lines: text.split('\n') }] : [];
  });
  const addresses = documents.flatMap(({ path, network, lineCounter, lines }) => {
    const general =
      rendererOf(network) ?? documents.map((each) => rendererOf(each.network)).find((each) => each !== undefined);
    return devicesOf(network).flatMap(({ name, settings }) => {
      const service = renderers[rendererOf(settings) ?? general ?? 'networkd'];
      const list = settings.get('addresses');
      return (isSeq(list) ? list.items : []).flatMap((item): BootAddress[] => {
        const key = isMap(item) ? item.items[0]?.key : item;
        if (!isScalar(key) || typeof key.value !== 'string') return [];
        const number = lineCounter.linePos(key.range?.[0] ?? 0).line;
        const read = addressOf(key.value, () => Number.NaN);
        if (read === undefined) return [];
        const effect: BootAddress['effect'] = Number.isNaN(read.prefixLength)
          ? { never: 'netplan refuses an address without a mask length' }
          : effectOf(startsAtBoot(facts, service), service);
        return [
          {
            ip: read.ip,
            prefixLength: Number.isNaN(read.prefixLength) ? 0 : read.prefixLength,
            manager: 'netplan',
            interface: name,
            route: false,
            source: `${path}:${number}`,
            text: lines[number - 1]?.trim() ?? key.value,
            effect,
          },
        ];
      });
    });
  });
  return { addresses, doubts };
}

function filesOf(files: Surroundings['files']): readonly string[] {
  const chosen = new Map<string, string>();
  for (const directory of directories) {
    for (const name of files.names(directory)) {
      if (name.endsWith('.yaml') && !chosen.has(name)) chosen.set(name, `${directory}/${name}`);
    }
  }
  return [...chosen.values()];
}

/** The text of a file with every line at its number. */
function paddedText(lines: readonly { readonly number: number; readonly text: string }[]): string {
  const rows: string[] = [];
  for (const { number, text } of lines) rows[number - 1] = text;
  return Array.from(rows, (row) => row ?? '').join('\n');
}

function rendererOf(settings: YAMLMap): keyof typeof renderers | undefined {
  const value = settings.get('renderer');
  return value === 'networkd' || value === 'NetworkManager' ? value : undefined;
}

/** The devices of a network section; one with `match: {name: ...}` is called so, unless set-name renames it. */
function devicesOf(network: YAMLMap): readonly { readonly name: string; readonly settings: YAMLMap }[] {
  return network.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || !deviceKinds.test(String(key.value)) || !isMap(value)) return [];
    return value.items.flatMap(({ key: id, value: settings }) => {
      if (!isScalar(id) || !isMap(settings)) return [];
      const match = settings.get('match');
      const matched = isMap(match) ? match.get('name') : undefined;
      const renamed = settings.get('set-name');
      const name = [renamed, matched, id.value].find((each) => typeof each === 'string');
      return [{ name: String(name ?? id.value), settings }];
    });
  });
}
