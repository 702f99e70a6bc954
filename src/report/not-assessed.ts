import type { UnreachableKind } from '../contracts/report.ts';
import { groupBy, type Finding, type ShownHost } from './shown.ts';

/** The hosts that were not reached, by kind, in report order. */
export function unreachableByKind(hosts: readonly ShownHost[]): readonly UnreachableGroup[] {
  const kinds = new Map<UnreachableKind, UnreachableHost[]>();
  for (const { name, unreachable } of hosts) {
    if (unreachable === undefined) continue;
    const host = { name, message: unreachable.message };
    const same = kinds.get(unreachable.kind);
    if (same === undefined) kinds.set(unreachable.kind, [host]);
    else same.push(host);
  }
  return [...kinds].map(([kind, unreached]) => ({ kind, hosts: unreached }));
}

/** Hosts that were not reached for one kind of reason. */
export interface UnreachableGroup {
  readonly kind: UnreachableKind;
  readonly hosts: readonly UnreachableHost[];
}

/** A host that was not reached, and what was met on the way. */
export interface UnreachableHost {
  readonly name: string;
  readonly message: string;
}

/** Checks that are error or unknown, each list with one result word and one reason, in the order given. */
export function undecidedByReason(undecided: readonly Finding[]): readonly (readonly Finding[])[] {
  return [...groupBy(undecided, ({ result }) => JSON.stringify([result.result, result.message])).values()];
}
