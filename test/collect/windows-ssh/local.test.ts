// The local transport with the Windows probe. A shell script stands where Windows would find powershell.exe and cmd.exe; what
// it is given, and what becomes of its answer, is real.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collect } from '../../../src/collect/collect.ts';
import { commandProbe, encodedProbe, windowsProbe } from '../../../src/collect/windows/probe.ts';
import type { HostSnapshot } from '../../../src/contracts/snapshot.ts';
import { temporaryFolder, testHost, testOptions } from '../../support/ssh-server-hosts.ts';

const captures = new URL('../../captures/windows/', import.meta.url);
const capture = (name: string): string => new URL(`${name}.txt`, captures).pathname;
const facts = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.facts.json`, captures), 'utf8'));

const root = temporaryFolder();
const newFolder = (): string => mkdtempSync(join(root, 'path-'));
const host = testHost('here', { platform: 'windows', transport: 'local' });

/** Writes down arguments, environment and standard input of each start; then answers with a capture, or not at all. */
function standIn(folder: string, program: string, answer?: string): void {
  const replay =
    answer === undefined
      ? 'exit 1'
      : String.raw`nonce=$(grep -o 'DSRAUDIT-END [a-f0-9]\{32\}' "$record.stdin" | head -n 1 | cut -d ' ' -f 2)
sed "s/^\(DSRAUDIT-[A-Z]*\) capture00 /\1 $nonce /" '${answer}'`;
  const script = `#!/bin/sh
start=$(( $(cat '${folder}/starts' 2>/dev/null || echo 0) + 1 ))
echo $start >'${folder}/starts'
record='${folder}/'$start
printf '%s\\n' "$0" "$@" >"$record.argv"
env >"$record.env"
cat >"$record.stdin"
${replay}
`;
  writeFileSync(join(folder, program), script, { mode: 0o755 });
}

async function collectWith(
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<HostSnapshot | undefined> {
  const [snapshot] = await collect([host], {
    ...testOptions([host]),
    probes: { linux: windowsProbe, windows: windowsProbe },
    environment: { PATH: [folder, '/usr/bin', '/bin'].join(delimiter), ...more },
  });
  return snapshot;
}

describe('a stand-in for powershell.exe on PATH', () => {
  const record = (folder: string, start: number, what: string): string =>
    readFileSync(join(folder, `${start}.${what}`), 'utf8');
  const nonceOf = (script: string): string => /DSRAUDIT-[A-Z]+ ([a-f0-9]{32}) /.exec(script)?.[1] ?? '';

  test('is given the arguments, the line and little of the environment', async () => {
    const folder = newFolder();
    standIn(folder, 'powershell.exe', capture('2022-good'));
    const kept = {
      SystemRoot: 'C:\\Windows',
      windir: 'C:\\Windows',
      TEMP: 'C:\\Temp',
      ComSpec: 'C:\\Windows\\System32\\cmd.exe',
      PATHEXT: '.COM;.EXE',
      PSModulePath: 'C:\\Modules',
      USERPROFILE: 'C:\\Users\\audit',
    };
    const snapshot = await collectWith(folder, { ...kept, CANARY: 'canary-4711', SSH_AUTH_SOCK: '/nonexistent' });

    expect(record(folder, 1, 'argv').trimEnd().split('\n')).toEqual([
      join(folder, 'powershell.exe'),
      ...windowsProbe.argv.slice(1),
    ]);
    const script = record(folder, 1, 'stdin');
    expect(script).toBe(windowsProbe.script(host, nonceOf(script)));
    expect(script.trimEnd().split('\n')).toHaveLength(1);
    const environment = record(folder, 1, 'env').split('\n');
    expect(environment).toEqual(
      expect.arrayContaining(Object.entries(kept).map(([name, value]) => `${name}=${value}`)),
    );
    expect(environment.join('\n')).not.toMatch(/canary|SSH_AUTH_SOCK/i);
    expect(snapshot).toMatchObject({ state: 'collected', transport: 'local', platform: 'windows' });
    expect(snapshot?.windows).toStrictEqual(facts('2022-good'));
  });

  test('that answers nothing gives way to the encoded command, and that to cmd.exe', async () => {
    const folder = newFolder();
    standIn(folder, 'powershell.exe');
    standIn(folder, 'cmd.exe', capture('cmd-2003-good'));
    const snapshot = await collectWith(folder);

    expect([1, 2, 3].map((start) => record(folder, start, 'argv').trimEnd().split('\n').slice(1))).toEqual(
      [windowsProbe, encodedProbe, commandProbe].map(({ argv }) => argv.slice(1)),
    );
    const script = record(folder, 3, 'stdin');
    expect(script).toBe(commandProbe.script(host, nonceOf(script)));
    expect(snapshot?.windows).toStrictEqual(facts('cmd-2003-good'));
  });

  test('is missing: cmd.exe answers', async () => {
    const folder = newFolder();
    standIn(folder, 'cmd.exe', capture('cmd-2008r2-good'));
    const snapshot = await collectWith(folder);
    expect(readFileSync(join(folder, 'starts'), 'utf8')).toBe('1\n');
    expect(snapshot?.windows).toStrictEqual(facts('cmd-2008r2-good'));
  });

  test('is missing, and cmd.exe too: that is said', async () => {
    const snapshot = await collectWith(newFolder());
    expect(snapshot?.unreachable).toEqual({
      kind: 'probe-incomplete',
      message: expect.stringContaining('powershell.exe cannot be run (ENOENT)'),
    });
  });
});
