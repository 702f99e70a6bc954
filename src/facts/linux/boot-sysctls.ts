import type { Evidence } from '../../contracts/report.ts';
import type { LinuxFacts } from '../../contracts/snapshot.ts';
import type { Derived } from '../subject.ts';
import { unchangedSinceBoot } from './boot-change.ts';
import { fileTree, type FileTree } from './boot-files.ts';
import { startsAtBoot } from './boot-units.ts';
import { chooseLoaders, type LoaderChoice } from './boot-loader-choice.ts';
import { kernelDefaults, placeOf, simulateBoot, type BootSimulation, type BootValue } from './boot-simulation.ts';
import { findTraps, type Trap } from './boot-traps.ts';
import { runningSysctls, type SysctlView } from './sysctl.ts';

/** What is known of how a host's kernel parameters come about at its next boot. */
export interface BootState {
  readonly tree: FileTree;
  readonly choice: LoaderChoice;
  /** One for each loader that the host may have; empty where none is identified. */
  readonly simulations: readonly BootSimulation[];
  readonly traps: readonly Trap[];
  /** The host has booted since the last change of every file that a loader may read; a reason where that is not so or not known. */
  readonly unchanged: true | { readonly reason: string };
  readonly sysctls: SysctlView;
}

/** The kernel parameters as the next boot will leave them, found by simulating the host's loader. Missing sysctl files make every value missing. */
export function bootSysctls(facts: LinuxFacts): SysctlView {
  return bootState(facts).sysctls;
}

/** Simulates the next boot of a host. */
export function bootState(facts: LinuxFacts): BootState {
  const tree = fileTree('value' in facts.sysctlFiles ? facts.sysctlFiles.value : []);
  const choice = chooseLoaders(facts, tree);
  const loaders = 'loaders' in choice ? choice.loaders : [];
  const simulations = loaders.map(simulateBoot);
  const [first] = loaders;
  const traps = first === undefined ? [] : findTraps(tree, first);
  const unchanged = unchangedSinceBoot(facts, tree.entries);
  const state = { tree, choice, simulations, traps, unchanged };
  return { ...state, sysctls: viewOf(facts, state) };
}

function viewOf(facts: LinuxFacts, state: Omit<BootState, 'sysctls'>): SysctlView {
  const running = runningSysctls(facts);
  const known = new Map<string, Derived<number>>();
  const derive = (key: string): Derived<number> => {
    if ('missing' in facts.sysctlFiles) return facts.sysctlFiles;
    const now = running.read(key);
    const value = simulated(state, key);
    const answer = 'value' in value ? byKubeProxy(facts, key, value, now) : value;
    return 'unknown' in answer ? byLastBoot(state, key, answer, now) : answer;
  };
  return {
    read: (key) => {
      let derived = known.get(key);
      if (derived === undefined) known.set(key, (derived = derive(key)));
      return derived;
    },
  };
}

type Answer = Extract<Derived<number>, { readonly value: number }> | { readonly unknown: string };

/** The value on which every loader that the host may have agrees. */
function simulated({ choice, simulations, traps }: Omit<BootState, 'sysctls'>, key: string): Answer {
  if ('unidentified' in choice) return { unknown: choice.unidentified };
  const [first, ...others] = simulations.map((simulation) => ({ simulation, result: simulation.read(key) }));
  if (first === undefined) return { unknown: 'no loader is known' };
  if ('unknown' in first.result) return first.result;
  const { value } = first.result;
  for (const { simulation, result } of others) {
    if ('unknown' in result) return result;
    if (result.value !== value) {
      return {
        unknown: `${key} would be ${value} (${reasonFor(first.result, first.simulation)}) or ${result.value} (${reasonFor(result, simulation)}): which of the two the boot takes cannot be told`,
      };
    }
  }
  return { value, evidence: evidenceOf(key, first.result, choice.disabled ?? first.simulation.loader, traps) };
}

function reasonFor({ winner }: BootValue, { loader }: BootSimulation): string {
  return winner === undefined ? `${loader} does not set it` : `${loader}, ${placeOf(winner)}`;
}

const mostLosers = 4;

function evidenceOf(
  key: string,
  { value, winner, losers }: BootValue,
  loader: string,
  traps: readonly Trap[],
): Evidence[] {
  const name = key.replaceAll('/', '.');
  const shown: Evidence[] = [
    winner === undefined
      ? { source: `next boot: ${loader}`, text: `nothing sets ${name}; the kernel starts with ${value}` }
      : { source: placeOf(winner), text: winner.text },
  ];
  const places = new Set(winner === undefined ? [] : [placeOf(winner)]);
  for (const loser of losers) {
    if (places.has(placeOf(loser)) || loser.value === winner?.value || places.size > mostLosers) continue;
    places.add(placeOf(loser));
    shown.push({ source: placeOf(loser), text: `${loser.text} (without effect)` });
  }
  for (const trap of traps) {
    if (trap.key !== key || trap.value === value || places.has(placeOf(trap))) continue;
    shown.push({ source: placeOf(trap), text: `${trap.text} (without effect: ${trap.reason})` });
  }
  return shown;
}

/** kube-proxy with strictARP sets the two parameters when it starts, and nobody else; only its configuration would tell. */
function byKubeProxy(facts: LinuxFacts, key: string, answer: Answer, now: Derived<number>): Answer {
  if (!/\/all\/arp_(?:ignore|announce)$/.test(key) || 'unknown' in answer || !('value' in now)) return answer;
  const isSetByOther = answer.value === 0 && now.value !== 0;
  return isSetByOther && startsAtBoot(facts, 'kubelet') === true
    ? { unknown: `no file sets ${key}; kube-proxy, which this host may run, sets it at start with strictARP` }
    : answer;
}

/**
 * What cannot be told is taken from the running kernel when no file has changed since it booted and somebody has set the
 * parameter: that boot has proven what the next one does.
 */
function byLastBoot(
  { unchanged }: Omit<BootState, 'sysctls'>,
  key: string,
  answer: { readonly unknown: string },
  now: Derived<number>,
): Answer {
  const initial = kernelDefaults.get(key.slice(key.lastIndexOf('/') + 1));
  if (unchanged !== true || initial === undefined || !('value' in now) || now.value === initial) return answer;
  const text = `${now.value} since a boot that is later than every change of the files (${answer.unknown})`;
  return { value: now.value, evidence: [{ source: key, text }] };
}
