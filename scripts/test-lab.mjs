// Runs the tests of the lab: `npm run test:lab -- [--seed N] [--count N] [what vitest takes, such as a file]`. Seed and count
// choose the random hosts and the random trees of sysctl files; 1 and 300 when left out.
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const environment = { ...process.env };
const passed = [];
const words = process.argv.slice(2);
for (let index = 0; index < words.length; index += 1) {
  const [, name, attached] = /^--(seed|count)(?:=(.*))?$/.exec(words[index]) ?? [];
  if (name === undefined) {
    passed.push(words[index]);
    continue;
  }
  const value = attached ?? words[(index += 1)] ?? '';
  if (!/^[0-9]{1,9}$/.test(value) || (name === 'count' && Number(value) === 0)) {
    console.error(`--${name}: expected a whole number of at most nine digits, got "${value}"`);
    process.exit(2);
  }
  environment[`DSR_AUDIT_${name.toUpperCase()}`] = value;
}
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'lab', ...passed], {
  stdio: 'inherit',
  env: environment,
});
process.exitCode = status ?? 1;
