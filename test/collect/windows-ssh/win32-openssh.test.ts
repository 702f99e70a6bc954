// The SSH transport and the Windows probe against a server with the manners of Win32-OpenSSH. It is real SSH on loopback; what
// the host says is authored or a stored capture.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseWindows } from '../../../src/collect/windows/parse.ts';
import { commandProbe, encodedProbe, windowsProbe } from '../../../src/collect/windows/probe.ts';
import { commandText } from '../windows/support/command-text.ts';
import { goodBackend } from '../windows/support/model.ts';
import { captureNonce, oem, type Reply, visit, withNonce } from './support/win32-openssh.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../captures/windows/${name}`, import.meta.url), 'utf8').replace(/^#.*\n/, '');
const capture = read('2022-good.txt').replaceAll('\n', '\r\n');
const facts: unknown = JSON.parse(read('2022-good.facts.json'));
const constrainedModel = goodBackend('cmd', '', 2022, 'fr-FR');
const constrainedShell = { languageMode: 'ConstrainedLanguage', version: '5.1.20348.2400' };

/** Sends everything, the exit status, and closes. */
const says =
  (output: (nonce: string) => string | Buffer, errorOutput: string | Buffer = '', code = 0): Reply =>
  (channel, { nonce }) => {
    channel.stderr.write(errorOutput);
    channel.write(output(nonce));
    channel.exit(code);
    channel.end();
  };
const nothing = says(() => '', '', 1);
const good = (nonce: string): string => withNonce(capture, nonce);
const changed =
  (from: RegExp, to: string): ((nonce: string) => string) =>
  (nonce) =>
    good(nonce).replace(from, to);
const cut = (nonce: string): string => good(nonce).slice(0, good(nonce).indexOf('DSRAUDIT-END'));

const commands = [windowsProbe, encodedProbe, commandProbe].map(({ command }) => command);

describe('an answer is taken', () => {
  const noise = Buffer.concat([
    Buffer.from('\u001b[2J\u001b[H\u001b]0;C:\\Windows\\system32\\cmd.exe\u0007\u001b[?25h'),
    oem('Accès réservé. Toute activité est enregistrée.\r\n'),
    Buffer.from([0xff, 0xfe, 0x00, 0x9d, 0x0d, 0x0a]),
    Buffer.from('Loading personal and system profiles took 1042ms.\r\nDSRAUDIT-BEGIN 00000000 powershell 1\r\n'),
  ]);
  const progress =
    '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj S="progress" RefId="0"></Obj></Objs>';
  const open: Reply = (channel, { nonce }) => channel.write(good(nonce));

  test.each<[string, Reply, { readonly greeting?: string }?]>([
    ['with CRLF', says(good)],
    ['after a login banner', says(good), { greeting: 'Accès réservé\r\n\u001b[31mWARNUNG\u001b[0m\r\n' }],
    [
      'after a profile with bytes of code page 850 and escape sequences',
      says((n) => Buffer.concat([noise, Buffer.from(good(n))])),
    ],
    ['before the farewell of a profile', says((n) => Buffer.concat([Buffer.from(good(n)), noise]))],
    ['after ESC[?1h in the line of the first mark', says((n) => `\u001b[?1h${good(n)}\u001b[?1l`)],
    ['beside CLIXML on standard error', says(good, progress)],
    ['with exit status 1', says(good, '', 1)],
    ['from a host that neither says an exit status nor closes', open],
    [
      'from a host that says an exit status and does not close',
      (channel, asked, reset) => {
        open(channel, asked, reset);
        channel.exit(0);
      },
    ],
    [
      'from a host that closes without an exit status',
      (channel, asked, reset) => {
        open(channel, asked, reset);
        channel.end();
      },
    ],
    [
      'byte by byte around the marks',
      (channel, { nonce }) => {
        const text = good(nonce);
        const end = text.indexOf('DSRAUDIT-END');
        channel.write(text.slice(0, end));
        for (const character of text.slice(end)) channel.write(character);
      },
    ],
    [
      'though the connection is reset right after the end mark',
      (channel, asked, reset) => {
        open(channel, asked, reset);
        setImmediate(reset);
      },
    ],
  ])('%s', async (_what, reply, options) => {
    const { snapshot, asked, connections } = await visit([reply], options);
    expect(snapshot.unreachable).toBeUndefined();
    expect(snapshot.windows).toStrictEqual(facts);
    expect(asked.map(({ command }) => command)).toEqual(commands.slice(0, 1));
    expect(asked[0]?.script).toBe(windowsProbe.script(undefined as never, asked[0]?.nonce ?? ''));
    expect(connections).toBe(1);
  });
});

