import type { BootFacts } from './boot-facts.ts';
import type { FileTree } from './boot-files.ts';
import { lateWriters } from './boot-late-writers.ts';
import { stateOf } from './boot-units.ts';
import {
  filewiseLoaders,
  initscriptsLoader,
  oldInitscriptsLoader,
  procpsLoader,
  systemdLoader,
  upstartLoader,
  type Loader,
} from './boot-loaders.ts';
import {
  busyboxSyntax,
  procpsSyntax,
  procpsWithDash,
  procpsWithoutGlobs,
  systemdSyntax,
  systemdWithoutGlobs,
  systemdWithParents,
  type Dialect,
} from './boot-sysctl-syntax.ts';

/**
 * What may load sysctl files when this host boots, late writers included: the boot value is certain where all of them
 * agree. `disabled` says why no loader runs; late writers run all the same.
 */
export type LoaderChoice =
  { readonly loaders: readonly [Loader, ...Loader[]]; readonly disabled?: string } | { readonly unidentified: string };

/** Finds what loads sysctl files when this host boots. */
export function chooseLoaders(facts: BootFacts, tree: FileTree): LoaderChoice {
  if ('missing' in facts.initSystem)
    return { unidentified: `the init system is not known: ${facts.initSystem.missing}` };
  const init = facts.initSystem.value;
  switch (init) {
    case 'systemd': {
      const state = stateOf(facts, 'systemd-sysctl') ?? '';
      if (/^(?:masked|not-found)/.test(state)) return disabled(facts, tree, `systemd-sysctl.service is ${state}`);
      const kernel = 'value' in facts.kernelRelease ? facts.kernelRelease.value : '';
      const syntaxes = systemdDialects(facts);
      return choice(facts, tree, (files) => syntaxes.map((dialect) => systemdLoader(files, dialect, kernel)));
    }
    case 'openrc': {
      const state = stateOf(facts, 'sysctl');
      if (state === undefined) return { unidentified: 'it is not known whether the OpenRC service sysctl runs' };
      if (state !== 'enabled') return disabled(facts, tree, 'the OpenRC service sysctl is in no runlevel');
      return choice(facts, tree, (files) => openrcLoaders(facts, files));
    }
    case 'sysvinit':
    case 'upstart':
      if (isRedHat(facts)) return choice(facts, tree, redHatLoaders);
      if (init === 'upstart') return choice(facts, tree, (files) => [upstartLoader(files)]);
      if (stateOf(facts, 'procps') === 'disabled') return disabled(facts, tree, 'the service procps is in no runlevel');
      if (!runsSystem(tree, '/etc/init.d/procps')) {
        return { unidentified: '/etc/init.d/procps does not show that it runs sysctl --system' };
      }
      return choice(facts, tree, (files) => procpsLoaders(facts, files));
    default:
      return { unidentified: `no sysctl loader is known for the init system ${init}` };
  }
}

/** The loaders over the files as they are and, where /run holds some, over what a reboot leaves of them; then the late writers. */
function choice(facts: BootFacts, tree: FileTree, loadersOf: (files: FileTree) => readonly Loader[]): LoaderChoice {
  const afterReboot: FileTree = {
    ...tree,
    names: (directory) => (directory === '/run/sysctl.d' ? [] : tree.names(directory)),
    entry: (path) => (isVolatile(path) ? undefined : tree.entry(path)),
  };
  const loaders = tree.entries.some(({ path }) => isVolatile(path))
    ? [...loadersOf(tree), ...loadersOf(afterReboot)]
    : loadersOf(tree);
  const late = lateWriters(facts, tree);
  const [first, ...rest] = loaders.flatMap(({ name, runs }) =>
    late.map((more) => ({ name, runs: [...runs, ...more] })),
  );
  return first === undefined ? { unidentified: 'no loader is known' } : { loaders: [first, ...rest] };
}

function isVolatile(path: string): boolean {
  return path.startsWith('/run/sysctl.d/');
}

function disabled(facts: BootFacts, tree: FileTree, reason: string): LoaderChoice {
  return { ...choice(facts, tree, () => [{ name: 'no loader', runs: [] }]), disabled: reason };
}

function procpsLoaders(facts: BootFacts, tree: FileTree): readonly Loader[] {
  return procpsDialects(facts).map((dialect) => procpsLoader(tree, dialect));
}

function openrcLoaders(facts: BootFacts, tree: FileTree): readonly Loader[] {
  const hasProcps = 'value' in facts.tools && facts.tools.value.some((line) => /^sysctl: .*procps/.test(line));
  if (!hasProcps) return filewiseLoaders(tree, busyboxSyntax);
  const isAlpine = 'value' in facts.osRelease && facts.osRelease.value.id === 'alpine';
  return [...procpsLoaders(facts, tree), ...(isAlpine ? filewiseLoaders(tree, procpsSyntax) : [])];
}

function redHatLoaders(tree: FileTree): readonly Loader[] {
  const functions = tree.open('/etc/init.d/functions');
  if (!('lines' in functions)) return [initscriptsLoader(tree), oldInitscriptsLoader(tree)];
  const readsFolder = functions.lines.some(({ text }) => /\/etc\/sysctl\.d\/|\bsysctl\b.*"\$file"/.test(text));
  return [readsFolder ? initscriptsLoader(tree) : oldInitscriptsLoader(tree)];
}

function runsSystem(tree: FileTree, script: string): boolean {
  const content = tree.open(script);
  return 'lines' in content && content.lines.some(({ text }) => /(?:sysctl|SYSCTL|DAEMON)\b.*--system\b/.test(text));
}

/** Both, between the versions of which one and the other are known. */
function systemdDialects(facts: BootFacts): readonly Dialect[] {
  const version = versionOf(facts, /^systemctl: systemd (\d+)/);
  if (version === undefined) return [systemdSyntax, systemdWithParents, systemdWithoutGlobs];
  if (version < 245) return [systemdWithoutGlobs];
  return [...(version > 247 ? [systemdSyntax] : []), ...(version < 252 ? [systemdWithParents] : [])];
}

/** How the host's `sysctl --system` may read; the newest first. */
export function procpsDialects(facts: BootFacts): readonly [Dialect, ...Dialect[]] {
  const version = versionOf(facts, /^sysctl: .*\bprocps\D*(\d+)/);
  if (version === undefined) return [procpsSyntax, procpsWithDash, procpsWithoutGlobs];
  if (version >= 4) return [procpsSyntax];
  const release = versionOf(facts, /^sysctl: .*\bprocps\D*3\.3\.(\d+)/) ?? 0;
  if (release >= 17) return [procpsWithDash];
  return release > 10 ? [procpsWithDash, procpsWithoutGlobs] : [procpsWithoutGlobs];
}

function versionOf(facts: BootFacts, pattern: RegExp): number | undefined {
  const lines = 'value' in facts.tools ? facts.tools.value : [];
  const text = lines.map((line) => pattern.exec(line)?.[1]).find((each) => each !== undefined);
  return text === undefined ? undefined : Number(text);
}

function isRedHat(facts: BootFacts): boolean {
  if ('missing' in facts.osRelease) return false;
  const { id, idLike } = facts.osRelease.value;
  return /\b(?:rhel|centos|fedora|redhat|scientific|ol)\b/.test(`${id} ${idLike}`);
}
