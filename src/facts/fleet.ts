import { derived } from './derived.ts';
import type { Derived, DerivedFacts, FactDefinitions, Subject } from './subject.ts';
import { factMap, knownValue } from './subject.ts';

const strings = { type: 'array', items: { type: 'string' } };

/** The facts of one VIP over all of its selected backends. */
export const fleetVipFacts = new Map([
  ['owners', { schema: strings, meaning: 'Backends that own the VIP.' }],
  ['hijackers', { schema: strings, meaning: 'Backends that answer or announce ARP for the VIP.' }],
  [
    'sharedHardwareAddresses',
    {
      schema: strings,
      meaning: 'Hardware addresses that the ingress interfaces of two backends share, with the backends.',
    },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof fleetVipFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

/** What a fleet is judged by, of one host: values alone, so that nothing else of a host is kept until all are judged. */
export interface FleetMember {
  readonly vips: ReadonlyMap<string, VipClaims>;
  readonly hardwareAddresses: readonly string[] | undefined;
}

/** What one host does with a VIP; undefined where it cannot be told. */
export interface VipClaims {
  readonly owns: boolean | undefined;
  readonly hijacks: boolean | undefined;
}

/** The backends of a fleet by name; undefined where one could not be collected. */
export type Fleet = ReadonlyMap<string, FleetMember | undefined>;

/** What a fleet is judged by, of a host with these subjects. */
export function fleetMember(subjects: readonly Subject[]): FleetMember {
  const vips = new Map<string, VipClaims>();
  let hardwareAddresses: readonly string[] | undefined;
  for (const { kind, vip, facts } of subjects) {
    if (kind === 'host')
      hardwareAddresses = knownValue(facts.get('hardwareAddresses')) as readonly string[] | undefined;
    if (kind === 'vip' && vip !== undefined) {
      const [owns, hijacks] = [knownValue(facts.get('present')), knownValue(facts.get('hijackRisk'))];
      vips.set(vip, { owns: owns as boolean | undefined, hijacks: hijacks as boolean | undefined });
    }
  }
  return { vips, hardwareAddresses };
}

/** One VIP of a service over its backends. */
export function fleetVip(vip: string, fleet: Fleet): Subject {
  const facts: DerivedFacts<Name> = {
    owners: listOf(fleet, (member) => member.vips.get(vip)?.owns),
    hijackers: listOf(fleet, (member) => member.vips.get(vip)?.hijacks),
    sharedHardwareAddresses: sharedAddresses(fleet),
  };
  return { platform: 'any', kind: 'fleet-vip', vip, facts: factMap(facts) };
}

// One name is enough to say that some backend does; that none does needs an answer from each.
function listOf(fleet: Fleet, answerOf: (member: FleetMember) => boolean | undefined): Derived<readonly string[]> {
  const names: string[] = [];
  let doubt: string | undefined;
  for (const [name, member] of fleet) {
    const answer = member === undefined ? undefined : answerOf(member);
    if (answer === undefined) doubt ??= name;
    else if (answer) names.push(name);
  }
  if (names.length === 0 && doubt !== undefined) return { unknown: `it cannot be told of ${doubt}` };
  return derived(names, { source: 'backends', text: names.join(', ') || 'none' });
}

function sharedAddresses(fleet: Fleet): Derived<readonly string[]> {
  const owners = new Map<string, string[]>();
  let doubt: string | undefined;
  for (const [name, member] of fleet) {
    if (member?.hardwareAddresses === undefined) doubt ??= name;
    for (const address of new Set(member?.hardwareAddresses)) {
      const names = owners.get(address);
      if (names === undefined) owners.set(address, [name]);
      else names.push(name);
    }
  }
  const shared = [...owners]
    .filter(([, names]) => names.length > 1)
    .map(([address, names]) => `${address} (${names.join(', ')})`);
  if (shared.length === 0 && doubt !== undefined)
    return { unknown: `the hardware addresses of ${doubt} are not known` };
  return derived(shared, { source: 'hardware addresses', text: shared.join('; ') || 'all differ' });
}
