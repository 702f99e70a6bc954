import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { Connection } from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { collect } from '../../../src/collect/collect.ts';
import type { Host } from '../../../src/inventory/model.ts';
import { privateFile, temporaryFolder, testHost, testKey, testOptions } from '../../support/ssh-server-hosts.ts';
import { pipeTo, startRawServer, startSshServer, type Behaviour, type TestServer } from '../../support/ssh-server.ts';

const folder = temporaryFolder();
const hostKey = testKey();
const otherKey = testKey();
const userKey = testKey();
const identityFile = privateFile(folder, 'id', userKey.privateText);
const knownHosts = join(folder, 'known_hosts');
// Any port: it is the host that is identified, and all of ours have the one key.
writeFileSync(knownHosts, `[127.0.0.1]:* ${hostKey.publicLine}\n`);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function server(behaviour: Partial<Behaviour> = {}): Promise<TestServer> {
  const started = await startSshServer({ hostKeys: [hostKey], userKeys: [userKey], ...behaviour });
  open.push(started);
  return started;
}

function host(name: string, port: number, jump?: string, more: Partial<Host> = {}): Host {
  return testHost(name, {
    port,
    knownHosts: [knownHosts],
    identityFiles: [identityFile],
    ...(jump === undefined ? {} : { jump }),
    ...more,
  });
}

const limits = { timeoutSeconds: 8, connectTimeoutSeconds: 4 };

