import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../src/collect/collect.ts';
import type { HostSnapshot } from '../../src/contracts/snapshot.ts';
import type { Host } from '../../src/inventory/model.ts';
import { buildClient, runClient } from '../support/ssh-server-child.ts';
import { privateFile, temporaryFolder, testHost, testKey, testOptions } from '../support/ssh-server-hosts.ts';
import { tinyProbe, tinyProbes } from '../support/ssh-server-probe.ts';
import { startRawServer, startSshServer, type TestServer } from '../support/ssh-server.ts';

const folder = temporaryFolder();
const canary = 'canary-pass-phrase-4711';
const hostKey = testKey();
const userKey = testKey('ed25519', canary);
const identityFile = privateFile(folder, 'id', userKey.privateText);
const knownHosts = join(folder, 'known_hosts');
writeFileSync(knownHosts, `[*]:* ${hostKey.publicLine}\n`);

let good: TestServer;
let silent: Awaited<ReturnType<typeof startRawServer>>;
let closedPort: number;
beforeAll(async () => {
  good = await startSshServer({ hostKeys: [hostKey], userKeys: [userKey] });
  silent = await startRawServer(() => undefined);
  const gone = await startRawServer(() => undefined);
  closedPort = gone.port;
  await gone.close();
});
afterAll(async () => {
  await good.close();
  await silent.close();
});

function host(name: string, more: Partial<Host> = {}): Host {
  return testHost(name, {
    port: good.port,
    knownHosts: [knownHosts],
    identityFiles: [identityFile],
    identityPassphrase: 'env:PASS',
    ...more,
  });
}

const environment = { PATH: '/usr/bin:/bin', PASS: canary };
const options = (hosts: readonly Host[], more = {}) =>
  testOptions(hosts, { environment, timeoutSeconds: 20, connectTimeoutSeconds: 10, ...more });

