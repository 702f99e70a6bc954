// Controls (C0, DEL, C1), format characters (bidi overrides, zero-width), lone surrogates, line separators and the
// ignorable fillers: they act on a terminal, or make text look like other text.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const shortForms = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
]);

/** Text from a host or inventory on one line: every character that would act or hide is shown as its JSON escape. */
export function visible(text: string): string {
  return text.replaceAll(hidden, (character) => shortForms.get(character) ?? escaped(character));
}

/** The same for text that may have several lines: only its line feeds keep their meaning. */
export function visibleLines(text: string): readonly string[] {
  return text.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n').map(visible);
}

/** Prose on one line: white space of every kind is one space, the rest as in `visible`. */
export function prose(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' ').trim());
}

/** The same for text of several lines in a place that keeps them: line feeds and tabs stay. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(/[^\n\t]+/g, visible);
}

/** Cuts text to so many characters and says how many were left out. */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/[\ud800-\udbff]$/, '');
  return `${kept} … (${text.length - kept.length} more characters)`;
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? String.raw`\u{${code}}` : String.raw`\u${code.padStart(4, '0')}`;
}