describe('jump hosts', () => {
  test('forty hosts share one connection to their jump host, with at most eight handshakes in flight', async () => {
    const bastion = await server();
    let inFlight = 0;
    let most = 0;
    const target = await server({
      onConnection(connection) {
        most = Math.max(most, ++inFlight);
        connection.once('ready', () => (inFlight -= 1));
      },
    });
    const behind = Array.from({ length: 40 }, (_, index) => host(`web${index}`, target.port, 'bastion'));
    const snapshots = await collect(
      behind,
      testOptions([...behind, host('bastion', bastion.port)], { ...limits, timeoutSeconds: 15 }),
    );
    expect(snapshots.filter((snapshot) => snapshot.state === 'collected')).toHaveLength(40);
    expect(snapshots[39]).toMatchObject({ name: 'web39', linux: { hostname: { value: 'host web39' } } });
    expect(bastion.connections()).toBe(1);
    expect(target.connections()).toBe(40);
    expect(most).toBeLessThanOrEqual(8);
    expect(most).toBeGreaterThan(1);
  });

  test('a chain of three, each hop verified and logged in to', async () => {
    const servers = [await server(), await server(), await server(), await server()] as const;
    const hosts = [
      host('outer', servers[0].port),
      host('middle', servers[1].port, 'outer'),
      host('inner', servers[2].port, 'middle'),
      host('web', servers[3].port, 'inner'),
    ];
    const [web] = await collect(hosts.slice(3), testOptions(hosts, limits));
    expect(web).toMatchObject({ state: 'collected' });
    for (const one of servers) expect(one.authentications).toEqual(['publickey', 'publickey+signature']);
  });

  test('a hop with the wrong key fails the hosts behind it only, and names the hop', async () => {
    const bastion = await server();
    const wrong = await server({ hostKeys: [otherKey] });
    const target = await server();
    const hosts = [
      host('bastion', bastion.port),
      host('wrong', wrong.port, 'bastion'),
      host('web01', target.port, 'wrong'),
      host('web02', target.port, 'wrong'),
      host('web03', target.port, 'bastion'),
    ];
    const [web01, web02, web03] = await collect(hosts.slice(2), testOptions(hosts, limits));
    for (const web of [web01, web02]) {
      expect(web?.unreachable?.kind).toBe('jump');
      expect(web?.unreachable?.message).toMatch(
        /^jump: through wrong: key exchange: the host presented the key SHA256:/,
      );
    }
    expect(web03?.state).toBe('collected');
    expect(wrong.connections()).toBe(1);
    expect(wrong.authentications).toEqual([]);
  });

  test('the host behind has its own key verified, not its jump host', async () => {
    const bastion = await server();
    const target = await server({ hostKeys: [otherKey] });
    const hosts = [host('bastion', bastion.port), host('web', target.port, 'bastion')];
    const [web] = await collect(hosts.slice(1), testOptions(hosts, limits));
    expect(web?.unreachable?.kind).toBe('host-key-changed');
    expect(target.authentications).toEqual([]);
  });

  test('a target that the jump host cannot reach', async () => {
    const bastion = await server();
    const gone = await startRawServer(() => undefined);
    await gone.close();
    const hosts = [host('bastion', bastion.port), host('web', gone.port, 'bastion')];
    const [web] = await collect(hosts.slice(1), testOptions(hosts, limits));
    expect(web?.unreachable?.kind).toBe('refused');
    expect(web?.unreachable?.message).toMatch(/^tcp: the jump host could not connect to 127\.0\.0\.1 port \d+/);
  });

  test('a target that swallows packets ends at its deadline, and its neighbours do not wait for it', async () => {
    const target = await server();
    const bastion = await server({
      onForward(accept, reject, to) {
        if (to.address === '127.0.0.1') pipeTo(accept, reject, to);
      },
    });
    const hosts = [
      host('bastion', bastion.port),
      ...Array.from({ length: 12 }, (_, index) =>
        host(`lost${index}`, 22, 'bastion', { address: '192.0.2.1', hostKeyAlias: '[127.0.0.1]:22' }),
      ),
      host('web', target.port, 'bastion'),
    ];
    const done: string[] = [];
    const snapshots = await collect(
      hosts.slice(1),
      testOptions(hosts, {
        connectTimeoutSeconds: 3,
        timeoutSeconds: 8,
        onHostDone: (snapshot) => done.push(snapshot.name),
      }),
    );
    expect(snapshots[0]?.unreachable).toMatchObject({
      kind: 'timeout',
      message: expect.stringMatching(/^tcp: the jump host did not reach 192\.0\.2\.1 port 22 within 3 s/),
    });
    expect(snapshots.at(-1)?.state).toBe('collected');
    expect(done[0]).toBe('web');
  });

  test('hosts that stall behind a jump host do not use up the time of those that wait for their turn', async () => {
    const bastion = await server();
    const stalled = await startRawServer((socket) => void socket.write('SSH-2.0-Stalled\r\n'));
    open.push(stalled);
    const target = await server();
    const hosts = [
      host('bastion', bastion.port),
      ...Array.from({ length: 16 }, (_, index) => host(`stalled${index}`, stalled.port, 'bastion')),
      host('web', target.port, 'bastion'),
    ];
    // Sixteen at eight a time take 4 s; a host may take 3.
    const snapshots = await collect(
      hosts.slice(1),
      testOptions(hosts, { connectTimeoutSeconds: 2, timeoutSeconds: 3 }),
    );
    expect(snapshots.filter((snapshot) => snapshot.unreachable?.kind === 'timeout')).toHaveLength(16);
    expect(snapshots.at(-1)?.unreachable).toBeUndefined();
  });

  test('a jump host that dies takes the hosts behind it along, and says so', async () => {
    const connections: Connection[] = [];
    const bastion = await server({ onConnection: (connection) => connections.push(connection) });
    const target = await server({ onExec: () => connections.forEach((connection) => connection.end()) });
    const hosts = [host('bastion', bastion.port), host('web', target.port, 'bastion')];
    const [web] = await collect(hosts.slice(1), testOptions(hosts, limits));
    expect(web?.unreachable?.kind).toBe('jump');
    expect(web?.unreachable?.message).toMatch(/^jump: through bastion: .*closed the connection/);
  });

  test('a jump host that does not forward', async () => {
    const bastion = await server({
      onConnection: (connection) => connection.on('ready', () => connection.removeAllListeners('tcpip')),
    });
    const hosts = [host('bastion', bastion.port), host('web', 22, 'bastion', { hostKeyAlias: '[127.0.0.1]:22' })];
    const [web] = await collect(hosts.slice(1), testOptions(hosts, limits));
    expect(web?.unreachable?.kind).toBe('jump');
    expect(web?.unreachable?.message).toMatch(/^jump: the jump host does not forward to 127\.0\.0\.1 port 22/);
  });

  test.each([
    ['a circle', [host('a', 1, 'b'), host('b', 1, 'a')], /circle: web -> a -> b -> a$/],
    ['an unknown name', [], /the inventory has no host a$/],
    [
      'a jump host that is not reached by SSH',
      [host('a', 1, undefined, { transport: 'local' })],
      /a has transport local/,
    ],
  ])('%s is a failure before anything is contacted', async (_what, others, message) => {
    const web = host('web', 1, 'a');
    const [snapshot] = await collect([web], testOptions([web, ...others], limits));
    expect(snapshot?.unreachable?.kind).toBe('jump');
    expect(snapshot?.unreachable?.message).toMatch(message);
  });
});
