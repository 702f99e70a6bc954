// The whole program over a real sshd to a real PowerShell: authored recordings stand for WMI, the registry, COM and netsh; the
// way in, the collector, the parser, the rules and the report are what an operator runs. Not executed: Windows itself.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/contracts/report.ts';
import { goodBackend, off, type Model, vip, withLan, withLoopback } from '../collect/windows/support/model.ts';
import { powershell } from '../collect/windows/support/powershell.ts';
import { recordingOf } from '../collect/windows/support/recording.ts';
import { temporaryFolder } from '../support/ssh-server-hosts.ts';
import {
  generateKey,
  ownAccount,
  publicPart,
  startSshd,
  withoutOpenSsh,
  type Sshd,
} from '../support/ssh-server-openssh.ts';

const bin = join(fileURLToPath(new URL(process.env['DSR_AUDIT_DIST'] ?? '../../dist/', import.meta.url)), 'bin.js');
const recorded = fileURLToPath(new URL('../collect/windows/support/recorded.ps1', import.meta.url));
const reportSchema = JSON.parse(
  readFileSync(new URL('../../reports/report.schema.json', import.meta.url), 'utf8'),
) as object;
const acceptsReport = addFormats.default(new Ajv2020({ allErrors: true, strict: false })).compile<Report>(reportSchema);
const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);

const lanReceiveOff = (host: Model): Model => withLan(host, { weakHostReceive: off });
const prefix24 = (host: Model): Model =>
  withLoopback(host, { addresses: [{ ip: vip, prefixLength: 24, skipAsSource: true }] });
const gatewayOnLoopback = (host: Model): Model => withLoopback(host, { gateways: ['10.77.0.1'] });
const neverEnabled = (host: Model): Model =>
  withLoopback(lanReceiveOff(host), { weakHostReceive: off, weakHostSend: off });

const lanReceiveFindings = ['weak-host-persistence', 'weak-host-receive'];
const weakHostFindings = ['loopback-weak-host-receive', ...lanReceiveFindings, 'weak-host-send'];

interface Case {
  readonly host: Model;
  /** Rules of windows/ that fail, in alphabetical order. */
  readonly failing: readonly string[];
}

/** Names that begin with `good` are those of the audit that passes. */
const cases: readonly Case[] = [
  { host: goodBackend('good-2003', '', 2003, 'en-US'), failing: [] },
  { host: goodBackend('good-2008r2', '', '2008r2', 'en-US'), failing: [] },
  { host: goodBackend('good-2008r2-french', '', '2008r2', 'fr-FR'), failing: [] },
  { host: goodBackend('good-2022', '', 2022, 'en-US'), failing: [] },
  { host: lanReceiveOff(goodBackend('lan-receive-off', '', 2022, 'en-US')), failing: lanReceiveFindings },
  { host: prefix24(goodBackend('prefix-24', '', 2022, 'en-US')), failing: ['vip-prefix-length'] },
  { host: gatewayOnLoopback(goodBackend('gateway', '', 2022, 'en-US')), failing: ['loopback-gateway'] },
  { host: neverEnabled(goodBackend('2008r2-off', '', '2008r2', 'en-US')), failing: weakHostFindings },
  { host: neverEnabled(goodBackend('2008r2-off-french', '', '2008r2', 'fr-FR')), failing: weakHostFindings },
  { host: gatewayOnLoopback(goodBackend('2003-gateway', '', 2003, 'en-US')), failing: ['loopback-gateway'] },
];

/** What sshd runs in the place of powershell.exe: the recording of the host first, then what the client sends, in one standard input. */
const forcedCommand = `#!/bin/sh
set -f
printf '%s\\n' "$SSH_ORIGINAL_COMMAND" >>'${path('commands')}'
set -- "$1" $SSH_ORIGINAL_COMMAND
definitions=$1 program=$2
shift 2
if [ "$program" != powershell.exe ]; then
  printf "'%s' is not recognized as an internal or external command,\\r\\noperable program or batch file.\\r\\n" "$program" >&2
  exit 1
fi
{ cat "$definitions"; exec cat; } | '${powershell}' "$@"
`;

function definitionsOf(host: Model): string {
  const recording = Buffer.from(JSON.stringify(recordingOf(host))).toString('base64');
  const text = `[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${recording}'))`;
  return `. '${recorded}'; Set-DsrRecording (${text} | ConvertFrom-Json -Depth 100)\n`;
}

interface Outcome {
  readonly status: number | null;
  readonly stderr: string;
  readonly report: Report;
}

