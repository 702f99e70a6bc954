import type { Evidence } from '../../contracts/report.ts';
import type { Derived } from '../subject.ts';

/** One step of the kernel's reasoning, with the values that it rests on. */
export interface Reason {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** Why a question cannot be decided: a fact is missing, or what is known does not suffice. */
export type Undecided = { readonly missing: string } | { readonly unknown: string };

/** A step without or with evidence. */
export function reason(text: string, evidence: readonly Evidence[] = []): Reason {
  return { text, evidence };
}

/** The reason why a derived fact has no value; what does not apply cannot be asked of the kernel, so it never occurs here. */
export function undecided(derived: Exclude<Derived, { value: unknown }>): Undecided {
  return 'notapplicable' in derived ? { unknown: derived.notapplicable } : derived;
}

/** The evidence of all steps, each once. */
export function evidenceOf(reasons: readonly Reason[]): readonly Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const { evidence } of reasons) for (const item of evidence) seen.set(`${item.source}\n${item.text}`, item);
  return [...seen.values()];
}

/** What was asked and the reasoning about it as one sentence, then what that rests on. */
export function evidenceOfAnswer(asked: string, because: readonly Reason[]): readonly Evidence[] {
  return [{ source: asked, text: because.map(({ text }) => text).join('; ') }, ...evidenceOf(because)];
}

/** The doubt alone, of something that carries more. */
export function undecidedOnly(doubt: Undecided): Undecided {
  return 'missing' in doubt ? { missing: doubt.missing } : { unknown: doubt.unknown };
}

/** Whether the host claims an address for itself when a neighbour asks, with the kernel's reasoning in its order. */
export type Reply =
  | { readonly answers: boolean; readonly as?: 'owner' | 'proxy'; readonly because: readonly Reason[] }
  | (Undecided & { readonly as?: 'owner' | 'proxy'; readonly because: readonly Reason[] });
