import type { Renderer } from './renderer.ts';

const all: readonly Renderer[] = [
  {
    name: 'text',
    extension: 'txt',
    mediaType: 'text/plain',
    description: 'for a terminal or a mail: verdict, failures by rule, fixes, what could not be assessed',
    load: async () => (await import('./text.ts')).renderText,
  },
  {
    name: 'json',
    extension: 'json',
    mediaType: 'application/json',
    description: 'the report document itself, for programs and for `dsr-audit render`',
    load: async () => (await import('./json.ts')).renderJson,
  },
  {
    name: 'html',
    extension: 'html',
    mediaType: 'text/html',
    description: 'one self-contained page: filters, fixes to copy, every check of every host; no network',
    load: async () => (await import('./html.ts')).renderHtml,
  },
];

/** The formats by name, each imported when it is asked for. */
export const renderers: ReadonlyMap<string, Renderer> = new Map(all.map((renderer) => [renderer.name, renderer]));
