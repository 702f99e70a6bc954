import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostSnapshot, Snapshot, UnreachableKind } from '../../../src/contracts/snapshot.ts';
import { readJsonDocument, validators } from '../../../src/contracts/validation.ts';
import type { Host } from '../../../src/inventory/model.ts';
import { buildClient, runClient, type ClientRun } from '../../support/ssh-server-child.ts';
import { privateFile, temporaryFolder, testHost, testKey } from '../../support/ssh-server-hosts.ts';
import {
  flood,
  floodChannel,
  sendAuthSuccess,
  sendBanner,
  sendChannelOpen,
  sendDisconnect,
  sendIgnore,
} from '../../support/ssh-server-packets.ts';
import {
  acceptKeys,
  runCommand,
  startRawServer,
  startSshServer,
  type Behaviour,
  type TestServer,
} from '../../support/ssh-server.ts';

const folder = temporaryFolder();
const hostKey = testKey();
const rsaKey = testKey('rsa');
const otherKey = testKey();
const canary = 'canary-pass-phrase-4711';
const userKey = testKey('ed25519', canary);
const identityFile = privateFile(folder, 'id', userKey.privateText);

interface Started {
  readonly port: number;
  readonly server?: TestServer;
  /** TCP connections that came. */
  readonly accepted?: () => number;
  readonly close: () => Promise<void>;
}

interface Row {
  readonly what: string;
  readonly start: () => Promise<Started>;
  /** Missing: the host is collected all the same. */
  readonly kind?: UnreachableKind;
  readonly message?: RegExp;
  readonly host?: Partial<Host>;
  /** The known_hosts line; that of hostKey when left out. */
  readonly known?: (name: string) => string;
  readonly also?: (server: TestServer) => void;
}

async function ssh(behaviour: Partial<Behaviour> = {}): Promise<Started> {
  const server = await startSshServer({ hostKeys: [hostKey], userKeys: [userKey], ...behaviour });
  return { port: server.port, server, close: server.close };
}

/** Passes on so many bytes of a good server, then does nothing more, or hangs up. */
async function cutAfter(bytes: number, then: 'stall' | 'close'): Promise<Started> {
  const good = await startSshServer({ hostKeys: [hostKey], userKeys: [userKey] });
  const front = await startRawServer((socket) => {
    const upstream = connect(good.port, '127.0.0.1');
    let left = bytes;
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      socket.write(chunk.subarray(0, Math.max(0, left)));
      left -= chunk.length;
      if (left < 0 && then === 'close') socket.destroy();
    });
  });
  return {
    port: front.port,
    close: async () => {
      await front.close();
      await good.close();
    },
  };
}

function onlyMethods(...methods: ssh2.AuthenticationType[]): Partial<Behaviour> {
  return { onAuthentication: (context) => context.reject(methods) };
}

function afterLogin(act: (connection: Connection) => void): Partial<Behaviour> {
  return { onConnection: (connection) => connection.once('ready', () => act(connection)) };
}

function insteadOfExec(onExec: NonNullable<Behaviour['onExec']>): Partial<Behaviour> {
  return { onExec };
}

/** A key that shows another one's public half. */
function impostor(): Behaviour['hostKeys'][number] {
  const key = ssh2.utils.parseKey(otherKey.privateText);
  if (key instanceof Error) throw key;
  key.getPublicSSH = () => hostKey.key.getPublicSSH();
  return { ...otherKey, privateText: { key } as never };
}

const neverIdentified = { authentications: [] as string[], secrets: [] as string[] };

