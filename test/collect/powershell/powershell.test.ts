import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClocks } from '../../../src/collect/clock.ts';
import { HostFailure } from '../../../src/collect/failure.ts';
import { createPowershell, remotingCommand } from '../../../src/collect/powershell/powershell.ts';
import type { Attempt } from '../../../src/collect/transport.ts';
import { windowsProbe } from '../../../src/collect/windows/probe.ts';
import type { Host } from '../../../src/inventory/model.ts';

const host: Host = {
  name: 'win01',
  address: '$(calc)"; calc; "',
  platform: 'windows',
  role: 'backend',
  tags: [],
  ingressInterfaces: [],
  bindings: [],
  transport: 'powershell',
  identityFiles: [],
  knownHosts: [],
  legacyAlgorithms: false,
  privileged: false,
  useTls: true,
  port: 5986,
  credentialFile: 'C:\\audit\\credential.xml',
  position: { line: 1, column: 1 },
};
const nonce = '0123456789abcdef0123456789abcdef';
const attempt: Attempt = {
  probe: windowsProbe,
  nonce,
  script: windowsProbe.script(host, nonce),
  endMark: windowsProbe.endMark(nonce),
};
const standIn = fileURLToPath(new URL('stand-in.mjs', import.meta.url));
let folder: string;
let before: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsr-audit-test-'));
  before = process.env['NODE_POWERSHELL'];
  process.env['NODE_POWERSHELL'] = standIn;
  writeFileSync(
    join(folder, 'capture'),
    `banner\nDSRAUDIT-BEGIN evidence powershell 1\n${Buffer.from('{}').toString('base64')}\nDSRAUDIT-END evidence 2\n`,
  );
});
afterEach(() => {
  if (before === undefined) delete process.env['NODE_POWERSHELL'];
  else process.env['NODE_POWERSHELL'] = before;
});

const record = (): { arguments: string[]; pid: number; environment: Record<string, string> } =>
  JSON.parse(readFileSync(join(folder, 'record'), 'utf8'));

async function run(mode: string, seconds = 10): Promise<string> {
  const clock = createClocks(undefined)(seconds);
  const transport = createPowershell({
    ...process.env,
    DSR_AUDIT_STAND_IN: mode,
    DSR_AUDIT_STAND_IN_RECORD: join(folder, 'record'),
    DSR_AUDIT_STAND_IN_CAPTURE: join(folder, 'capture'),
  });
  try {
    return (await transport(host, [attempt], clock)).output.toString('latin1');
  } finally {
    clock.close();
  }
}

async function failure(mode: string, seconds?: number): Promise<HostFailure> {
  const outcome = await run(mode, seconds).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(HostFailure);
  return outcome as HostFailure;
}

/** A process that is gone, or a zombie that Node has yet to collect. */
async function expectGone(pid: number): Promise<void> {
  await expect
    .poll(
      () =>
        spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
          .stdout.replace(/^Z.*/, '')
          .trim(),
      { timeout: 5000 },
    )
    .toBe('');
}

