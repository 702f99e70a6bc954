/** Longest text of the user's, in characters, that a message repeats. */
const longestEcho = 60;

// Everything that a terminal, a log viewer or a reader could take for something else: control characters, bidirectional
// overrides and other invisible format characters, lone surrogates, and every space but the ordinary one
// (https://trojansource.codes). Inventories come from pull requests, so their text is somebody else's.
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** Text made safe to print: whatever cannot be seen stands as \u{hex}. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A value of the user's as a message repeats it: text in double quotes, printable and cut to 60 characters; a list or map by its kind. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') {
    const shown =
      value.length > longestEcho ? `${value.slice(0, longestEcho).replace(/[\ud800-\udbff]$/, '')}…` : value;
    return `"${printable(shown.replaceAll(/["\\]/g, '\\$&'))}"`;
  }
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return String(value);
}

/** Names as a message lists them: quoted, comma separated, at most twenty. */
export function quotedList(values: readonly unknown[]): string {
  const shown = values.slice(0, 20).map(quoted).join(', ');
  return values.length > 20 ? `${shown} and ${values.length - 20} more` : shown;
}

/** A path as a message shows it: hosts.web01.tags[0], with ["..."] around a key that is not a plain word. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_][A-Za-z0-9_-]{0,252}$/.test(step)) return `[${quoted(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
