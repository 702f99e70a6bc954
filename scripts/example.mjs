// Makes the example report anew: what the demo writes. The folder's name stands in the report.
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const folder = '/tmp/dsr-audit-demo';
rmSync(folder, { recursive: true, force: true });
execFileSync(process.execPath, [program, 'demo', '--folder', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
for (const name of ['report.json', 'report.html'])
  copyFileSync(`${folder}/${name}`, new URL(`../reports/example/${name}`, import.meta.url));
rmSync(folder, { recursive: true });
