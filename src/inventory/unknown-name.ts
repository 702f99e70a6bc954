import { nearest } from '../contracts/nearest.ts';
import { quoted } from '../contracts/quoted.ts';

/** Says that a name is not defined, and which one may be meant. */
export function unknownName(kind: string, section: string, name: string, known: Iterable<string>): string {
  const meant = nearest(name, known);
  const next = meant === undefined ? `add it to ${section}` : `did you mean ${quoted(meant)}?`;
  return `no ${kind} is named ${quoted(name)}; ${next}`;
}
