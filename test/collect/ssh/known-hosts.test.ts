import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostKeyAlgorithms } from '../../../src/collect/ssh/algorithms.ts';
import {
  blobType,
  judgeHostKey,
  lookUpHost,
  parseKnownHosts,
  plainKeys,
  knownHostName,
} from '../../../src/collect/ssh/known-hosts.ts';
import { generateKey, publicPart, startSshd, withoutOpenSsh, type Sshd } from '../../support/ssh-server-openssh.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'dsr-audit-known-hosts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Public keys of nobody: type and base64.
const otherKeys = {
  ed25519: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
  rsa: `ssh-rsa ${Buffer.concat([
    Buffer.from([0, 0, 0, 7]),
    Buffer.from('ssh-rsa'),
    Buffer.from([0, 0, 0, 3, 1, 0, 1]),
    Buffer.from([0, 0, 1, 1, 0]),
    Buffer.alloc(256, 0xc5),
  ]).toString('base64')}`,
};

function hashed(name: string): string {
  const salt = createHmac('sha1', 'salt').update(name).digest();
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

const blobOf = (key: string): Buffer => Buffer.from(key.split(' ')[1] ?? '', 'base64');

function verdictOf(text: string, host: string, port = 22, alias?: string): string {
  const known = lookUpHost([parseKnownHosts('kh', text)], host, port, alias);
  return judgeHostKey(known, blobOf(otherKeys.ed25519)).verdict;
}

describe('known_hosts lines', () => {
  test('a name in the list, in any case', () => {
    expect(verdictOf(`web02,WEB01 ${otherKeys.ed25519}\n`, 'web01')).toBe('accepted');
    expect(verdictOf(`web01 ${otherKeys.ed25519}\n`, 'Web01')).toBe('accepted');
  });
  test('the place of the deciding line is named', () => {
    const text = `# comment\n\nweb01 ${otherKeys.rsa}\n@revoked web0? ${otherKeys.ed25519}\n`;
    const keys = lookUpHost([parseKnownHosts('/etc/kh', text)], 'web01', 22, undefined);
    expect(judgeHostKey(keys, blobOf(otherKeys.ed25519))).toMatchObject({
      verdict: 'revoked',
      line: { place: '/etc/kh:4' },
    });
    expect(judgeHostKey(keys, Buffer.from('other'))).toMatchObject({
      verdict: 'changed',
      line: { place: '/etc/kh:3' },
    });
  });
  test('a key of the bare name never makes another port changed', () => {
    expect(verdictOf(`web01 ${otherKeys.rsa}\n`, 'web01', 2222)).toBe('unknown');
    expect(verdictOf(`web01 ${otherKeys.ed25519}\n`, 'web01', 2222)).toBe('accepted');
    expect(verdictOf(`[web01]:2222 ${otherKeys.rsa}\nweb01 ${otherKeys.ed25519}\n`, 'web01', 2222)).toBe('changed');
  });
  test('names are data, not object keys', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(verdictOf('', name)).toBe('unknown');
      expect(verdictOf(`${name} ${otherKeys.ed25519}\n`, name)).toBe('accepted');
    }
  });
  test('a pattern made to be slow is not', () => {
    const name = 'a'.repeat(253);
    expect(verdictOf(`${'*a'.repeat(400)}b ${otherKeys.ed25519}\n`, name)).toBe('unknown');
  });
  test('no text makes the parser throw, and it never accepts a key that the text does not hold', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.constantFrom('web01', '10.77.0.11', ''),
        (text, host) => {
          expect(verdictOf(text, host)).not.toBe('accepted');
        },
      ),
    );
  });
  test('blob types are read only from whole fields', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const type = blobType(Buffer.from(bytes));
        expect(type === undefined || (type.length > 0 && type.length < bytes.length)).toBe(true);
      }),
    );
  });
});

