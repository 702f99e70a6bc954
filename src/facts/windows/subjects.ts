import type { WindowsFacts } from '../../contracts/snapshot.ts';
import type { Backend } from '../backend.ts';
import type { Subject } from '../subject.ts';

/** The subjects of a Windows host. */
export function windowsSubjects(_backend: Backend, _facts: WindowsFacts): readonly Subject[] {
  return [];
}
