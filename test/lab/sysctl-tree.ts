import { lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConfigurationFile } from '../../src/contracts/snapshot.ts';
import { type Chance, chanceOf } from './chance.ts';

/** One node of a tree of sysctl files: a file's text, a link's target, or a directory. */
export type Node = { readonly text: string } | { readonly target: string } | { readonly directory: true };

/** Sysctl files of a host by absolute path. */
export type SysctlTree = ReadonlyMap<string, Node>;

/** The interfaces of the host that loads the files, beside lo; the second looks like a VLAN. */
export const devices = ['eth0', 'eth0.100'] as const;

/** The parameters that are compared. */
export const parameters = ['arp_accept', 'arp_announce', 'arp_filter', 'arp_ignore', 'arp_notify'] as const;

const directories = [
  '/etc/sysctl.d',
  '/etc/sysctl.d',
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
];
const names = [
  '10-a.conf',
  '50-b.conf',
  '90-dsr.conf',
  '90-dsr.conf',
  '99-sysctl.conf',
  '99-sysctl.conf',
  '99-zzz.conf',
  'A.conf',
  'Z.conf',
  'z.conf',
  'é.conf',
  '.hidden.conf',
  '.conf',
  'no-suffix',
  'x.conf.bak',
  '90-dsr.conf~',
];

/** Random sysctl files from a seed. */
export function randomTree(seed: number): SysctlTree {
  const chance = chanceOf(seed);
  const tree = new Map<string, Node>();
  const count = 1 + chance.below(7);
  for (let index = 0; index < count; index += 1)
    tree.set(`${chance.pick(directories)}/${chance.pick(names)}`, node(chance));
  if (chance.once(2)) tree.set('/etc/sysctl.conf', chance.once(12) ? { directory: true } : { text: text(chance) });
  if (chance.once(3)) tree.set('/etc/sysctl.d/99-sysctl.conf', { target: '../sysctl.conf' });
  if (chance.once(6)) tree.set('/etc/sysctls.conf', { text: text(chance) });
  return tree;
}

function node(chance: Chance): Node {
  if (!chance.once(4)) return { text: text(chance) };
  const other = `${chance.pick(directories)}/${chance.pick(names)}`;
  return chance.pick<Node>([
    { target: '/dev/null' },
    { target: '../sysctl.conf' },
    { target: other },
    { target: '/nowhere/at/all' },
    { target: '../sysctl.d' },
    { target: `./../sysctl.d/${chance.pick(names)}` },
    { directory: true },
    { text: '' },
  ]);
}

function text(chance: Chance): string {
  const lines = Array.from({ length: 1 + chance.below(6) }, () => line(chance));
  const newline = chance.once(6) ? '\r\n' : '\n';
  return `${chance.once(10) ? '\u{feff}' : ''}${lines.join(newline)}${chance.once(5) ? '' : newline}`;
}

function line(chance: Chance): string {
  const noise = chance.below(24);
  if (noise === 0)
    return chance.pick([
      '',
      '   ',
      '# comment',
      ' ; comment',
      '#net.ipv4.conf.all.arp_ignore = 1',
      ';net.ipv4.conf.all.arp_ignore=1',
    ]);
  if (noise === 1) return chance.pick([`${key(chance)} 1`, 'garbage', '=', '=1', '-', '--', '-=1', key(chance)]);
  if (noise <= 4) return `${chance.pick(['-', '- ', ' -', '--', '-\t'])}${key(chance)}`;
  const dash = chance.once(8) ? chance.pick(['-', '- ', '--', ' -']) : '';
  const equals = chance.pick(['=', '=', '=', ' = ', ' = ', '= ', ' =', '\t=\t', '==', '=\f', '\u00a0=']);
  const lead = chance.pick(['', '', '', '', ' ', '\t', '\v', '\f']);
  const tail = chance.pick(['', '', '', '', ' ', '\t', '\v', ' # why', '#why', ' ; why', '\r', '\r# ', '\0']);
  return `${lead}${dash}${key(chance)}${chance.once(3) ? equals : '='}${value(chance)}${tail}`;
}

