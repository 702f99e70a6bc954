import { html, type Markup } from './markup.ts';

/** The symbols of the page, each with a shape of its own so that colour is never the only difference. */
export const iconSprite: Markup = html`<svg class="sprite" aria-hidden="true">
  <symbol id="i-good" viewBox="0 0 16 16">
    <circle cx="8" cy="8" r="7" />
    <path class="mark" d="m4.8 8.2 2.2 2.2 4.2-4.6" />
  </symbol>
  <symbol id="i-bad" viewBox="0 0 16 16">
    <circle cx="8" cy="8" r="7" />
    <path class="mark" d="m5.5 5.5 5 5m0-5-5 5" />
  </symbol>
  <symbol id="i-open" viewBox="0 0 16 16">
    <circle cx="8" cy="8" r="7" />
    <path class="mark" d="M6 6.3a2 2 0 1 1 2.9 1.8c-.6.3-.9.6-.9 1.3m0 2v.2" />
  </symbol>
  <symbol id="i-critical" viewBox="0 0 16 16">
    <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" />
    <path class="mark" d="M8 4.3v4.4m0 2.7v.2" />
  </symbol>
  <symbol id="i-high" viewBox="0 0 16 16">
    <path d="M8 1 15.3 14.5H.7z" />
    <path class="mark" d="M8 6v4m0 2.1v.2" />
  </symbol>
  <symbol id="i-medium" viewBox="0 0 16 16">
    <path d="m8 .8 7.2 7.2L8 15.2.8 8z" />
    <path class="mark" d="M8 4.7v4m0 2.3v.2" />
  </symbol>
  <symbol id="i-low" viewBox="0 0 16 16">
    <rect x="1.5" y="1.5" width="13" height="13" rx="2" />
    <path class="mark" d="M4.8 8h6.4" />
  </symbol>
  <symbol id="i-info" viewBox="0 0 16 16">
    <circle cx="8" cy="8" r="7" />
    <path class="mark" d="M8 7.4v4M8 4.6v.2" />
  </symbol>
</svg>`;

/** One of the symbols; the word always stands beside it. */
export function icon(name: string): Markup {
  return html`<svg class="icon i-${name}" aria-hidden="true"><use href="#i-${name}" /></svg>`;
}
