import { styleText } from 'node:util';

/** How a piece of terminal text looks; never the only carrier of a meaning. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Puts a style on text, or does nothing where colour is not wanted. */
export type Paint = (styles: Style | readonly Style[], text: string) => string;

/** A painter; whether the stream is a terminal and NO_COLOR is set is for the caller to know. */
export function painter(colour: boolean): Paint {
  if (!colour) return (_styles, text) => text;
  return (styles, text) =>
    styleText(typeof styles === 'string' ? styles : [...styles], text, { validateStream: false });
}

/** Width of a page of terminal text, and the colour on it. */
export interface Page {
  readonly columns: number;
  readonly paint: Paint;
}

/**
 * Breaks plain text at spaces. `first` stands before the first line and `rest` before the others; a word longer than
 * the page stays whole, so that a path can still be copied.
 */
export function wrap(page: Page, text: string, first = '', rest = ' '.repeat(first.length)): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > page.columns) {
      lines.push(line.trimEnd());
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line.trimEnd());
  return lines;
}

/** Names in one line, the first `limit` of them and how many more there are. */
export function listed(names: readonly string[], limit: number): string {
  const more = names.length - limit;
  return more <= 0 ? names.join(', ') : `${names.slice(0, limit).join(', ')} and ${more} more (see the JSON report)`;
}

/** The line that stands for what a bounded list leaves out; none where it leaves out nothing. */
export function andMore(left: number, what: string, indent: string): string[] {
  return left <= 0 ? [] : [`${indent}and ${left} more ${what} (see the JSON report)`];
}

/** The line above a section. */
export function heading(page: Page, title: string): string {
  return page.paint('bold', title);
}
