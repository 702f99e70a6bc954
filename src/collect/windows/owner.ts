import { canonicalGuid } from './identifier.ts';

/** The interface that a row belongs to: what the source says of it, completed from the other sources. */
export interface Owner {
  readonly interfaceGuid: string | null;
  readonly interfaceIndex: number | null;
  readonly interfaceAlias: string | null;
}

/** What one source says of an interface. */
export interface Hint {
  readonly guid?: string | null;
  readonly index?: number | null;
  readonly alias?: string | null;
}

/** Completes what one source says of an interface. */
export type Owners = (hint: Hint) => Owner;

/**
 * Joins the sources' ways to name an interface. The first to name a thing wins, so give the interfaces that are present
 * before those that only the registry remembers. An index is trusted only while its alias does not say otherwise:
 * it changes when an adapter is disabled and enabled.
 */
export function joinOwners(sources: readonly Hint[]): Owners {
  const guidOfIndex = new Map<number, string>();
  const guidOfAlias = new Map<string, string>();
  const known = new Map<string, { index: number | null; alias: string | null }>();
  for (const { guid: text, index, alias } of sources) {
    const guid = canonicalGuid(text);
    if (guid === null) continue;
    const entry = known.get(guid) ?? { index: null, alias: null };
    known.set(guid, { index: entry.index ?? index ?? null, alias: entry.alias ?? alias ?? null });
    if (typeof index === 'number' && !guidOfIndex.has(index)) guidOfIndex.set(index, guid);
    if (typeof alias === 'string' && !guidOfAlias.has(alias.toLowerCase())) guidOfAlias.set(alias.toLowerCase(), guid);
  }

  return (hint) => {
    const alias = hint.alias ?? null;
    const sameName = (guid: string | undefined): boolean =>
      guid !== undefined && (alias === null || known.get(guid)?.alias?.toLowerCase() === alias.toLowerCase());
    const byIndex = typeof hint.index === 'number' ? guidOfIndex.get(hint.index) : undefined;
    const byAlias = alias === null ? undefined : guidOfAlias.get(alias.toLowerCase());
    const guid = canonicalGuid(hint.guid) ?? (sameName(byIndex) ? byIndex : byAlias) ?? null;
    const entry = guid === null ? undefined : known.get(guid);
    return {
      interfaceGuid: guid,
      interfaceIndex: hint.index ?? entry?.index ?? null,
      interfaceAlias: (alias ?? entry?.alias ?? null)?.slice(0, 256) ?? null,
    };
  };
}
