import type { Ip } from '../ip.ts';
import { sameIp } from '../ip.ts';
import type { Network } from './network.ts';
import { routeEvidence } from './routing.ts';
import { type Reason, reason, type Undecided, undecided } from './verdict.ts';

/** Whether the kernel accepts a packet's source on an interface, and why. */
export type SourceVerdict = { readonly accepted: boolean; readonly because: Reason } | Undecided;

/**
 * net/ipv4/fib_frontend.c fib_validate_source: reverse path filter and martian sources, also applied to the sender of an
 * ARP request. `output` is the interface that the packet would be forwarded to, where it is not for the host itself.
 */
export function validateSource(
  network: Network,
  packet: { readonly sender: Ip; readonly target: Ip; readonly device: string; readonly output?: string },
): SourceVerdict {
  const { sender, device } = packet;
  const filter = network.sysctls.effective('rp_filter', device);
  if (!('value' in filter)) return undecided(filter);
  const acceptLocal = network.sysctls.effective('accept_local', device);
  if (!('value' in acceptLocal)) return undecided(acceptLocal);
  const evidence = [...filter.evidence, ...acceptLocal.evidence];
  const rpFilter = filter.value.value;
  let quick = rpFilter === 0;
  if (quick && packet.output === device) {
    const redirects = network.sysctls.effective('send_redirects', device);
    if (!('value' in redirects)) return undecided(redirects);
    quick = redirects.value.value === 0;
  }
  if (quick) {
    if (acceptLocal.value.value !== 0) {
      return {
        accepted: true,
        because: reason(`rp_filter is 0 and accept_local is 1: any sender is accepted on ${device}`, evidence),
      };
    }
    const rules = network.routing.hasCustomRules(4);
    const routes = network.routing.customLocalRoutes(4);
    if ('missing' in rules) return rules;
    if ('missing' in routes) return routes;
    if (!rules.value && routes.value.length === 0) {
      if ('missing' in network.addresses) return network.addresses;
      const own = network.addresses.value.find(({ ip }) => sameIp(ip, sender));
      return own === undefined
        ? {
            accepted: true,
            because: reason(
              `rp_filter is 0 on ${device}, and the sender ${sender.text} is no address of the host`,
              evidence,
            ),
          }
        : {
            accepted: false,
            because: reason(`the sender ${sender.text} is an address of the host itself`, [...evidence, own.evidence]),
          };
    }
  }
  const found = network.routing.lookup({ to: sender, from: packet.target, input: 'lo' });
  if (!('route' in found)) return found;
  const { route } = found;
  const hasAddress = network.addressesOn(device).some(({ ip }) => ip.family === 4);
  const lastResort = (why: string): SourceVerdict => ({
    accepted: rpFilter === 0,
    because: reason(`${why}; rp_filter is ${rpFilter} on ${device}`, evidence),
  });
  if (route === undefined) return lastResort(`no route leads back to the sender ${sender.text}`);
  const { type, interface: back } = route.raw;
  const backEvidence = [...evidence, routeEvidence(route)];
  if (type !== 'unicast' && (type !== 'local' || acceptLocal.value.value === 0)) {
    return {
      accepted: false,
      because: reason(`the sender ${sender.text} is ${type} to this host: a martian source`, backEvidence),
    };
  }
  if (route.hops.some((hop) => hop.interface === device)) {
    return {
      accepted: true,
      because: reason(`the route back to ${sender.text} leaves by ${device} itself`, backEvidence),
    };
  }
  if (!hasAddress) return lastResort(`${device} has no address and the route back to ${sender.text} leaves by ${back}`);
  return {
    accepted: rpFilter !== 1,
    because: reason(
      `the route back to ${sender.text} leaves by ${back}, and rp_filter is ${rpFilter} on ${device}`,
      backEvidence,
    ),
  };
}
