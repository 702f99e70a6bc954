import { printable } from '../contracts/quoted.ts';

/** Text that a host chose, in double quotes and fit to stand in a message: at most `limit` characters, nothing invisible. */
export function quoteRemote(text: string, limit = 200): string {
  const trimmed = text.trim();
  const kept = trimmed.slice(0, limit).replaceAll(/["\\]/g, String.raw`\$&`);
  return `"${printable(kept)}${trimmed.length > limit ? '…' : ''}"`;
}
