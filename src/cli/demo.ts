import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import ssh2 from 'ssh2';
import { exitCodes } from '../errors.ts';
import { auditCommand } from './audit.ts';
import { demoHosts, demoVip, demoVip6, type DemoHost } from './demo-fleet/fleet.ts';
import { closedPort, startReplayingServer, type ReplayingServer } from './demo-fleet/replaying-server.ts';
import type { Finish } from './finish.ts';
import type { Streams } from './streams.ts';

/**
 * dsr-audit demo: starts an embedded fleet on loopback ports and audits it over real SSH into text, HTML and JSON. Exit
 * code 0 when the demo ran, whatever the audit found; the code that the audit would have had is said.
 */
export function demoCommand(streams: Streams, finish: Finish): Command {
  return new Command('demo')
    .description('start an embedded fleet on loopback and audit it over real SSH: no root, no network')
    .option(
      '--folder <folder>',
      'where the inventory, keys and reports of the demo go; a new temporary folder when left out',
    )
    .action(async (options: { readonly folder?: string }) => {
      const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'dsr-audit-demo-')));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const servers: ReplayingServer[] = [];
      try {
        const files = await prepare(folder, servers);
        let auditCode = 0;
        const audit = auditCommand(streams, (code) => {
          auditCode = code;
        });
        await audit.parseAsync(
          [
            files.inventory,
            '-o',
            'text',
            '-o',
            `html=${files.html}`,
            '-o',
            `json=${files.json}`,
            '-o',
            `snapshot=${files.snapshot}`,
          ],
          { from: 'user' },
        );
        streams.stderr.write(
          `\nThat was \`dsr-audit audit ${files.inventory}\` over SSH to ${servers.length} servers on 127.0.0.1; as a gate it exits with ${auditCode}.\n` +
            `Look at:  ${files.html}\n          ${files.json}\n` +
            `Go on:    dsr-audit explain ${files.inventory} web02 ${demoVip} --snapshot ${files.snapshot}\n`,
        );
        finish(exitCodes.compliant);
      } finally {
        await Promise.all(servers.map((server) => server.close()));
      }
    });
}

interface DemoFiles {
  readonly inventory: string;
  readonly html: string;
  readonly json: string;
  readonly snapshot: string;
}

async function prepare(folder: string, servers: ReplayingServer[]): Promise<DemoFiles> {
  const clientKey = ssh2.utils.generateKeyPairSync('ed25519');
  const hostKey = ssh2.utils.generateKeyPairSync('ed25519');
  const otherKey = ssh2.utils.generateKeyPairSync('ed25519');
  const ports = new Map<string, number>();
  for (const host of demoHosts) {
    if (host.capture === undefined) {
      ports.set(host.name, await closedPort());
      continue;
    }
    const server = await startReplayingServer({
      hostKey: (host.changedKey === true ? otherKey : hostKey).private,
      authorizedKey: clientKey.public,
      capture: await readFile(new URL(`demo-fleet/captures/${host.capture}`, import.meta.url), 'utf8'),
    });
    servers.push(server);
    ports.set(host.name, server.port);
  }
  const path = (name: string): string => join(folder, name);
  await writeFile(path('id_ed25519'), clientKey.private, { mode: 0o600 });
  const knownHosts = [...ports.values()].map((port) => `[127.0.0.1]:${port} ${hostKey.public}`);
  await writeFile(path('known_hosts'), `${knownHosts.join('\n')}\n`, { mode: 0o600 });
  await writeFile(path('inventory.yaml'), inventoryText(ports), { mode: 0o600 });
  return {
    inventory: path('inventory.yaml'),
    html: path('report.html'),
    json: path('report.json'),
    snapshot: path('snapshot.json'),
  };
}

function inventoryText(ports: ReadonlyMap<string, number>): string {
  const backends = (hosts: readonly DemoHost[]): string => hosts.map((host) => host.name).join(', ');
  const line = (host: DemoHost): string =>
    `  ${host.name}: { port: ${ports.get(host.name)}, platform: ${host.platform} } # ${host.story}\n`;
  return `# The fleet of \`dsr-audit demo\`: SSH servers on this machine that replay what hosts said.
version: 1
defaults: { address: 127.0.0.1, user: audit, identityFile: id_ed25519, knownHosts: known_hosts }
services:
  web:
    vip: ${demoVip}
    ports: [80/tcp]
    backends: [${backends(demoHosts)}]
  web6:
    vip: ${demoVip6}
    ports: [80/tcp]
    backends: [${backends(demoHosts.filter((host) => host.platform === 'linux'))}]
hosts:
${demoHosts.map(line).join('')}`;
}
