// Writes docs/rules from the rule files: one page a rule, an index, and the list of facts. `--check` writes nothing and
// exits 1 when a committed page differs. Needs dist (npm run build).
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import { factCatalogue } from '../dist/facts/catalogue.js';
import { expectationOf, factLabel, wordOf } from '../dist/rules/expectation.js';
import { builtInRules, loadRules } from '../dist/rules/load.js';

const folder = 'docs/rules';
const rules = [...(await loadRules([builtInRules])).values()];
const pages = new Map();

const checks = (list) => list.map((check) => `- \`${check.fact}\`: ${check.expectation}`).join('\n');
const steps = (list) =>
  list
    .map((step, index) => {
      const command = step.run === undefined ? '' : `\n\n   \`\`\`${step.shell}\n${indent(step.run)}\n   \`\`\``;
      return `${index + 1}. ${step.say ?? 'Run:'}${command}`;
    })
    .join('\n');
const indent = (text) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `   ${line}`)
    .join('\n');
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const section = (heading, body) => (body === '' ? '' : `\n## ${heading}\n\n${body}\n`);

for (const rule of rules) {
  const { file } = rule;
  const examples = Object.entries(file.examples).flatMap(([kind, list]) =>
    list.map(
      (example) =>
        `| ${kind} | ${cell(
          Object.entries(example)
            .map(([fact, value]) => `\`${fact}\` ${wordOf(value)}`)
            .join(', '),
        )} |`,
    ),
  );
  pages.set(
    `${rule.id}.md`,
    `# ${rule.id}

${file.title}

**${rule.severity}** · judges each ${rule.subject} of ${rule.platform} hosts · ${rule.horizon === 'now' ? 'as running now' : 'as after the next boot'}${file.catalogue === undefined ? '' : ` · ${file.catalogue.join(', ')}`}

When it fails: ${file.failure}
${section('Why', file.why.trim())}${section('Applies where', checks(rule.when))}${section('Expects', rule.atBoot.length > 0 ? `With the values that the boot loader would set: ${rule.atBoot.map((id) => `[${id}](../${id}.md)`).join(', ')}` : checks(rule.expect))}${section('Fix', steps(rule.fix))}${section('Rollback', steps(rule.rollback))}${section('Examples', `| result | facts |\n| --- | --- |\n${examples.join('\n')}`)}${section('Sources', file.source.map((source) => `- ${source}`).join('\n'))}`,
  );
}

pages.set(
  'README.md',
  `# Rules

${rules.length} rules. The path of a rule's file is its id. Severity is the blast radius: critical hurts others or blacks out the
backend, high drops or mis-sources VIP traffic in some case, medium is right now and lost at reboot or interface restart,
low is hygiene, info is a fact only. The facts that rules may use are in [facts.md](facts.md).

| rule | severity | judges | passes when | catalogue |
| --- | --- | --- | --- | --- |
${rules.map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.subject} | ${cell(rule.file.title)} | ${(rule.file.catalogue ?? []).join(', ')} |`).join('\n')}
`,
);
pages.set(
  'facts.md',
  `# Facts that rules may use

A fact is known, missing (could not be collected), unknown (collected, but not enough) or not applicable, each with its
reason; only a known one can satisfy a rule.

${[...factCatalogue]
  .map(
    ([subject, facts]) =>
      `## ${subject}\n\n| fact | values | meaning |\n| --- | --- | --- |\n${[...facts].map(([name, fact]) => `| \`${name}\` | ${cell(expectationOf(fact.schema) || factLabel(name))} | ${cell(fact.meaning)} |`).join('\n')}`,
  )
  .join('\n\n')}
`,
);

const check = process.argv.includes('--check');
let stale = 0;
const existing = (await readdir(folder, { recursive: true }).catch(() => [])).filter((path) => path.endsWith('.md'));
for (const path of existing.filter((path) => !pages.has(path))) {
  stale += 1;
  if (!check) await rm(join(folder, path));
}
for (const [path, text] of pages) {
  const file = join(folder, path);
  const page = await format(text, { parser: 'markdown', printWidth: 120 });
  if ((await readFile(file, 'utf8').catch(() => '')) === page) continue;
  stale += 1;
  if (check) console.error(`${file} is stale: run \`npm run docs:rules\` and commit it`);
  else {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, page);
  }
}
process.exitCode = check && stale > 0 ? 1 : 0;
