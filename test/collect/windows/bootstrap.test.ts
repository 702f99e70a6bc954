// The way in, under a real PowerShell: the exact standard input that the transports send. A first line of our own puts the
// recorded answers in place; everything after it is what a host gets.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandScript, powershellLine, readAllCommand } from '../../../src/collect/windows/bootstrap.ts';
import { commands } from '../../../src/collect/windows/commands.ts';
import { parseWindows } from '../../../src/collect/windows/parse.ts';
import { commandProbe, encodedProbe, windowsProbe } from '../../../src/collect/windows/probe.ts';
import { commandText } from './support/command-text.ts';
import { commandHosts, hosts } from './support/hosts.ts';
import { captureNonce, powershell, runPowershell } from './support/powershell.ts';
import { recordingOf } from './support/recording.ts';

const support = fileURLToPath(new URL('./support/recorded.ps1', import.meta.url));

function named(name: string): (typeof hosts)[number] {
  const host = hosts.find((entry) => entry.name === name);
  if (host === undefined) throw new Error(`no host ${name}`);
  return host;
}

function recordedFirst(name: string): string {
  const recording = Buffer.from(JSON.stringify(recordingOf(named(name)))).toString('base64');
  return `. '${support}'; Set-DsrRecording ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${recording}')) | ConvertFrom-Json -Depth 100)`;
}

function storedFacts(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../captures/windows/${name}.facts.json`, import.meta.url), 'utf8'));
}

describe('the probes', () => {
  it('run a program with constant arguments that no shell can misread', () => {
    for (const probe of [windowsProbe, encodedProbe, commandProbe]) {
      expect(probe.command).toBe(probe.argv.join(' '));
      expect(probe.command).toMatch(/^[A-Za-z0-9. +/=-]+$/);
      // CreateProcess takes 32,767 characters, cmd.exe 8,191.
      expect(probe.command.length).toBeLessThan(1000);
    }
    expect(windowsProbe.command).toBe('powershell.exe -NoLogo -NoProfile -NonInteractive -Command -');
    expect(windowsProbe.alternatives).toStrictEqual([encodedProbe, commandProbe]);
  });

  it('end where the collectors end', () => {
    for (const host of [...hosts, ...commandHosts]) {
      const capture = readFileSync(new URL(`../../captures/windows/${host.name}.txt`, import.meta.url), 'utf8');
      const marks = capture.split(/\r?\n/).filter((line) => line.startsWith(windowsProbe.endMark(captureNonce)));
      expect(marks).toHaveLength(1);
      expect(capture.trimEnd().endsWith(marks[0] ?? '?')).toBe(true);
    }
  });
});

describe.skipIf(powershell === undefined)('[real PowerShell] PowerShell on a standard input', () => {
  it('runs the one line of `-Command -`, with the noise that it writes itself', async () => {
    const input = `${recordedFirst('2022-good')}\n${powershellLine(captureNonce)}`;
    const answer = await runPowershell(['-Command', '-'], input);
    expect(answer.stderr).toBe('');
    expect(answer.exitCode).toBe(0);
    expect(parseWindows(answer.stdout, captureNonce)).toStrictEqual({ windows: storedFacts('2022-good') });
  });

  it('runs the same line from the encoded command that reads everything', async () => {
    const input = `${recordedFirst('2008-good')}\n${powershellLine(captureNonce)}`;
    const answer = await runPowershell(['-EncodedCommand', readAllCommand], input);
    expect(parseWindows(answer.stdout, captureNonce)).toStrictEqual({ windows: storedFacts('2008-good') });
  });

  it('runs it as a script file, as an operator may', async () => {
    const answer = await runPowershell(
      ['-Command', '-'],
      `${recordedFirst('2016-good')}\n${powershellLine('evidence')}`,
    );
    expect(parseWindows(answer.stdout, 'evidence')).toStrictEqual({ windows: storedFacts('2016-good') });
  });

  // PowerShell 7 on Linux lets a session constrain itself; cmd.exe is a function here that plays the authored text.
  it('hands over to cmd.exe where the language mode is constrained', async () => {
    const host = commandHosts.find(({ name }) => name === 'cmd-2022-constrained');
    if (host === undefined) throw new Error('no such host');
    const text = commandText(host, null, captureNonce).replaceAll('\r\n', '\n').replaceAll("'", "''");
    const input = [
      `$global:Told = '${text.replaceAll('\n', '~')}'`,
      'function cmd.exe { $lines = @($input); "cmd.exe was given $($lines.Count) lines, first $($lines[0])"; $global:Told -split "~" }',
      `$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'`,
      powershellLine(captureNonce),
    ].join('\n');
    const answer = await runPowershell(['-Command', '-'], input);
    expect(answer.stderr).toBe('');
    expect(answer.stdout).toContain(`cmd.exe was given ${3 * commands.length + 4} lines, first @echo off`);
    const result = parseWindows(answer.stdout, captureNonce);
    expect(result).toMatchObject({
      windows: { tier: 'cmd', powershell: { value: { languageMode: 'ConstrainedLanguage' } } },
    });
    expect(answer.stdout).not.toContain(`DSRAUDIT-BEGIN ${captureNonce} powershell`);
  });

  it('says nothing that could be taken for an answer where scripts are refused altogether', async () => {
    const input = `$ExecutionContext.SessionState.LanguageMode = 'NoLanguage'\n${powershellLine(captureNonce)}`;
    const answer = await runPowershell(['-Command', '-'], input);
    expect(parseWindows(answer.stdout, captureNonce)).toMatchObject({
      incomplete: expect.stringContaining('did not begin'),
    });
  });

  it('collects from this very machine what it can, and notes the rest', async () => {
    const answer = await runPowershell(['-Command', '-'], powershellLine(captureNonce));
    const result = parseWindows(answer.stdout, captureNonce);
    expect(result).toMatchObject({ windows: { tier: 'powershell', addresses: { value: expect.anything() } } });
    const { windows } = result as unknown as {
      windows: { addresses: { value: { ip: string }[] }; firewallRules: object };
    };
    expect(windows.addresses.value.map(({ ip }) => ip)).toContain('127.0.0.1');
  });
});

describe('the script for cmd.exe', () => {
  it('is what the alternative for hosts without PowerShell sends', () => {
    const script = commandScript(captureNonce);
    expect(script.startsWith('@echo off\r\n')).toBe(true);
    expect(script.endsWith(`echo DSRAUDIT-END ${captureNonce} ${commands.length}\r\nexit\r\n`)).toBe(true);
  });
});
