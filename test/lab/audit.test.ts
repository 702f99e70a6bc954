import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/contracts/report.ts';
import { backendPlan, brokenBackends } from './audit-fleet.ts';
import { labAvailable } from './availability.ts';
import type { Service } from './backend.ts';
import { attempt, type Outcome } from './command.ts';
import { addresses, type Fleet, startFleet } from './fleet.ts';
import { whoAnnounces, whoAnswersBalancer } from './fleet-truth.ts';
import { inside } from './namespace.ts';
import { auditUser, createKey, type KeyPair, startSshd } from './sshd.ts';

const program = process.env['DSR_AUDIT_PROGRAM'] ?? fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const names = ['compliant', ...Object.keys(brokenBackends), 'sshd-down', 'changed-key'] as const;

let fleet: Fleet;
const logs = new Map<string, Service>();
let login: KeyPair;

async function build(): Promise<void> {
  fleet = await startFleet([
    backendPlan('compliant'),
    ...Object.values(brokenBackends),
    backendPlan('sshd-down'),
    backendPlan('changed-key'),
  ]);
  login = await createKey(fleet.folder, 'login');
  const known: string[] = [];
  for (const backend of fleet.backends) {
    const hostKey = await createKey(fleet.folder, `${backend.name}.hostkey`);
    const formerKey = await createKey(fleet.folder, `${backend.name}.former`);
    if (backend.name !== 'sshd-down') logs.set(backend.name, await startSshd(backend, hostKey, login, fleet.folder));
    const key = backend.name === 'changed-key' ? formerKey : hostKey;
    known.push(`${backend.managementAddress} ${key.publicKey}`);
  }
  await writeFile(join(fleet.folder, 'known_hosts'), `${known.join('\n')}\n`);
}

async function inventory(backends: readonly string[], changes = ''): Promise<string> {
  const file = join(fleet.folder, `${backends.join('+').slice(0, 60)}.yaml`);
  const hosts = fleet.backends.filter(({ name }) => backends.includes(name));
  await writeFile(
    file,
    `version: 1
defaults: { user: ${auditUser}, identityFile: ${login.privateFile}, knownHosts: ${join(fleet.folder, 'known_hosts')} }
loadBalancers:
  balancer: { addresses: [${addresses.balancer}] }
services:
  web:
    vip: ${addresses.vip}
    ports: [80/tcp]
    loadBalancer: balancer
    client: ${addresses.client}
    backends: [${backends.join(', ')}]
hosts:
${hosts.map(({ name, managementAddress }) => `  ${name}: { address: ${managementAddress} }`).join('\n')}
${changes}`,
  );
  return file;
}

/** The built program, run by the auditor as somebody would run it. */
function dsrAudit(...args: readonly string[]): Promise<Outcome> {
  return attempt(inside(fleet.auditor, 'env', `HOME=${fleet.folder}`, process.execPath, program, ...args));
}

async function audit(backends: readonly string[]): Promise<{ readonly code: number | null; readonly report: Report }> {
  const outcome = await dsrAudit('audit', await inventory(backends), '-o', 'json');
  if (outcome.stdout === '') throw new Error(`no report; exit code ${outcome.code}: ${outcome.stderr}`);
  return { code: outcome.code, report: JSON.parse(outcome.stdout) as Report };
}

/** Every counted failure and everything undecided of one host, as RULE or RULE@PLACE. */
function findings(report: Report, name: string): readonly string[] {
  const host = report.hosts.find((each) => each.name === name);
  const telling = host?.results.filter(
    ({ result, severity }) => ['error', 'unknown'].includes(result) || (result === 'fail' && severity !== 'info'),
  );
  return (telling ?? [])
    .map(({ rule, interface: device }) => (device === undefined ? rule : `${rule}@${device}`))
    .sort();
}

function connections(): number {
  return [...logs.values()].map((log) => log.output().match(/^Connection from/gm)?.length ?? 0).reduce((a, b) => a + b);
}

describe.skipIf(!labAvailable())('the program against a fleet over OpenSSH', () => {
  beforeAll(build);
  afterAll(() => fleet.stop());

  test('eight differently broken backends: exactly their findings, and exit code 1', async () => {
    const { code, report } = await audit(names);
    for (const name of names)
      console.log(
        name,
        findings(report, name),
        report.hosts
          .find((h) => h.name === name)
          ?.results.filter((x) => ['fail', 'error', 'unknown'].includes(x.result))
          .map((x) => `${x.rule} ${x.interface ?? ''} ${x.severity} ${x.result}: ${x.message} [${x.actual}]`)
          .join('\n'),
      );
    console.log(
      report.services
        .map((s) => JSON.stringify({ ...s, results: s.results.map((r) => [r.rule, r.result, r.message]) }))
        .join('\n'),
    );
    expect(code).toBe(1);
  });

  test('a compliant backend alone: exit code 0', async () => {
    const { code, report } = await audit(['compliant']);
    expect(findings(report, 'compliant')).toEqual([]);
    expect(report.verdict).toBe('compliant');
    expect(code).toBe(0);
  });

  test('one host down beside a compliant one: exit code 3', async () => {
    const { code, report } = await audit(['compliant', 'sshd-down']);
    expect(report.hosts.map(({ name, state }) => [name, state])).toEqual([
      ['compliant', 'assessed'],
      ['sshd-down', 'unreachable'],
    ]);
    expect(report.verdict).toBe('incomplete');
    expect(code).toBe(3);
  });

  test('nothing selected: exit code 4, and nobody is contacted', async () => {
    const before = connections();
    const { code } = await dsrAudit('audit', await inventory(['compliant']), '--limit', 'tag:nobody');
    expect(code).toBe(4);
    expect(connections()).toBe(before);
  });

  test('a broken inventory: exit code 2, and nobody is contacted', async () => {
    const before = connections();
    const { code, stderr } = await dsrAudit('audit', await inventory(['compliant'], 'hostz: {}\n'));
    expect(stderr).toContain('hostz');
    expect(code).toBe(2);
    expect(connections()).toBe(before);
    // The same count sees a connection when there is one.
    await audit(['compliant']);
    expect(connections()).toBe(before + 1);
  });

  test('what the report says of hijack risk is what the segment sees', async () => {
    const { report } = await audit(names);
    const [service] = report.services;
    const risky = fleet.backends.filter(({ name }) => service?.hijackRisk.includes(name));
    const macs = (list: typeof risky): ReadonlySet<string> => new Set(list.map(({ mac }) => mac));
    const seen = new Set([...(await whoAnswersBalancer(fleet, addresses.vip)), ...(await whoAnnounces(fleet))]);
    expect(seen).toEqual(macs(risky));
  });
});
