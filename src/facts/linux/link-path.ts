import type { NetworkInterface } from '../../contracts/snapshot.ts';
import { interfaceFlags } from './link.ts';
import type { Network } from './network.ts';

/** The VRF that an interface belongs to: a master of kind vrf, or one that has the flag NOARP, as only VRFs do. */
export function vrfOf(network: Network, device: string): string | undefined {
  if ('missing' in network.interfaces) return undefined;
  const master = network.interfaces.value.get(device)?.master;
  if (master === null || master === undefined) return undefined;
  const link = network.interfaces.value.get(master);
  const isVrf = link?.kind === 'vrf' || (link?.kind === null && (link.flags & interfaceFlags.noArp) !== 0);
  return isVrf ? master : undefined;
}

/**
 * An interface and those below it that all of its frames pass untagged: the parent of a macvlan, the port of a bridge
 * or bond that has a single one. Filters of the device layer act there.
 */
export function framePath(
  interfaces: ReadonlyMap<string, NetworkInterface>,
  link: NetworkInterface,
): readonly string[] {
  const path: string[] = [];
  for (
    let at: NetworkInterface | undefined = link;
    at !== undefined && !path.includes(at.name);
    at = below(interfaces, at)
  ) {
    path.push(at.name);
  }
  return path;
}

function below(
  interfaces: ReadonlyMap<string, NetworkInterface>,
  link: NetworkInterface,
): NetworkInterface | undefined {
  const isMacvlan = link.kind === 'macvlan' || link.kind === 'ipvlan';
  let port: NetworkInterface | undefined;
  for (const other of interfaces.values()) {
    if (isMacvlan && other.index === link.linkIndex) return other;
    if (other.master !== link.name) continue;
    if (port !== undefined) return undefined;
    port = other;
  }
  return port;
}
