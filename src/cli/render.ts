import { Command } from 'commander';
import { renderers } from '../report/render.ts';
import type { Finish } from './finish.ts';
import { addOutput, addVerbosity } from './options.ts';
import { assertWritable, parseOutputs } from './output.ts';
import { readReport, renderStage } from './stages.ts';
import type { Streams } from './streams.ts';

/** dsr-audit render REPORT: a stored report in another format, with the verdict and exit code that it holds. */
export function renderCommand(streams: Streams, finish: Finish): Command {
  const command = new Command('render')
    .description('write a stored JSON report in other formats; the exit code is the one that the report holds')
    .argument('<report>', 'report file, as -o json writes it')
    .action(async (file: string, options: { readonly output: readonly string[]; readonly verbose?: boolean }) => {
      const outputs = parseOutputs(options.output, [...renderers.keys()], 'text');
      const report = await readReport(file, streams);
      await assertWritable(outputs);
      await renderStage(report, outputs, streams);
      finish(report.exitCode);
    });
  return addVerbosity(addOutput(command));
}
