import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { HostFailure } from '../../../src/collect/failure.ts';
import { openAgent } from '../../../src/collect/ssh/agent.ts';
import { createIdentityStore } from '../../../src/collect/ssh/identity-store.ts';
import type { Identity } from '../../../src/collect/ssh/identity.ts';
import { Keyring } from '../../../src/collect/ssh/keyring.ts';
import { temporaryFolder, testHost, testKey } from '../../support/ssh-server-hosts.ts';
import { generateKey, publicPart, withoutOpenSsh } from '../../support/ssh-server-openssh.ts';

const folder = temporaryFolder();
const canary = 'canary-pass-phrase-4711';

const hostWith = (identityFiles: readonly string[], identityPassphrase?: string) =>
  testHost('web01', { identityFiles, ...(identityPassphrase === undefined ? {} : { identityPassphrase }) });

async function failureOf(work: Promise<unknown>): Promise<HostFailure> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HostFailure)) throw new Error('no HostFailure came');
  return error;
}

function signature(identity: Identity | undefined, data: Buffer, hash?: 'sha256' | 'sha512'): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (identity === undefined) return reject(new Error('no key'));
    identity.sign(data, hash, (error, bytes) =>
      error || !bytes ? reject(error ?? new Error('empty')) : resolve(bytes),
    );
  });
}

