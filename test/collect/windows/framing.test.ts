import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/collect/windows/commands.ts';
import { readFrame } from '../../../src/collect/windows/framing.ts';
import { parseWindows } from '../../../src/collect/windows/parse.ts';

const nonce = '0123456789abcdef';

function framed(json: string, mark = nonce): string {
  const base64 = Buffer.from(json, 'latin1').toString('base64');
  const lines = base64.match(/.{1,76}/g) ?? [];
  return ['', `DSRAUDIT-BEGIN ${mark} powershell 1`, ...lines, `DSRAUDIT-END ${mark} ${json.length}`, ''].join('\n');
}

function stepped(steps: readonly (readonly [string, readonly string[], number])[], count = steps.length): string {
  return [
    `DSRAUDIT-BEGIN ${nonce} cmd 1`,
    ...steps.flatMap(([name, lines, exitCode]) => [
      `DSRAUDIT-STEP ${nonce} ${name}`,
      ...lines,
      `DSRAUDIT-EXIT ${nonce} ${exitCode}`,
    ]),
    `DSRAUDIT-END ${nonce} ${count}`,
    '',
  ].join('\r\n');
}

const json = JSON.stringify({ schema: 1, notes: [] });
const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 400 });
const noise = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '#< CLIXML\r\n<Objs Version="1.1.0.1"></Objs>',
    '\u001B[?1h',
    `DSRAUDIT-BEGIN otherotherother powershell 1`,
    'MOTD\r\n',
  ),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const harmless = noise.filter((text) => !text.includes(nonce));

describe('the frame of the PowerShell collector', () => {
  it('gives back what was framed, whatever stands before and after', () => {
    fc.assert(
      fc.property(ascii, harmless, harmless, (text, before, after) => {
        expect(readFrame(`${before}\n${framed(text)}\n${after}`, nonce)).toStrictEqual({
          tier: 'powershell',
          json: text,
        });
      }),
    );
  });

  it('does not mind CRLF, spaces at line ends, or escape sequences', () => {
    const text = framed(json);
    const noisy = text
      .replaceAll('\n', ' \r\n')
      .replace('DSRAUDIT-BEGIN', '\u001B[?1hDSRAUDIT-BEGIN')
      .replace('DSRAUDIT-END', '\u001B]0;title\u0007\u001B[32mDSRAUDIT-END');
    expect(readFrame(noisy, nonce)).toStrictEqual({ tier: 'powershell', json });
  });

  it('is incomplete wherever it is cut', () => {
    const text = framed(JSON.stringify({ schema: 1, notes: [{ step: 'x', error: 'y'.repeat(300) }] }));
    const end = text.lastIndexOf(`DSRAUDIT-END ${nonce} `) + `DSRAUDIT-END ${nonce} `.length;
    fc.assert(
      fc.property(fc.nat({ max: end }), (at) => {
        expect(readFrame(text.slice(0, at), nonce)).toHaveProperty('incomplete');
      }),
    );
  });

  it('is incomplete when any of its characters is lost, doubled or changed', () => {
    const text = framed(JSON.stringify({ schema: 1, notes: [{ step: 'x', error: 'y'.repeat(300) }] }));
    const lines = text.split('\n');
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: lines.length - 3 }),
        fc.constantFrom('lost', 'doubled', 'changed'),
        (at, how) => {
          const line = lines[at] ?? '';
          const instead = how === 'lost' ? [] : how === 'doubled' ? [line, line] : [`${line.slice(0, -1)}?`];
          expect(
            readFrame([...lines.slice(0, at), ...instead, ...lines.slice(at + 1)].join('\n'), nonce),
          ).toHaveProperty('incomplete');
        },
      ),
    );
  });

  it('ignores marks of another nonce and refuses a second frame of its own', () => {
    expect(readFrame(framed('{"forged":1}', 'f'.repeat(16)) + framed(json), nonce)).toStrictEqual({
      tier: 'powershell',
      json,
    });
    expect(readFrame(framed('{"forged":1}') + framed(json), nonce)).toHaveProperty('incomplete');
    expect(readFrame(framed(json).replace(' powershell 1', ' powershell 2'), nonce)).toHaveProperty('incomplete');
    expect(readFrame(framed(json).replace(' powershell 1', ' bash 1'), nonce)).toHaveProperty('incomplete');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            noise,
            fc.constantFrom(
              `DSRAUDIT-BEGIN ${nonce} powershell 1`,
              `DSRAUDIT-END ${nonce} 3`,
              `DSRAUDIT-STEP ${nonce} a`,
              `DSRAUDIT-EXIT ${nonce} 0`,
              `DSRAUDIT-BEGIN ${nonce} cmd 1`,
            ),
          ),
        ),
        (lines) => {
          const result = parseWindows(lines.join('\n'), nonce);
          expect('incomplete' in result || 'windows' in result).toBe(true);
        },
      ),
    );
  });
});

describe('the frame of the cmd tier', () => {
  it('gives each step with its exit code', () => {
    const name = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,20}$/);
    const line = fc.string().filter((text) => !['\r', '\n', '\u001B', nonce].some((part) => text.includes(part)));
    const step = fc.tuple(name, fc.array(line, { maxLength: 5 }), fc.integer({ min: -100, max: 10_000 }));
    fc.assert(
      fc.property(fc.uniqueArray(step, { selector: ([text]) => text, maxLength: 8 }), (steps) => {
        const frame = readFrame(`Microsoft Windows [Version 6.1.7601]\r\n${stepped(steps)}`, nonce);
        expect(frame).toMatchObject({ tier: 'cmd', shell: null });
        if (!('steps' in frame)) throw new Error('no steps');
        expect([...frame.steps].map(([key, { lines, exitCode }]) => [key, lines, exitCode])).toStrictEqual(steps);
      }),
    );
  });

  it('is incomplete when a step is missing, has no end or comes twice', () => {
    expect(readFrame(stepped([['a', [], 0]], 2), nonce)).toHaveProperty('incomplete');
    expect(
      readFrame(
        stepped([
          ['a', [], 0],
          ['a', [], 0],
        ]),
        nonce,
      ),
    ).toHaveProperty('incomplete');
    expect(readFrame(stepped([['a', [], 0]]).replace('DSRAUDIT-EXIT', 'EXIT'), nonce)).toHaveProperty('incomplete');
    expect(
      readFrame(
        stepped([['a', [], 0]]).replace(`DSRAUDIT-EXIT ${nonce} 0`, `DSRAUDIT-EXIT ${nonce} %errorlevel%`),
        nonce,
      ),
    ).toHaveProperty('incomplete');
  });

  it('names the shell that handed over', () => {
    const text = `DSRAUDIT-SHELL ${nonce} ConstrainedLanguage 5.1.1\r\n${stepped([])}`;
    expect(readFrame(text, nonce)).toMatchObject({ shell: { languageMode: 'ConstrainedLanguage', version: '5.1.1' } });
  });

  it('leaves every fact missing when every command failed', () => {
    const text = stepped(commands.map(([step]) => [step, ['Zugriff verweigert'], 1] as const));
    const result = parseWindows(text, nonce);
    if (!('windows' in result)) throw new Error('incomplete');
    const known = Object.entries(result.windows).filter(([, fact]) => typeof fact === 'object' && 'value' in fact);
    expect(known.map(([name]) => name)).toStrictEqual([]);
    expect(result.windows.notes).toHaveLength(commands.length);
  });
});
