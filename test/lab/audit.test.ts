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
import { servedBy, servedByMac, takeOver, whoAnnounces, whoAnswersBalancer } from './fleet-truth.ts';
import { inside } from './namespace.ts';
import { auditUser, createKey, type KeyPair, startSshd } from './sshd.ts';

const program = process.env['DSR_AUDIT_PROGRAM'] ?? fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const names = ['compliant', ...Object.keys(brokenBackends), 'sshd-down', 'changed-key'] as const;

const onEveryInterface = (rule: string): readonly string[] => [`${rule}@eth0`, `${rule}@mgmt0`];
const exposed = ['linux/arp-announce', 'linux/arp-ignore', 'linux/sysctl-persistence'].flatMap(onEveryInterface);

/** Every failure and everything undecided that the report must hold of a backend. */
const expected: Readonly<Record<(typeof names)[number], readonly string[]>> = {
  compliant: [],
  'no-sysctls': exposed,
  'wide-mask': ['linux/vip-persistence', 'linux/vip-prefix-length'],
  'lo-only-sysctls': exposed,
  'vip-on-eth0': ['linux/vip-persistence', 'linux/vip-placement'],
  'not-persisted': [...onEveryInterface('linux/sysctl-persistence'), 'linux/vip-persistence'],
  'sshd-down': [],
  'changed-key': [],
};
const hijackers = ['no-sysctls', 'lo-only-sysctls', 'vip-on-eth0'];

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
    expect(Object.fromEntries(names.map((name) => [name, findings(report, name)]))).toEqual(expected);
    const states = new Map(report.hosts.map(({ name, state, unreachable }) => [name, unreachable?.kind ?? state]));
    expect(states.get('sshd-down')).toBe('refused');
    expect(states.get('changed-key')).toBe('host-key-changed');
    expect([...states.values()].filter((state) => state === 'assessed')).toHaveLength(6);
    const [service] = report.services;
    expect(service?.compliant).toEqual(['compliant']);
    expect(service?.hijackRisk).toEqual(hijackers);
    expect(service?.hijackUnknown).toEqual(['sshd-down', 'changed-key']);
    const unpersisted = report.hosts.find(({ name }) => name === 'not-persisted');
    expect([unpersisted?.now, unpersisted?.afterReboot]).toEqual(['compliant', 'non-compliant']);
    expect(report.verdict).toBe('non-compliant');
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

  test('every host down: exit code 4', async () => {
    const { code, report } = await audit(['sshd-down', 'changed-key']);
    expect(report.verdict).toBe('not-assessed');
    expect(code).toBe(4);
  });

  test('a choice that names no host: exit code 2, and nobody is contacted', async () => {
    const before = connections();
    const { code, stderr } = await dsrAudit('audit', await inventory(['compliant']), '--limit', 'tag:nobody');
    expect(stderr).toContain('tag:nobody');
    expect(code).toBe(2);
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

  test('who is listed under hijackRisk, and nobody else, claims the VIP on the segment', async () => {
    const macs = fleet.backends.filter(({ name }) => hijackers.includes(name)).map(({ mac }) => mac);
    const claimants = [...(await whoAnswersBalancer(fleet, addresses.vip)), ...(await whoAnnounces(fleet))];
    expect(new Set(claimants)).toEqual(new Set(macs));
    await takeOver(fleet, 'no-sysctls');
    expect(await servedBy(fleet, 20)).toEqual(new Map([['no-sysctls', 20]]));
  });

  test('the fixes that the report gives end it: only the balancer claims the VIP, and every backend serves', async () => {
    const broken = Object.keys(brokenBackends);
    const { report } = await audit(broken);
    for (const name of broken) await applyFixes(report, name);
    const mended = await audit(broken);
    expect(mended.report.hosts.map(({ name, now }) => [name, now])).toEqual(broken.map((name) => [name, 'compliant']));
    expect(mended.report.services[0]?.hijackRisk).toEqual([]);
    expect(await whoAnswersBalancer(fleet, addresses.vip)).toEqual([]);
    expect(await whoAnnounces(fleet)).toEqual([]);
    for (const { name, mac } of fleet.backends.slice(0, 6)) expect(await servedByMac(fleet, mac)).toBe(name);
    // What the report says of sysctls at boot is mended by a command too; of addresses it says what to write where.
    const left = broken.flatMap((name) => findings(mended.report, name));
    expect(new Set(left)).toEqual(new Set(['linux/vip-persistence']));
  });
});

/** Runs every command of the fixes for a host's failures, each once, as its administrator would. */
async function applyFixes(report: Report, name: string): Promise<void> {
  const results = report.hosts.find((host) => host.name === name)?.results ?? [];
  const steps = results.flatMap(({ result, fix }) => (result === 'fail' ? (fix ?? []) : []));
  const commands = new Set(steps.flatMap(({ run }) => run ?? []));
  expect(commands.size).toBeGreaterThan(0);
  const { code, stderr } = await fleet.backends
    .find((backend) => backend.name === name)!
    .execute(['/bin/sh', '-e'], [...commands].join('\n'));
  expect(stderr).toBe('');
  expect(code).toBe(0);
}