describe.skipIf(withoutOpenSsh)('keys that ssh-keygen makes', () => {
  const fast = ['-a', '1'];
  const encrypted = ['-N', canary, ...fast];
  const files: Record<string, string> = {};
  beforeAll(() => {
    for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
      files[type] = generateKey(folder, type, type, fast);
      files[`${type} encrypted`] = generateKey(folder, `${type}-encrypted`, type, encrypted);
    }
    files['rsa PEM'] = generateKey(folder, 'rsa-pem', 'rsa', ['-m', 'PEM']);
    files['rsa PEM encrypted'] = generateKey(folder, 'rsa-pem-encrypted', 'rsa', ['-m', 'PEM', '-N', canary]);
    files['ecdsa PEM'] = generateKey(folder, 'ecdsa-pem', 'ecdsa', ['-m', 'PEM']);
  });

  test.each(['ed25519', 'ecdsa', 'rsa', 'rsa PEM', 'ecdsa PEM'])('%s', async (name) => {
    const { keys } = await createIdentityStore({ environment: {} }, undefined)(hostWith([files[name] ?? '']));
    const data = Buffer.from('signed');
    const hash = name.startsWith('rsa') ? ('sha512' as const) : undefined;
    expect(keys[0]?.publicKey.verify(data, await signature(keys[0], data, hash), hash)).toBe(true);
    expect(keys[0]?.publicKey.getPublicSSH().toString('base64')).toBe(publicPart(files[name] ?? '').split(' ')[1]);
  });

  test.each(['ed25519 encrypted', 'ecdsa encrypted', 'rsa encrypted', 'rsa PEM encrypted'])(
    '%s, with the passphrase from the environment, a file or a person',
    async (name) => {
      const path = files[name] ?? '';
      const passphraseFile = join(folder, 'passphrase');
      writeFileSync(passphraseFile, `${canary}\n`, { mode: 0o600 });
      const ways = [
        createIdentityStore({ environment: { KEY: canary } }, undefined)(hostWith([path], 'env:KEY')),
        createIdentityStore({ environment: {} }, undefined)(hostWith([path], `file:${passphraseFile}`)),
        createIdentityStore(
          { environment: {}, askPassphrase: () => Promise.resolve(canary) },
          undefined,
        )(hostWith([path])),
      ];
      for (const way of ways) expect((await way).keys).toHaveLength(1);
    },
  );

  test('a file is opened once, and its passphrase asked for once, for all hosts and at the same time', async () => {
    const askPassphrase = vi.fn<() => Promise<string>>(() => Promise.resolve(canary));
    const store = createIdentityStore({ environment: {}, askPassphrase }, undefined);
    const both = [files['ed25519 encrypted'] ?? '', files['rsa'] ?? ''];
    const stores = await Promise.all([store(hostWith(both)), store(hostWith(both)), store(hostWith(both.slice(0, 1)))]);
    expect(askPassphrase).toHaveBeenCalledExactlyOnceWith(both[0]);
    expect(stores[2].keys[0]).toBe(stores[0].keys[0]);
  });

  test.each([
    ['a wrong passphrase', 'env:WRONG', /does not open with the passphrase given/],
    ['a missing variable', 'env:MISSING', /the environment variable MISSING is not set/],
    ['a missing passphrase file', 'file:/nonexistent/pass', /\/nonexistent\/pass cannot be read \(ENOENT\)/],
    ['no passphrase at all', undefined, /is encrypted and there is no passphrase: set identityPassphrase/],
  ])('%s is an auth failure that names the file and no secret', async (_what, reference, message) => {
    for (const name of ['ed25519 encrypted', 'rsa PEM encrypted']) {
      const environment = { WRONG: `${canary}-wrong` };
      const failure = await failureOf(
        createIdentityStore({ environment }, undefined)(hostWith([files[name] ?? ''], reference)),
      );
      expect(failure.kind).toBe('auth');
      expect(failure.message).toMatch(message);
      expect(`${failure.stack} ${String(failure.cause)}`).not.toContain(canary);
    }
  });

  test('key and passphrase files that others can read are refused', async () => {
    const open = join(folder, 'open');
    copyFileSync(files['ed25519'] ?? '', open);
    chmodSync(open, 0o640);
    expect((await failureOf(createIdentityStore({ environment: {} }, undefined)(hostWith([open])))).message).toMatch(
      /can be read by others \(mode 0640\), so it is not used/,
    );
    const passphrase = join(folder, 'open-passphrase');
    writeFileSync(passphrase, canary, { mode: 0o644 });
    chmodSync(passphrase, 0o644);
    const store = createIdentityStore({ environment: {} }, undefined);
    const failure = await failureOf(store(hostWith([files['ed25519 encrypted'] ?? ''], `file:${passphrase}`)));
    expect(failure.message).toMatch(/open-passphrase can be read by others/);
  });

  describe('with ssh-agent', () => {
    const socket = join(folder, 'agent.sock');
    const agentProcess = spawn('/usr/bin/ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    const environment = { ...process.env, SSH_AUTH_SOCK: socket };
    beforeAll(async () => {
      await vi.waitFor(
        () => execFileSync('/usr/bin/ssh-add', ['-q', files['ecdsa'] ?? ''], { env: environment, stdio: 'ignore' }),
        {
          timeout: 10_000,
        },
      );
      execFileSync('/usr/bin/ssh-add', ['-q', files['rsa'] ?? ''], { env: environment, stdio: 'ignore' });
    });
    afterAll(() => agentProcess.kill());

    test('its keys come first where the inventory names no file', async () => {
      const agent = openAgent(socket);
      const { keys } = await createIdentityStore({ environment: {} }, agent)(hostWith([]));
      const types = keys.map((key) => key.publicKey.type);
      expect(types.slice(0, 2)).toEqual(['ecdsa-sha2-nistp256', 'ssh-rsa']);
      agent.close();
    });

    test('it signs for an encrypted file, and for a .pub file, whose key it holds', async () => {
      const agent = openAgent(socket);
      const encryptedCopy = join(folder, 'ecdsa-locked');
      copyFileSync(files['ecdsa'] ?? '', encryptedCopy);
      execFileSync('/usr/bin/ssh-keygen', ['-q', '-p', '-N', canary, '-f', encryptedCopy], { stdio: 'ignore' });
      const store = createIdentityStore({ environment: {} }, agent);
      const { keys } = await store(hostWith([encryptedCopy, `${files['rsa']}.pub`]));
      expect(keys.map((key) => key.publicKey.type)).toEqual(['ecdsa-sha2-nistp256', 'ssh-rsa']);
      const data = Buffer.from('signed');
      expect(keys[1]?.publicKey.verify(data, await signature(keys[1], data, 'sha256'), 'sha256')).toBe(true);
      agent.close();
    });

    test('a .pub file whose key it does not hold', async () => {
      const agent = openAgent(socket);
      const failure = await failureOf(
        createIdentityStore({ environment: {} }, agent)(hostWith([`${files['ed25519']}.pub`])),
      );
      expect(failure.message).toMatch(/is a public key, and ssh-agent does not hold its private half/);
      agent.close();
    });
  });
});

