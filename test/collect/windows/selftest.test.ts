// The self-test for a real host, run to its end under a real PowerShell: without Windows, and with recorded answers in its place.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hosts } from './support/hosts.ts';
import { verboseText } from './support/netsh-text.ts';
import { powershell, runPowershell } from './support/powershell.ts';
import { recordingOf } from './support/recording.ts';

const selftest = readFileSync(new URL('../../../src/collect/windows/selftest.ps1', import.meta.url), 'utf8');
const support = fileURLToPath(new URL('./support/recorded.ps1', import.meta.url));
const questions = [...selftest.matchAll(/^Show-DsrSection '/gm)].length;

function decode(base64: string): string {
  return `[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64}'))`;
}

async function answersOf(name: string | undefined, netshAs: string | undefined = name): Promise<string[]> {
  const lines: string[] = [];
  const host = hosts.find((entry) => entry.name === name);
  const other = hosts.find((entry) => entry.name === netshAs);
  if (host !== undefined && other !== undefined) {
    const recording = Buffer.from(JSON.stringify(recordingOf(host))).toString('base64');
    const text = Buffer.from(verboseText(other, 'active').join('\n')).toString('base64');
    lines.push(`. '${support}'; Set-DsrRecording (${decode(recording)} | ConvertFrom-Json -Depth 100)`);
    // Off Windows the system directory is empty: the full path of netsh is its bare name, and a function may have that.
    lines.push(`$global:Verbose = ${decode(text)} -split "\`n"; function netsh.exe { $global:Verbose }`);
  }
  const script = Buffer.from(selftest).toString('base64');
  lines.push(`& ([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${script}'))))`);
  const answer = await runPowershell(['-Command', '-'], `${lines.join('\n')}\n`);
  expect(answer.stderr).toBe('');
  return answer.stdout.split('\n');
}

describe.skipIf(powershell === undefined)('[real PowerShell] the self-test', () => {
  it('answers every question as not available where there is no Windows', async () => {
    const lines = await answersOf(undefined);
    expect(lines.filter((line) => line.startsWith('== '))).toHaveLength(questions);
    expect(lines.filter((line) => line.startsWith('NOT AVAILABLE: '))).toHaveLength(questions);
    expect(lines.filter((line) => /^(?:AGREES|DIFFERS)/.test(line))).toStrictEqual([]);
  });

  it('says what agrees', async () => {
    const lines = await answersOf('2022-good');
    expect(lines.filter((line) => line.startsWith('DIFFERS'))).toStrictEqual([]);
    expect(lines).toContain('AGREES: interface 11 disabled enabled enabled');
    expect(lines).toContain('AGREES: interface 18 enabled enabled disabled');
    expect(lines).toContain('AGREES: LO 10.77.0.100/32');
    expect(lines).toContain(String.raw`ROOT\NET\0000 service kmloop flags 0`);
  });

  it('says what differs', async () => {
    const lines = await answersOf('2022-good', 'loopback-weak-host-send-off');
    expect(lines.filter((line) => line.startsWith('DIFFERS'))).toStrictEqual([
      'DIFFERS: interface 18 provider enabled enabled disabled, netsh disabled enabled disabled',
    ]);
  });
});
