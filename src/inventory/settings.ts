/** A map of the inventory file, valid or not. */
export type Fields = Readonly<Record<string, unknown>>;

/** A host's own keys, and those with the defaults merged in. */
export interface MergedHost {
  readonly own: Fields;
  readonly settings: Fields;
}

/**
 * Merges the defaults into each host: a host's own key wins, tags add up. The host that the default jump names does not
 * get it, nor do the hosts that this one is itself reached through: with it, every such inventory would hold a loop.
 */
export function mergeDefaults(hosts: Fields, defaults: Fields): ReadonlyMap<string, MergedHost> {
  const own = new Map(Object.entries(hosts).map(([name, host]) => [name, fields(host) ?? {}]));
  const { jump: defaultJump, ...withoutJump } = defaults;
  const hops = hopsFrom(defaultJump, own);
  return new Map(
    [...own].map(([name, host]) => {
      const tags = [...list(defaults['tags']), ...list(host['tags'])];
      const base = hops.has(name) ? withoutJump : defaults;
      return [
        name,
        { own: host, settings: { ...base, ...host, ...(tags.length > 0 && { tags: [...new Set(tags)] }) } },
      ];
    }),
  );
}

function hopsFrom(jump: unknown, own: ReadonlyMap<string, Fields>): ReadonlySet<unknown> {
  const hops = new Set<unknown>();
  for (let name = jump; typeof name === 'string' && !hops.has(name); name = own.get(name)?.['jump']) hops.add(name);
  return hops;
}

/** The value as a map, if it is one. */
export function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
