import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseProbe } from '../../src/collect/linux/parse.ts';
import { linuxProbeScript } from '../../src/collect/linux/probe.ts';
import type { ConfigurationFile } from '../../src/contracts/snapshot.ts';
import { fileTree, type FileTree } from '../../src/facts/linux/boot-files.ts';
import { filewiseLoaders, procpsLoader, systemdLoader, type Loader } from '../../src/facts/linux/boot-loaders.ts';
import { simulateBoot } from '../../src/facts/linux/boot-simulation.ts';
import {
  busyboxSyntax,
  procpsSyntax,
  procpsWithDash,
  systemdSyntax,
  systemdWithParents,
} from '../../src/facts/linux/boot-sysctl-syntax.ts';
import {
  boot,
  busybox,
  inRoots,
  loaderObstacle,
  majorVersion,
  prepareRoot,
  procps,
  requireUntouchedParameters,
  systemd,
  type RealLoader,
} from './sysctl-loaders.ts';
import { chosenTrees } from './sysctl-chosen-trees.ts';
import { devices, parameters, randomTree, readTree, writeTree, type SysctlTree } from './sysctl-tree.ts';

const seed = Number(process.env['DSR_AUDIT_SEED'] ?? 1);
const count = Number(process.env['DSR_AUDIT_COUNT'] ?? 300);
const keys = ['all', 'default', 'lo', ...devices].flatMap((device) =>
  parameters.map((parameter) => `net/ipv4/conf/${device}/${parameter}`),
);

const loaders: readonly (readonly [
  'systemd' | 'procps' | 'busybox',
  RealLoader,
  (tree: FileTree, version: number) => Loader,
])[] = [
  [
    'systemd',
    systemd,
    (tree, version) => systemdLoader(tree, version >= 252 ? systemdSyntax : systemdWithParents, 'none'),
  ],
  ['procps', procps, (tree, version) => procpsLoader(tree, version >= 4 ? procpsSyntax : procpsWithDash)],
  ['busybox', busybox, (tree) => filewiseLoaders(tree, busyboxSyntax)[1]!],
];

interface Comparison {
  readonly disagreements: readonly string[];
  readonly compared: number;
  /** Values that the simulation does not claim to know. */
  readonly untold: number;
  /** What the real program left, by key. */
  readonly booted: readonly ReadonlyMap<string, string>[];
}

/** Loads each tree with the real program and with the simulation. */
async function compare(
  real: RealLoader,
  loaderOf: (tree: FileTree, version: number) => Loader,
  trees: readonly (readonly [string, SysctlTree])[],
): Promise<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), 'dsr-sysctl-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const roots = trees.map(([, tree], index) => {
    const root = join(folder, String(index));
    prepareRoot(root);
    writeTree(root, tree);
    return root;
  });
  const version = majorVersion(real);
  const simulations = roots.map((root) => simulateBoot(loaderOf(fileTree(readTree(root)), version)));
  const booted = await boot(real, roots);
  const disagreements: string[] = [];
  let untold = 0;
  for (const [index, [name, tree]] of trees.entries()) {
    for (const key of keys) {
      const simulated = simulations[index]!.read(key);
      const value = booted[index]?.get(key);
      if ('unknown' in simulated) untold += 1;
      else if (String(simulated.value) !== value) {
        disagreements.push(
          `${name}: ${key}: ${real.name} leaves ${value}, simulated ${simulated.value}\n${show(tree)}`,
        );
      }
    }
  }
  return { disagreements, compared: trees.length * keys.length, untold, booted };
}

function show(tree: SysctlTree): string {
  return [...tree].map(([path, node]) => `  ${path} ${JSON.stringify(node)}`).join('\n');
}

for (const [shortName, real, loaderOf] of loaders) {
  const obstacle = loaderObstacle(real);
  describe.skipIf(obstacle !== null)(`${real.name}${obstacle === null ? '' : ` (skipped: ${obstacle})`}`, () => {
    beforeAll(requireUntouchedParameters);

    test(`the simulation agrees on ${count} random trees from seed ${seed}`, async () => {
      const trees = Array.from(
        { length: count },
        (_, index) => [`seed ${seed + index}`, randomTree(seed + index)] as const,
      );
      const { disagreements, compared, untold } = await compare(real, loaderOf, trees);
      console.log(`${real.name}: ${trees.length} trees, ${compared} values, ${untold} not told`);
      expect(disagreements).toEqual([]);
      // busybox ends at a value that the kernel refuses, and whether it gets there depends on which keys exist.
      expect(untold / compared).toBeLessThan(real === busybox ? 0.3 : 0.02);
    });

    test(`it leaves what is known of ${chosenTrees.length} trees that once surprised, and so does the simulation`, async () => {
      const { disagreements, untold, booted } = await compare(
        real,
        loaderOf,
        chosenTrees.map(({ name, tree }) => [name, tree]),
      );
      expect(disagreements).toEqual([]);
      // Of busybox, the values behind one that the kernel refuses.
      expect(untold).toBe(real === busybox ? 5 : 0);
      const left = chosenTrees.map(({ name, key }, index) => `${name}: ${booted[index]?.get(`net/ipv4/conf/${key}`)}`);
      const dated = `${shortName}${majorVersion(real)}`;
      const key = dated === 'procps3' || dated === 'systemd247' ? dated : shortName;
      expect(left).toEqual(chosenTrees.map(({ name, leaves }) => `${name}: ${leaves[key] ?? leaves[shortName]}`));
    });
  });
}

const probed = Math.min(count, 40);

describe.skipIf(loaderObstacle(procps) !== null)('the probe', () => {
  test(`shows of ${probed} random trees all that the simulation needs`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dsr-sysctl-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const nonce = 'comparison';
    // Of hidden files, which only sysctl --system reads, the probe shows those of /etc.
    const isShown = (path: string): boolean => path.startsWith('/etc/') || !path.includes('/.');
    const trees = Array.from(
      { length: probed },
      (_, index): SysctlTree => new Map([...randomTree(seed + index)].filter(([path]) => isShown(path))),
    );
    const roots = trees.map((tree, index) => {
      const root = join(folder, String(index));
      prepareRoot(root);
      writeTree(root, tree);
      // Debian's awk is a link by way of /etc, which here is the tree's.
      mkdirSync(join(root, 'etc/alternatives'));
      symlinkSync(realpathSync('/usr/bin/awk'), join(root, 'etc/alternatives/awk'));
      writeFileSync(join(root, 'probe'), linuxProbeScript({ nonce, vips: [], peers: [], privileged: false }));
      return root;
    });
    const outputs = await inRoots('/bin/sh -s </probe', roots);
    const values = (files: readonly ConfigurationFile[]): unknown =>
      loaders.slice(0, 2).flatMap(([, , loaderOf]) => {
        const simulation = simulateBoot(loaderOf(fileTree(files), 252));
        return keys.map((key) => {
          const read = simulation.read(key);
          return 'value' in read ? `${key} ${read.value}` : `${key} not told`;
        });
      });
    const probe = (output: string): readonly ConfigurationFile[] => {
      const result = parseProbe(output, nonce, []);
      if (!('linux' in result)) throw new Error(JSON.stringify(result));
      if ('missing' in result.linux.sysctlFiles) throw new Error(result.linux.sysctlFiles.missing);
      return result.linux.sysctlFiles.value;
    };
    expect(outputs.length).toBe(probed);
    for (const [index, output] of outputs.entries()) {
      const tree = show(trees[index]!);
      expect({ tree, values: values(probe(output)) }).toEqual({ tree, values: values(readTree(roots[index]!)) });
    }
  });
});
