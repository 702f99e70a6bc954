import type { Evidence } from '../../contracts/report.ts';
import { derived } from '../derived.ts';
import { type Ip, sameIp } from '../ip.ts';
import type { Derived } from '../subject.ts';
import { arpReply } from './arp-reply.ts';
import { type LinuxHost, swallowing } from './linux-host.ts';
import { askersOn } from './segment.ts';
import { evidenceOf, type Reply } from './verdict.ts';

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
  const loopbacks = facts.interfaces.value.filter(({ flags }) => (flags & 0x8) !== 0);
  const lent = loopbacks
    .flatMap(({ name }) => network.addressesOn(name))
    .find(({ ip }) => given?.family === 4 && sameIp(ip, given));
  if (lent !== undefined && !isVip(lent.ip)) return derived(lent.ip, lent.evidence);
  return { notapplicable: `${device} has no IPv4 address but VIPs` };
}

/** Whether some neighbour on the interface, the load balancer among them, is answered when it asks for the host's own address. */
export function answersForItself(host: LinuxHost, device: string, own: Derived<Ip>): Derived<boolean> {
  if (!('value' in own)) return own;
  const { network, vips } = host;
  const balancers = vips.flatMap((vip) => vip.balancers).filter(({ family }) => family === 4);
  const askers = askersOn(network, device, balancers);
  if (!('length' in askers)) return askers;
  const exchanges = askers
    .filter((sender) => !sameIp(sender, own.value))
    .map((sender) => ({ sender, reply: arpReply(network, { interface: device, target: own.value, sender }) }));
  const evidence = (asked: readonly { readonly sender: Ip; readonly reply: Reply }[]): readonly Evidence[] =>
    asked.slice(0, 1).flatMap(({ sender, reply }) => [
      {
        source: `${sender.text} asks for ${own.value.text} on ${device}`,
        text: reply.because.map(({ text }) => text).join('; '),
      },
      ...evidenceOf(reply.because),
    ]);
  const answered = exchanges.filter(({ reply }) => 'answers' in reply && reply.answers);
  if (answered.length > 0) return { value: true, evidence: evidence(answered) };
  for (const { reply } of exchanges) {
    if ('missing' in reply) return { missing: reply.missing };
    if ('unknown' in reply) return { unknown: reply.unknown };
  }
  const swallowed = exchanges.map(({ sender }) => swallowing(host, sender)).find((wide) => wide !== undefined);
  if (swallowed !== undefined)
    return { notapplicable: `the host takes its neighbours for itself: ${swallowed.evidence.text}` };
  return { value: false, evidence: evidence(exchanges) };
}
