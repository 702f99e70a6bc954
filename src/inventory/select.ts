import picomatch from 'picomatch';
import { nearest } from '../contracts/nearest.ts';
import { quoted, quotedList } from '../contracts/quoted.ts';
import { InputError } from '../errors.ts';
import type { Host, LoadedInventory } from './model.ts';

/** The hosts of a run. */
export interface Selection {
  /** At least one, each the backend of a service, in inventory order. */
  readonly hosts: readonly Host[];
}

/**
 * The backends that the --limit choices name together: HOST, a GLOB of host names (* ? [...]), tag:T or service:S; every
 * backend where there is no choice. Throws an InputError for each choice that names none.
 */
export function selectHosts(inventory: LoadedInventory, limits: readonly string[]): Selection {
  const backends = [...inventory.hosts.values()].filter(isBackend);
  if (limits.length === 0) return { hosts: backends };
  const problems: string[] = [];
  const selected = new Set<string>();
  for (const limit of limits) {
    const named = matching(inventory, limit);
    const useful = named.filter(isBackend);
    for (const { name } of useful) selected.add(name);
    if (useful.length === 0) problems.push(`--limit ${quoted(limit)}: ${whyNone(inventory, limit, named)}`);
  }
  if (problems.length > 0) throw new InputError(problems.map((message) => ({ message })));
  return { hosts: backends.filter(({ name }) => selected.has(name)) };
}

function isBackend(host: Host): boolean {
  return host.bindings.length > 0;
}

function matching({ hosts, services }: LoadedInventory, limit: string): readonly Host[] {
  const all = [...hosts.values()];
  const [kind, name] = split(limit);
  if (kind === 'tag') return all.filter((host) => host.tags.includes(name));
  if (kind === 'service') {
    const backends = new Set(services.get(name)?.backends);
    return all.filter((host) => backends.has(host.name));
  }
  if (!isGlob(limit)) return all.filter((host) => host.name === limit);
  const matches = globMatcher(limit);
  return matches === undefined ? [] : all.filter((host) => matches(host.name));
}

function split(limit: string): readonly ['host' | 'tag' | 'service', string] {
  if (limit.startsWith('tag:')) return ['tag', limit.slice('tag:'.length)];
  if (limit.startsWith('service:')) return ['service', limit.slice('service:'.length)];
  return ['host', limit];
}

function isGlob(limit: string): boolean {
  return /[*?[]/.test(limit);
}

// Names, the three wild cards, and what may stand in brackets: picomatch would read more (braces, negation, alternatives),
// and the ! of [!a] only with posix.
function globMatcher(glob: string): ((name: string) => boolean) | undefined {
  if (!/^[A-Za-z0-9._*?[][A-Za-z0-9._*?[\]!^-]{0,252}$/.test(glob)) return undefined;
  return picomatch(glob, { dot: true, nobrace: true, noextglob: true, nonegate: true, posix: true, windows: false });
}

function whyNone(inventory: LoadedInventory, limit: string, named: readonly Host[]): string {
  if (named.length > 0) {
    const names = quotedList(named.map((host) => host.name));
    return `nothing to assess, for no service has ${names} among its backends; add it there, or choose others`;
  }
  const [kind, name] = split(limit);
  const known = {
    host: [...inventory.hosts.keys()],
    service: [...inventory.services.keys()],
    tag: [...new Set([...inventory.hosts.values()].flatMap((host) => host.tags))],
  };
  if (kind !== 'host') {
    const meant = nearest(name, known[kind]);
    const next =
      meant === undefined ? `there are ${quotedList(known[kind]) || 'none'}` : `did you mean "${kind}:${meant}"?`;
    return `no ${kind} is named ${quoted(name)}; ${next}`;
  }
  if (isGlob(limit)) {
    const meant = nearestGlob(limit, known.host);
    const next =
      meant === undefined ? 'expected a name with the wild cards * ? [...]' : `did you mean ${quoted(meant)}?`;
    return `no host matches; ${next}`;
  }
  const otherKind = known.service.includes(limit) ? 'service' : known.tag.includes(limit) ? 'tag' : undefined;
  const meant = otherKind === undefined ? nearest(limit, known.host) : `${otherKind}:${limit}`;
  const next = meant === undefined ? 'expected HOST, a GLOB, tag:T or service:S' : `did you mean ${quoted(meant)}?`;
  return `no host has this name; ${next}`;
}

/** The glob with what stands before its first wild card mended, if it then matches a host. */
function nearestGlob(glob: string, names: readonly string[]): string | undefined {
  const length = glob.search(/[*?[]/);
  const beginning = nearest(glob.slice(0, length), new Set(names.map((name) => name.slice(0, length))));
  const mended = beginning === undefined ? undefined : beginning + glob.slice(length);
  return mended !== undefined && names.some((name) => globMatcher(mended)?.(name)) ? mended : undefined;
}
