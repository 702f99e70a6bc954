// Bundles the report page (reports/page) into dist/page: page.js and page.css, which src/report/html.ts puts into each report.
import { cp, mkdir } from 'node:fs/promises';
import { rolldown } from 'rolldown';

const bundle = await rolldown({
  input: 'reports/page/page.tsx',
  platform: 'browser',
  tsconfig: 'reports/page/tsconfig.json',
});
await bundle.write({ file: 'dist/page/page.js', format: 'iife', minify: true });
await mkdir('dist/page', { recursive: true });
await cp('reports/page/page.css', 'dist/page/page.css');
