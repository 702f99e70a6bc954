import { startsAtBoot } from '../boot-units.ts';
import {
  addressOf,
  type BootAddress,
  type Doubt,
  doubtsUnder,
  effectOf,
  maskLength,
  type Reading,
  type Surroundings,
} from './boot-address.ts';
import { readVariables } from './shell-variables.ts';

const folder = '/etc/sysconfig/network';

/** SUSE's ifcfg files: IPADDR, IPADDR_name with an own or a separate mask; without one the whole address. Source: ifcfg(5); wicked client/suse/compat-suse.c. */
export function readWicked({ facts, files }: Surroundings): Reading {
  const doubts: Doubt[] = [];
  const service = effectOf(startsAtBoot(facts, 'wicked'), 'wicked');
  if (files.isClosed(folder)) doubts.push({ path: folder, reason: 'the probe’s user may not look into it' });
  const addresses = files.names(folder).flatMap((name): BootAddress[] => {
    if (!name.startsWith('ifcfg-') || /~$|\.(?:old|bak|orig|scpmbackup|rpmnew|rpmsave|rpmorig)$/.test(name)) return [];
    const content = files.open(`${folder}/${name}`);
    if ('unreadable' in content) doubts.push({ path: content.path, reason: content.unreadable });
    if (!('lines' in content)) return [];
    const variables = readVariables(content.lines);
    const device = name.slice('ifcfg-'.length);
    const mode = variables.get('STARTMODE')?.value ?? 'auto';
    const effect: BootAddress['effect'] =
      device !== 'lo' && /^(?:manual|off)$/i.test(mode) ? { never: `STARTMODE is ${mode}` } : service;
    return [...variables.values()].flatMap((variable): BootAddress[] => {
      const [, suffix] = /^IPADDR(_?[A-Za-z0-9_]*)$/.exec(variable.name) ?? [];
      if (suffix === undefined) return [];
      const bits = maskLength(
        variables.get(`PREFIXLEN${suffix}`)?.value ?? variables.get(`NETMASK${suffix}`)?.value ?? '',
      );
      const read = addressOf(variable.value, (ip) => bits ?? ip.words.length * 32);
      if (read === undefined) return [];
      const source = `${content.path}:${variable.number}`;
      return [{ ...read, manager: 'wicked', interface: device, route: false, source, text: variable.text, effect }];
    });
  });
  return { addresses, doubts: doubtsUnder(service, doubts) };
}
