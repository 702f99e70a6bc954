import { matchesGlob } from '../boot-sysctl-glob.ts';
import { startsAtBoot } from '../boot-units.ts';
import {
  addressOf,
  type BootAddress,
  classfulLength,
  deviceOf,
  type Doubt,
  doubtsUnder,
  effectOf,
  type Line,
  maskLength,
  placeOf,
  type Reading,
  type Surroundings,
} from './boot-address.ts';
import { readCommands } from './ip-commands.ts';

const mainFile = '/etc/network/interfaces';

/** Debian's and Alpine's ifupdown: /etc/network/interfaces and what it sources. Source: interfaces(5); measured with ifup -n of 0.8.41. */
export function readIfupdown({ facts, files }: Surroundings): Reading {
  const doubts: Doubt[] = [];
  const lines = linesOf(files, mainFile, doubts, 0);
  if (lines.length === 0 && doubts.length === 0) return { addresses: [], doubts };
  const service = effectOf(startsAtBoot(facts, 'networking'), 'the service networking');
  const { stanzas, started, plugged } = statementsOf(lines);
  const effectFor = (name: string): BootAddress['effect'] => {
    // Networking brings lo up in any case.
    if (started.has(name) || name === 'lo') return service;
    if (plugged.has(name) && !name.includes(':')) return service;
    return {
      never: plugged.has(name) ? `allow-hotplug does not bring up the alias ${name}` : `no line "auto ${name}"`,
    };
  };
  const addresses = stanzas.flatMap((stanza) => [
    ...staticAddress(stanza, effectFor(stanza.name)),
    ...stanza.options.flatMap(({ key, value, line }) =>
      /^(?:pre-up|up|post-up)$/.test(key)
        ? readCommands({ ...line, text: value.replaceAll('$IFACE', stanza.name) }, 'ifupdown', effectFor(stanza.name))
        : [],
    ),
  ]);
  return { addresses, doubts: doubtsUnder(service, doubts) };
}

interface Stanza {
  readonly name: string;
  readonly family: string;
  readonly method: string;
  readonly options: readonly { readonly key: string; readonly value: string; readonly line: Line }[];
}

interface Statements {
  readonly stanzas: readonly Stanza[];
  /** Interfaces that lines "auto" name. */
  readonly started: ReadonlySet<string>;
  /** Interfaces that lines "allow-hotplug" name. */
  readonly plugged: ReadonlySet<string>;
}

function statementsOf(lines: readonly Line[]): Statements {
  const stanzas: (Stanza & { readonly options: { key: string; value: string; line: Line }[] })[] = [];
  const started = new Set<string>();
  const plugged = new Set<string>();
  let open = false;
  for (const line of lines) {
    const [first = '', ...rest] = line.text.split(/\s+/);
    if (first === 'iface') {
      const [name = '', family = '', method = ''] = rest;
      stanzas.push({ name, family, method, options: [] });
      open = true;
    } else if (/^(?:auto|allow-[a-z]+|mapping|source|source-directory|template|no-auto-down|no-scripts)$/.test(first)) {
      open = false;
      if (first === 'auto' || first === 'allow-auto') for (const name of rest) started.add(name);
      if (first === 'allow-hotplug') for (const name of rest) plugged.add(name);
    } else if (open) stanzas.at(-1)?.options.push({ key: first, value: line.text.slice(first.length).trim(), line });
  }
  return { stanzas, started, plugged };
}

function staticAddress({ name, method, options }: Stanza, effect: BootAddress['effect']): readonly BootAddress[] {
  const address = options.find(({ key }) => key === 'address');
  if (method !== 'static' || address === undefined) return [];
  const mask = options.find(({ key }) => key === 'netmask')?.value;
  const read = addressOf(address.value, (ip) => (mask === undefined ? classfulLength(ip) : (maskLength(mask) ?? 0)));
  if (read === undefined) return [];
  const { line } = address;
  return [
    {
      manager: 'ifupdown',
      ip: read.ip,
      prefixLength: read.prefixLength,
      interface: deviceOf(name),
      route: false,
      source: placeOf(line),
      text: line.text,
      effect,
    },
  ];
}

const deepest = 4;

/** The logical lines of a file and of the files that it sources, in their order. */
function linesOf(files: Surroundings['files'], path: string, doubts: Doubt[], depth: number): readonly Line[] {
  const content = files.open(path);
  if ('absent' in content || depth > deepest) return [];
  if ('unreadable' in content) {
    doubts.push({ path, reason: content.unreadable });
    return [];
  }
  const joined: Line[] = [];
  let continued: Line | undefined;
  for (const { number, text } of content.lines) {
    const whole: Line =
      continued === undefined
        ? { path, number, text: text.trim() }
        : { ...continued, text: `${continued.text}${text.trim()}` };
    continued = whole.text.endsWith('\\') ? { ...whole, text: whole.text.slice(0, -1) } : undefined;
    if (continued === undefined && whole.text !== '' && !whole.text.startsWith('#')) joined.push(whole);
  }
  return joined.flatMap((line) => {
    const [, directive, pattern = ''] = /^(source|source-directory)\s+(\S+)$/.exec(line.text) ?? [];
    if (directive === undefined) return [line];
    const absolute = pattern.startsWith('/') ? pattern : `/etc/network/${pattern}`;
    const glob = directive === 'source' ? absolute : `${absolute.replace(/\/$/, '')}/*`;
    const found = files.entries.map((entry) => entry.path).filter((each) => matchesGlob(glob, each));
    // source-directory takes only names of letters, digits, dashes and underscores: interfaces(5).
    const taken = directive === 'source' ? found : found.filter((each) => /\/[A-Za-z0-9_-]+$/.test(each));
    const folder = glob.slice(0, glob.lastIndexOf('/'));
    if (folder !== '/etc/network/interfaces.d' && folder !== '/etc/network') {
      doubts.push({ path: absolute, reason: `the probe does not read what ${path}:${line.number} includes` });
    }
    return taken.sort().flatMap((each) => linesOf(files, each, doubts, depth + 1));
  });
}
