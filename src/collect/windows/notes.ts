import type { CollectorDocument } from './document.ts';
import { missing } from '../../facts/fact.ts';

/** A fact that is missing because of the steps named: their errors, or that they did not run on this version. */
export function missingStep(document: CollectorDocument, ...steps: readonly string[]): { readonly missing: string } {
  const reasons = steps.map((step) => {
    const note = document.notes.find((entry) => entry.step === step);
    return note === undefined ? `${step} was not read` : `${step}: ${oneLine(note.error, 500)}`;
  });
  return missing(reasons.join('; '));
}

/** A message of Windows on one line of at most `limit` characters. */
export function oneLine(text: string, limit: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
