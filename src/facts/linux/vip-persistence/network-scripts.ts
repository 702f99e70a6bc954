import { startsAtBoot } from '../boot-units.ts';
import {
  addressOf,
  type BootAddress,
  classfulLength,
  deviceOf,
  type Doubt,
  effectOf,
  maskLength,
  type Reading,
  type Surroundings,
} from './boot-address.ts';
import { readVariables } from './shell-variables.ts';

const folder = '/etc/sysconfig/network-scripts';

/**
 * Red Hat's ifcfg files, brought up by the service network; NetworkManager reads them too (ifcfg-rh), aliases as part of
 * their parent, but not those of lo. Source: initscripts ifup-aliases, network-functions, init.d/network.
 */
export function readNetworkScripts({ facts, files }: Surroundings): Reading {
  const doubts: Doubt[] = [];
  const network = startsAtBoot(facts, 'network');
  const manager = startsAtBoot(facts, 'NetworkManager');
  const addresses = files.names(folder).flatMap((name): BootAddress[] => {
    if (!name.startsWith('ifcfg-') || /~$|\.(?:bak|orig|rpmnew|rpmorig|rpmsave)$/.test(name)) return [];
    const content = files.open(`${folder}/${name}`);
    if ('unreadable' in content) doubts.push({ path: content.path, reason: content.unreadable });
    if (!('lines' in content)) return [];
    const variables = readVariables(content.lines);
    const label = variables.get('DEVICE')?.value ?? name.slice('ifcfg-'.length);
    const device = deviceOf(label);
    const isAlias = label.includes(':');
    const byManager = manager === true && device !== 'lo' && variables.get('NM_CONTROLLED')?.value !== 'no';
    const service = byManager ? 'boot' : effectOf(network, 'the service network');
    const switchName = isAlias ? 'ONPARENT' : 'ONBOOT';
    const isOff = /^(?:no|n|false|f|0)$/i.test(variables.get(switchName)?.value ?? '');
    // lo itself is brought up in any case.
    const effect: BootAddress['effect'] = isOff && label !== 'lo' ? { never: `${switchName} is no` } : service;
    return [...variables.values()].flatMap((variable): BootAddress[] => {
      const [, suffix] = /^IPADDR([0-9]*)$/.exec(variable.name) ?? [];
      const isSix = /^IPV6ADDR(?:_SECONDARIES)?$/.test(variable.name);
      if (suffix === undefined && !isSix) return [];
      const bits = maskLength(
        variables.get(`PREFIX${suffix}`)?.value ?? variables.get(`NETMASK${suffix}`)?.value ?? '',
      );
      return variable.value.split(/\s+/).flatMap((text) => {
        // An alias without a mask takes that of its parent file, and the stock ifcfg-lo says 255.0.0.0.
        const read = addressOf(text, (ip) => bits ?? (device === 'lo' && ip.family === 4 ? 8 : classfulLength(ip)));
        if (read === undefined) return [];
        const source = `${content.path}:${variable.number}`;
        return [
          { ...read, manager: 'network-scripts', interface: device, route: false, source, text: variable.text, effect },
        ];
      });
    });
  });
  return { addresses, doubts: network === false && manager === false ? [] : doubts };
}