describe('a PowerShell that may not run the collector', () => {
  test('answers with the cmd tier in the same exec, in the code page of its console', async () => {
    const text = commandText(constrainedModel, constrainedShell, captureNonce).replaceAll('’', "'");
    expect(text).toContain('réseau');
    const { snapshot, asked } = await visit([says((nonce) => oem(withNonce(text, nonce)))]);
    expect(asked).toHaveLength(1);
    // A letter that is no UTF-8 is lost, and the same in every listing: rows still find each other.
    const legible = text.replaceAll(/[\u0080-\uffff]/g, '\ufffd');
    expect({ windows: snapshot.windows }).toStrictEqual(parseWindows(legible, captureNonce));
    expect(snapshot.windows).toMatchObject({
      tier: 'cmd',
      powershell: { value: { languageMode: 'ConstrainedLanguage' } },
      addresses: { value: expect.arrayContaining([expect.objectContaining({ ip: '10.77.0.100' })]) },
    });
  });
});

describe('the next way is tried', () => {
  const refusals: Readonly<Record<string, Buffer>> = {
    English: oem(
      "'powershell.exe' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n",
    ),
    French: oem(
      "'powershell.exe' n'est pas reconnu en tant que commande interne\r\nou externe, un programme exécutable ou un fichier de commandes.\r\n",
    ),
    German: oem(
      'Der Befehl "powershell.exe" ist entweder falsch geschrieben oder\r\nkonnte nicht gefunden werden. Bitte prüfen.\r\n',
    ),
    Spanish: oem(
      '"powershell.exe" no se reconoce como un comando interno o externo,\r\nprograma o archivo por lotes.\r\n',
    ),
    // "is not an internal or external command" in GBK.
    Chinese: Buffer.from(`27706f7765727368656c6c2e6578652720b2bbcac7c4dab2bfbbf2cde2b2bfc3fcc1ee0d0a`, 'hex'),
  };
  const cmdTier = (nonce: string): Buffer => Buffer.from(withNonce(read('cmd-2003-good.txt'), nonce));

  test.each(
    Object.entries(refusals).flatMap(([language, text]) => [1, 9009].map((code) => ({ language, code, text }))),
  )(
    'a host without PowerShell says so in $language with exit status $code: cmd.exe is third',
    async ({ code, text }) => {
      const refused = says(() => '', text, code);
      const { snapshot, asked, connections } = await visit([refused, refused, says(cmdTier)]);
      expect(asked.map(({ command }) => command)).toEqual(commands);
      expect(connections).toBe(1);
      expect(new Set(asked.map(({ nonce }) => nonce)).size).toBe(3);
      expect(asked[2]?.script).toMatch(/^@echo off\r\n[^]*\r\nexit\r\n$/);
      expect(snapshot.windows).toStrictEqual(JSON.parse(read('cmd-2003-good.facts.json')));
    },
  );

  test('a PowerShell whose `-Command -` reads nothing answers the second', async () => {
    const { snapshot, asked } = await visit([says(() => ''), says(good)]);
    expect(asked.map(({ command }) => command)).toEqual(commands.slice(0, 2));
    expect(asked[1]?.script.startsWith('if("$($ExecutionContext')).toBe(true);
    expect(snapshot.windows).toStrictEqual(facts);
  });

  test('a refused command whose channel ends but never closes does not hold it up', async () => {
    const ended: Reply = (channel) => {
      channel.stderr.write(refusals['English']);
      channel.exit(1);
      // ssh2 closes with end(); eof() alone is the half that Win32-OpenSSH sends.
      (channel as unknown as { eof(): void }).eof();
    };
    const { snapshot, asked } = await visit([ended, ended, says(cmdTier)]);
    expect(asked).toHaveLength(3);
    expect(snapshot.windows?.tier).toBe('cmd');
  });

  test('three refusals are the end, and the first is the one that is told', async () => {
    const { snapshot, asked } = await visit([says(() => '', refusals['French'], 9009), nothing, nothing]);
    expect(asked.map(({ command }) => command)).toEqual(commands);
    expect(snapshot).toMatchObject({
      state: 'unreachable',
      unreachable: { kind: 'probe-incomplete', message: expect.stringContaining('exit status 9009') },
    });
    expect(snapshot.unreachable?.message).toContain("'powershell.exe' n'est pas reconnu");
  });
});

