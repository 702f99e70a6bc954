import type { BootFacts } from './boot-facts.ts';
import { fileTree, type FileTree } from './boot-files.ts';
import { chooseLoaders, type LoaderChoice, procpsDialects } from './boot-loader-choice.ts';
import { procpsLoader } from './boot-loaders.ts';
import { type BootSimulation, simulateBoot } from './boot-simulation.ts';
import { findTraps, type Trap } from './boot-traps.ts';
import { once } from '../subject.ts';

/** What the content of a host's sysctl files comes to at boot, whenever the files were changed. */
export interface BootModel {
  readonly tree: FileTree;
  readonly choice: LoaderChoice;
  /** One for each loader that the host may have; empty where none is identified. */
  readonly simulations: readonly BootSimulation[];
  readonly traps: readonly Trap[];
  /** What `sysctl --system` by hand would make of the files. */
  readonly byHand: () => BootSimulation;
}

// The hosts of a fleet have the same files for the most part, and simulating them takes longer than comparing them.
const models = new Map<string, BootModel>();
const mostModels = 64;

/** The boot model of a host; hosts with the same content share one. */
export function bootModel(facts: BootFacts): BootModel {
  const key = contentOf(facts);
  let model = models.get(key);
  if (model === undefined) {
    if (models.size >= mostModels) models.clear();
    models.set(key, (model = modelOf(facts)));
  }
  return model;
}

function modelOf(facts: BootFacts): BootModel {
  const tree = fileTree('value' in facts.sysctlFiles ? facts.sysctlFiles.value : []);
  const choice = chooseLoaders(facts, tree);
  const loaders = 'loaders' in choice ? choice.loaders : [];
  const [first] = loaders;
  return {
    tree,
    choice,
    simulations: loaders.map(simulateBoot),
    traps: first === undefined ? [] : findTraps(tree, first),
    byHand: once(() => simulateBoot(procpsLoader(tree, procpsDialects(facts)[0]))),
  };
}

/** Everything but the times of the files, which differ from host to host and change no value. */
function contentOf({ sysctlFiles, initSystem, kernelRelease, osRelease, tools, units }: BootFacts): string {
  const files =
    'value' in sysctlFiles ? sysctlFiles.value.map(({ modifiedAt: _modifiedAt, ...file }) => file) : sysctlFiles;
  return JSON.stringify([initSystem, kernelRelease, osRelease, tools, units, files]);
}
