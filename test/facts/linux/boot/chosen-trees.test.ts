import { describe, expect, test } from 'vitest';
import { fileTree } from '../../../../src/facts/linux/boot-files.ts';
import { filewiseLoaders, procpsLoader, systemdLoader } from '../../../../src/facts/linux/boot-loaders.ts';
import { simulateBoot } from '../../../../src/facts/linux/boot-simulation.ts';
import { busyboxSyntax, procpsSyntax, systemdSyntax } from '../../../../src/facts/linux/boot-sysctl-syntax.ts';
import { chosenTrees } from '../../../lab/sysctl-chosen-trees.ts';
import { file, folder, link } from './files.ts';

// test/lab/sysctl-loaders.test.ts measures the same values with the real programs, as root.
describe.each(chosenTrees)('$name', ({ tree, key, leaves }) => {
  const files = fileTree(
    [...tree].map(([path, node]) => {
      if ('text' in node) return file(path, node.text);
      return 'target' in node ? link(path, node.target) : folder(path);
    }),
  );
  const loaders = {
    systemd: systemdLoader(files, systemdSyntax, 'none'),
    procps: procpsLoader(files, procpsSyntax),
    busybox: filewiseLoaders(files, busyboxSyntax)[1]!,
  };

  test.each(['systemd', 'procps', 'busybox'] as const)('as %s leaves it', (name) => {
    const result = simulateBoot(loaders[name]).read(`net/ipv4/conf/${key}`);
    const told = 'value' in result ? result.value : 'not told';
    // What busybox does behind a value that the kernel refuses depends on which keys exist.
    expect(name === 'busybox' ? [leaves.busybox, 'not told'] : [leaves[name]]).toContain(told);
  });
});
