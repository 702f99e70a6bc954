import { Command, Option } from 'commander';
import { linuxEvidenceScript, linuxProbeText } from '../collect/linux/probe.ts';
import { collectorScript } from '../collect/windows/bootstrap.ts';
import { exitCodes, InputError } from '../errors.ts';
import { readInventory } from '../inventory/read.ts';
import { selectHosts } from '../inventory/select.ts';
import type { Finish } from './finish.ts';
import { addCollecting, addLimit, addVerbosity, verbosityOf } from './options.ts';
import { assertWritable, writeOutput, type Output } from './output.ts';
import { collectStage } from './stages.ts';
import { writeText, type Streams } from './streams.ts';

/** The scripts that an operator runs by hand, whose output comes in with --evidence; and the one to install for a key that can run nothing else. */
const scripts = { linux: linuxEvidenceScript, windows: collectorScript, 'forced-command': linuxProbeText } as const;

interface Options {
  readonly output?: string;
  readonly script?: keyof typeof scripts;
  readonly limit: readonly string[];
  readonly concurrency: number;
  readonly timeout: number;
  readonly connectTimeout: number;
  readonly evidence: readonly string[];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** dsr-audit collect INVENTORY: a snapshot only; or, with --script, the script that an operator runs by hand. */
export function collectCommand(streams: Streams, finish: Finish): Command {
  const command = new Command('collect')
    .description('collect what the backends say into a snapshot, without judging it')
    .argument('[inventory]', 'inventory file (YAML or JSON; - for standard input)')
    .option('-o, --output <file>', 'write the snapshot to this file instead of standard output')
    .addOption(
      new Option(
        '--script <which>',
        'print the script to run by hand on a host, whose output comes in with --evidence; or that of a forced command',
      ).choices(Object.keys(scripts)),
    )
    .action(async (file: string | undefined, options: Options) => {
      if (options.script !== undefined) {
        await writeText(streams.stdout, scripts[options.script]);
        return;
      }
      if (file === undefined) throw new InputError([{ message: 'collect: name an inventory file, or --script' }]);
      const output: Output = {
        format: 'snapshot',
        ...(options.output === undefined || options.output === '-' ? {} : { file: options.output }),
      };
      const inventory = await readInventory(file, streams.stdin);
      const { hosts } = selectHosts(inventory, options.limit);
      await assertWritable([output]);
      const snapshot = await collectStage(inventory, hosts, { ...options, verbosity: verbosityOf(options) }, streams);
      await writeOutput(output, `${JSON.stringify(snapshot, null, 2)}\n`, streams);
      if (snapshot.run.interrupted !== null) return finish(exitCodes[snapshot.run.interrupted]);
      const collected = snapshot.hosts.filter((host) => host.state === 'collected').length;
      if (collected === 0) return finish(exitCodes.notAssessed);
      finish(collected === hosts.length ? exitCodes.compliant : exitCodes.incomplete);
    });
  return addVerbosity(addCollecting(addLimit(command)));
}
