import { type Ip, sameIp } from '../ip.ts';
import { confirmsAddress } from './ifaddr.ts';
import type { Network } from './network.ts';
import { type Reason, reason, type Undecided, undecided } from './verdict.ts';

/** An ARP request that arrives on an interface. */
export interface ArpQuestion {
  readonly interface: string;
  /** The address that is asked for. */
  readonly target: Ip;
  /** Who asks; 0.0.0.0 in a probe of RFC 5227. */
  readonly sender: Ip;
}

/** The sender of a probe: RFC 5227, and what `arping -D` sends. */
export const unspecified: Ip = { family: 4, words: [0], text: '0.0.0.0' };

/** What arp_ignore says of a local target. */
export type ArpIgnoreVerdict = { readonly ignored: boolean; readonly because: Reason } | Undecided;

/** net/ipv4/arp.c arp_ignore, for a target that is local to the host. */
export function arpIgnore(network: Network, question: ArpQuestion): ArpIgnoreVerdict {
  const device = question.interface;
  const { target, sender } = question;
  const setting = network.sysctls.effective('arp_ignore', device);
  if (!('value' in setting)) return undecided(setting);
  const { value, all, own } = setting.value;
  const sum = `arp_ignore is ${value} on ${device} (the greater of all ${all} and ${device} ${own})`;
  const verdict = (ignored: boolean, text: string): ArpIgnoreVerdict => ({
    ignored,
    because: reason(`${sum}: ${text}`, setting.evidence),
  });
  if (value === 8) return verdict(true, 'no local address is answered for');
  if (value === 1 || value === 2) {
    if ('missing' in network.addresses) return network.addresses;
    const asker = value === 2 && !sameIp(sender, unspecified) ? sender : undefined;
    const confirmed = confirmsAddress(network.addressesOn(device), {
      address: target,
      asker,
      scope: 'host',
      routeLocalnet: false,
    });
    const condition = asker === undefined ? '' : ` in one subnet with the asker ${asker.text}`;
    return verdict(
      confirmed !== true,
      `${target.text} is ${confirmed === true ? '' : 'not '}an address of ${device}${condition}`,
    );
  }
  if (value === 3) {
    if ('missing' in network.addresses) return network.addresses;
    let doubt = false;
    for (const holder of new Set(
      network.addresses.value.filter(({ ip }) => sameIp(ip, target)).map((held) => held.device),
    )) {
      const localnet = network.sysctls.effective('route_localnet', holder);
      if (!('value' in localnet)) return undecided(localnet);
      const confirmed = confirmsAddress(network.addressesOn(holder), {
        address: target,
        asker: undefined,
        scope: 'link',
        routeLocalnet: localnet.value.value !== 0,
      });
      if (confirmed === true)
        return verdict(false, `${holder} holds ${target.text} with a scope that counts as wider than host`);
      doubt ||= confirmed === undefined;
    }
    return doubt
      ? { unknown: `arp_ignore 3 depends on the scope of ${target.text}, which the host did not report` }
      : verdict(true, `${target.text} is held with scope host only, or by no interface`);
  }
  return verdict(false, 'every local address is answered for');
}
