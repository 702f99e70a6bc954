import type { Evidence } from '../../contracts/report.ts';
import type { LinuxFacts } from '../../contracts/snapshot.ts';
import type { Derived } from '../subject.ts';
import { unchangedSinceBoot } from './boot-change.ts';
import type { FileTree } from './boot-files.ts';
import { type BootModel, bootModel } from './boot-model.ts';
import { startsAtBoot } from './boot-units.ts';
import { procpsLoader, systemdLoader } from './boot-loaders.ts';
import { placeOf, simulateBoot, type BootSimulation, type BootValue } from './boot-simulation.ts';
import { procpsSyntax, systemdSyntax } from './boot-sysctl-syntax.ts';
import type { Trap } from './boot-traps.ts';
import { runningSysctls, sysctlView, type SysctlView } from './sysctl.ts';

/** What is known of how a host's kernel parameters come about at its next boot. */
export interface BootState extends BootModel {
  /** The host has booted since the last change of every file that a loader may read; a reason where that is not so or not known. */
  readonly unchanged: true | { readonly reason: string };
  /** The kernel parameters as they are. */
  readonly running: SysctlView;
  /** The kernel parameters as the next boot will leave them. */
  readonly sysctls: SysctlView;
  /** The same, with the running value where the boot value cannot be told and the last boot has proven it; undefined where it has proven nothing. */
  readonly proven: SysctlView | undefined;
}

/** Simulates the next boot of a host; `running` is what its kernel has now. Missing sysctl files make every value missing. */
export function bootState(facts: LinuxFacts, running: SysctlView = runningSysctls(facts)): BootState {
  const model = bootModel(facts);
  const { tree, choice, simulations, traps, byHand } = model;
  const unchanged = unchangedSinceBoot(facts, 'value' in facts.sysctlFiles ? facts.sysctlFiles.value : []);
  const sysctls = viewOf(facts, model, running);
  const isCertain = simulations.length === 1 && !hasUnread(tree);
  const proven = unchanged === true && !isCertain ? provenView(model, running, sysctls) : undefined;
  return { tree, choice, simulations, traps, byHand, unchanged, running, sysctls, proven };
}

function viewOf(facts: LinuxFacts, state: BootModel, running: SysctlView): SysctlView {
  const mayRunKubeProxy = startsAtBoot(facts, 'kubelet') === true;
  return sysctlView((key) => {
    if ('missing' in facts.sysctlFiles) return facts.sysctlFiles;
    const answer = simulated(state, key);
    return mayRunKubeProxy && 'value' in answer ? byKubeProxy(running, key, answer) : answer;
  });
}

type Answer = Extract<Derived<number>, { readonly value: number }> | { readonly unknown: string };

/** The value on which every loader that the host may have agrees. */
function simulated({ choice, simulations, traps }: BootModel, key: string): Answer {
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
function byKubeProxy(running: SysctlView, key: string, answer: Extract<Answer, { readonly value: number }>): Answer {
  if (answer.value !== 0 || !/\/all\/arp_(?:ignore|announce)$/.test(key)) return answer;
  const now = running.read(key);
  return 'value' in now && now.value !== 0
    ? { unknown: `no file sets ${key}; kube-proxy, which this host may run, sets it at start with strictARP` }
    : answer;
}

/**
 * What cannot be told is taken from the running kernel when no file has changed since it booted and a file that is there
 * could be why the parameter is as it is.
 */
function provenView({ tree, simulations }: BootModel, running: SysctlView, sysctls: SysctlView): SysctlView {
  const supposed =
    simulations.length > 0
      ? simulations
      : [systemdLoader(tree, systemdSyntax, ''), procpsLoader(tree, procpsSyntax)].map(simulateBoot);
  const couldBe = (key: string, value: number): boolean =>
    hasUnread(tree) ||
    supposed.some((simulation) => {
      const result = simulation.read(key);
      return 'value' in result && result.value === value;
    });
  return sysctlView((key) => {
    const boot = sysctls.read(key);
    const now = running.read(key);
    if (!('unknown' in boot) || !('value' in now) || !couldBe(key, now.value)) return boot;
    const text = `${now.value} since a boot that is later than every change of the files (${boot.unknown})`;
    return { value: now.value, evidence: [{ source: key, text }] };
  });
}

function hasUnread(tree: FileTree): boolean {
  return tree.entries.some(({ lines, size }) => 'missing' in lines && size !== null);
}
