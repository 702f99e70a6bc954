import type { LinuxFacts } from '../../contracts/snapshot.ts';
import type { FileTree } from './boot-files.ts';
import { filesAt, filesOfTuned } from './boot-loaders.ts';
import { scriptRuns } from './boot-scripts.ts';
import type { Run } from './boot-sysctl-run.ts';
import { procpsSyntax, tunedSyntax } from './boot-sysctl-syntax.ts';
import { startsAtBoot, stateOf } from './boot-units.ts';

/** What writes kernel parameters after the loader, as alternatives where it is not known whether it does. */
export type LateWriters = readonly [readonly Run[], ...(readonly Run[])[]];

/** Finds the programs that write kernel parameters later in the boot: ufw, tuned, boot scripts. */
export function lateWriters(facts: Pick<LinuxFacts, 'units'>, tree: FileTree): LateWriters {
  const scripts = [...rcLocal(facts, tree), ...localScripts(facts, tree)].flatMap((path) => {
    const content = tree.open(path);
    if ('absent' in content) return [];
    return 'lines' in content
      ? scriptRuns(tree, content.path, content.lines)
      : [{ name: path, dialect: procpsSyntax, sources: [content] }];
  });
  const [first, ...rest] = alternatives(ufw(facts, tree), tuned(facts, tree));
  return [[...first, ...scripts], ...rest.map((runs) => [...runs, ...scripts])];
}

function alternatives(
  left: readonly [readonly Run[], ...(readonly Run[])[]],
  right: readonly [readonly Run[], ...(readonly Run[])[]],
): LateWriters {
  const [first, ...rest] = left.flatMap((before) => right.map((after) => [...before, ...after]));
  return [first ?? [], ...rest];
}

/** ufw loads the file that IPT_SYSCTL names, if ufw.conf says ENABLED=yes. Source: ufw src/ufw-init-functions. */
function ufw(facts: Pick<LinuxFacts, 'units'>, tree: FileTree): LateWriters {
  const loaded: readonly Run[] = [
    {
      name: 'ufw',
      dialect: procpsSyntax,
      sources: filesAt(tree, [settingOf(tree, '/etc/default/ufw', 'IPT_SYSCTL') ?? '/etc/ufw/sysctl.conf']),
    },
  ];
  if (startsAtBoot(facts, 'ufw') !== true || loaded.every((run) => run.sources.length === 0)) return [[]];
  const enabled = settingOf(tree, '/etc/ufw/ufw.conf', 'ENABLED');
  if (enabled === undefined) return [[], loaded];
  return enabled.toLowerCase() === 'yes' ? [loaded] : [[]];
}

/** tuned writes the active profile's section [sysctl], then reads /run, /etc/sysctl.d and /etc/sysctl.conf once more. */
function tuned(facts: Pick<LinuxFacts, 'units'>, tree: FileTree): LateWriters {
  if (startsAtBoot(facts, 'tuned') !== true) return [[]];
  const profile = settingLines(tree, '/etc/tuned/active_profile').flatMap((line) => line.split(/\s+/));
  const own: Run = {
    name: 'tuned',
    dialect: tunedSyntax,
    sources: filesAt(tree, profilePaths(tree, profile, new Set())),
  };
  const again: Run = { name: 'tuned', dialect: tunedSyntax, sources: filesOfTuned(tree) };
  // Whether a profile has a section [sysctl] shows only where it sets parameters of the network.
  return own.sources.length > 0 ? [[own, again]] : [[], [again]];
}

function profilePaths(tree: FileTree, names: readonly string[], seen: Set<string>): readonly string[] {
  return names.flatMap((name) => {
    if (name === '' || seen.has(name)) return [];
    seen.add(name);
    const folders = ['/etc/tuned/profiles', '/etc/tuned', '/usr/lib/tuned/profiles', '/usr/lib/tuned'];
    const path = folders.map((folder) => `${folder}/${name}/tuned.conf`).find((each) => tree.entry(each) !== undefined);
    if (path === undefined) return [];
    const included = settingLines(tree, path).flatMap(
      (line) => /^include\s*=\s*(.*)$/.exec(line)?.[1]?.split(/[\s,;]+/) ?? [],
    );
    return [...profilePaths(tree, included, seen), path];
  });
}

/** rc.local runs where it is executable, unless its systemd unit is masked; /etc/rc.local may be a link to the other. */
function rcLocal(facts: Pick<LinuxFacts, 'units'>, tree: FileTree): readonly string[] {
  if (stateOf(facts, 'rc-local')?.startsWith('masked') === true) return [];
  const path = ['/etc/rc.d/rc.local', '/etc/rc.local'].find((each) => tree.entry(each)?.executable === true);
  return path === undefined ? [] : [path];
}

function localScripts(facts: Pick<LinuxFacts, 'units'>, tree: FileTree): readonly string[] {
  if (startsAtBoot(facts, 'local') !== true) return [];
  const names = tree.names('/etc/local.d').filter((name) => name.endsWith('.start'));
  return names.map((name) => `/etc/local.d/${name}`).filter((path) => tree.entry(path)?.executable === true);
}

function settingOf(tree: FileTree, path: string, name: string): string | undefined {
  const line = settingLines(tree, path).findLast((each) => each.startsWith(`${name}=`));
  return line
    ?.slice(name.length + 1)
    .replaceAll(/["']/g, '')
    .trim();
}

function settingLines(tree: FileTree, path: string): readonly string[] {
  const content = tree.open(path);
  return 'lines' in content ? content.lines.map(({ text }) => text.trim()) : [];
}
