import { InputError } from '../../src/errors.ts';

/** The InputError that an action throws, undefined where it throws none; any other error goes on. */
export function refusal(action: () => unknown): InputError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}
