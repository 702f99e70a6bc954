/** A piece of HTML: literal markup and escaped text, as the tagged template `html` makes it. */
export interface Markup {
  readonly markup: string;
}

/** What may stand between the literal parts: text, which is escaped, or markup. */
type Part = string | number | Markup | readonly (string | number | Markup)[] | undefined;

/** HTML from a template literal. Every string that is put in is escaped, for element content and quoted attributes alike. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: literals.map((literal, index) => literal + markupOf(parts[index])).join('') };
}

/** Source that was made safe for its place by its maker: a script, a style, a data island. */
export function trusted(source: string): Markup {
  return { markup: source };
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part !== 'object') return escaped(String(part));
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

const references: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => references.get(character) ?? '');
}
