// Builds dist/: compiles src with tsc, copies what is not TypeScript, bundles the report page.
import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

await rm('dist', { recursive: true, force: true });
const compiled = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(1);

for (const file of await readdir('src', { recursive: true })) {
  if (!/\.(sh|ps1|cmd|json|txt)$/.test(file)) continue;
  await mkdir(dirname(join('dist', file)), { recursive: true });
  await cp(join('src', file), join('dist', file));
}

// The demo fleet replays captures that the tests hold.
const { demoHosts } = await import('../dist/cli/demo-fleet/fleet.js');
for (const { capture } of demoHosts) {
  if (capture === undefined) continue;
  const copy = join('dist/cli/demo-fleet/captures', capture);
  await mkdir(dirname(copy), { recursive: true });
  await cp(join('test/captures', capture), copy);
}

await import('./build-page.mjs');
if (existsSync('dist/bin.js')) await chmod('dist/bin.js', 0o755);
