import { contains, loopbackNet, sameIp } from '../ip.ts';
import { arpIgnore, type ArpQuestion, unspecified } from './arp-ignore.ts';
import { interfaceFlags } from './link.ts';
import { framePath, vrfOf } from './link-path.ts';
import type { Network } from './network.ts';
import { type RouteEntry, routeEvidence } from './routing.ts';
import { validateSource } from './source-validation.ts';
import { type Reason, type Reply, reason, type Undecided, undecided } from './verdict.ts';

const multicast = { ip: { family: 4, words: [0xe000_0000], text: '224.0.0.0' }, length: 4 } as const;

/** net/ipv4/arp.c arp_rcv and arp_process: what the host does with an ARP request. */
export function arpReply(network: Network, question: ArpQuestion): Reply {
  const because: Reason[] = [];
  const silent = (): Reply => ({ answers: false, because });
  const stop = (doubt: Undecided): Reply => ({ ...doubt, because });
  if ('missing' in network.interfaces) return stop(network.interfaces);
  const link = network.interfaces.value.get(question.interface);
  if (link === undefined) return stop({ missing: `the host has no interface ${question.interface}` });
  if ((link.flags & interfaceFlags.noArp) !== 0) {
    because.push(reason(`${link.name} has the flag NOARP: it takes no ARP request`));
    return silent();
  }
  const path = framePath(network.interfaces.value, link);
  const { target, sender } = question;
  const isProbe = sameIp(sender, unspecified);
  const entering = network.filters().judge({ direction: 'in', device: link.name, path, operation: 1, sender, target });
  if (entering.verdict === 'drop') {
    because.push(reason('a packet filter drops the request', entering.evidence));
    return silent();
  }
  if (contains(multicast, target)) {
    because.push(reason(`${target.text} is a multicast address`));
    return silent();
  }
  if (contains(loopbackNet, target)) {
    const localnet = network.sysctls.effective('route_localnet', link.name);
    if (!('value' in localnet)) return stop(undecided(localnet));
    if (localnet.value.value === 0) {
      because.push(reason(`${target.text} is a loopback address and route_localnet is 0`, localnet.evidence));
      return silent();
    }
  }
  const decision = isProbe ? probed(network, question, because) : asked(network, question, because);
  if (!('answers' in decision) || !decision.answers) {
    return 'answers' in decision ? silent() : stop(decision);
  }
  const leaving = network.filters().judge({
    direction: 'out',
    device: link.name,
    path,
    operation: 2,
    sender: target,
    target: sender,
  });
  if (leaving.verdict === 'drop') {
    because.push(reason('a packet filter drops the reply', leaving.evidence));
    return silent();
  }
  if (!sameIp(leaving.sender, target)) {
    because.push(
      reason(`a packet filter rewrites the sender of the reply to ${leaving.sender.text}`, leaving.evidence),
    );
    return silent();
  }
  if (entering.verdict === 'undecided' || leaving.verdict === 'undecided') {
    because.push(reason('a packet filter may drop or rewrite it', [...entering.evidence, ...leaving.evidence]));
    return { ...stop({ unknown: 'a packet filter rule that sees ARP is not understood' }), as: decision.as };
  }
  return { answers: true, as: decision.as, because };
}

type Decision = { readonly answers: false } | { readonly answers: true; readonly as: 'owner' | 'proxy' } | Undecided;

/** The duplicate address detection of RFC 5227: no route is looked up, so neither rp_filter nor a martian sender stops it. */
function probed(network: Network, question: ArpQuestion, because: Reason[]): Decision {
  const ignored = arpIgnore(network, question);
  const local = network.routing.isLocal(question.target);
  if ('missing' in local) return 'ignored' in ignored && ignored.ignored ? { answers: false } : local;
  if (local.route === undefined) {
    because.push(reason(`${question.target.text} is not local to the host`));
    return { answers: false };
  }
  because.push(reason(`${question.target.text} is local to the host`, [routeEvidence(local.route)]));
  if (!('ignored' in ignored)) return ignored;
  because.push(ignored.because);
  return ignored.ignored ? { answers: false } : { answers: true, as: 'owner' };
}

