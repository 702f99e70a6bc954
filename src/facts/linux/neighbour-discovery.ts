import { contains, type Ip, sameIp } from '../ip.ts';
import type { Network } from './network.ts';
import { type Reason, type Reply, reason, type Undecided, undecided } from './verdict.ts';

/**
 * net/ipv6/ndisc.c ndisc_recv_ns: an address is advertised only by the interface that has it (or, in a VRF, by that of
 * the VRF), as anycast address of a router, or as proxy. There is no arp_ignore, and none is needed.
 */
export function neighbourReply(network: Network, device: string, target: Ip): Reply {
  const because: Reason[] = [];
  const stop = (doubt: Undecided): Reply => ({ ...doubt, because });
  const done = (answers: boolean, as: 'owner' | 'proxy', why: Reason): Reply => {
    because.push(why);
    return answers ? { answers, as, because } : { answers, because };
  };
  if ('missing' in network.addresses) return stop(network.addresses);
  const held = network.addressesOn(device).find(({ ip }) => sameIp(ip, target));
  if (held !== undefined) {
    const { flags } = held.raw;
    const failed = flags.includes('tentative') && !flags.includes('optimistic');
    return failed
      ? done(
          false,
          'owner',
          reason(`${target.text} is tentative on ${device}: not advertised, and not usable`, [held.evidence]),
        )
      : done(true, 'owner', reason(`${target.text} is an address of ${device}`, [held.evidence]));
  }
  because.push(reason(`${target.text} is not an address of ${device}`));
  const forwarding = (): ReturnType<Network['sysctls']['read']> =>
    network.sysctls.read(`net/ipv6/conf/${device}/forwarding`);
  // addrconf_join_anycast: a router answers for the first address of each of its subnets (RFC 4291, 2.6.1).
  const anycast = network
    .addressesOn(device)
    .find(({ subnet }) => subnet.length < 127 && subnet.length > 0 && isFirstOf(subnet, target));
  if (anycast !== undefined) {
    const setting = forwarding();
    if (!('value' in setting)) return stop(undecided(setting));
    const text = `${target.text} is the router anycast address of a subnet of ${device}; forwarding is ${setting.value}`;
    if (setting.value !== 0) return done(true, 'proxy', reason(text, [anycast.evidence, ...setting.evidence]));
    because.push(reason(text, setting.evidence));
  }
  if ('missing' in network.proxyEntries) return stop(network.proxyEntries);
  const entry = network.proxyEntries.value.get(`${target.text} ${device}`);
  if (entry === undefined) return done(false, 'proxy', reason(`no proxy entry for ${target.text} on ${device}`));
  const setting = forwarding();
  if (!('value' in setting)) return stop(undecided(setting));
  const all = network.sysctls.read('net/ipv6/conf/all/proxy_ndp');
  const own = network.sysctls.read(`net/ipv6/conf/${device}/proxy_ndp`);
  if (!('value' in all)) return stop(undecided(all));
  if (!('value' in own)) return stop(undecided(own));
  const isProxy = setting.value !== 0 && (all.value !== 0 || own.value !== 0);
  return done(
    isProxy,
    'proxy',
    reason(
      `a proxy entry for ${target.text} on ${device}; forwarding is ${setting.value}, proxy_ndp ${all.value} on all and ${own.value} on ${device}`,
      [entry, ...setting.evidence, ...all.evidence, ...own.evidence],
    ),
  );
}

function isFirstOf(subnet: { readonly ip: Ip; readonly length: number }, ip: Ip): boolean {
  if (!contains(subnet, ip)) return false;
  return ip.words.every((word, index) => {
    const bits = Math.min(32, Math.max(0, subnet.length - index * 32));
    return bits === 32 || (word << bits) >>> 0 === 0;
  });
}