test('what is no key is named, and its text is not repeated', async () => {
  const path = join(folder, 'rubbish');
  writeFileSync(path, `-----BEGIN NONSENSE-----\n${canary}\n`, { mode: 0o600 });
  const failure = await failureOf(createIdentityStore({ environment: {} }, undefined)(hostWith([path])));
  expect(failure.message).toMatch(/rubbish is not a usable private key/);
  expect(failure.message).not.toContain(canary);
});

test('no content of a key file does more than fail', async () => {
  const path = join(folder, 'any');
  const container = fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => Buffer.concat([Buffer.from('openssh-key-v1\0'), bytes]).toString('base64'))
    .map((base64) => `-----BEGIN OPENSSH PRIVATE KEY-----\n${base64}\n-----END OPENSSH PRIVATE KEY-----\n`);
  await fc.assert(
    fc.asyncProperty(fc.oneof(container, fc.string({ unit: 'binary' })), async (text) => {
      writeFileSync(path, text, { mode: 0o600 });
      const store = createIdentityStore({ environment: {}, askPassphrase: () => Promise.resolve('x') }, undefined);
      expect((await failureOf(store(hostWith([path])))).kind).toBe('auth');
    }),
    { numRuns: 300 },
  );
});

test('an agent that is not there is a note, and no key at all is a failure before anything is contacted', async () => {
  vi.stubEnv('HOME', folder);
  const agent = openAgent(join(folder, 'no-agent'));
  const failure = await failureOf(createIdentityStore({ environment: {} }, agent)(hostWith([])));
  expect(failure.message).toMatch(
    /^keys: there is no key to log in with: set identityFile\. ssh-agent \(.*no-agent\): /,
  );
  expect(failure.message).toMatch(/\.ssh\/id_ed25519 cannot be read \(ENOENT\)/);
  vi.unstubAllEnvs();
});

test('an agent that never answers is left after its deadline, with no socket open', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const path = join(folder, 'silent.sock');
  let open = 0;
  const silent = createServer((socket) => {
    open += 1;
    socket.on('error', () => undefined);
    socket.on('close', () => (open -= 1)).resume();
  });
  await new Promise<void>((resolve) => {
    silent.listen(path, resolve);
  });
  const agent = openAgent(path);
  const asked = agent.identities();
  await vi.waitUntil(() => open === 1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await asked).notes).toEqual([`ssh-agent (${path}): no answer within 10 s`]);
  vi.useRealTimers();
  await vi.waitUntil(() => open === 0);
  silent.close();
});

test('SHA-1 signatures are made only for hosts that may', async () => {
  const rsa = testKey('rsa');
  const identity: Identity = { publicKey: rsa.key, sign: (_data, hash, done) => done(null, Buffer.from(hash ?? '')) };
  const signed = (legacy: boolean): [Error | null | undefined, string | undefined, readonly string[]] => {
    const keyring = new Keyring([identity], legacy);
    let result: [Error | null | undefined, string | undefined] = [undefined, undefined];
    keyring.sign(rsa.key, Buffer.alloc(1), { hash: 'sha1' }, (error, bytes) => (result = [error, bytes?.toString()]));
    return [...result, keyring.notes];
  };
  expect(signed(true)).toEqual([null, 'sha1', []]);
  expect(signed(false)[0]).toBeInstanceOf(Error);
  expect(signed(false)[2][0]).toMatch(/SHA-1 only; use an ed25519 key, or set legacyAlgorithms/);
});
