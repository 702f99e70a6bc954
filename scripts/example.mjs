// Renders the example report again: reports/example/report.json as it would be written, and report.html from it.
import { readFile, writeFile } from 'node:fs/promises';
import { renderHtml } from '../dist/report/html.js';
import { renderJson } from '../dist/report/json.js';

const folder = new URL('../reports/example/', import.meta.url);
const report = JSON.parse(await readFile(new URL('report.json', folder), 'utf8'));
await writeFile(new URL('report.json', folder), renderJson(report));
await writeFile(new URL('report.html', folder), renderHtml(report));
