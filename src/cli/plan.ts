import { userInfo } from 'node:os';
import { Command } from 'commander';
import { evidenceNonce } from '../collect/platform.ts';
import type { Host } from '../inventory/model.ts';
import { readInventory } from '../inventory/read.ts';
import { selectHosts } from '../inventory/select.ts';
import type { Finish } from './finish.ts';
import { addLimit } from './options.ts';
import { probes } from './stages.ts';
import { writeText, type Streams } from './streams.ts';

/** dsr-audit plan INVENTORY: who would be contacted, as whom, by which transport, and the exact script. Contacts nobody. */
export function planCommand(streams: Streams, _finish: Finish): Command {
  const command = new Command('plan')
    .description('show who would be contacted, as whom, by which transport, and the exact script; contacts nobody')
    .argument('<inventory>', 'inventory file (YAML or JSON; - for standard input)')
    .option('--no-script', 'leave the scripts out')
    .action(async (file: string, options: { readonly script: boolean }) => {
      const inventory = await readInventory(file, streams.stdin);
      const { hosts } = selectHosts(inventory, command.opts<{ limit: readonly string[] }>().limit);
      const lines = hosts.map(contactLine);
      if (options.script) {
        for (const platform of ['linux', 'windows'] as const) {
          const host = hosts.find((candidate) => candidate.platform === platform);
          if (host === undefined) continue;
          const probe = probes[platform];
          lines.push(
            '',
            `# ${platform}: \`${probe.command}\` reads this on standard input, here for ${host.name}. Only the nonce and the addresses differ from host to host.`,
            probe.script(host, evidenceNonce),
          );
        }
      }
      await writeText(streams.stdout, `${lines.join('\n')}\n`);
    });
  return addLimit(command);
}

function contactLine(host: Host): string {
  const vips = [...new Set(host.bindings.map((binding) => binding.vip))].join(' ');
  if (host.transport === 'local') return `${host.name}: this machine, as ${userInfo().username}; VIPs ${vips}`;
  if (host.transport === 'evidence') return `${host.name}: not contacted (--evidence ${host.name}=FILE); VIPs ${vips}`;
  const port = host.port ?? (host.transport === 'ssh' ? 22 : host.useTls ? 5986 : 5985);
  const through = host.jump === undefined ? '' : ` through ${host.jump}`;
  return `${host.name}: ${host.transport} ${host.user ?? userInfo().username}@${host.address} port ${port}${through}, ${host.platform}; VIPs ${vips}`;
}
