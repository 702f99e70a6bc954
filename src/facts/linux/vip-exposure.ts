import type { Evidence } from '../../contracts/report.ts';
import { derived } from '../derived.ts';
import type { Fact } from '../fact.ts';
import { type Derived, type DerivedFacts, type FactDefinitions, once } from '../subject.ts';
import { unspecified } from './arp-ignore.ts';
import { selectAddress } from './arp-request.ts';
import { anyOf, claimOf, type Exposure, exposures } from './exposure.ts';
import { hiddenVips } from './ingress-facts.ts';
import type { LinuxHost, VipPlan } from './linux-host.ts';
import { evidenceOfAnswer, type Reason, type Reply, type Undecided, undecidedOnly } from './verdict.ts';

const strings = { type: 'array', items: { type: 'string' } };

/** What a host tells the segment about a VIP, as its kernel would decide it. */
export const vipExposureFacts = new Map([
  ['reliesOnSysctls', { schema: { type: 'boolean' }, meaning: 'arp_ignore and arp_announce must hide the VIP.' }],
  [
    'hijackRisk',
    {
      schema: { type: 'boolean' },
      meaning:
        'The host answers a neighbour that asks for the VIP, or names the VIP as the sender when it asks itself.',
    },
  ],
  ['answeredOn', { schema: strings, meaning: 'Interfaces on which a neighbour that asks for the VIP is answered.' }],
  [
    'announcedOn',
    { schema: strings, meaning: 'Interfaces on which ARP requests of the host name the VIP as their sender.' },
  ],
  [
    'proxiedOn',
    {
      schema: strings,
      meaning:
        'Interfaces on which the host answers for the VIP as a proxy, or as a router for its subnet (IPv6 anycast).',
    },
  ],
  [
    'borrowedOn',
    {
      schema: strings,
      meaning:
        'Interfaces without an address of their own whose ARP requests borrow the VIP, even with arp_announce 2.',
    },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof vipExposureFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

/** What the host tells the segment about the VIP. */
export function deriveVipExposure(host: LinuxHost, vip: VipPlan): DerivedFacts<Name> {
  const exposed = once(() => exposures(host.backend, host.network, host.ingress, vip.ip));
  const answers = (exposure: Exposure): readonly Exchange[] => answersOf(exposure, vip);
  const answeredOn = once(() => devicesThat(exposed(), (exposure) => claimOf(exposure, vip.text).answers, answers));
  const announcedOn = once(() =>
    devicesThat(
      exposed(),
      (exposure) => claimOf(exposure, vip.text).announces,
      (exposure) => announcementsOf(exposure, vip),
    ),
  );
  return {
    reliesOnSysctls: derived(hiddenVips(host).includes(vip), {
      source: 'inventory: services',
      text: `${vip.text} by ${vip.method}`,
    }),
    hijackRisk: () => hijackRisk(answeredOn(), announcedOn()),
    answeredOn,
    announcedOn,
    proxiedOn: () =>
      devicesThat(exposed(), ({ replies }) => anyOf(replies.map(({ reply }) => asProxy(reply))), answers),
    borrowedOn: () => borrowedOn(host, vip),
  };
}

function asProxy(reply: Reply): boolean | Undecided {
  if (reply.as === 'owner') return false;
  return 'answers' in reply ? reply.answers && reply.as === 'proxy' : reply;
}

function borrowedOn({ ingress, network }: LinuxHost, vip: VipPlan): Derived<readonly string[]> {
  if (vip.ip.family === 6) return { notapplicable: 'IPv6 never names an address of another interface' };
  if ('missing' in ingress) return ingress;
  const found: string[] = [];
  const evidence: Evidence[] = [];
  for (const { name } of ingress.value) {
    // A neighbour in no subnet of the interface: the kernel then takes the interface's first address, or borrows.
    const selected = selectAddress(network, name, unspecified);
    if (!('address' in selected)) return selected;
    const isBorrowed =
      selected.address !== null && !network.addressesOn(name).some(({ ip }) => ip === selected.address);
    if (!isBorrowed || selected.address?.text !== vip.text) continue;
    found.push(name);
    evidence.push(...selected.because.evidence);
  }
  return { value: found, evidence };
}

/** Whether the host claims the VIP on any interface: one known claim decides. */
export function hijackRisk(
  answeredOn: Derived<readonly string[]>,
  announcedOn: Derived<readonly string[]>,
): Derived<boolean> {
  const both = [answeredOn, announcedOn];
  const claims = both.flatMap((list) => ('value' in list && list.value.length > 0 ? list.evidence : []));
  const isClaimed = both.some((list) => 'value' in list && list.value.length > 0);
  if (isClaimed) return { value: true, evidence: claims };
  for (const list of both) if (!('value' in list)) return list;
  return { value: false, evidence: both.flatMap((list) => ('value' in list ? list.evidence : [])) };
}

/** The interfaces with a claim; where there is none and one cannot be told, that doubt. */
function devicesThat(
  exposed: Fact<readonly Exposure[]>,
  claim: (exposure: Exposure) => boolean | Undecided,
  exchanges: (exposure: Exposure) => readonly Exchange[],
): Derived<readonly string[]> {
  if ('missing' in exposed) return exposed;
  const found: Exposure[] = [];
  let doubt: Undecided | undefined;
  for (const exposure of exposed.value) {
    const answer = claim(exposure);
    if (answer === true) found.push(exposure);
    else if (answer !== false) doubt ??= answer;
  }
  if (found.length === 0 && doubt !== undefined) {
    return undecidedOnly(doubt);
  }
  const telling = found.length > 0 ? found : exposed.value;
  return {
    value: found.map((exposure) => exposure.interface),
    evidence: telling.flatMap((exposure) => evidenceOf(exchanges(exposure))),
  };
}

interface Exchange {
  readonly what: string;
  readonly claims: boolean;
  readonly because: readonly Reason[];
}

function answersOf({ interface: device, replies }: Exposure, vip: VipPlan): readonly Exchange[] {
  return replies.map(({ asker, reply }) => ({
    what: `${asker} asks for ${vip.text} on ${device}`,
    claims: 'answers' in reply && reply.answers,
    because: reply.because,
  }));
}

function announcementsOf({ interface: device, requests }: Exposure, vip: VipPlan): readonly Exchange[] {
  return requests.map(({ source, target, request }) => ({
    what: `a packet from ${source} makes ${device} ask for ${target}`,
    claims: 'sender' in request && request.sender === vip.text,
    because: request.because,
  }));
}

/** The reasoning about the first exchange that claims the VIP, or about the first of all, and what it rests on. */
function evidenceOf(exchanges: readonly Exchange[]): readonly Evidence[] {
  const telling = exchanges.find(({ claims }) => claims) ?? exchanges[0];
  if (telling === undefined) return [];
  return evidenceOfAnswer(telling.what, telling.because);
}