describe('a stand-in for PowerShell, driven by the real library', () => {
  test('gives the collector, the nonce and the host through the environment, never through the command', async () => {
    expect(await run('answer')).toContain(`DSRAUDIT-END ${nonce} 2`);
    const { arguments: given, environment } = record();
    expect(given).toEqual(['-NoLogo', '-NoProfile', '-NonInteractive', '-NoExit', '-Command', '-']);
    expect(environment).toMatchObject({
      DSR_AUDIT_HOST: host.address,
      DSR_AUDIT_NONCE: nonce,
      DSR_AUDIT_PORT: '5986',
      DSR_AUDIT_TLS: '1',
      DSR_AUDIT_CREDENTIAL: host.credentialFile,
    });
    expect(environment['DSR_AUDIT_COLLECTOR']).toMatch(/collector\.ps1$/);
    expect(readFileSync(join(folder, 'record.command'), 'utf8')).toBe(remotingCommand);
    expect(remotingCommand).not.toMatch(/calc|win01|5986|\n/);
    await expectGone(record().pid);
  });

  test('text on standard error is no failure', async () => {
    expect(await run('noise')).toContain(`DSRAUDIT-END ${nonce} 2`);
  });

  test('a shell that never answers is ended at the deadline, and leaves no process', async () => {
    expect(await failure('stall', 1)).toMatchObject({ kind: 'timeout' });
    await expectGone(record().pid);
  });

  test('a flood ends at the cap', async () => {
    expect(await failure('flood', 30)).toMatchObject({ kind: 'output-cap' });
    await expectGone(record().pid);
  });

  test('output without the end mark is incomplete', async () => {
    expect(await failure('cut')).toMatchObject({ kind: 'probe-incomplete' });
  });

  test('a shell that exits is not collected', async () => {
    expect((await failure('exit')).kind).toMatch(/not-collected|probe-incomplete/);
  });

  test.each([
    ['error:AccessDenied', 'auth'],
    ['error:ServerNotTrusted', 'auth'],
    ['error:ComputerNotFound', 'dns'],
    ['error:CannotConnect', 'refused'],
    ['error:WinRMOperationTimeout', 'timeout'],
    ['error:-2144108103', 'protocol'],
  ])('%s is %s, whatever language PowerShell speaks', async (mode, kind) => {
    const failed = await failure(mode);
    expect(failed.kind).toBe(kind);
    expect(failed.message).toContain("L'acc");
  });

  test('a missing PowerShell is a sentence about this station, not the end of the run', async () => {
    process.env['NODE_POWERSHELL'] = join(folder, 'absent');
    expect(await failure('answer')).toMatchObject({
      kind: 'not-collected',
      message: expect.stringContaining('needs a Windows station'),
    });
  });
});

const realPowershell =
  process.env['DSR_AUDIT_TEST_PWSH'] ?? (spawnSync('pwsh', ['-v']).status === 0 ? 'pwsh' : undefined);

describe.skipIf(realPowershell === undefined)('[real PowerShell] the command itself', () => {
  // PowerShell outside Windows has no WinRM: functions of the same names run the collector file here, in the same shell.
  beforeEach(() => {
    const definitions = join(folder, 'definitions.ps1');
    writeFileSync(
      definitions,
      `function New-PSSessionOption { param($OpenTimeout, $OperationTimeout) @{ o = $OpenTimeout } }
function Invoke-Command { param($ComputerName, $FilePath, $ArgumentList, $ErrorAction, $Port, [switch]$UseSSL, $Credential, $SessionOption)
  if ($env:FAIL) { $e = New-Object System.Management.Automation.ErrorRecord((New-Object Exception 'nein'), 'AccessDenied,PSSessionStateBroken', 'OpenError', $null); throw $e }
  & $FilePath $ArgumentList
  [Console]::Error.WriteLine("asked $ComputerName port $Port ssl $UseSSL") }
function Import-Clixml { param($LiteralPath) 'credential' }
`,
    );
    const wrapper = join(folder, 'pwsh-with-definitions');
    writeFileSync(wrapper, `#!/bin/sh\n{ echo ". '${definitions}'"; exec cat; } | exec '${realPowershell}' "$@"\n`);
    chmodSync(wrapper, 0o755);
    process.env['NODE_POWERSHELL'] = wrapper;
  });

  test('runs the collector file with the nonce and brings its frame back', async () => {
    const output = await run('unused', 60);
    expect(output).toMatch(new RegExp(`DSRAUDIT-BEGIN ${nonce} powershell 1`));
    expect(windowsProbe.parse(output, host, nonce)).toHaveProperty('windows');
  });

  test('an error of Invoke-Command comes back by its id', async () => {
    process.env['FAIL'] = '1';
    try {
      expect(await failure('unused', 60)).toMatchObject({ kind: 'auth' });
    } finally {
      delete process.env['FAIL'];
    }
  });
});
