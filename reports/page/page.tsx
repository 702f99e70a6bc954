import { render } from 'preact';
import { unpack, type Packed } from '../../src/report/island.ts';
import { App } from './app.tsx';
import { ThemeButton } from './theme.tsx';

async function start(): Promise<void> {
  const island = document.querySelector<HTMLScriptElement>('#report');
  const app = document.querySelector('#app');
  const theme = document.querySelector('#theme');
  if (island === null || app === null || theme === null) throw new Error('the page is not whole');
  const report = unpack(await read(island));
  // From here on the interactive part stands for the printed one; if anything above fails, that stays in sight.
  document.documentElement.classList.add('live');
  render(<App report={report} />, app);
  render(<ThemeButton />, theme);
  document.addEventListener('click', goWithin);
}

async function read(island: HTMLScriptElement): Promise<Packed> {
  const text = island.textContent;
  if (island.dataset['encoding'] === 'json') return JSON.parse(text) as Packed;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as Packed;
}

/** Follows links within the page without their fragment, which belongs to the reader's choices. */
function goWithin(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  const target = link === null ? null : document.querySelector<HTMLElement>(link.getAttribute('href') ?? '');
  if (target === null) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView();
}

void start();