describe.skipIf(withoutOpenSsh)('against OpenSSH', () => {
  let sshd: Sshd;
  const keys: Record<'ed25519' | 'ecdsa' | 'rsa', string> = { ed25519: '', ecdsa: '', rsa: '' };
  let certificateAuthority = '';

  beforeAll(async () => {
    const hostKeys = (['ed25519', 'ecdsa', 'rsa'] as const).map((type) => {
      const path = generateKey(folder, `host_${type}`, type);
      keys[type] = publicPart(path);
      return path;
    });
    certificateAuthority = publicPart(generateKey(folder, 'authority'));
    sshd = await startSshd(folder, { hostKeys, authorizedKeys: '' });
  });
  afterAll(() => sshd.stop());

  // ssh thinks it talks to any host and port; the proxy leads it to our sshd.
  async function opensshAccepts(text: string, host: string, port: number, alias?: string): Promise<boolean> {
    const file = join(folder, 'oracle');
    writeFileSync(file, text);
    const proxy = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${sshd.port} 4<&0; cat <&4 >&3 & exec cat <&3'`;
    const options = [
      `ProxyCommand=${proxy}`,
      `UserKnownHostsFile=${file}`,
      'GlobalKnownHostsFile=none',
      'StrictHostKeyChecking=yes',
      'BatchMode=yes',
      'PreferredAuthentications=none',
      'CheckHostIP=no',
      'UpdateHostKeys=no',
      ...(alias === undefined ? [] : [`HostKeyAlias=${alias}`]),
    ].flatMap((option) => ['-o', option]);
    const { stderr } = await run('/usr/bin/ssh', [
      '-F',
      'none',
      ...options,
      '-p',
      String(port),
      '--',
      host,
      'true',
    ]).catch((error: { stderr: string }) => error);
    if (/Permission denied/.test(stderr)) return true;
    if (/Host key verification failed|No .* host key is known/.test(stderr)) return false;
    throw new Error(`ssh said neither yes nor no: ${stderr}`);
  }

  // The server of this test has one key of each type and presents the first that the client lists.
  function weAccept(text: string, host: string, port: number, alias?: string): boolean {
    const known = lookUpHost([parseKnownHosts('kh', text)], host, port, alias);
    const [algorithm] = hostKeyAlgorithms(
      plainKeys(known).map((line) => line.type),
      false,
    );
    if (algorithm === undefined) return false;
    const presented = algorithm.startsWith('rsa')
      ? keys.rsa
      : algorithm.startsWith('ecdsa')
        ? keys.ecdsa
        : keys.ed25519;
    return judgeHostKey(known, blobOf(presented)).verdict === 'accepted';
  }

  const h = 'web01.example';
  const rows: readonly (readonly [what: string, text: () => string, host?: string, port?: number, alias?: string])[] = [
    ['the key', () => `${h} ${keys.ed25519}`],
    ['the key and a comment', () => `${h} ${keys.ed25519} root@web01 # x`],
    ['tabs and leading blanks', () => `  \t${h}\t${keys.ed25519.replace(' ', '\t')}`],
    ['CRLF line ends', () => `${h} ${keys.ed25519}\r\n`],
    ['empty file', () => ''],
    ['another key of the type', () => `${h} ${otherKeys.ed25519}`],
    ['another key and the right one', () => `${h} ${otherKeys.ed25519}\n${h} ${keys.ed25519}`],
    ['only rsa known, server has three', () => `${h} ${keys.rsa}`],
    ['only ecdsa known, server has three', () => `${h} ${keys.ecdsa}`],
    ['wrong rsa, right ecdsa', () => `${h} ${otherKeys.rsa}\n${h} ${keys.ecdsa}`],
    ['another host', () => `web02.example ${keys.ed25519}`],
    ['list of names', () => `web02.example,${h},10.77.0.11 ${keys.ed25519}`],
    ['upper case in the file', () => `WEB01.Example ${keys.ed25519}`],
    ['upper case asked for', () => `${h} ${keys.ed25519}`, 'WEB01.example'],
    ['upper case asked for, hashed', () => `${hashed(h)} ${keys.ed25519}`, 'WEB01.example'],
    ['star', () => `*.example ${keys.ed25519}`],
    ['star that does not match', () => `*.example.org ${keys.ed25519}`],
    ['question mark', () => `web0?.example ${keys.ed25519}`],
    ['question mark needs a character', () => `web01?.example ${keys.ed25519}`],
    ['negated before', () => `!${h},*.example ${keys.ed25519}`],
    ['negated after', () => `*.example,!${h} ${keys.ed25519}`],
    ['negated on another line', () => `!${h} ${keys.ed25519}\n*.example ${keys.ed25519}`],
    ['only a negation', () => `!web02.example ${keys.ed25519}`],
    ['hashed', () => `${hashed(h)} ${keys.ed25519}`],
    ['hashed with another name', () => `${hashed('web02.example')} ${keys.ed25519}`],
    ['hash with a short salt', () => `|1|c2FsdA==|${hashed(h).split('|')[3]} ${keys.ed25519}`],
    ['hash of an unknown kind', () => `${hashed(h).replace('|1|', '|2|')} ${keys.ed25519}`],
    ['hash in a list', () => `${hashed(h)},x ${keys.ed25519}`],
    ['revoked', () => `${h} ${keys.ed25519}\n@revoked ${h} ${keys.ed25519}`],
    ['revoked for all', () => `@revoked * ${keys.ed25519}\n${h} ${keys.ed25519}`],
    ['revoked for another host', () => `@revoked web02.example ${keys.ed25519}\n${h} ${keys.ed25519}`],
    ['another key revoked', () => `@revoked * ${otherKeys.ed25519}\n${h} ${keys.ed25519}`],
    ['certificate authority only', () => `@cert-authority * ${certificateAuthority}`],
    ['authority line holds the host key itself', () => `@cert-authority ${h} ${keys.ed25519}`],
    ['authority and key', () => `@cert-authority * ${certificateAuthority}\n${h} ${keys.ed25519}`],
    ['unknown marker', () => `@trusted ${h} ${keys.ed25519}`],
    ['two markers', () => `@revoked @cert-authority ${h} ${keys.ed25519}`],
    ['marker without a blank', () => `@revoked${h} ${keys.ed25519}`],
    ['commented out', () => `#${h} ${keys.ed25519}`],
    ['type field of another type', () => `${h} ssh-rsa ${keys.ed25519.split(' ')[1]}`],
    ['base64 cut off', () => `${h} ${keys.ed25519.slice(0, -5)}`],
    ['base64 with rubbish', () => `${h} ${keys.ed25519.slice(0, -4)}!!!!`],
    ['no key', () => `${h} ssh-ed25519`],
    ['port in brackets', () => `[${h}]:2222 ${keys.ed25519}`, h, 2222],
    ['bare name for another port', () => `${h} ${keys.ed25519}`, h, 2222],
    ['bare wrong key for another port', () => `${h} ${otherKeys.ed25519}`, h, 2222],
    ['port line wrong, bare line right', () => `[${h}]:2222 ${otherKeys.ed25519}\n${h} ${keys.ed25519}`, h, 2222],
    ['port line right, bare line wrong', () => `[${h}]:2222 ${keys.ed25519}\n${h} ${otherKeys.ed25519}`, h, 2222],
    ['port line right, bare line revoked', () => `[${h}]:2222 ${keys.ed25519}\n@revoked ${h} ${keys.ed25519}`, h, 2222],
    ['bare line right and revoked', () => `${h} ${keys.ed25519}\n@revoked ${h} ${keys.ed25519}`, h, 2222],
    ['brackets with port 22', () => `[${h}]:22 ${keys.ed25519}`],
    ['star in brackets', () => `[*.example]:2222 ${keys.ed25519}`, h, 2222],
    ['star without brackets, other port', () => `* ${keys.ed25519}`, h, 2222],
    ['hashed with port', () => `${hashed(`[${h}]:2222`)} ${keys.ed25519}`, h, 2222],
    ['alias', () => `web-alias ${keys.ed25519}`, h, 22, 'web-alias'],
    ['alias with another port', () => `web-alias ${keys.ed25519}`, h, 2222, 'web-alias'],
    ['alias with a port line', () => `[web-alias]:2222 ${keys.ed25519}`, h, 2222, 'web-alias'],
    ['name when an alias is set', () => `${h} ${keys.ed25519}`, h, 22, 'web-alias'],
    ['alias in upper case', () => `web-alias ${keys.ed25519}`, h, 22, 'Web-Alias'],
    ['IPv4 address', () => `192.0.2.11 ${keys.ed25519}`, '192.0.2.11'],
    ['IPv6 address', () => `2001:db8::11 ${keys.ed25519}`, '2001:db8::11'],
    ['IPv6 address with port', () => `[2001:db8::11]:2222 ${keys.ed25519}`, '2001:db8::11', 2222],
  ];
  const cases = rows.map(([what, text, host = h, port = 22, alias]) => ({ what, text, host, port, alias }));
  test.each(cases)('$what', async ({ text, host, port, alias }) => {
    expect(weAccept(text(), host, port, alias)).toBe(await opensshAccepts(text(), host, port, alias));
  });

  test('the same lines are found as by ssh-keygen -F', async () => {
    const word = fc.stringMatching(/^[ab*?]{1,4}$/);
    const item = fc.tuple(fc.constantFrom('', '', '!'), word).map((parts) => parts.join(''));
    const field = fc.oneof(
      fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(',')),
      fc.stringMatching(/^[ab]{1,4}$/).map(hashed),
    );
    const file = join(folder, 'generated');
    await fc.assert(
      fc.asyncProperty(
        fc.array(field, { minLength: 1, maxLength: 12 }),
        fc.stringMatching(/^[ab]{1,4}$/),
        fc.constantFrom(22, 2222),
        async (fields, host, port) => {
          const text = fields.map((hosts) => `${hosts} ${otherKeys.ed25519}\n`).join('');
          writeFileSync(file, text);
          const name = knownHostName(host, port);
          const { stdout } = await run('/usr/bin/ssh-keygen', ['-F', name, '-f', file]).catch(
            (error: { stdout: string }) => error,
          );
          const theirs = [...stdout.matchAll(/found: line (\d+)/g)].map((match) => `${file}:${match[1]}`);
          const ours = parseKnownHosts(file, text)
            .linesFor(name)
            .map((line) => line.place);
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 150 },
    );
  });
});
