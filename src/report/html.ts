import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Report } from '../contracts/report.ts';
import { headSection, nextSection } from './html-head.ts';
import { printedFindings } from './html-print.ts';
import { iconSprite } from './html-icons.ts';
import { hijackBanner, vipSection } from './html-vips.ts';
import { pack, unpack, type Packed } from './island.ts';
import { html, trusted, type Markup } from './markup.ts';
import { meaningOf } from './meaning.ts';
import type { PageAssets, RenderOptions } from './renderer.ts';

// Below this many characters of JSON a reader of the page's source is served better than its size.
const plainLimit = 256 * 1024;

// So many VIPs at most leave room for what to do beside them.
const sideBySide = 4;

/**
 * The report as one self-contained page: no network, works from file://, readable and printable without its script.
 * The script adds filters, views, copy buttons and every check of every host.
 */
export function renderHtml(report: Report, options: RenderOptions = {}): string {
  const page = options.page ?? builtPage();
  const packed = pack(report);
  const shown = unpack(packed);
  const { word, sentence } = meaningOf(shown);
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(page.script)}`,
    `style-src ${hashOf(page.style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>dsr-audit: ${word}. ${sentence}</title>
        ${element('style', page.style)}
      </head>
      <body>
        <a class="skip" href="#findings">Skip to the findings</a>
        ${iconSprite} ${headSection(shown)}
        <main id="main">
          <div class="wide">${hijackBanner(shown)}</div>
          <div class="wide overview ${shown.services.length <= sideBySide ? 'beside' : ''}">
            ${vipSection(shown)} ${nextSection(shown)}
          </div>
          <div id="findings" tabindex="-1">
            <div id="app"></div>
            <div id="printed">${printedFindings(shown)}</div>
          </div>
        </main>
        <footer class="foot">
          <p>
            Written by dsr-audit ${shown.tool.version}. This file makes no network request; it holds every result of the
            run.
          </p>
        </footer>
        ${island(packed)} ${element('script', page.script)}
      </body>
    </html> `;
  return document.markup;
}

/** The script and the style of the page as `npm run build` bundles them; the path is the same from src and from dist. */
function builtPage(): PageAssets {
  return { script: builtFile('page.js'), style: builtFile('page.css') };
}

function builtFile(name: string): string {
  // HTML parsers turn CRLF into LF, after which the hash of the policy would not match.
  return readFileSync(new URL(`../../dist/page/${name}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n');
}

function hashOf(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
}

/** A script or style element; no character may come between its tags and its source, or the hash would not match. */
function element(name: 'script' | 'style', source: string): Markup {
  if (source.toLowerCase().includes(`</${name}`) || source.includes('<!--'))
    throw new Error(`the page's ${name} would end its own element; rewrite the string that contains </${name}`);
  return trusted(`<${name}>${source}</${name}>`);
}

/** The data of the page. JSON inside a script element needs only its < escaped; large reports are compressed. */
function island(packed: Packed): Markup {
  const json = JSON.stringify(packed);
  const [encoding, data] =
    json.length <= plainLimit
      ? ['json', json.replaceAll('<', String.raw`\u003c`)]
      : ['gzip', gzipSync(json).toString('base64')];
  return trusted(`<script type="application/json" id="report" data-encoding="${encoding}">${data}</script>`);
}