describe('collect', () => {
  test('answers in the order of the question, counts, and calls everybody by their own kind of failure', async () => {
    const hosts = [
      host('web01'),
      host('refused', { port: closedPort }),
      host('unnamed', { address: 'no-such-host.invalid' }),
      host('unknown', { knownHosts: ['/dev/null'] }),
      host('no-known-hosts', { knownHosts: ['/nonexistent/known_hosts'] }),
      host('no-key', { identityFiles: ['/nonexistent/id'] }),
      host('by-hand', { transport: 'evidence' }),
      host('remote', { transport: 'powershell' }),
      host('here', { transport: 'local' }),
      host('by-name', { address: 'localhost' }),
      host('web02'),
    ];
    const done: [string, number, number][] = [];
    const snapshots = await collect(
      hosts,
      options(hosts, {
        onHostDone: (snapshot: HostSnapshot, count: number, total: number) => done.push([snapshot.name, count, total]),
      }),
    );
    expect(snapshots.map((snapshot) => [snapshot.name, snapshot.unreachable?.kind ?? snapshot.state])).toEqual([
      ['web01', 'collected'],
      ['refused', 'refused'],
      ['unnamed', 'dns'],
      ['unknown', 'host-key-unknown'],
      ['no-known-hosts', 'host-key-unknown'],
      ['no-key', 'auth'],
      ['by-hand', 'not-collected'],
      ['remote', 'not-collected'],
      ['here', 'collected'],
      ['by-name', 'collected'],
      ['web02', 'collected'],
    ]);
    expect(done.map(([, count]) => count)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(done.map(([name]) => name).sort()).toEqual(hosts.map((one) => one.name).sort());
    expect(done.every(([, , total]) => total === 11)).toBe(true);
    expect(snapshots[4]?.unreachable?.message).toMatch(/\/nonexistent\/known_hosts \(not read: ENOENT\)/);
    for (const snapshot of snapshots) {
      expect(snapshot.startedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(snapshot.durationMs).toBeGreaterThanOrEqual(0);
    }
    expect(JSON.stringify(snapshots)).not.toContain(canary);
  });

  test('never more hosts at once than it is told', async () => {
    let inFlight = 0;
    let most = 0;
    const counting = await startSshServer({
      hostKeys: [hostKey],
      userKeys: [userKey],
      onConnection(connection) {
        most = Math.max(most, ++inFlight);
        connection.on('close', () => (inFlight -= 1));
      },
    });
    const hosts = Array.from({ length: 12 }, (_, index) => host(`web${index}`, { port: counting.port }));
    const snapshots = await collect(hosts, options(hosts, { concurrency: 3 }));
    expect(snapshots.every((snapshot) => snapshot.state === 'collected')).toBe(true);
    expect(most).toBeGreaterThan(1);
    // A closed connection may be seen a moment after the next one has come.
    expect(most).toBeLessThanOrEqual(5);
    await counting.close();
  });

  test('a parser that throws costs its host the result, and no other', async () => {
    const linux = {
      ...tinyProbe,
      parse(raw: string, one: Host, nonce: string) {
        if (one.name === 'odd') throw new TypeError('cannot read properties of undefined');
        return tinyProbe.parse(raw, one, nonce);
      },
    };
    const hosts = [host('odd'), host('web01')];
    const [odd, web01] = await collect(hosts, options(hosts, { probes: { ...tinyProbes, linux } }));
    expect(odd?.unreachable).toMatchObject({
      kind: 'probe-incomplete',
      message: expect.stringMatching(/this is a bug of dsr-audit: TypeError/),
    });
    expect(odd?.raw).toContain('host odd');
    expect(web01?.state).toBe('collected');
  });

  test('another way to run the probe is tried on the same connection', async () => {
    const before = good.connections();
    const linux = { ...tinyProbe, command: '/nonexistent/shell', alternatives: [tinyProbe] };
    const hosts = [host('web01')];
    const [web01] = await collect(hosts, options(hosts, { probes: { ...tinyProbes, linux } }));
    expect(web01).toMatchObject({ state: 'collected', linux: { hostname: { value: 'host web01' } } });
    expect(good.connections()).toBe(before + 1);
  });

  test('an interruption ends it at once; what was done stays, the rest is interrupted', async () => {
    const waiting = Array.from({ length: 6 }, (_, index) => host(`waiting${index}`, { port: silent.port }));
    const hosts = [host('web01'), ...waiting];
    const interruption = new AbortController();
    const started = performance.now();
    const snapshots = await collect(
      hosts,
      options(hosts, {
        concurrency: 3,
        connectTimeoutSeconds: 60,
        timeoutSeconds: 60,
        signal: interruption.signal,
        onHostDone: (snapshot: HostSnapshot) => snapshot.name === 'web01' && interruption.abort(),
      }),
    );
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(snapshots[0]?.state).toBe('collected');
    for (const snapshot of snapshots.slice(1)) {
      expect(snapshot.unreachable).toMatchObject({
        kind: 'interrupted',
        message: expect.stringMatching(/: the run was interrupted$/),
      });
    }
  });

  test('after an interruption before the start nobody is contacted', async () => {
    const before = silent.accepted();
    const hosts = [host('web01', { port: silent.port })];
    const [snapshot] = await collect(hosts, options(hosts, { signal: AbortSignal.abort() }));
    expect(snapshot?.unreachable?.kind).toBe('interrupted');
    expect(silent.accepted()).toBe(before);
  });

  test('an interrupted process ends by itself, behind jump hosts too', async () => {
    const program = await buildClient(folder);
    const inventory = [
      host('bastion'),
      host('silent', { port: silent.port }),
      ...Array.from({ length: 20 }, (_, index) => host(`web${index}`, { port: silent.port, jump: 'bastion' })),
      host('behind', { jump: 'silent' }),
      host('here', { transport: 'local' }),
    ];
    const run = await runClient(program, {
      inventory,
      selected: inventory.map((one) => one.name),
      options: { timeoutSeconds: 300, connectTimeoutSeconds: 300 },
      environment,
      abortAfterMilliseconds: 4000,
    });
    const kinds = new Set(run.snapshots.map((snapshot) => snapshot.unreachable?.kind));
    expect(kinds).toEqual(new Set([undefined, 'interrupted']));
    expect(run.snapshots.find((snapshot) => snapshot.name === 'behind')?.unreachable?.kind).toBe('interrupted');
    expect(run.exitCode).toBe(0);
    expect(run.uncaught).toEqual([]);
    expect(run.milliseconds).toBeLessThan(30_000);
    expect(run.lingeredMilliseconds).toBeLessThan(5000);
    expect(JSON.stringify(run)).not.toContain(canary);
  });
});