const rows: readonly Row[] = [
  // Before SSH
  {
    what: 'accepts and says nothing',
    start: () => startRawServer(() => undefined),
    kind: 'timeout',
    message: /^identification: the host did not go on within 6 s/,
  },
  {
    what: 'drips its identification',
    start: () =>
      startRawServer((socket) => {
        const letters = 'SSH-2.0-slow'.repeat(20).split('');
        const timer = setInterval(() => socket.write(letters.shift() ?? 'x'), 200);
        socket.on('close', () => clearInterval(timer));
      }),
    kind: 'timeout',
    message: /^identification: /,
  },
  {
    what: 'floods lines before its identification',
    start: () =>
      startRawServer((socket) => {
        const more = (): void => void (socket.writable && socket.write('welcome\r\n'.repeat(1000), more));
        more();
      }),
    kind: 'protocol',
    message: /^identification: this is not an SSH server/,
  },
  {
    what: 'floods one endless line before its identification',
    start: () =>
      startRawServer((socket) => {
        const more = (): void => void (socket.writable && socket.write('x'.repeat(65_536), more));
        more();
      }),
    kind: 'protocol',
    message: /^identification: this is not an SSH server/,
  },
  {
    what: 'speaks HTTP',
    start: () => startRawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nServer: \u001b[31mx\r\n\r\n')),
    kind: 'protocol',
    message: /^identification: the host closed the connection .*it sent "HTTP\/1.1 400 Bad Request/,
  },
  {
    what: 'closes at once, three times',
    start: () => startRawServer((socket) => socket.destroy()),
    kind: 'protocol',
    message: /^identification: the host closed the connection before its SSH identification/,
  },
  {
    what: 'drops the first connection, as above MaxStartups',
    start: async () => {
      const good = await startSshServer({ hostKeys: [hostKey], userKeys: [userKey] });
      let count = 0;
      const front = await startRawServer((socket) => {
        if (++count === 1) return void socket.end('Exceeded MaxStartups\r\n');
        const upstream = connect(good.port, '127.0.0.1');
        upstream.on('error', () => socket.destroy());
        socket.on('close', () => upstream.destroy());
        socket.pipe(upstream).pipe(socket);
      });
      return { ...front, close: () => front.close().then(good.close) };
    },
  },
  {
    what: 'bans our address',
    start: () => startRawServer((socket) => socket.end('Not allowed at this time\r\n')),
    kind: 'protocol',
    message: /it sent "Not allowed at this time"/,
  },
  // Key exchange
  {
    what: 'sends only its identification',
    start: () => startRawServer((socket) => void socket.write('SSH-2.0-Silence\r\n')),
    kind: 'timeout',
    message: /^key exchange: the host did not go on within 6 s/,
  },
  {
    what: 'stalls in the key exchange',
    start: () => cutAfter(700, 'stall'),
    kind: 'timeout',
    message: /^key exchange: /,
  },
  {
    what: 'dies in the key exchange',
    start: () => cutAfter(700, 'close'),
    kind: 'protocol',
    message: /^key exchange: /,
  },
  {
    what: 'sends rubbish for a key exchange',
    start: () => startRawServer((socket) => void socket.write(`SSH-2.0-x\r\n${'\u0007\u001b[2J'.repeat(100)}`)),
    kind: 'protocol',
    message: /^key exchange: /,
  },
  {
    what: 'offers DH group exchange only',
    start: () => ssh({ config: { algorithms: { kex: ['diffie-hellman-group-exchange-sha256'] } } }),
    kind: 'protocol',
    message: /no common key exchange; the host offers "diffie-hellman-group-exchange-sha256/,
  },
  {
    what: 'offers chacha20 only',
    start: () => ssh({ config: { algorithms: { cipher: ['chacha20-poly1305@openssh.com'] } } }),
    kind: 'protocol',
    message: /no common cipher; the host offers "chacha20-poly1305@openssh.com"/,
  },
  {
    what: 'offers SHA-1 only',
    start: () =>
      ssh({
        config: { algorithms: { kex: ['diffie-hellman-group14-sha1'], hmac: ['hmac-sha1'], cipher: ['aes128-ctr'] } },
      }),
    kind: 'protocol',
    message: /diffie-hellman-group14-sha1.*legacyAlgorithms: true/,
  },
  {
    what: 'offers SHA-1 only, and may',
    start: () =>
      ssh({
        hostKeys: [rsaKey],
        config: {
          algorithms: {
            kex: ['diffie-hellman-group14-sha1'],
            hmac: ['hmac-sha1'],
            cipher: ['aes128-ctr'],
            serverHostKey: ['ssh-rsa'],
          },
        },
      }),
    host: { legacyAlgorithms: true },
    known: (name) => `${name} ${rsaKey.publicLine}`,
  },
  {
    what: 'signs with its RSA key and SHA-1 only',
    start: () => ssh({ hostKeys: [rsaKey], config: { algorithms: { serverHostKey: ['ssh-rsa'] } } }),
    known: (name) => `${name} ${rsaKey.publicLine}`,
    kind: 'protocol',
    message: /no common host-key signature; the host offers "ssh-rsa".*legacyAlgorithms: true/,
  },
  // Host keys
  {
    what: 'has another key than the known one',
    start: () => ssh({ hostKeys: [otherKey] }),
    kind: 'host-key-changed',
    message: /^key exchange: .*SHA256:.*ssh-keygen -R/,
    also: (server) => expect(server).toMatchObject(neverIdentified),
  },
  {
    what: 'has a key of another type than the known one',
    start: () => ssh({ hostKeys: [rsaKey] }),
    kind: 'host-key-changed',
    message: /^key exchange: the host offers "rsa-sha2-512, rsa-sha2-256, ssh-rsa"; known .* is ssh-ed25519/,
    also: (server) => expect(server).toMatchObject(neverIdentified),
  },
  {
    what: 'has a revoked key',
    start: () => ssh(),
    known: (name) => `${name} ${hostKey.publicLine}\n@revoked ${name} ${hostKey.publicLine}`,
    kind: 'host-key-revoked',
    message: /^key exchange: .*known_hosts:\d+ revokes/,
    also: (server) => expect(server).toMatchObject(neverIdentified),
  },
  {
    what: 'is not known',
    start: () => ssh(),
    known: () => '',
    kind: 'host-key-unknown',
    message:
      /^known hosts: no key for \[127\.0\.0\.1\]:\d+ in .*known_hosts\. Read the host's fingerprint at its console/,
    also: (server) => expect(server.connections()).toBe(0),
  },
  {
    what: 'is known by a certificate authority only',
    start: () => ssh(),
    known: (name) => `@cert-authority ${name} ${hostKey.publicLine}`,
    kind: 'host-key-unknown',
    message: /known_hosts:\d+ trusts .* certificates are not supported/,
    also: (server) => expect(server.connections()).toBe(0),
  },
  {
    what: "shows the known host's public key without its private half",
    start: () => ssh({ hostKeys: [impostor()] }),
    kind: 'protocol',
    message: /^key exchange: the SSH conversation failed \(".*signature verification failed"\)/,
    also: (server) => expect(server).toMatchObject(neverIdentified),
  },
  // Login
  {
    what: 'never answers the login',
    start: () => ssh({ onAuthentication: () => undefined }),
    kind: 'timeout',
    message: /^authentication: the host did not go on within 6 s/,
  },
  {
    what: 'dies at the login',
    start: () => ssh({ onAuthentication: (_context, connection) => connection.end() }),
    kind: 'protocol',
    message: /^authentication: the host closed the connection/,
  },
  {
    what: 'takes no key of ours',
    start: () => ssh({ userKeys: [otherKey] }),
    kind: 'auth',
    message: /^authentication: the host let audit in with none of the keys; it accepts "publickey"/,
  },
  {
    what: 'takes passwords only',
    start: () => ssh(onlyMethods('password')),
    kind: 'auth',
    message: /it accepts "password"/,
    also: (server) => expect(server).toMatchObject({ authentications: ['publickey'], secrets: [] }),
  },
  {
    what: 'takes keyboard-interactive only',
    start: () => ssh(onlyMethods('keyboard-interactive')),
    kind: 'auth',
    message: /it accepts "keyboard-interactive"/,
    also: (server) => expect(server).toMatchObject({ authentications: ['publickey'], secrets: [] }),
  },
  {
    what: 'asks for a second factor',
    start: () =>
      ssh({
        onAuthentication(context: AuthContext) {
          if (context.method === 'publickey' && context.signature) context.reject(['keyboard-interactive'], true);
          else acceptKeys(context, [userKey]);
        },
      }),
    kind: 'auth',
    message: /the host took a key of audit and asks for more: it accepts "keyboard-interactive"/,
  },
  {
    what: 'disconnects with escape codes',
    start: () =>
      ssh({
        onAuthentication: (_context, connection) => sendDisconnect(connection, '\u001b]0;owned\u0007too many\u202e'),
      }),
    kind: 'auth',
    message: /^authentication: the host disconnected \("\\u\{1b\}\]0;owned\\u\{7\}too many\\u\{202e\}"\)\. If/,
  },
  {
    what: 'floods banners at the login',
    start: () =>
      ssh({
        onAuthentication: (_context, connection) => flood(connection, () => sendBanner(connection, 'b'.repeat(30_000))),
      }),
    kind: 'output-cap',
    message: /^authentication: the host sends more than was asked of it/,
  },
  {
    what: 'says "success" four times',
    start: () => ssh(afterLogin((connection) => [1, 2, 3].forEach(() => sendAuthSuccess(connection)))),
  },
  {
    what: 'opens channels to us',
    start: () =>
      ssh(
        afterLogin((connection) =>
          ['auth-agent@openssh.com', 'session', 'nonsense'].forEach((type) => sendChannelOpen(connection, type)),
        ),
      ),
  },
  // Session
  {
    what: 'never opens the channel',
    start: () => ssh({ onSession: () => undefined }),
    kind: 'timeout',
    message: /^channel: the host did not go on within 6 s/,
  },
  {
    what: 'refuses the channel',
    start: () => ssh({ onSession: (_accept, reject) => reject() }),
    kind: 'protocol',
    message: /^channel: the host refused/,
  },
  {
    what: 'dies at the channel',
    start: () => ssh({ onSession: (_accept, _reject, connection) => connection.end() }),
    kind: 'protocol',
    message: /^channel: the host closed the connection/,
  },
  {
    what: 'never answers exec',
    start: () => ssh(insteadOfExec(() => undefined)),
    kind: 'timeout',
    message: /^exec: the host did not go on within 6 s/,
  },
  {
    what: 'refuses exec',
    start: () => ssh(insteadOfExec((_accept, reject) => reject())),
    kind: 'protocol',
    message: /^exec: the host refused/,
  },
  {
    what: 'dies at exec',
    start: () => ssh(insteadOfExec((_accept, _reject, _command, connection) => void connection.end())),
    kind: 'protocol',
    message: /^exec: the host closed the connection/,
  },
  {
    what: 'floods before it answers exec',
    start: () =>
      ssh({
        onSession(accept, _reject, connection) {
          const session = accept();
          session.on('exec', () => {
            const { _chanInfo: channel } = session as unknown as { _chanInfo: ServerChannel };
            floodChannel(channel, connection, 'output');
          });
        },
      }),
    kind: 'output-cap',
    message: /^exec: the host sends more than was asked of it/,
  },
  {
    what: 'floods packets that carry nothing',
    start: () =>
      ssh(
        insteadOfExec((accept, _reject, _command, connection) =>
          flood((accept(), connection), () => sendIgnore(connection, 30_000)),
        ),
      ),
    kind: 'output-cap',
    message: /^output: the host sends more than was asked of it/,
  },
  // Output
  {
    what: 'prints nothing',
    start: () => ssh(insteadOfExec((accept) => void accept())),
    kind: 'timeout',
    message: /^output: no complete answer within 10 s/,
  },
  {
    what: 'prints a byte every half second',
    start: () =>
      ssh(
        insteadOfExec((accept) => {
          const channel = accept();
          const timer = setInterval(() => channel.write('x'), 500);
          channel.on('error', () => undefined).on('close', () => clearInterval(timer));
        }),
      ),
    kind: 'timeout',
    message: /^output: no complete answer within 10 s/,
  },
  {
    what: 'floods standard output past its window',
    start: () =>
      ssh(insteadOfExec((accept, _reject, _command, connection) => floodChannel(accept(), connection, 'output'))),
    kind: 'output-cap',
    message: /^output: more than 1048576 bytes came on standard output/,
  },
  {
    what: 'floods standard error past its window',
    start: () =>
      ssh(insteadOfExec((accept, _reject, _command, connection) => floodChannel(accept(), connection, 'error'))),
    kind: 'output-cap',
    message: /^output: more than 65536 bytes came on standard error/,
  },
  {
    what: 'never closes after a whole answer',
    start: () =>
      ssh(
        insteadOfExec((accept) => {
          const channel = accept();
          let script = '';
          channel.on('data', (chunk: Buffer) => {
            script += chunk.toString();
            if (script.includes('end'))
              channel.write(`${script.match(/@@\w+/)?.[0]} begin\nhost x\n${script.match(/@@\w+/)?.[0]} end\n`);
          });
        }),
      ),
  },
  {
    what: 'ends without the end mark',
    start: () =>
      ssh(insteadOfExec((accept) => runCommand(accept(), 'echo "sh: not found" >&2; echo partial; exit 127'))),
    kind: 'probe-incomplete',
    message: /^output: the probe ended before its end mark \(exit status 127; it wrote "sh: not found"\)/,
  },
  {
    what: 'ends its output and never closes the channel',
    start: () =>
      ssh(
        insteadOfExec((accept) => {
          const channel = accept() as unknown as { eof(): void };
          channel.eof();
        }),
      ),
    kind: 'probe-incomplete',
    message: /^output: the probe ended before its end mark \(no exit status\)/,
  },
  {
    what: 'dies while it prints',
    start: () =>
      ssh(insteadOfExec((accept, _reject, _command, connection) => void (accept().write('@@'), connection.end()))),
    kind: 'protocol',
    message: /^output: the host closed the connection/,
  },
  {
    what: 'has a login shell that prints forged marks first',
    start: () =>
      ssh(
        insteadOfExec((accept, _reject, command) =>
          runCommand(
            accept(),
            command,
            '@@0 begin\nhost forged\n@@0 end\n@@evidence begin\nhost forged\n@@evidence end\n',
          ),
        ),
      ),
  },
];

describe('servers that misbehave', () => {
  const servers = new Map<Row, Started>();
  const neighbours = Array.from({ length: 8 }, (_, index) => `good${index}`);
  const knownHosts = join(folder, 'known_hosts');
  let knownBefore = '';
  let run: ClientRun;
  const snapshots = new Map<string, HostSnapshot>();
  const nameOf = (row: Row): string => `bad${rows.indexOf(row)}`;

  beforeAll(async () => {
    const program = await buildClient(folder);
    const good = await ssh();
    const lines = [`[127.0.0.1]:${good.port} ${hostKey.publicLine}`];
    const login = { knownHosts: [knownHosts], identityFiles: [identityFile], identityPassphrase: 'env:PASSPHRASE' };
    const inventory = neighbours.map((name) => testHost(name, { ...login, port: good.port }));
    for (const row of rows) {
      const started = await row.start();
      servers.set(row, started);
      const name = `[127.0.0.1]:${started.port}`;
      lines.push(row.known?.(name) ?? `${name} ${hostKey.publicLine}`);
      inventory.push(testHost(nameOf(row), { ...login, port: started.port, ...row.host }));
    }
    knownBefore = `${lines.join('\n')}\n`;
    writeFileSync(knownHosts, knownBefore);
    run = await runClient(program, {
      inventory,
      selected: inventory.map((host) => host.name),
      options: { connectTimeoutSeconds: 6, timeoutSeconds: 10 },
      environment: { PASSPHRASE: canary },
    });
    for (const snapshot of run.snapshots) snapshots.set(snapshot.name, snapshot);
    for (const started of [...servers.values(), good]) await started.close();
  }, 60_000);

  afterAll(async () => {
    for (const started of servers.values()) await started.close();
  });

  function alsoHolds(row: Row): void {
    const server = servers.get(row)?.server;
    if (server !== undefined) row.also?.(server);
  }

  test.each(rows.filter((row) => row.kind !== undefined))('unreachable: $what', (row) => {
    const snapshot = snapshots.get(nameOf(row));
    expect(snapshot).toMatchObject({ state: 'unreachable', unreachable: { kind: row.kind } });
    expect(snapshot?.unreachable?.message).toMatch(row.message ?? /^$/);
    expect(snapshot?.unreachable?.message).toMatch(/^[\x20-\x7e…]*$/);
    alsoHolds(row);
  });

  test.each(rows.filter((row) => row.kind === undefined))('collected all the same: $what', (row) => {
    const snapshot = snapshots.get(nameOf(row));
    expect(snapshot?.unreachable).toBeUndefined();
    expect(snapshot).toMatchObject({
      state: 'collected',
      linux: { hostname: { value: expect.stringMatching(/^host (?:x|bad\d+)$/) } },
    });
    alsoHolds(row);
  });

  test('good hosts beside them are collected, with their own facts', () => {
    for (const name of neighbours) {
      expect(snapshots.get(name)).toMatchObject({ state: 'collected', linux: { hostname: { value: `host ${name}` } } });
    }
  });

  test('the answers stand in the order of the question', () => {
    expect(run.snapshots.map((snapshot) => snapshot.name)).toEqual([...neighbours, ...rows.map(nameOf)]);
  });

  test('what is said of unreachable hosts is a valid snapshot', () => {
    const hosts = run.snapshots.filter((snapshot) => snapshot.state === 'unreachable');
    const startedAt = new Date().toISOString();
    const snapshot: Snapshot = {
      formatVersion: 1,
      tool: { name: 'dsr-audit', version: '0.0.0' },
      run: { id: '0'.repeat(32), startedAt, finishedAt: startedAt, interrupted: null },
      hosts,
    };
    expect(hosts.length).toBeGreaterThan(30);
    expect(readJsonDocument('snapshot.json', Buffer.from(JSON.stringify(snapshot)), validators.snapshot)).toEqual(
      snapshot,
    );
  });

  test('no secret stands in anything that was said', () => {
    const said = JSON.stringify(run);
    expect(said).not.toContain(canary);
    expect(said).not.toContain(userKey.privateText.split('\n')[2]);
  });

  test('no key was added to known_hosts', () => {
    expect(readFileSync(knownHosts, 'utf8')).toBe(knownBefore);
  });

  test('the process ends by itself, within its deadlines', () => {
    expect(run.exitCode).toBe(0);
    expect(run.uncaught).toEqual([]);
    expect(run.standardError).toBe('');
    expect(run.lingeredMilliseconds).toBeLessThan(5000);
  });

  // Without limits these servers filled 900 MB in seconds, and a group exchange froze the process for half a minute.
  test('floods fill no memory, and no server stops the process', () => {
    expect(run.peakMegabytes).toBeLessThan(250);
    expect(run.longestPauseMilliseconds).toBeLessThan(5000);
  });
});
