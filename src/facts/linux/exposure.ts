import type { Backend } from '../backend.ts';
import type { Fact } from '../fact.ts';
import { unspecified } from './arp-ignore.ts';
import { arpReply } from './arp-reply.ts';
import { type ArpRequest, arpRequest } from './arp-request.ts';
import type { Ingress } from './ingress.ts';
import { contains, type Ip, loopbackNet, parseIp, sameIp } from '../ip.ts';
import { neighbourReply } from './neighbour-discovery.ts';
import type { Network } from './network.ts';
import { askersOn, solicitedOn } from './segment.ts';
import { reason, type Reply, type Undecided, undecidedOnly } from './verdict.ts';

/** What one interface tells the segment about a VIP. */
export interface Exposure {
  readonly interface: string;
  readonly replies: readonly Answer[];
  /** The sender of the ARP requests that packets cause, by the packet's source and the neighbour that is asked for. */
  readonly requests: readonly Announcement[];
}

/** What is answered to whom: `a probe` (RFC 5227, sender 0.0.0.0), or the address of a neighbour that may ask. */
export interface Answer {
  readonly asker: string;
  readonly reply: Reply;
}

interface Announcement {
  readonly source: string;
  readonly target: string;
  readonly request: ArpRequest;
}

/** Whether an exposure claims the VIP by an answer, or by an announcement; undecided where that cannot be told. */
export interface Claim {
  readonly answers: boolean | Undecided;
  readonly announces: boolean | Undecided;
}

/** What the host answers a sender that asks for an IPv4 address on an interface; the sender 0.0.0.0 is a probe. */
export function answerTo(network: Network, device: string, target: Ip, sender: Ip): Answer {
  const asker = sameIp(sender, unspecified) ? 'a probe' : sender.text;
  return { asker, reply: arpReply(network, { interface: device, target, sender }) };
}

/** What each interface that hears neighbours would answer about a VIP, and what it would announce. */
export function exposures(
  backend: Backend,
  network: Network,
  ingress: Fact<readonly Ingress[]>,
  vip: Ip,
): Fact<readonly Exposure[]> {
  if ('missing' in ingress) return ingress;
  return {
    value: ingress.value.map(({ name }) =>
      vip.family === 4 ? exposure4(backend, network, name, vip) : exposure6(network, name, vip),
    ),
  };
}

function exposure4(backend: Backend, network: Network, device: string, vip: Ip): Exposure {
  const balancers = backend.bindings.flatMap((binding) => binding.loadBalancer?.addresses ?? []);
  const given = balancers.flatMap((text) => parseIp(text) ?? []).filter((ip) => ip.family === 4);
  const method = backend.bindings.find((binding) => binding.vip === vip.text)?.method;
  const trust = (reply: Reply): Reply => withUnreadFilters(network, method === 'arptables', reply);
  const askers = askersOn(network, device, given);
  const neighbours = 'length' in askers ? askers.filter((asker) => !sameIp(asker, vip)) : [];
  const replies = [unspecified, ...neighbours].map((sender): Answer => {
    const { asker, reply } = answerTo(network, device, vip, sender);
    return { asker, reply: trust(reply) };
  });
  if (!('length' in askers)) replies.push({ asker: 'a neighbour', reply: { ...askers, because: [] } });
  return { interface: device, replies, requests: requests(network, device, vip, trust) };
}

function requests(network: Network, device: string, vip: Ip, trust: (reply: Reply) => Reply): readonly Announcement[] {
  const local = network.routing.isLocal(vip);
  if ('missing' in local) return [{ source: vip.text, target: 'a neighbour', request: { ...local, because: [] } }];
  // No packet can carry an address that is not local as its source (and what is forwarded never names it: arp_solicit).
  if (local.route === undefined) return [];
  const others = substituted(network, device, vip)
    .flatMap((source) => requestsFrom(network, device, source, vip, trust))
    .filter(({ request }) => !('sender' in request) || request.sender === vip.text);
  return [...requestsFrom(network, device, vip, vip, trust), ...others];
}

const sourceLimit = 16;

/** Further sources of packets for which the interface may name the VIP: any, where the VIP is its own or borrowed address. */
function substituted(network: Network, device: string, vip: Ip): readonly Ip[] {
  if ('missing' in network.addresses) return [];
  const held = network.addressesOn(device).filter(({ ip }) => ip.family === 4);
  if (held.length > 0 && !held.some(({ ip }) => sameIp(ip, vip))) return [];
  const sources = network.addresses.value
    .map(({ ip }) => ip)
    .filter((ip) => ip.family === 4 && !sameIp(ip, vip) && !contains(loopbackNet, ip));
  return sources.slice(0, sourceLimit);
}

function requestsFrom(
  network: Network,
  device: string,
  source: Ip,
  vip: Ip,
  trust: (reply: Reply) => Reply,
): readonly Announcement[] {
  const from = source.text;
  const targets = solicitedOn(network, device, source);
  if (!('length' in targets)) return [{ source: from, target: 'a neighbour', request: { ...targets, because: [] } }];
  return targets.map((target) => {
    const request = arpRequest(network, { interface: device, source, target });
    if (!('sender' in request) || request.sender !== vip.text) return { source: from, target: target.text, request };
    const trusted = trust({ answers: true, because: request.because });
    return {
      source: from,
      target: target.text,
      request: 'answers' in trusted ? { ...request, because: trusted.because } : trusted,
    };
  });
}

/** Filters that could not be read silence nothing, unless the inventory says that they are how the host hides the VIP. */
function withUnreadFilters(network: Network, filtersAreTheMethod: boolean, reply: Reply): Reply {
  const { unread } = network.filters();
  if (unread === undefined || !('answers' in reply) || !reply.answers) return reply;
  if (filtersAreTheMethod)
    return {
      unknown: `the packet filters that should hide the VIP could not be read: ${unread}`,
      ...(reply.as === undefined ? {} : { as: reply.as }),
      because: reply.because,
    };
  const text = `packet filters could not be read and are taken to be empty, since they are not the host's method: ${unread}`;
  return { ...reply, because: [...reply.because, reason(text)] };
}

function exposure6(network: Network, device: string, vip: Ip): Exposure {
  return {
    interface: device,
    replies: [{ asker: 'a neighbour', reply: neighbourReply(network, device, vip) }],
    requests: [],
  };
}

/** Whether an interface claims the VIP. One known claim decides; without one, whatever cannot be told leaves it open. */
export function claimOf({ replies, requests }: Exposure, vip: string): Claim {
  return {
    answers: anyOf(replies.map(({ reply }) => ('answers' in reply ? reply.answers : undecidedOnly(reply)))),
    announces: anyOf(
      requests.map(({ request }) => ('sender' in request ? request.sender === vip : undecidedOnly(request))),
    ),
  };
}

/** Kleene's disjunction. */
export function anyOf(claims: readonly (boolean | Undecided)[]): boolean | Undecided {
  if (claims.includes(true)) return true;
  return claims.find((claim) => typeof claim !== 'boolean') ?? false;
}
