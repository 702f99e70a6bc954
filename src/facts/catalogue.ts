import type { SubjectKind } from '../contracts/rule.ts';
import type { FactDefinitions } from './subject.ts';

/** The facts that rules may use, by platform and kind of subject, for example linux/ingress; the loader refuses any other name. */
export const factCatalogue: ReadonlyMap<`${'linux' | 'windows' | 'any'}/${SubjectKind}`, FactDefinitions> = new Map();
