import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../../src/collect/collect.ts';
import type { Host } from '../../../src/inventory/model.ts';
import { buildClient, runClient } from '../../support/ssh-server-child.ts';
import { temporaryFolder, testHost, testOptions } from '../../support/ssh-server-hosts.ts';
import {
  generateKey,
  ownAccount,
  publicPart,
  startSshd,
  withoutOpenSsh,
  type Sshd,
} from '../../support/ssh-server-openssh.ts';

const folder = temporaryFolder();
const canary = 'canary-pass-phrase-4711';
const limits = { timeoutSeconds: 60, connectTimeoutSeconds: 30 };

describe.skipIf(withoutOpenSsh)('a real sshd', () => {
  const knownHosts = join(folder, 'known_hosts');
  const sshds: Sshd[] = [];
  let hostKeys: string[] = [];
  let userKeys: Record<'ed25519' | 'ecdsa' | 'rsa' | 'slow', string>;
  let main: Sshd;

  async function sshd(config: readonly string[] = [], restriction = ''): Promise<Sshd> {
    const authorizedKeys = Object.values(userKeys).map((path) => `${restriction}${publicPart(path)}\n`);
    const started = await startSshd(folder, { hostKeys, authorizedKeys: authorizedKeys.join(''), config });
    sshds.push(started);
    return started;
  }

  function host(name: string, port: number, more: Partial<Host> = {}): Host {
    return testHost(name, {
      user: ownAccount,
      port,
      knownHosts: [knownHosts],
      identityFiles: [userKeys.ed25519],
      ...more,
    });
  }

  beforeAll(async () => {
    hostKeys = (['ed25519', 'ecdsa', 'rsa'] as const).map((type) => generateKey(folder, `host_${type}`, type));
    userKeys = {
      ed25519: generateKey(folder, 'user_ed25519', 'ed25519'),
      ecdsa: generateKey(folder, 'user_ecdsa', 'ecdsa'),
      rsa: generateKey(folder, 'user_rsa', 'rsa'),
      slow: generateKey(folder, 'user_slow', 'ed25519', ['-N', canary, '-a', '60']),
    };
    writeFileSync(knownHosts, `[127.*]:* ${publicPart(hostKeys[0] ?? '')}\n`);
    main = await sshd(['MaxStartups 200']);
  });
  afterAll(() => Promise.all(sshds.map((one) => one.stop())));

  test.each(['ed25519', 'ecdsa', 'rsa'] as const)('lets a key of type %s in', async (type) => {
    const web = host('web01', main.port, { identityFiles: [userKeys[type]] });
    const [snapshot] = await collect([web], testOptions([web], limits));
    expect(snapshot).toMatchObject({ state: 'collected', linux: { hostname: { value: 'host web01' } } });
    expect(snapshot?.raw).toMatch(/^@@[0-9a-f]{32} begin\n/);
  });

  test.each(['ed25519', 'ecdsa', 'rsa'])('is recognised by its %s key alone, though it has three', async (type) => {
    const one = join(folder, `known_hosts_${type}`);
    writeFileSync(one, `[127.0.0.1]:${main.port} ${publicPart(join(folder, `host_${type}`))}\n`);
    const web = host('web01', main.port, { knownHosts: [one] });
    const [snapshot] = await collect([web], testOptions([web], limits));
    expect(snapshot?.unreachable).toBeUndefined();
  });

  test('takes only AES and modern key exchange from us', async () => {
    const strict = await sshd([
      'KexAlgorithms diffie-hellman-group16-sha512',
      'Ciphers aes256-ctr',
      'MACs hmac-sha2-512',
    ]);
    const gex = await sshd(['KexAlgorithms diffie-hellman-group-exchange-sha256']);
    const chacha = await sshd(['Ciphers chacha20-poly1305@openssh.com']);
    const hosts = [host('strict', strict.port), host('gex', gex.port), host('chacha', chacha.port)];
    const snapshots = await collect(hosts, testOptions(hosts, limits));
    expect(snapshots.map((snapshot) => snapshot.unreachable?.message ?? snapshot.state)).toEqual([
      'collected',
      expect.stringMatching(/no common key exchange; the host offers "diffie-hellman-group-exchange-sha256"/),
      expect.stringMatching(/no common cipher; the host offers "chacha20/),
    ]);
    expect(gex.log()).not.toMatch(/userauth|Accepted|Failed/);
  });

  test('forty hosts with an encrypted key: it is decrypted once, and its passphrase shows nowhere', async () => {
    const program = await buildClient(folder);
    const inventory = Array.from({ length: 40 }, (_, index) =>
      host(`web${index}`, main.port, {
        identityFiles: [userKeys.slow],
        identityPassphrase: 'env:PASSPHRASE',
      }),
    );
    const run = await runClient(program, {
      inventory,
      selected: inventory.map((one) => one.name),
      options: limits,
      environment: { PASSPHRASE: canary },
    });
    expect(run.snapshots.map((snapshot) => snapshot.unreachable?.message)).toEqual(inventory.map(() => undefined));
    expect(JSON.stringify(run)).not.toContain(canary);
    expect(run.uncaught).toEqual([]);
    expect(run.exitCode).toBe(0);
  });

  test('a server that is offered too many keys', async () => {
    const strangers = Array.from({ length: 7 }, (_, index) => generateKey(folder, `stranger${index}`));
    const web = host('web01', main.port, { identityFiles: strangers });
    const [snapshot] = await collect([web], testOptions([web], limits));
    expect(snapshot?.unreachable).toMatchObject({
      kind: 'auth',
      message: expect.stringMatching(/"Too many authentication failures"\)\. .*identityFile/),
    });
  });

  test('a jump through two real servers', async () => {
    const inner = await sshd();
    const hosts = [
      host('outer', main.port),
      host('inner', inner.port, { jump: 'outer' }),
      host('web', main.port, { jump: 'inner' }),
    ];
    const [web] = await collect(hosts.slice(2), testOptions(hosts, limits));
    expect(web?.unreachable).toBeUndefined();
    expect(inner.log()).toMatch(/Accepted publickey/);
  });

  test('a jump host that may not forward', async () => {
    const closed = await sshd(['AllowTcpForwarding no']);
    const hosts = [host('bastion', closed.port), host('web', main.port, { jump: 'bastion' })];
    const [web] = await collect(hosts.slice(1), testOptions(hosts, limits));
    expect(web?.unreachable).toMatchObject({
      kind: 'jump',
      message: expect.stringMatching(/^jump: the jump host does not forward to/),
    });
  });

  test('a port that the jump host cannot reach', async () => {
    const hosts = [host('bastion', main.port), host('web', 1, { jump: 'bastion' })];
    const [web] = await collect(hosts.slice(1), testOptions(hosts, limits));
    expect(web?.unreachable).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(
        /^tcp: the jump host could not connect to 127\.0\.0\.1 port 1 \("Connection refused"\)/,
      ),
    });
  });

  test('a forced command answers in the place of ours', async () => {
    const forced = await sshd([], 'restrict,command="/bin/sh -s" ');
    const web = host('web01', forced.port);
    const [snapshot] = await collect([web], testOptions([web], limits));
    expect(snapshot?.unreachable).toBeUndefined();
  });

  test.each([
    [
      'an account that runs something else',
      'command="echo This account is for backups" ',
      /probe ended before its end mark \(exit status 0\)/,
    ],
    ['an account that is killed', 'command="kill -9 $$" ', /ended by signal "SIGKILL"/],
    [
      'an account without a shell',
      'command="/nonexistent/shell" ',
      /exit status 127; it wrote ".*\/nonexistent\/shell/,
    ],
  ])('%s', async (_what, restriction, message) => {
    const odd = await sshd([], restriction);
    const web = host('web01', odd.port);
    const [snapshot] = await collect([web], testOptions([web], limits));
    expect(snapshot?.unreachable).toMatchObject({ kind: 'probe-incomplete', message: expect.stringMatching(message) });
  });

  test('what it printed stays with an answer that is not whole', async () => {
    const odd = await sshd([], 'command="echo This account is for backups" ');
    const web = host('web01', odd.port);
    const [snapshot] = await collect([web], testOptions([web], limits));
    expect(snapshot?.raw).toBe('This account is for backups\n');
  });

  test('connections that sshd drops above MaxStartups are tried again', async () => {
    const narrow = await sshd(['MaxStartups 4:100:4']);
    const hosts = Array.from({ length: 12 }, (_, index) => host(`web${index}`, narrow.port));
    const snapshots = await collect(hosts, testOptions(hosts, { ...limits, concurrency: 12 }));
    const lost = snapshots.filter((snapshot) => snapshot.state !== 'collected');
    expect(narrow.log()).toMatch(/drop connection|Exceeded MaxStartups|beginning MaxStartups/);
    for (const one of lost)
      expect(one.unreachable?.message).toMatch(/^identification: the host closed the connection before/);
    expect(snapshots.length - lost.length).toBeGreaterThan(4);
  });
});
