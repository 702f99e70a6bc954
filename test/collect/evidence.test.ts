import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEvidence } from '../../src/collect/evidence.ts';
import { evidenceNonce } from '../../src/collect/platform.ts';
import { InputError } from '../../src/errors.ts';
import { temporaryFolder, testHost } from '../support/ssh-server-hosts.ts';
import { tinyProbe, tinyProbes } from '../support/ssh-server-probe.ts';

const folder = temporaryFolder();
const host = testHost('web01', { transport: 'ssh' });
const answer = execFileSync('/bin/sh', ['-s'], { input: tinyProbe.script(host, evidenceNonce) });

function saved(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('what the script printed when it was run by hand', async () => {
  expect(await readEvidence(saved('whole', answer), host, tinyProbes)).toEqual({
    name: 'web01',
    address: '127.0.0.1',
    platform: 'linux',
    transport: 'evidence',
    state: 'collected',
    raw: '@@evidence begin\nhost web01\n@@evidence end\n',
    linux: { hostname: { value: 'host web01' } },
  });
});

test('the same as PowerShell and Notepad save it', async () => {
  const text = answer.toString();
  for (const content of [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
    expect(await readEvidence(saved('encoded', content), host, tinyProbes)).toMatchObject({ state: 'collected' });
  }
});

test.each([
  ['cut off', answer.subarray(0, -5), 'probe-incomplete'],
  ['empty', '', 'probe-incomplete'],
  ['too long', 'x'.repeat(tinyProbe.outputLimit + 1), 'output-cap'],
])('%s', async (name, content, kind) => {
  const snapshot = await readEvidence(saved(name, content), host, tinyProbes);
  expect(snapshot).toMatchObject({ state: 'unreachable', transport: 'evidence', unreachable: { kind } });
});

test('a file that cannot be read is a mistake of the user', async () => {
  await expect(readEvidence(join(folder, 'missing'), host, tinyProbes)).rejects.toThrow(InputError);
  await expect(readEvidence(folder, host, tinyProbes)).rejects.toThrow(/cannot be read \(EISDIR\)/);
});
