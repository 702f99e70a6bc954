import { Command } from 'commander';
import type { Severity } from '../contracts/report.ts';
import { readInventory } from '../inventory/read.ts';
import { selectHosts } from '../inventory/select.ts';
import { renderers } from '../report/render.ts';
import type { Finish } from './finish.ts';
import { addJudging, addLimit, addOutput, addVerbosity } from './options.ts';
import { assertWritable, parseOutputs } from './output.ts';
import { evaluateStage, loadChosenRules, readSnapshot, renderStage } from './stages.ts';
import type { Streams } from './streams.ts';

interface Options {
  readonly output: readonly string[];
  readonly limit: readonly string[];
  readonly rules: readonly string[];
  readonly rule: readonly string[];
  readonly failOn: Severity;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** dsr-audit evaluate INVENTORY SNAPSHOT: judge what was collected, without any network. */
export function evaluateCommand(streams: Streams, finish: Finish): Command {
  const command = new Command('evaluate')
    .description('judge a snapshot by an inventory and rules, without any network')
    .argument('<inventory>', 'inventory file (YAML or JSON; - for standard input)')
    .argument('<snapshot>', 'snapshot file, as collect writes it')
    .action(async (inventoryFile: string, snapshotFile: string, options: Options) => {
      const outputs = parseOutputs(options.output, [...renderers.keys()], 'text');
      const inventory = await readInventory(inventoryFile, streams.stdin);
      const { hosts } = selectHosts(inventory, options.limit);
      const rules = await loadChosenRules({ ruleFolders: options.rules, rules: options.rule });
      const snapshot = await readSnapshot(snapshotFile, streams);
      await assertWritable(outputs);
      const strangers = snapshot.hosts.filter((host) => !inventory.hosts.has(host.name)).length;
      if (strangers > 0 && options.quiet !== true) {
        streams.stderr.write(
          `dsr-audit: ${strangers} hosts of the snapshot are not in the inventory and are left out\n`,
        );
      }
      const report = evaluateStage(inventory, hosts, snapshot, rules, {
        ruleFolders: options.rules,
        rules: options.rule,
        limit: options.limit,
        failOn: options.failOn,
      });
      await renderStage(report, outputs, streams);
      finish(report.exitCode);
    });
  return addVerbosity(addJudging(addLimit(addOutput(command))));
}
