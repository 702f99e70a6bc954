import { byteOrder, type FileTree } from './boot-files.ts';
import type { Run, Source } from './boot-sysctl-run.ts';
import { procpsWithoutGlobs, type Dialect } from './boot-sysctl-syntax.ts';

/** What applies sysctl files at boot: programs in the order in which they run. */
export interface Loader {
  readonly name: string;
  readonly runs: readonly Run[];
}

const vendorDirectories = ['/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];
const directories = ['/etc/sysctl.d', '/run/sysctl.d', ...vendorDirectories];
const isConf = (name: string): boolean => name.endsWith('.conf');
const isVisibleConf = (name: string): boolean => isConf(name) && !name.startsWith('.');

/**
 * systemd-sysctl: *.conf of all directories, sorted by file name, where a name in an earlier directory hides the same
 * name in a later one, whatever it is (a link to /dev/null is the usual mask). It does not read /etc/sysctl.conf.
 * SUSE runs it first on the kernel's own file. udev runs it again for each interface that appears (99-systemd.rules),
 * and then today's does not expand braces. Sources: sysctl.d(5); systemd src/basic/conf-files.c; openSUSE/systemd.
 */
export function systemdLoader(tree: FileTree, dialect: Dialect, kernelRelease: string): Loader {
  const name = 'systemd-sysctl';
  const sources = merged(tree, directories, isVisibleConf);
  const kernelFile = filesAt(tree, [`/boot/sysctl.conf-${kernelRelease}`]);
  const first: readonly Run[] = kernelFile.length === 0 ? [] : [{ name, dialect, sources: kernelFile }];
  const again: Run = { name, dialect: { ...dialect, braces: dialect.bracesPerInterface }, perInterface: true, sources };
  return { name, runs: [...first, { name, dialect, sources }, again] };
}

/** `sysctl --system`: the same directories and order, hidden files too, then /etc/sysctl.conf, always last. Source: procps src/sysctl.c. */
export function procpsLoader(tree: FileTree, dialect: Dialect): Loader {
  return single('sysctl --system', dialect, [...merged(tree, directories, isConf), ...systemFile(tree)]);
}

/** RHEL 5 and 6: /etc/sysctl.conf, then every file in /etc/sysctl.d whatever its suffix. Source: initscripts, apply_sysctl. */
export function initscriptsLoader(tree: FileTree): Loader {
  const ignored = /~$|^\.|\.(?:bak|orig|rpmnew|rpmorig|rpmsave)$/;
  const files = merged(tree, ['/etc/sysctl.d'], (file) => !ignored.test(file));
  return single('initscripts apply_sysctl', procpsWithoutGlobs, [...systemFile(tree), ...files]);
}

/** RHEL 4 and the first RHEL 5: /etc/sysctl.conf alone. Source: initscripts, rc.sysinit of the branch rhel4. */
export function oldInitscriptsLoader(tree: FileTree): Loader {
  return single('rc.sysinit', procpsWithoutGlobs, systemFile(tree));
}

/** Ubuntu's upstart job procps: /etc/sysctl.d/*.conf, then /etc/sysctl.conf. */
export function upstartLoader(tree: FileTree): Loader {
  const files = merged(tree, ['/etc/sysctl.d'], isVisibleConf);
  return single('upstart job procps', procpsWithoutGlobs, [...files, ...systemFile(tree)]);
}

/**
 * OpenRC's service on Alpine and with busybox: one `sysctl -p` a file, in one of three orders that its script had over
 * the years. Sources: OpenRC init.d/sysctl.in; alpinelinux/aports main/openrc/sysctl.initd and the patches before it.
 */
export function filewiseLoaders(tree: FileTree, dialect: Dialect): readonly Loader[] {
  const inEach = (listed: readonly string[]): readonly Source[] =>
    listed.flatMap((directory) => merged(tree, [directory], isVisibleConf));
  const unless = (directory: string, hiding: readonly string[]): readonly Source[] =>
    merged(
      tree,
      [directory],
      (file) => isVisibleConf(file) && !hiding.some((other) => tree.entry(`${other}/${file}`) !== undefined),
    );
  const conf = systemFile(tree);
  const orders = [
    [
      ...unless('/lib/sysctl.d', ['/etc/sysctl.d', '/run/sysctl.d']),
      ...unless('/usr/lib/sysctl.d', ['/etc/sysctl.d', '/run/sysctl.d']),
      ...unless('/etc/sysctl.d', ['/run/sysctl.d']),
      ...conf,
      ...inEach(['/run/sysctl.d']),
    ],
    [...inEach(['/run/sysctl.d', '/etc/sysctl.d', ...vendorDirectories]), ...conf],
    [...conf, ...inEach(['/etc/sysctl.d'])],
  ];
  const name = 'OpenRC service sysctl';
  return orders.map((sources) => ({ name, runs: sources.map((source) => ({ name, dialect, sources: [source] })) }));
}

/** What tuned reads once more after it has applied a profile with a section [sysctl]. Source: tuned plugin_sysctl.py. */
export function filesOfTuned(tree: FileTree): readonly Source[] {
  return [...merged(tree, ['/run/sysctl.d', '/etc/sysctl.d'], isConf), ...systemFile(tree)];
}

/** The files at paths, in that order; what is not there is left out. */
export function filesAt(tree: FileTree, paths: readonly string[]): readonly Source[] {
  return paths.flatMap((path) => {
    const content = tree.open(path);
    return 'absent' in content ? [] : [content];
  });
}

function systemFile(tree: FileTree): readonly Source[] {
  return filesAt(tree, ['/etc/sysctl.conf']);
}

function single(name: string, dialect: Dialect, sources: readonly Source[]): Loader {
  return { name, runs: [{ name, dialect, sources }] };
}

/** Files of several directories by name, the first directory that has a name winning, in the byte order of the names. */
function merged(tree: FileTree, from: readonly string[], accepts: (name: string) => boolean): readonly Source[] {
  const chosen = new Map<string, string>();
  for (const directory of from) {
    for (const name of tree.names(directory)) {
      if (accepts(name) && !chosen.has(name)) chosen.set(name, `${directory}/${name}`);
    }
  }
  const paths = [...chosen].sort(([left], [right]) => byteOrder(left, right)).map(([, path]) => path);
  const closed = from.filter((directory) => tree.isClosed(directory));
  return [
    ...filesAt(tree, paths),
    ...closed.map((path) => ({ path, unreadable: 'the probe’s user may not look into it' })),
  ];
}
