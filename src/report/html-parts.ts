import { html, type Markup } from './markup.ts';

/** Shares of a whole as a bar; the numbers stand beside it as text. */
export function bar(shares: readonly { readonly name: string; readonly count: number }[]): Markup {
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  let start = 0;
  const parts = shares
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => {
      const part = html`<rect
        class="s-${name}"
        x="${percent(start, total)}"
        width="${percent(count, total)}"
        height="100%"
      />`;
      start += count;
      return part;
    });
  return html`<svg class="bar" aria-hidden="true">${parts}</svg>`;
}

function percent(count: number, total: number): string {
  return `${Number(((100 * count) / total).toFixed(3))}%`;
}

/** Names in one line, the first ones and how many more there are. */
export function names(all: readonly string[], limit = 40): string {
  const more = all.length - limit;
  return more <= 0 ? all.join(', ') : `${all.slice(0, limit).join(', ')} and ${more} more`;
}

/** The sentence that stands for what a bounded list leaves out; nothing where it leaves out nothing. */
export function leftOut(count: number, what: string): Markup | undefined {
  return count <= 0 ? undefined : html`<p class="muted">and ${count} more ${what}</p>`;
}
