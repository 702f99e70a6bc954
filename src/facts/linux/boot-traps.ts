import { type FileTree, linkTarget } from './boot-files.ts';
import type { Loader } from './boot-loaders.ts';
import { readLine, type Dialect } from './boot-sysctl-syntax.ts';
import { kernelInteger } from './boot-sysctl-values.ts';

/** A line that means to set a parameter and does not, for a reason that whoever wrote it did not see. */
export interface Trap {
  /** What it means to set, as a path below /proc/sys. */
  readonly key: string;
  readonly value: number;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly reason: string;
  /** No loader opens the file; else the line itself has no effect. */
  readonly unread: boolean;
}

const sysctlFile = /^\/etc\/sysctls?\.conf$|\/sysctl\.(?:conf\.)?d\/|^\/etc\/sysconfig\/network\/ifsysctl/;

/** Finds the traps among the sysctl files of a host for what its loader reads. */
export function findTraps(tree: FileTree, loader: Loader): readonly Trap[] {
  const read = new Map<string, Dialect>();
  for (const { dialect, sources } of loader.runs) for (const { path } of sources) read.set(path, dialect);
  return tree.entries.flatMap((file) => {
    if (file.kind !== 'file' || !sysctlFile.test(file.path) || 'missing' in file.lines) return [];
    const dialect = read.get(file.path);
    return file.lines.value.flatMap(({ number, text }): Trap[] => {
      const intention = intentionOf(text);
      if (intention === undefined) return [];
      const place = { ...intention, file: file.path, line: number, text: text.trim() };
      if (dialect === undefined) {
        const reason = whyUnread(tree, file.path, loader.name);
        return reason === undefined ? [] : [{ ...place, reason, unread: true }];
      }
      const reason = whyDead(text, intention.key, dialect);
      return reason === undefined ? [] : [{ ...place, reason, unread: false }];
    });
  });
}

const intention =
  /^\s*\ufeff?\s*-?\s*["']?net([./])ipv4[./]conf[./]([^\s=]+)[./](arp_ignore|arp_announce|rp_filter)["']?\s*(?:=|\s)\s*["']?(-?(?:0x)?[0-9a-f]+)/i;

/** What a person reads in a line, whatever a program makes of it. */
function intentionOf(text: string): Pick<Trap, 'key' | 'value'> | undefined {
  if (!/arp_|rp_filter/i.test(text)) return undefined;
  const [, separator, device = '', parameter = '', number = ''] = intention.exec(text) ?? [];
  const value = kernelInteger(number);
  if (separator === undefined || value === undefined || /[*?[]/.test(device)) return undefined;
  const name = separator === '.' ? device.replaceAll('/', '.') : device;
  const isUpper = /[A-Z]/.test(parameter);
  return { key: `net/ipv4/conf/${isUpper ? name.toLowerCase() : name}/${parameter.toLowerCase()}`, value };
}

function whyUnread(tree: FileTree, path: string, loader: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (path === '/etc/sysctls.conf') return 'no program reads a file of this name; a file in /etc/sysctl.d is meant';
  if (path === '/etc/sysctl.conf')
    return `${loader} reads this file only by way of a link in /etc/sysctl.d, and there is none`;
  if (path.startsWith('/etc/sysctl.conf.d/')) return 'no program reads this folder; it is /etc/sysctl.d';
  if (path.startsWith('/etc/sysconfig/network/')) {
    return 'wicked takes only forwarding, arp_notify and accept_redirects from this file';
  }
  if (!name.endsWith('.conf')) return `${loader} reads only files whose name ends in .conf`;
  if (name.startsWith('.')) return `${loader} leaves out hidden files`;
  const isLinked = tree.entries.some((entry) => entry.kind === 'link' && linkTarget(entry) === path);
  const isHidden = tree.entries.some((entry) => entry.path !== path && entry.path.endsWith(`/${name}`));
  return isLinked || isHidden ? undefined : `${loader} does not read it`;
}

function whyDead(text: string, key: string, dialect: Dialect): string | undefined {
  const { statements, dead } = readLine(text, dialect);
  const [first] = statements;
  if (first === undefined) return dead;
  if (first.value === null) return undefined;
  if (first.key === key && first.value !== null) {
    return kernelInteger(first.value) === undefined ? `the kernel refuses the value ${first.value}` : undefined;
  }
  if (text.includes('\ufeff')) return 'it begins with a byte order mark, which becomes part of the name';
  if (/[A-Z]/.test(first.key) && first.key.toLowerCase() === key.toLowerCase())
    return 'names of parameters are lower case';
  if (first.key.replaceAll('/', '.') === key.replaceAll('/', '.')) {
    const device = key.split('/').slice(3, -1).join('/');
    return `the dots in ${device} are taken for separators; write net/ipv4/conf/${device}/${key.split('/').at(-1) ?? ''}`;
  }
  return `it names ${first.key}`;
}