/** A request with a sender: routed like a packet, and only then compared with arp_ignore. */
function asked(network: Network, question: ArpQuestion, because: Reason[]): Decision {
  const { target, sender } = question;
  const device = question.interface;
  const ignored = arpIgnore(network, question);
  const forwarding = network.sysctls.effective('forwarding', device);
  const master = vrfOf(network, device);
  const found =
    master === undefined
      ? network.routing.lookup({ to: target, from: sender, input: device })
      : { unknown: `${device} belongs to the VRF ${master}, whose table is not known` };
  if (!('route' in found)) {
    // Whatever the route, arp_ignore silences a local target and the absence of forwarding any other.
    const settled = 'ignored' in ignored && ignored.ignored && 'value' in forwarding && forwarding.value.value === 0;
    if (!settled) return found;
    because.push(ignored.because, reason(`forwarding is 0 on ${device}: no proxy`, forwarding.evidence));
    return { answers: false };
  }
  const { route } = found;
  if (route?.raw.type === 'local') {
    because.push(reason(`${target.text} is local to the host`, [routeEvidence(route)]));
    const source = validateSource(network, { sender, target, device });
    if (!('accepted' in source)) return 'ignored' in ignored && ignored.ignored ? { answers: false } : source;
    because.push(source.because);
    if (!source.accepted) return { answers: false };
    if (!('ignored' in ignored)) return ignored;
    because.push(ignored.because);
    if (ignored.ignored) return { answers: false };
    return arpFilter(network, question, because);
  }
  because.push(reason(`${target.text} is not local to the host`, route === undefined ? [] : [routeEvidence(route)]));
  if (!('value' in forwarding)) return undecided(forwarding);
  if (forwarding.value.value === 0) {
    because.push(reason(`forwarding is 0 on ${device}: no proxy`, forwarding.evidence));
    return { answers: false };
  }
  if (route?.raw.type !== 'unicast' || route.raw.interface === null) {
    because.push(reason(`no route to ${target.text} that could be forwarded to`));
    return { answers: false };
  }
  return proxied(network, question, route, because);
}

/** arp_fwd_proxy, arp_fwd_pvlan and proxy entries; arp_ignore has no say here. */
function proxied(network: Network, question: ArpQuestion, route: RouteEntry, because: Reason[]): Decision {
  const { target, sender } = question;
  const device = question.interface;
  const output = route.raw.interface ?? '';
  const source = validateSource(network, { sender, target, device, output });
  if (!('accepted' in source)) return source;
  because.push(source.because);
  if (!source.accepted) return { answers: false };
  if (output === device) {
    const pvlan = network.sysctls.effective('proxy_arp_pvlan', device);
    if (!('value' in pvlan)) return undecided(pvlan);
    const answers = pvlan.value.value !== 0;
    because.push(
      reason(`the route to ${target.text} leaves by ${device} again; proxy_arp_pvlan is ${pvlan.value.value}`, [
        routeEvidence(route),
        ...pvlan.evidence,
      ]),
    );
    return answers ? { answers, as: 'proxy' } : { answers };
  }
  if ('missing' in network.proxyEntries) return network.proxyEntries;
  const entry = network.proxyEntries.value.get(`${target.text} ${device}`);
  if (entry !== undefined) {
    because.push(
      reason(`a proxy entry for ${target.text} on ${device}, and a route by ${output}`, [entry, routeEvidence(route)]),
    );
    return { answers: true, as: 'proxy' };
  }
  const proxy = network.sysctls.effective('proxy_arp', device);
  if (!('value' in proxy)) return undecided(proxy);
  because.push(
    reason(`proxy_arp is ${proxy.value.value} on ${device}, the route to ${target.text} leaves by ${output}`, [
      ...proxy.evidence,
      routeEvidence(route),
    ]),
  );
  if (proxy.value.value === 0) return { answers: false };
  const medium = network.sysctls.effective('medium_id', device);
  if (!('value' in medium)) return undecided(medium);
  if (medium.value.value === 0) return { answers: true, as: 'proxy' };
  const other = network.sysctls.effective('medium_id', output);
  if (!('value' in other)) return undecided(other);
  const differs = medium.value.value !== -1 && other.value.value !== -1 && medium.value.value !== other.value.value;
  because.push(
    reason(`medium_id is ${medium.value.value} on ${device} and ${other.value.value} on ${output}`, [
      ...medium.evidence,
      ...other.evidence,
    ]),
  );
  return differs ? { answers: true, as: 'proxy' } : { answers: false };
}

/** net/ipv4/arp.c arp_filter: answers only where the route back to the asker leaves by the same interface. */
function arpFilter(network: Network, question: ArpQuestion, because: Reason[]): Decision {
  const device = question.interface;
  const { target, sender } = question;
  const setting = network.sysctls.effective('arp_filter', device);
  if (!('value' in setting)) return undecided(setting);
  if (setting.value.value === 0) return { answers: true, as: 'owner' };
  const found = network.routing.lookup({ to: sender, from: target, input: 'lo' });
  if (!('route' in found)) return found;
  const back = found.route?.raw.type === 'unicast' ? found.route.raw.interface : null;
  because.push(
    reason(
      `arp_filter is 1 and the route from ${target.text} to ${sender.text} leaves by ${back ?? 'no network interface'}`,
      [...setting.evidence, ...(found.route === undefined ? [] : [routeEvidence(found.route)])],
    ),
  );
  return back === device ? { answers: true, as: 'owner' } : { answers: false };
}
