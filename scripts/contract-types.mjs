// Generates the types of the published documents from their JSON Schemas, the one source of truth.
// `--check` writes nothing and exits 1 when a committed file differs.
import { readFile, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

const contracts = [
  ['src/inventory/inventory.schema.json', 'src/contracts/inventory.ts'],
  ['reports/snapshot.schema.json', 'src/contracts/snapshot.ts'],
  ['rules/rule.schema.json', 'src/contracts/rule.ts'],
  ['reports/report.schema.json', 'src/contracts/report.ts'],
];
// A sentence beside $ref would make the generator invent a second type (Severity1), and a choice between
// required keys an index signature: neither says anything that the types could carry.
const simplified = (_key, value) => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const { oneOf, ...rest } = value;
  if (typeof value.$ref === 'string') return { $ref: value.$ref };
  const onlyRequired = oneOf?.every((choice) => Object.keys(choice).join() === 'required');
  return oneOf === undefined || onlyRequired ? rest : value;
};

const check = process.argv.includes('--check');
let stale = 0;
for (const [schemaFile, typesFile] of contracts) {
  const schema = JSON.parse(JSON.stringify(JSON.parse(await readFile(schemaFile, 'utf8')), simplified));
  const generated = await compile(schema, schema.title, {
    bannerComment: `// Generated from ${schemaFile} by \`npm run types\`. Do not edit.`,
    additionalProperties: false,
    format: false,
    ignoreMinAndMaxItems: true,
  });
  const readonly = generated
    .replaceAll(/^(\s*)(?=(?:"[^"]+"|[A-Za-z]\w*|\[k: string\])\??: )/gm, '$1readonly ')
    .replaceAll(/((?:\b\w+|\([^()]*\))\[\])/g, 'readonly $1');
  const text = await format(readonly, {
    ...(await resolveConfig(typesFile)),
    parser: 'typescript',
  });
  if (check) {
    if ((await readFile(typesFile, 'utf8').catch(() => '')) !== text) {
      stale += 1;
      console.error(`${typesFile} is stale: run \`npm run types\` and commit it`);
    }
  } else {
    await writeFile(typesFile, text);
  }
}
process.exitCode = stale === 0 ? 0 : 1;
