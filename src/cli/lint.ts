import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { exitCodes, formatProblem } from '../errors.ts';
import { lintInventory } from '../inventory/lint.ts';
import { readInventory } from '../inventory/read.ts';
import type { Finish } from './finish.ts';
import { writeText, type Streams } from './streams.ts';

/** dsr-audit lint INVENTORY: everything that can be said of the inventory itself, without any network. */
export function lintCommand(streams: Streams, finish: Finish): Command {
  return new Command('lint')
    .description('check an inventory without contacting a host: errors (exit code 2), warnings and notes')
    .argument('<inventory>', 'inventory file (YAML or JSON; - for standard input)')
    .option('--strict', 'warnings give exit code 1')
    .action(async (file: string, options: { readonly strict?: boolean }) => {
      const inventory = await readInventory(file, streams.stdin);
      const notes = lintInventory(inventory, existsSync);
      const backends = [...inventory.hosts.values()].filter((host) => host.bindings.length > 0).length;
      const warnings = notes.filter((note) => note.severity === 'warning').length;
      const lines = notes.map((note) =>
        formatProblem({
          file: inventory.file,
          ...note.position,
          path: note.path,
          message: `${note.severity}: ${note.message}`,
        }),
      );
      lines.push(
        `${inventory.file}: valid: ${inventory.services.size} services, ${backends} backends; ${warnings} warnings, ${notes.length - warnings} notes`,
      );
      await writeText(streams.stdout, `${lines.join('\n')}\n`);
      finish(options.strict === true && warnings > 0 ? exitCodes.nonCompliant : exitCodes.compliant);
    });
}
