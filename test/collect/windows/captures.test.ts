// Every capture is what the unchanged collector printed under a real PowerShell, its Windows-only calls answered by an authored
// recording; those of the cmd tier are authored text. Nothing here ran on Windows. Write them again with
// DSR_AUDIT_UPDATE_CAPTURES=1 and a PowerShell (DSR_AUDIT_TEST_PWSH, or pwsh on PATH); then read the difference.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WindowsFacts } from '../../../src/contracts/snapshot.ts';
import { parseWindows } from '../../../src/collect/windows/parse.ts';
import { commandText } from './support/command-text.ts';
import { acceptsFacts } from './support/facts-schema.ts';
import { commandHosts, hosts } from './support/hosts.ts';
import { captureNonce, powershell, powershellVersion, runRecordings } from './support/powershell.ts';
import { recordingOf } from './support/recording.ts';

const folder = new URL('../../captures/windows/', import.meta.url);
const updating = process.env['DSR_AUDIT_UPDATE_CAPTURES'] === '1';

function factsOf(raw: string): WindowsFacts {
  const result = parseWindows(raw, captureNonce);
  if (!('windows' in result)) throw new Error(JSON.stringify(result));
  return result.windows;
}

function withoutHeader(capture: string): string {
  return capture.replace(/^(?:# .*\r?\n)+/, '');
}

function store(name: string, header: string, output: string): void {
  writeFileSync(new URL(`${name}.txt`, folder), `${header}\n${output}`);
  writeFileSync(new URL(`${name}.facts.json`, folder), `${JSON.stringify(factsOf(output), null, 2)}\n`);
}

describe.skipIf(powershell === undefined)('[real PowerShell] the collector under a real PowerShell', () => {
  let outputs: readonly string[] = [];
  beforeAll(async () => {
    outputs = await runRecordings(hosts.map(recordingOf));
    if (!updating) return;
    hosts.forEach((host, position) => {
      const header = `# ${host.name}: ${host.shows}. Authored recording, Windows Server ${host.version}; printed by collector.ps1 under PowerShell ${powershellVersion()} on ${process.platform}, never on Windows.`;
      store(host.name, header, outputs[position] ?? '');
    });
    for (const host of commandHosts) {
      const header = `# ${host.name}: ${host.shows}. Authored in the shape of the cmd tier; no cmd.exe printed it.`;
      store(host.name, header, commandText(host, host.shell, captureNonce));
    }
  }, 600_000);

  it.each(hosts.map((host, position) => ({ name: host.name, position })))(
    'prints the capture $name',
    ({ name, position }) => {
      expect(outputs[position]).toBe(withoutHeader(readFileSync(new URL(`${name}.txt`, folder), 'utf8')));
    },
  );
});

describe('the captures', () => {
  const names = [...hosts, ...commandHosts].map(({ name }) => name);

  it('are all there, with their facts, and no other', () => {
    const expected = names.flatMap((name) => [`${name}.facts.json`, `${name}.txt`]);
    expect(
      readdirSync(folder)
        .filter((file) => file !== 'README.md')
        .toSorted(),
    ).toStrictEqual(expected.toSorted());
  });

  it.each(commandHosts)('$name is what the cmd tier would print', (host) => {
    const capture = readFileSync(new URL(`${host.name}.txt`, folder), 'utf8');
    expect(withoutHeader(capture)).toBe(commandText(host, host.shell, captureNonce));
  });

  it.each(names)('%s gives its facts', (name) => {
    const facts = factsOf(readFileSync(new URL(`${name}.txt`, folder), 'utf8'));
    expect(acceptsFacts(facts) ? [] : acceptsFacts.errors).toStrictEqual([]);
    expect(facts).toStrictEqual(JSON.parse(readFileSync(new URL(`${name}.facts.json`, folder), 'utf8')));
  });
});
