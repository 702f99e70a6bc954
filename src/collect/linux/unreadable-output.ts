import type { Fact } from '../../facts/fact.ts';

/** Output that is not what the probe prints. Its message is the reason why a fact is missing. */
export class UnreadableOutput extends Error {
  override readonly name = 'UnreadableOutput';
}

/** What `read` returns as a known fact; missing, with the reason, when it throws UnreadableOutput. Any other error is a bug and passes. */
export function factFrom<T>(read: () => T): Fact<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof UnreadableOutput) return { missing: error.message };
    throw error;
  }
}
