import type { Evidence } from '../../contracts/report.ts';
import { derived } from '../derived.ts';
import type { Fact } from '../fact.ts';
import { sameIp } from '../ip.ts';
import { type Derived, type DerivedFacts, type FactDefinitions, once } from '../subject.ts';
import { unchangedSinceBoot } from './boot-change.ts';
import { hearsNeighbours } from './ingress.ts';
import { holdersOf, type LinuxHost, type VipPlan } from './linux-host.ts';
import type { BootAddress } from './vip-persistence/boot-address.ts';
import { bootPlan, type BootPlan } from './vip-persistence/boot-plan.ts';
import { savedRule } from './vip-persistence/saved-rules.ts';

const strings = { type: 'array', items: { type: 'string' } };

/** What becomes of a VIP at the next boot, by the files of the host's network managers and boot scripts. */
export const vipPersistenceFacts = new Map([
  ['bootHolders', { schema: strings, meaning: 'Interfaces that will have the VIP after the next boot.' }],
  [
    'bootPrefixLengths',
    {
      schema: { type: 'array', items: { type: 'integer' } },
      meaning: 'Mask lengths, in bits, that the VIP will have there.',
    },
  ],
  [
    'bootWideAddresses',
    {
      schema: strings,
      meaning: 'The VIP on interfaces that hear no neighbour where its mask will be shorter than the whole address.',
    },
  ],
  ['bootOnIngress', { schema: strings, meaning: 'Ingress interfaces that will have the VIP after the next boot.' }],
  ['persistenceManagers', { schema: strings, meaning: 'What brings the VIP up at boot: ifupdown, netplan and so on.' }],
  [
    'persistenceStrength',
    {
      schema: { enum: ['manager', 'script', 'proven', 'none'] },
      meaning:
        'By what the VIP lasts: a network manager; only a script; something unreadable that the last boot has proven; nothing.',
    },
  ],
  [
    'ruleSaved',
    {
      schema: { type: 'boolean' },
      meaning: 'A packet filter rule that names the VIP is loaded at boot from a file of its service.',
    },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof vipPersistenceFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

/** What becomes of one VIP at the next boot; `plan` is what the host's files say, where the caller has read them already. */
export function deriveVipPersistence(
  host: LinuxHost,
  vip: VipPlan,
  plan: () => Fact<BootPlan> = () => bootPlan(host.facts),
): DerivedFacts<Name> {
  const outlook = once((): Derived<Outlook> => {
    const known = plan();
    return 'missing' in known ? known : byLastBoot(host, vip, known.value, outlookFor(vip, known.value));
  });
  const from =
    <T>(value: (outlook: Outlook) => T) =>
    (): Derived<T> => {
      const known = outlook();
      return 'value' in known ? { value: value(known.value), evidence: known.evidence } : known;
    };
  const bits = vip.ip.words.length * 32;
  return {
    bootHolders: from(({ places }) => distinct(places.map((place) => place.interface))),
    bootPrefixLengths: from(({ places }) => distinct(places.map((place) => place.prefixLength))),
    bootWideAddresses: from(({ places }) =>
      distinct(
        places
          .filter((place) => place.prefixLength < bits && !isIngress(host, place.interface))
          .map((place) => `${vip.text}/${place.prefixLength} on ${place.interface}`),
      ),
    ),
    bootOnIngress: from(({ places }) =>
      distinct(places.map((place) => place.interface).filter((name) => isIngress(host, name))),
    ),
    persistenceManagers: from(({ managers }) => managers),
    persistenceStrength: from(({ strength }) => strength),
    ruleSaved: () => {
      const known = plan();
      return 'missing' in known ? known : savedRule({ facts: host.facts, files: known.value.files }, vip.ip);
    },
  };
}

interface Outlook {
  readonly places: readonly Pick<BootAddress, 'interface' | 'prefixLength'>[];
  readonly managers: readonly string[];
  readonly strength: 'manager' | 'script' | 'proven' | 'none';
}

function outlookFor(vip: VipPlan, plan: BootPlan): Derived<Outlook> {
  const wanted = plan.addresses.filter(({ ip }) => sameIp(ip, vip.ip));
  const booted = wanted.filter(({ effect }) => effect === 'boot');
  if (booted.length > 0) {
    const managers = distinct(booted.map(({ manager }) => manager));
    const strength = managers.every((manager) => manager === 'script') ? 'script' : 'manager';
    return { value: { places: booted, managers, strength }, evidence: wanted.map(evidenceOf) };
  }
  for (const { source, text, effect } of wanted) {
    if (effect !== 'boot' && 'perhaps' in effect) return { unknown: `${source} (${text}): ${effect.perhaps}` };
  }
  const [first] = plan.doubts;
  if (first !== undefined) {
    const paths = distinct(plan.doubts.map(({ path }) => path));
    return {
      unknown: `${first.path} could set up the VIP: ${first.reason}. This shows it: sudo grep -rnF -e ${vip.text} ${paths.slice(0, mostPaths).map(quoted).join(' ')}`,
    };
  }
  if (vip.ip.family === 6 && plan.files.entries.some(wasOnlySearched)) {
    return { unknown: `no file names the VIP as ${vip.text}; another spelling of it would not be found` };
  }
  const never = wanted.map(evidenceOf);
  const silence = {
    source: 'next boot',
    text: `no file of a network manager or boot script that is read brings up ${vip.text}`,
  };
  return { value: { places: [], managers: [], strength: 'none' }, evidence: [...never, silence] };
}

const mostPaths = 12;

function evidenceOf({ source, text, effect }: BootAddress): Evidence {
  if (effect === 'boot') return { source, text };
  return { source, text: `${text} (${'never' in effect ? `without effect: ${effect.never}` : effect.perhaps})` };
}

/** A file of which the probe shows lines only where they name a VIP in the spelling that it was told. */
function wasOnlySearched({ path, kind, lines }: BootPlan['files']['entries'][number]): boolean {
  if (kind !== 'file' || !('value' in lines) || lines.value.length > 0) return false;
  return !/^\/etc\/(?:network|netplan|systemd\/network)\//.test(path);
}

/** What cannot be told is taken from the running host when none of the files has changed since it booted, and one of them could be why. */
function byLastBoot(host: LinuxHost, vip: VipPlan, plan: BootPlan, outlook: Derived<Outlook>): Derived<Outlook> {
  const couldSet = plan.doubts.length > 0 || plan.addresses.some(({ ip }) => sameIp(ip, vip.ip));
  if (!('unknown' in outlook) || !couldSet || unchangedSinceBoot(host.facts, plan.files.entries) !== true)
    return outlook;
  const held = holdersOf(host, vip.ip);
  if ('missing' in held || held.value.length === 0) return outlook;
  const places = held.value.map(({ device, subnet }) => ({ interface: device, prefixLength: subnet.length }));
  const text = `held since a boot that is later than every change of the files (${outlook.unknown})`;
  return derived({ places, managers: [], strength: 'proven' } satisfies Outlook, { source: 'ip -o addr', text });
}

function isIngress(host: LinuxHost, device: string): boolean {
  const links = host.network.interfaces;
  const link = 'value' in links ? links.value.get(device) : undefined;
  return link !== undefined && hearsNeighbours(host.network, link);
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
