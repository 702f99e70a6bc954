import { Command } from 'commander';
import type { Severity } from '../contracts/report.ts';
import { readInventory } from '../inventory/read.ts';
import { selectHosts } from '../inventory/select.ts';
import { renderers } from '../report/render.ts';
import type { Finish } from './finish.ts';
import { addCollecting, addJudging, addLimit, addOutput, addVerbosity, verbosityOf } from './options.ts';
import { assertWritable, parseOutputs, writeOutput } from './output.ts';
import { collectStage, evaluateStage, loadChosenRules, renderStage } from './stages.ts';
import type { Streams } from './streams.ts';

interface Options {
  readonly output: readonly string[];
  readonly limit: readonly string[];
  readonly rules: readonly string[];
  readonly rule: readonly string[];
  readonly failOn: Severity;
  readonly concurrency: number;
  readonly timeout: number;
  readonly connectTimeout: number;
  readonly evidence: readonly string[];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** dsr-audit audit INVENTORY: collect, evaluate, render. */
export function auditCommand(streams: Streams, finish: Finish): Command {
  const command = new Command('audit')
    .description('audit the backends of an inventory: collect, evaluate, render')
    .argument('<inventory>', 'inventory file (YAML or JSON; - for standard input)')
    .action(async (file: string, options: Options) => {
      const outputs = parseOutputs(options.output, [...renderers.keys(), 'snapshot'], 'text');
      const inventory = await readInventory(file, streams.stdin);
      const { hosts } = selectHosts(inventory, options.limit);
      const rules = await loadChosenRules({ ruleFolders: options.rules, rules: options.rule });
      await assertWritable(outputs);
      const verbosity = verbosityOf(options);
      const snapshot = await collectStage(inventory, hosts, { ...options, verbosity }, streams);
      const report = evaluateStage(inventory, hosts, snapshot, rules, {
        ruleFolders: options.rules,
        rules: options.rule,
        limit: options.limit,
        failOn: options.failOn,
      });
      for (const output of outputs.filter(({ format }) => format === 'snapshot')) {
        await writeOutput(output, `${JSON.stringify(snapshot, null, 2)}\n`, streams);
      }
      await renderStage(
        report,
        outputs.filter(({ format }) => format !== 'snapshot'),
        streams,
      );
      finish(report.exitCode);
    });
  return addVerbosity(addCollecting(addJudging(addLimit(addOutput(command, ' or snapshot')))));
}
