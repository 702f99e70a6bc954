import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Finish } from './finish.ts';
import { writeText, type Streams } from './streams.ts';

const schemaFiles = {
  inventory: '../inventory/inventory.schema.json',
  rule: '../../rules/rule.schema.json',
  snapshot: '../../reports/snapshot.schema.json',
  report: '../../reports/report.schema.json',
} as const;

/** dsr-audit schema DOCUMENT: the published JSON Schema, for editors and other programs. */
export function schemaCommand(streams: Streams, _finish: Finish): Command {
  const command = new Command('schema').description(
    'print the JSON Schema of a document: inventory, rule, snapshot or report',
  );
  const argument = command.createArgument('<document>', 'which schema').choices(Object.keys(schemaFiles));
  return command.addArgument(argument).action(async (name: keyof typeof schemaFiles) => {
    await writeText(streams.stdout, await readFile(new URL(schemaFiles[name], import.meta.url), 'utf8'));
  });
}
