import type { Evidence } from '../../contracts/report.ts';
import { derived } from '../derived.ts';
import type { Fact } from '../fact.ts';
import type { Derived, DerivedFacts, FactDefinitions } from '../subject.ts';
import { unspecified } from './arp-reply.ts';
import { selectAddress } from './arp-request.ts';
import { anyOf, claimOf, type Exposure, exposures } from './exposure.ts';
import { hiddenVips } from './ingress-facts.ts';
import type { LinuxHost, VipPlan } from './linux-host.ts';
import { evidenceOf, type Reason, type Undecided } from './verdict.ts';

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
  const exposed = exposures(host.backend, host.network, host.ingress, vip.ip);
  const answeredOn = devicesThat(exposed, vip, (exposure) => claimOf(exposure, vip.text).answers);
  const announcedOn = devicesThat(exposed, vip, (exposure) => claimOf(exposure, vip.text).announces);
  return {
    reliesOnSysctls: derived(hiddenVips(host).includes(vip), {
      source: 'inventory: services',
      text: `${vip.text} by ${vip.method}`,
    }),
    hijackRisk: hijackRisk(answeredOn, announcedOn),
    answeredOn,
    announcedOn,
    proxiedOn: devicesThat(exposed, vip, ({ replies }) =>
      anyOf(
        replies.map(({ reply }) => {
          if (reply.as === 'owner') return false;
          return 'answers' in reply ? reply.answers && reply.as === 'proxy' : reply;
        }),
      ),
    ),
    borrowedOn: borrowedOn(host, vip),
  };
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
  vip: VipPlan,
  claim: (exposure: Exposure) => boolean | Undecided,
): Derived<readonly string[]> {
  if ('missing' in exposed) return exposed;
  const found: Exposure[] = [];
  let doubt: Undecided | undefined;
  for (const exposure of exposed.value) {
    const answer = claim(exposure);
    if (answer === true) found.push(exposure);
    else if (answer !== false) doubt ??= answer;
  }
  if (found.length === 0 && doubt !== undefined)
    return 'missing' in doubt ? { missing: doubt.missing } : { unknown: doubt.unknown };
  const telling = found.length > 0 ? found : exposed.value;
  return {
    value: found.map((exposure) => exposure.interface),
    evidence: telling.flatMap((each) => evidenceOn(each, vip)),
  };
}

/** The reasoning about the exchanges that decide, and what it rests on. */
function evidenceOn({ interface: device, replies, requests }: Exposure, vip: VipPlan): readonly Evidence[] {
  const claims = [
    ...replies.flatMap(({ asker, reply }) =>
      'answers' in reply && reply.answers ? [{ who: `${asker} asks for`, why: reply.because }] : [],
    ),
    ...requests.flatMap(({ target, request }) =>
      'sender' in request && request.sender === vip.text
        ? [{ who: `a request for ${target} names`, why: request.because }]
        : [],
    ),
  ];
  const [first] =
    claims.length > 0 ? claims : replies.map(({ asker, reply }) => ({ who: `${asker} asks for`, why: reply.because }));
  if (first === undefined) return [];
  return [{ source: `${first.who} ${vip.text} on ${device}`, text: sentence(first.why) }, ...evidenceOf(first.why)];
}

function sentence(because: readonly Reason[]): string {
  return because.map(({ text }) => text).join('; ');
}