function audit(...limits: readonly string[]): Promise<Outcome> {
  // Few at once: each host of this fleet is a PowerShell on this machine.
  const limited = ['--concurrency', '2', '--timeout', '100', '--connect-timeout', '60'];
  const child = spawn(
    process.execPath,
    [bin, 'audit', path('inventory.yaml'), '-o', 'json', ...limited, ...limits.flatMap((name) => ['--limit', name])],
    { env: { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (stdout === '') reject(new Error(`no report (${status}): ${stderr}`));
      else resolve({ status, stderr, report: JSON.parse(stdout) as Report });
    });
  });
}

describe.skipIf(powershell === undefined || withoutOpenSsh)('[real PowerShell] audit over a real sshd', () => {
  let sshd: Sshd;
  let whole: Outcome;

  beforeAll(async () => {
    const hostKey = generateKey(folder, 'host_key');
    writeFileSync(path('powershell'), forcedCommand, { mode: 0o755 });
    const authorized = cases.map(({ host: { name }, host }) => {
      writeFileSync(path(`${name}.ps1`), definitionsOf(host));
      const key = publicPart(generateKey(folder, `key-${name}`));
      return `command="${path('powershell')} ${path(`${name}.ps1`)}" ${key}\n`;
    });
    // An address for each host: an inventory refuses one machine under two names.
    const addresses = cases.map((_case, position) => `127.0.0.${position + 1}`);
    sshd = await startSshd(folder, { hostKeys: [hostKey], authorizedKeys: authorized.join(''), addresses });
    writeFileSync(path('known_hosts'), `[127.*]:${sshd.port} ${publicPart(hostKey)}\n`);
    const names = cases.map(({ host }) => host.name);
    writeFileSync(
      path('inventory.yaml'),
      `version: 1
defaults: { port: ${sshd.port}, user: ${ownAccount}, platform: windows, knownHosts: known_hosts }
services:
  web: { vip: ${vip}, ports: [80/tcp], backends: [${names.join(', ')}] }
hosts:
${names.map((name, position) => `  ${name}: { address: ${addresses[position]}, identityFile: key-${name} }\n`).join('')}`,
    );
    whole = await audit();
  }, 600_000);
  afterAll(() => sshd.stop());

  const hostOf = (name: string): Report['hosts'][number] => {
    const host = whole.report.hosts.find((entry) => entry.name === name);
    if (host === undefined) throw new Error(`no host ${name}: ${whole.stderr}`);
    return host;
  };
  const judgements = (name: string, result?: string): readonly string[] =>
    hostOf(name)
      .results.filter((entry) => result === undefined || entry.result === result)
      .map((entry) => `${entry.rule.replace(/^windows\//, '')}${result === undefined ? ` ${entry.result}` : ''}`)
      .toSorted();

  test('the report is what its schema says', () => {
    expect(acceptsReport(whole.report) ? [] : acceptsReport.errors).toEqual([]);
  });

  test('a fleet with broken hosts is non-compliant: 1', () => {
    expect(whole.report).toMatchObject({ verdict: 'non-compliant', exitCode: 1 });
    expect(whole.status).toBe(1);
  });

  test.each(cases.map(({ host, failing }) => ({ name: host.name, failing })))(
    '$name fails $failing and nothing else',
    ({ name, failing }) => {
      expect(hostOf(name)).toMatchObject({ state: 'assessed' });
      expect(judgements(name, 'fail')).toEqual(failing);
      expect(judgements(name, 'error')).toEqual([]);
    },
  );

  test.each([
    ['good-2008r2', 'good-2008r2-french'],
    ['2008r2-off', '2008r2-off-french'],
  ])('%s and %s are judged the same, rule by rule', (english, french) => {
    expect(judgements(english).length).toBeGreaterThan(20);
    expect(judgements(french)).toEqual(judgements(english));
  });

  test('each host was asked once, by the first way', () => {
    const commands = readFileSync(path('commands'), 'utf8').trimEnd().split('\n').slice(0, cases.length);
    expect(commands).toEqual(cases.map(() => 'powershell.exe -NoLogo -NoProfile -NonInteractive -Command -'));
    expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(cases.length);
  });

  test('the good hosts alone are compliant: 0', async () => {
    const good = await audit('good-*');
    expect(good.report).toMatchObject({ verdict: 'compliant', exitCode: 0 });
    expect(good.report.hosts.map(({ name }) => name).toSorted()).toEqual(
      cases.map(({ host }) => host.name).filter((name) => name.startsWith('good-')),
    );
    expect(good.status).toBe(0);
  });
});
