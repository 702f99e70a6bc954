import { unspecified } from './arp-ignore.ts';
import { framePath, vrfOf } from './link-path.ts';
import { isOnLink, lendableAddress, preferredAddress, scopes } from './ifaddr.ts';
import { type Ip, sameIp } from '../ip.ts';
import { type Network } from './network.ts';
import type { Effective } from './sysctl.ts';
import { type Reason, reason, type Undecided, undecided } from './verdict.ts';
import { interfaceFlags } from './link.ts';

/** An ARP request that the host must send before a packet can leave. */
export interface Solicitation {
  /** The interface that the packet leaves by. */
  readonly interface: string;
  /** Source address of the packet. */
  readonly source: Ip;
  /** The neighbour whose hardware address is asked for. */
  readonly target: Ip;
}

/** The sender address of the ARP request, null where none is sent; 0.0.0.0 where the host has no address to give. */
export type ArpRequest =
  | { readonly sender: string | null; readonly because: readonly Reason[] }
  | (Undecided & { readonly because: readonly Reason[] });

/** net/ipv4/arp.c arp_solicit: which address the host names as the sender when it asks for a neighbour. */
export function arpRequest(network: Network, solicitation: Solicitation): ArpRequest {
  const because: Reason[] = [];
  const stop = (doubt: Undecided): ArpRequest => ({ ...doubt, because });
  const { interface: device, source, target } = solicitation;
  if ('missing' in network.interfaces) return stop(network.interfaces);
  const link = network.interfaces.value.get(device);
  if (link === undefined) return stop({ missing: `the host has no interface ${device}` });
  if ((link.flags & (interfaceFlags.noArp | interfaceFlags.pointToPoint | interfaceFlags.loopback)) !== 0) {
    because.push(reason(`${device} asks no neighbour: it has the flag NOARP, POINTOPOINT or LOOPBACK`));
    return { sender: null, because };
  }
  const announce = network.sysctls.effective('arp_announce', device);
  if (!('value' in announce)) return stop(undecided(announce));
  const sum = announceText(announce.value, device);
  const kept = keepsSource(network, solicitation, announce.value.value);
  if ('missing' in kept) return stop(kept);
  because.push(reason(`${sum}: ${kept.text}`, announce.evidence));
  let sender = source;
  if (!kept.kept) {
    const selected = selectAddress(network, device, target);
    if (!('address' in selected)) return stop(selected);
    because.push(selected.because);
    if (selected.address === null) return { sender: unspecified.text, because };
    sender = selected.address;
  }
  const leaving = network.filters().judge({
    direction: 'out',
    device,
    path: framePath(network.interfaces.value, link),
    operation: 1,
    sender,
    target,
  });
  if (leaving.verdict === 'drop') {
    because.push(reason('a packet filter drops the request', leaving.evidence));
    return { sender: null, because };
  }
  if (!sameIp(leaving.sender, sender)) {
    because.push(reason(`a packet filter rewrites the sender to ${leaving.sender.text}`, leaving.evidence));
    return { sender: leaving.sender.text, because };
  }
  if (leaving.verdict === 'undecided') {
    because.push(reason('a packet filter may drop or rewrite it', leaving.evidence));
    return stop({ unknown: 'a packet filter rule that sees ARP is not understood' });
  }
  return { sender: sender.text, because };
}

/** The effective arp_announce with what it was combined from, in words. */
function announceText({ value, all, own }: Effective, device: string): string {
  return `arp_announce is ${value} on ${device} (the greater of all ${all} and ${device} ${own})`;
}

/** Whether arp_announce leaves the packet's own source as the sender. */
function keepsSource(
  network: Network,
  { interface: device, source, target }: Solicitation,
  announce: number,
): { readonly kept: boolean; readonly text: string } | { readonly missing: string } {
  if (announce === 2) return { kept: false, text: 'the best address of the interface is named' };
  const local = network.routing.isLocal(source);
  if ('missing' in local) return local;
  if (local.route === undefined) return { kept: false, text: `${source.text} is not local to the host` };
  // Every value but 1 and 2 is the default branch.
  if (announce !== 1) return { kept: true, text: `the packet's source ${source.text} is named` };
  if ('missing' in network.addresses) return network.addresses;
  return isOnLink(network.addressesOn(device), target, source)
    ? { kept: true, text: `${source.text} and ${target.text} lie in one subnet of ${device}, so the source is named` }
    : { kept: false, text: `no subnet of ${device} contains both ${source.text} and ${target.text}` };
}

/** The address that inet_select_addr gives, with scope link; null where there is none. */
export function selectAddress(
  network: Network,
  device: string,
  target: Ip,
): { readonly address: Ip | null; readonly because: Reason } | Undecided {
  if ('missing' in network.addresses) return network.addresses;
  if ('missing' in network.interfaces) return network.interfaces;
  const localnet = network.sysctls.effective('route_localnet', device);
  if (!('value' in localnet)) return undecided(localnet);
  const doubt = { unknown: 'the scopes of the addresses decide which one is named, and the host did not report them' };
  const own = preferredAddress(network.addressesOn(device), target, {
    scope: scopes.link,
    routeLocalnet: localnet.value.value !== 0,
  });
  if (own === undefined) return doubt;
  if (own !== null) {
    return { address: own.ip, because: reason(`${device} names its address ${own.ip.text}`, [own.evidence]) };
  }
  const master = vrfOf(network, device);
  if (master !== undefined)
    return { unknown: `${device} has no address to name and borrows one within the VRF ${master}` };
  // The kernel walks all interfaces, of which lo is the first.
  for (const other of network.interfaces.value.keys()) {
    const lent = lendableAddress(network.addressesOn(other));
    if (lent === undefined) return doubt;
    if (lent !== null) {
      const text = `${device} has no address to name and borrows ${lent.ip.text} of ${other}`;
      return { address: lent.ip, because: reason(text, [lent.evidence]) };
    }
  }
  return { address: null, because: reason(`neither ${device} nor any other interface has an address to name`) };
}
