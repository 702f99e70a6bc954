import { derived } from '../derived.ts';
import { type Ip, sameIp } from '../ip.ts';
import type { Derived } from '../subject.ts';
import { unspecified } from './arp-ignore.ts';
import { type Answer, answerTo } from './exposure.ts';
import { interfaceFlags } from './link.ts';
import { type LinuxHost, swallowing } from './linux-host.ts';
import type { Network } from './network.ts';
import { askersOn } from './segment.ts';
import { evidenceOfAnswer, undecidedOnly } from './verdict.ts';

/**
 * The real address by which neighbours on an interface reach the host: its first IPv4 address there that is no VIP; of an
 * interface without one, the address in the inventory where a loopback interface holds it.
 */
export function ownAddress({ network, vips, ownAddress: given, facts }: LinuxHost, device: string): Derived<Ip> {
  if ('missing' in network.addresses) return network.addresses;
  if ('missing' in facts.interfaces) return facts.interfaces;
  const isVip = (ip: Ip): boolean => vips.some((vip) => sameIp(vip.ip, ip));
  const first = network.addressesOn(device).find(({ ip }) => ip.family === 4 && !isVip(ip));
  if (first !== undefined) return derived(first.ip, first.evidence);
  const loopbacks = facts.interfaces.value.filter(({ flags }) => (flags & interfaceFlags.loopback) !== 0);
  const lent = loopbacks
    .flatMap(({ name }) => network.addressesOn(name))
    .find(({ ip }) => given?.family === 4 && sameIp(ip, given));
  if (lent !== undefined && !isVip(lent.ip)) return derived(lent.ip, lent.evidence);
  return { notapplicable: `${device} has no IPv4 address but VIPs` };
}

/**
 * Whether some neighbour on the interface, the load balancer among them, is answered when it asks for the host's own
 * address. Where the way back to neighbours cannot be told, the answer to a probe without sender (RFC 5227) decides, which
 * no route is looked up for.
 */
export function answersForItself(host: LinuxHost, device: string, own: Derived<Ip>): Derived<boolean> {
  if (!('value' in own)) return own;
  const { network, vips } = host;
  const target = own.value;
  const balancers = vips.flatMap((vip) => vip.balancers).filter(({ family }) => family === 4);
  const askers = askersOn(network, device, balancers);
  if ('missing' in askers) return askers;
  const neighbours = 'length' in askers ? askers.filter((asker) => !sameIp(asker, target)) : [];
  const telling = tellingAnswer(network, device, target, neighbours);
  const { reply } = telling;
  if (!('answers' in reply)) return undecidedOnly(reply);
  if (!reply.answers) {
    const wide = neighbours.map((sender) => swallowing(host, sender)).find((each) => each !== undefined);
    if (wide !== undefined) return { notapplicable: `the host takes its neighbours for itself: ${wide.evidence.text}` };
  }
  const asked = `${telling.asker} asks for ${target.text} on ${device}`;
  return { value: reply.answers, evidence: evidenceOfAnswer(asked, reply.because) };
}

/** The first reply that answers; else the first of all, or the probe's where one of them cannot be told. */
function tellingAnswer(network: Network, device: string, target: Ip, neighbours: readonly Ip[]): Answer {
  let first: Answer | undefined;
  let undecided = false;
  for (const sender of neighbours) {
    const each = answerTo(network, device, target, sender);
    if ('answers' in each.reply && each.reply.answers) return each;
    first ??= each;
    undecided ||= !('answers' in each.reply);
  }
  return first === undefined || undecided ? answerTo(network, device, target, unspecified) : first;
}