describe('an answer that is damaged is none', () => {
  const base64Line = /(?<=\r\n)eyJ/;
  test.each<[string, (nonce: string) => string, RegExp]>([
    ['base64 with a letter that is none', changed(base64Line, 'e*J'), /not base64/],
    ['base64 with a wrapped prompt in it', changed(base64Line, 'PS C:\\Users\\audit>eyJ'), /not base64/],
    ['a line lost', changed(/(?<=\r\n)eyJ[^\r]*\r\n/, ''), /has \d+ characters, but its last mark says 12967/],
    ['a length that is wrong', changed(/12967/, '12966'), /has 12967 characters, but its last mark says 12966/],
    ['no length', changed(/ 12967/, ' '), /but its last mark says 0/],
    ['no begin mark', changed(/DSRAUDIT-BEGIN.*\r\n/, ''), /did not begin/],
    [
      'everything twice',
      (nonce) => good(nonce).replace(/(?=DSRAUDIT-END)/, good(nonce).replace(/DSRAUDIT-END[^]*/, '')),
      /more than once/,
    ],
    ['a version of later', changed(/powershell 1\r/, 'powershell 2\r'), /expected 1/],
  ])('%s', async (_what, output, message) => {
    const { snapshot, asked } = await visit([says(output)]);
    expect(asked).toHaveLength(1);
    expect(snapshot.windows).toBeUndefined();
    expect(snapshot.unreachable).toMatchObject({
      kind: 'probe-incomplete',
      message: expect.stringMatching(message),
    });
  });

  test('cut before the end mark, in every way', async () => {
    const { snapshot, asked } = await visit([says(cut), says(cut), says(cut)]);
    expect(asked).toHaveLength(3);
    expect(snapshot.unreachable).toMatchObject({
      kind: 'probe-incomplete',
      message: expect.stringContaining('before its end mark'),
    });
  });

  test('cut within the end mark: its line has no end', async () => {
    const within = (nonce: string): string => good(nonce).replace(/ 12967\r\n$/, ' 129');
    const { snapshot } = await visit([says(within), nothing, nothing]);
    expect(snapshot.unreachable?.kind).toBe('probe-incomplete');
  });

  test('reset before the end mark: the connection is the failure, and no other way is tried', async () => {
    const { snapshot, asked } = await visit([
      (channel, { nonce }, reset) => {
        channel.write(cut(nonce));
        setImmediate(reset);
      },
    ]);
    expect(asked).toHaveLength(1);
    expect(snapshot.unreachable?.kind).toBe('protocol');
  });

  test('an exit status without end of output and without end mark is waited for until the deadline', async () => {
    const silent: Reply = (channel) => channel.exit(1);
    const { snapshot } = await visit([silent], { timeoutSeconds: 3 });
    expect(snapshot.unreachable?.kind).toBe('timeout');
  });
});
