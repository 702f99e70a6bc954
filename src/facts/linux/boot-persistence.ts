import type { Evidence } from '../../contracts/report.ts';
import type { LinuxFacts } from '../../contracts/snapshot.ts';
import { type Derived, type DerivedFacts, type FactDefinitions, once } from '../subject.ts';
import { placeOf } from './boot-simulation.ts';
import { bootState, type BootState } from './boot-sysctls.ts';
import type { Trap } from './boot-traps.ts';
import type { SysctlView } from './sysctl.ts';

const strings = { type: 'array', items: { type: 'string' } };

/** How a Linux host's kernel parameters survive a reboot, beyond the values themselves. "ARP parameters" are arp_ignore and arp_announce. */
export const hostPersistenceFacts = new Map([
  [
    'sysctlLoader',
    { schema: { type: 'string' }, meaning: 'The program that applies sysctl files at boot, such as systemd-sysctl.' },
  ],
  [
    'ignoredSysctlFiles',
    {
      schema: strings,
      meaning:
        'Lines that set ARP parameters in files that no loader reads, where reading them would change nothing that the kernel uses.',
    },
  ],
  [
    'deadAssignments',
    {
      schema: strings,
      meaning:
        'Lines that set ARP parameters in files that are read, without effect because of how they are written, where an effect would change nothing that the kernel uses.',
    },
  ],
  [
    'lostAssignments',
    {
      schema: strings,
      meaning:
        'Lines without effect, in files read or not, that would change an effective ARP parameter of an interface if they had one.',
    },
  ],
  [
    'conflictingAssignments',
    {
      schema: strings,
      meaning:
        'ARP parameters that lines in effect set to different values, the winner named, where the winner is the value that runs.',
    },
  ],
  [
    'loadersDisagree',
    {
      schema: strings,
      meaning:
        'ARP parameters that run as the boot leaves them, and that `sysctl --system` would change on the next occasion.',
    },
  ],
  [
    'bootProven',
    {
      schema: { type: 'boolean' },
      meaning:
        'The host has booted since the last change of its sysctl files, and the ARP parameters run as they would be booted.',
    },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof hostPersistenceFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

const parameters = ['arp_ignore', 'arp_announce'] as const;

/** The persistence facts of a host; `state` is the simulation of its boot, where the caller has it already. */
export function deriveHostPersistence(facts: LinuxFacts, state: BootState = bootState(facts)): DerivedFacts<Name> {
  const loader = loaderOf(facts, state);
  const { running } = state;
  const devices = once(() => devicesOf(facts));
  const proven = (): Derived<boolean> =>
    'missing' in facts.sysctlFiles ? facts.sysctlFiles : bootProven(state, running, devices());
  if (!('value' in loader)) {
    const idle: Derived<readonly string[]> =
      'unknown' in loader ? { notapplicable: `nothing to compare with: ${loader.unknown}` } : loader;
    return {
      sysctlLoader: loader,
      ignoredSysctlFiles: idle,
      deadAssignments: idle,
      lostAssignments: idle,
      conflictingAssignments: idle,
      loadersDisagree: idle,
      bootProven: proven,
    };
  }
  const traps = once(() => state.traps.filter(({ key }) => isArpParameter(key)));
  const lost = once(() => traps().filter((trap) => wouldChange(trap, state.sysctls, devices())));
  const harmless = (unread: boolean): Derived<readonly string[]> =>
    listed(traps().filter((trap) => trap.unread === unread && !lost().includes(trap)));
  return {
    sysctlLoader: loader,
    ignoredSysctlFiles: () => harmless(true),
    deadAssignments: () => harmless(false),
    lostAssignments: () => listed(lost()),
    conflictingAssignments: () => conflicts(state, running, devices()),
    loadersDisagree: () => disagreements(state, running, devices()),
    bootProven: proven,
  };
}

function loaderOf(facts: LinuxFacts, { choice }: BootState): Derived<string> {
  if ('missing' in facts.sysctlFiles) return facts.sysctlFiles;
  if ('unidentified' in choice) return { unknown: choice.unidentified };
  const names = [...new Set(choice.loaders.map(({ name }) => name))];
  const text = choice.disabled ?? names.join(' or ');
  return { value: names.join(' or '), evidence: [{ source: 'next boot', text }] };
}

/** The interfaces that could hear ARP, and all and default; without the interfaces only the latter. */
function devicesOf(facts: LinuxFacts): readonly string[] {
  const links = 'value' in facts.interfaces ? facts.interfaces.value : [];
  return links.flatMap(({ name }) => (name === 'lo' ? [] : [name]));
}

function isArpParameter(key: string): boolean {
  return parameters.some((parameter) => key.endsWith(`/${parameter}`));
}

/** Whether an interface's effective value would be another if the trap's line had an effect; yes where that is not known. */
function wouldChange(trap: Trap, boot: SysctlView, devices: readonly string[]): boolean {
  const [, , , device = '', parameter = ''] = trap.key.split('/');
  const all = boot.read(`net/ipv4/conf/all/${parameter}`);
  if (!('value' in all)) return true;
  return devices.some((name) => {
    const own = boot.read(`net/ipv4/conf/${name}/${parameter}`);
    if (!('value' in own)) return true;
    const isOwn = device === name || (device === 'default' && own.value === 0);
    const changed = Math.max(device === 'all' ? trap.value : all.value, isOwn ? trap.value : own.value);
    return changed !== Math.max(all.value, own.value);
  });
}

function listed(traps: readonly Trap[]): Derived<readonly string[]> {
  return {
    value: traps.map((trap) => `${placeOf(trap)} (${trap.reason})`),
    evidence: traps.map((trap) => ({ source: placeOf(trap), text: trap.text })),
  };
}

function keysOf(devices: readonly string[]): readonly string[] {
  return ['all', 'default', ...devices].flatMap((device) =>
    parameters.map((parameter) => `net/ipv4/conf/${device}/${parameter}`),
  );
}

function conflicts(state: BootState, running: SysctlView, devices: readonly string[]): Derived<readonly string[]> {
  const [simulation] = state.simulations;
  const found: { readonly text: string; readonly evidence: readonly Evidence[] }[] = [];
  for (const key of keysOf(devices)) {
    const result = simulation?.read(key);
    if (result === undefined || 'unknown' in result || result.winner === undefined || !runs(running, key, result.value))
      continue;
    const { winner } = result;
    const loser = result.losers.find(({ value }) => value !== null && Number(value) !== winner.integer);
    if (loser === undefined || found.some(({ text }) => text.includes(placeOf(loser)))) continue;
    found.push({
      text: `${key.replaceAll('/', '.')}: ${placeOf(winner)} (${winner.integer}) wins over ${placeOf(loser)} (${loser.value ?? ''})`,
      evidence: [winner, loser].map((assignment) => ({ source: placeOf(assignment), text: assignment.text })),
    });
  }
  return { value: found.map(({ text }) => text), evidence: found.flatMap(({ evidence }) => evidence) };
}

function disagreements(state: BootState, running: SysctlView, devices: readonly string[]): Derived<readonly string[]> {
  if (!mayDiffer(state))
    return { value: [], evidence: [{ source: 'sysctl files', text: 'only plain lines in files that both read' }] };
  const byHand = state.byHand();
  const found: { readonly text: string; readonly evidence: Evidence }[] = [];
  for (const key of keysOf(devices)) {
    const boot = state.sysctls.read(key);
    const other = byHand.read(key);
    // A parameter that no file sets stays as it is when sysctl --system runs.
    if (!('value' in boot) || 'unknown' in other || other.winner === undefined || other.value === boot.value) continue;
    if (!runs(running, key, boot.value)) continue;
    found.push({
      text: `${key.replaceAll('/', '.')}: the boot leaves ${boot.value}, sysctl --system ${other.value} (${placeOf(other.winner)})`,
      evidence: { source: placeOf(other.winner), text: other.winner.text },
    });
  }
  return { value: found.map(({ text }) => text), evidence: found.map(({ evidence }) => evidence) };
}

const plainLine = /^\s*(?:[#;].*|[\w./]+\s*=\s*-?\d+\s*)?$/;

/** Whether two loaders could differ at all: by /etc/sysctl.conf, a hidden file, or a line that is not name = number. */
function mayDiffer({ tree }: BootState): boolean {
  return tree.entries.some(({ path, lines }) => {
    if (!('value' in lines) || lines.value.length === 0) return false;
    return /^\/etc\/sysctl\.conf$|\/\.[^/]*$/.test(path) || lines.value.some(({ text }) => !plainLine.test(text));
  });
}

function bootProven(state: BootState, running: SysctlView, devices: readonly string[]): Derived<boolean> {
  if (state.unchanged !== true) {
    return { value: false, evidence: [{ source: 'sysctl files', text: state.unchanged.reason }] };
  }
  for (const key of keysOf(devices)) {
    const boot = state.sysctls.read(key);
    if ('value' in boot && !runs(running, key, boot.value)) {
      return { value: false, evidence: [{ source: key, text: `is not the ${boot.value} that the boot leaves` }] };
    }
  }
  return { value: true, evidence: [{ source: 'sysctl files', text: 'none was changed after the last boot' }] };
}

function runs(running: SysctlView, key: string, value: number): boolean {
  const now = running.read(key);
  return 'value' in now && now.value === value;
}
