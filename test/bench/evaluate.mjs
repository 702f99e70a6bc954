// Times evaluate and render without any network: `npm run bench:evaluate [-- HOSTS [RULE...]]`, RULE as in --rule. Synthetic
// hosts share the facts of real captures (a compliant one and three broken ones in turn) under names and addresses of their own.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const dist = new URL(process.env.DSR_AUDIT_DIST ?? '../../dist/', import.meta.url);
const load = (path) => import(new URL(path, dist).href);
const { evaluate } = await load('evaluate/evaluate.js');
const { conclude } = await load('report/verdict.js');
const { renderers } = await load('report/render.js');
const { builtInRules, loadRules } = await load('rules/load.js');
const { selectRules } = await load('rules/select.js');
const { validators } = await load('contracts/validation.js');
const { loadInventory } = await load('inventory/load.js');

const [hostCount, ...choices] = process.argv.slice(2);
const count = Number(hostCount ?? 5000);
const captures = ['compliant', 'compliant', 'no-sysctls', 'mask-24-on-lo', 'vip-on-eth0'].map((name) =>
  JSON.parse(readFileSync(new URL(`../captures/linux/${name}.facts.json`, import.meta.url), 'utf8')),
);
const names = Array.from({ length: count }, (_, index) => `web${String(index).padStart(5, '0')}`);
const address = (index) => `10.${80 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
const inventory = loadInventory(
  'synthetic.json',
  JSON.stringify({
    version: 1,
    services: { web: { vip: ['10.77.0.100', '2001:db8:77::100'], ports: ['80/tcp', '443/tcp'], backends: names } },
    hosts: Object.fromEntries(names.map((name, index) => [name, { address: address(index) }])),
  }),
);
const hosts = [...inventory.hosts.values()];
const run = {
  id: '0'.repeat(32),
  startedAt: new Date().toISOString(),
  finishedAt: new Date().toISOString(),
  interrupted: null,
};
const tool = { name: 'dsr-audit', version: 'bench' };
const snapshot = {
  formatVersion: 1,
  tool,
  run,
  hosts: hosts.map(({ name, address }, index) => {
    const facts = captures[index % captures.length];
    return { name, address, platform: 'linux', transport: 'ssh', state: 'collected', linux: facts.linux ?? facts };
  }),
};

const rows = [];
const timed = async (what, work) => {
  const before = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  rows.push([
    what,
    ((performance.now() - start) / 1000).toFixed(2),
    ((user + system) / 1e6).toFixed(2),
    typeof result === 'string' ? `${(result.length / 1e6).toFixed(1)} MB` : '',
  ]);
  return result;
};

const allRules = await timed('load and compile the rules', () => loadRules([builtInRules]));
const rules = selectRules(allRules, choices);
const text = JSON.stringify(snapshot);
const parsed = await timed(`parse and validate the snapshot (${(text.length / 1e6).toFixed(0)} MB)`, () => {
  const value = JSON.parse(text);
  if (!validators.snapshot.accepts(value)) throw new Error('the synthetic snapshot is invalid');
  return value;
});
const assessment = await timed(`evaluate ${count} hosts by ${rules.size} rules`, () =>
  evaluate({ inventory, hosts, snapshot: parsed, rules, allRules, tool }),
);
const report = await timed('conclude', () =>
  conclude(assessment, { ...run, failOn: 'low', limit: [], rules: choices }),
);
for (const format of renderers.keys()) {
  const render = await renderers.get(format).load();
  await timed(`render ${format}`, () => render(report, { columns: 100 }));
}

console.log(
  `Node ${process.version}, ${count} hosts, ${report.hosts.reduce((sum, host) => sum + host.results.length, 0)} results, peak RSS ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`,
);
console.log('| step | wall s | CPU s | output |\n| --- | --- | --- | --- |');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
