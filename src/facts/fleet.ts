import { derived } from './derived.ts';
import type { Derived, DerivedFacts, FactDefinitions, Subject } from './subject.ts';
import { factMap } from './subject.ts';

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

/** The subjects of one host that a fleet is judged by; undefined where the host could not be collected. */
export type HostSubjects = readonly Subject[] | undefined;

/** One VIP of a service over its backends, by name. */
export function fleetVip(vip: string, backends: ReadonlyMap<string, HostSubjects>): Subject {
  const vipFact = (fact: string) => namesWhere(backends, (subjects) => factOf(subjects, 'vip', fact, vip));
  const facts: DerivedFacts<Name> = {
    owners: listOf(vipFact('present')),
    hijackers: listOf(vipFact('hijackRisk')),
    sharedHardwareAddresses: sharedAddresses(backends),
  };
  return { platform: 'any', kind: 'fleet-vip', vip, facts: factMap(facts) };
}

interface Sorted {
  readonly names: readonly string[];
  /** The first backend of which it cannot be told. */
  readonly doubt: string | undefined;
}

function namesWhere(
  backends: ReadonlyMap<string, HostSubjects>,
  factOf: (subjects: readonly Subject[]) => Derived | undefined,
): Sorted {
  const names: string[] = [];
  let doubt: string | undefined;
  for (const [name, subjects] of backends) {
    const fact = subjects === undefined ? undefined : factOf(subjects);
    if (fact !== undefined && 'value' in fact) {
      if (fact.value === true) names.push(name);
    } else doubt ??= name;
  }
  return { names, doubt };
}

// One name is enough to say that some backend does; that none does needs an answer from each.
function listOf({ names, doubt }: Sorted): Derived<readonly string[]> {
  if (names.length === 0 && doubt !== undefined) return { unknown: `it cannot be told of ${doubt}` };
  return derived(names, { source: 'backends', text: names.join(', ') || 'none' });
}

function sharedAddresses(backends: ReadonlyMap<string, HostSubjects>): Derived<readonly string[]> {
  const owners = new Map<string, string[]>();
  let doubt: string | undefined;
  for (const [name, subjects] of backends) {
    const fact = subjects === undefined ? undefined : factOf(subjects, 'host', 'hardwareAddresses');
    if (fact === undefined || !('value' in fact)) {
      doubt ??= name;
      continue;
    }
    for (const address of new Set(fact.value as readonly string[]))
      owners.set(address, [...(owners.get(address) ?? []), name]);
  }
  const shared = [...owners]
    .filter(([, names]) => names.length > 1)
    .map(([address, names]) => `${address} (${names.join(', ')})`);
  if (shared.length === 0 && doubt !== undefined)
    return { unknown: `the hardware addresses of ${doubt} are not known` };
  return derived(shared, { source: 'hardware addresses', text: shared.join('; ') || 'all differ' });
}

function factOf(subjects: readonly Subject[], kind: Subject['kind'], fact: string, vip?: string): Derived | undefined {
  return subjects.find((subject) => subject.kind === kind && subject.vip === vip)?.facts.get(fact);
}