function value(chance: Chance): string {
  if (!chance.once(5)) return chance.pick(['0', '1', '2', '1', '2', '3', '8']);
  return chance.pick([
    '"1"',
    "'1'",
    '0x1',
    '0X2',
    '0x',
    '010',
    '08',
    '00',
    '+1',
    '-1',
    '- 1',
    '-0',
    '1 2',
    '1,2',
    '1\t2',
    '',
    ' ',
    'one',
    '1.0',
    '1e3',
    '2147483647',
    '2147483648',
    '-2147483648',
    '-2147483649',
    '00000000000000000000001',
    '0000000000000000001',
    '1\r2',
    '1;2',
  ]);
}

function key(chance: Chance): string {
  const parameter = chance.pick(['arp_ignore', 'arp_ignore', 'arp_announce', 'arp_announce', ...parameters]);
  const plain = chance.pick([
    'all',
    'all',
    'all',
    'default',
    'default',
    'lo',
    'eth0',
    'eth0',
    'eth0',
    'eth1',
    'eth0.100',
    'eth0.100',
  ]);
  const glob = chance.pick([
    '*',
    '*',
    'eth*',
    'eth?',
    '[ae]*',
    '[!a]*',
    '[^al]*',
    'eth[0-1]',
    'eth0*',
    'eth0.*',
    '*.100',
    '*0',
    'l[o]',
    '[',
    'eth[',
    'e*[0]',
    '*t*h*',
    '{eth0,lo}',
    '{eth0,lo}*',
    '\\*',
    'eth\\*',
    'et\\h?',
    '**',
    '?*',
    '[a-',
    '[]e]th0',
    '[z-a]*',
    '.*',
  ]);
  const device = chance.once(3) ? glob : plain;
  const knob = chance.once(12) ? chance.pick(['arp_*', 'arp_ig*e', 'arp_[ia]*', '*', 'arp_igno?e']) : parameter;
  const dotted = `net.ipv4.conf.${chance.once(3) ? device : device.replaceAll('.', '/')}.${knob}`;
  const slashed = `net/ipv4/conf/${device}/${knob}`;
  const whole = chance.pick([dotted, dotted, dotted, slashed]);
  if (!chance.once(8)) return whole;
  return chance.pick([
    whole.toUpperCase(),
    `/${slashed}`,
    `.${dotted}`,
    `//${slashed}`,
    `/proc/sys/${slashed}`,
    slashed.replace('ipv4', '/ipv4'),
    dotted.replace('ipv4', '.ipv4'),
    slashed.replace('ipv4', './ipv4'),
    slashed.replace('ipv4', 'ipv6/../ipv4'),
    dotted.replace('conf', 'conf/../conf'),
    `${slashed}/`,
    `net.*.conf.${device}.${knob}`,
    `*/ipv4/conf/${device}/${knob}`,
    `net.ipv4.*.${device}.${knob}`,
    `net.ipv4/conf/${device}/${knob}`,
    `net/ipv4.conf.${device}.${knob}`,
    `"${dotted}"`,
    `${dotted} `,
  ]);
}

/** Writes a tree below a root directory; a node below something that is no directory is left out. */
export function writeTree(root: string, tree: SysctlTree): void {
  for (const [path, node] of tree) {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    if ('text' in node) writeFileSync(place, node.text);
    else if ('target' in node) symlinkSync(node.target, place);
    else mkdirSync(place);
  }
}

/** The facts that a probe would give of the sysctl files below a root directory. */
export function readTree(root: string): ConfigurationFile[] {
  const places = ['/etc', '/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];
  const paths = places.flatMap((directory) => {
    const listed = readdirSync(join(root, directory)).map((name) => `${directory}/${name}`);
    return directory === '/etc' ? listed.filter((path) => /^\/etc\/sysctls?\.conf$/.test(path)) : listed;
  });
  return paths.map((path) => {
    const status = lstatSync(join(root, path));
    const kind = status.isSymbolicLink() ? 'link' : status.isDirectory() ? 'directory' : 'file';
    return {
      path,
      kind,
      target: kind === 'link' ? readlinkSync(join(root, path)) : null,
      executable: false,
      size: status.size,
      modifiedAt: Math.floor(status.mtimeMs / 1000),
      lines: kind === 'file' ? { value: linesOf(readFileSync(join(root, path), 'utf8')) } : { value: [] },
    };
  });
}

function linesOf(text: string): { readonly number: number; readonly text: string }[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => ({ number: index + 1, text: line }));
}
