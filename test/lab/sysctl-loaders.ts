import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { devices, parameters } from './sysctl-tree.ts';

/** The root filesystem whose programs load the files: another distribution's where the environment names one. */
const system = process.env['DSR_AUDIT_ROOT'] ?? '/';

/** A real program that loads sysctl files. */
export interface RealLoader {
  readonly name: string;
  /** What must exist for it. */
  readonly program: string;
  /** Shell lines that load the files once, as a boot does. */
  readonly script: string;
}

/** Why a loader cannot run here, or null when it can; with CI=true a reason is a failure. */
export function loaderObstacle(loader: RealLoader): string | null {
  const obstacle =
    process.platform !== 'linux' || process.getuid?.() !== 0
      ? 'needs root on Linux: it makes namespaces'
      : existsSync(join(system, loader.program))
        ? null
        : `needs ${join(system, loader.program)}`;
  if (obstacle !== null && process.env['CI'] === 'true') throw new Error(`${loader.name}: ${obstacle}`);
  return obstacle;
}

/** The major version that a loader says it has; throws when it says none. */
export function majorVersion(loader: RealLoader): number {
  const { stdout } = spawnSync('chroot', [system, loader.program, ...(loader === busybox ? [] : ['--version'])], {
    encoding: 'utf8',
  });
  const version = /\d+/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`${loader.name} says no version: ${stdout}`);
  return Number(version);
}

const systemdSysctl = '/usr/lib/systemd/systemd-sysctl';

/** systemd-sysctl as its service runs it, and again on each interface as 99-systemd.rules has udev do it. */
export const systemd: RealLoader = {
  name: 'systemd-sysctl',
  program: systemdSysctl,
  script: [systemdSysctl, ...devices.map((device) => `${systemdSysctl} --prefix=/net/ipv4/conf/${device}`)].join('\n'),
};

/** procps: sysctl --system. */
export const procps: RealLoader = {
  name: 'sysctl --system',
  program: '/usr/sbin/sysctl',
  script: '/usr/sbin/sysctl --system',
};

/** busybox: sysctl -p on one file after the other, as OpenRC's service on Alpine had it. */
export const busybox: RealLoader = {
  name: 'busybox sysctl -p',
  program: '/usr/bin/busybox',
  script: [
    'set -- /run/sysctl.d/*.conf /etc/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf /etc/sysctl.conf',
    'for file; do [ ! -f "$file" ] || /usr/bin/busybox sysctl -p "$file"; done',
  ].join('\n'),
};

/** Makes a directory into a root where the loaders find their programs and the given tree's sysctl files. */
export function prepareRoot(root: string): void {
  const folders = [
    'etc/sysctl.d',
    'run/sysctl.d',
    'usr/local/lib/sysctl.d',
    'usr/lib/sysctl.d',
    'usr/bin',
    'usr/sbin',
    'usr/lib64',
    'proc',
    'dev',
  ];
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  for (const [link, target] of [
    ['lib', 'usr/lib'],
    ['lib64', 'usr/lib64'],
    ['bin', 'usr/bin'],
    ['sbin', 'usr/sbin'],
  ] as const)
    symlinkSync(target, join(root, link));
}

/**
 * Throws unless this machine's own parameters have the kernel's values: a new network namespace starts with a copy of
 * them, and a default that was written once no longer reaches the interfaces that are made before it is written again.
 */
export function requireUntouchedParameters(): void {
  for (const file of ['all', 'default'].flatMap((scope) =>
    parameters.map((name) => `/proc/sys/net/ipv4/conf/${scope}/${name}`),
  )) {
    const value = readFileSync(file, 'utf8').trim();
    if (value !== '0') throw new Error(`${file} of this machine is ${value}; the comparison needs the kernel's 0`);
  }
}

/** Boots roots: loads each one's files in a network namespace of its own, and returns net/ipv4/conf as it then is, by key. */
export async function boot(
  loader: RealLoader,
  roots: readonly string[],
): Promise<readonly ReadonlyMap<string, string>[]> {
  const inside = [
    'ip link set lo up',
    `ip link add ${devices[0]} type veth peer name ${devices[1]}`,
    `(\n${loader.script}\n) </dev/null >/dev/null 2>&1`,
    'grep -s "" /proc/sys/net/ipv4/conf/*/arp_*',
  ].join('\n');
  const outputs = await inRoots(inside, roots);
  return outputs.map(
    (output) =>
      new Map(
        output
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => {
            const colon = line.indexOf(':');
            return [line.slice('/proc/sys/'.length, colon), line.slice(colon + 1)] as const;
          }),
      ),
  );
}

/** Runs shell lines with each root as the root directory, in a network namespace of its own; returns what they print. */
export async function inRoots(inside: string, roots: readonly string[]): Promise<readonly string[]> {
  const script = [
    'set -e',
    'while read -r root; do',
    '  mkdir "$root/files"; mount --bind "$root/usr/lib/sysctl.d" "$root/files"',
    '  for folder in usr/bin usr/sbin usr/lib usr/lib64; do mount --bind "$system/$folder" "$root/$folder"; done',
    '  for folder in proc dev; do mount --bind "/$folder" "$root/$folder"; done',
    '  mount --bind "$root/files" "$root/usr/lib/sysctl.d"',
    '  echo "@@ begin"; unshare --net chroot "$root" /bin/sh -c "$inside" </dev/null; echo "@@ end"',
    '  umount -R "$root/usr/lib" "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib64" "$root/proc" "$root/dev" "$root/files"',
    'done',
  ].join('\n');
  const output = await run(
    ['env', `inside=${inside}`, `system=${system}`, 'unshare', '--mount', '/bin/sh', '-c', script],
    `${roots.join('\n')}\n`,
  );
  return output
    .split('@@ end\n')
    .slice(0, -1)
    .map((part) => part.slice(part.indexOf('@@ begin\n') + '@@ begin\n'.length));
}
