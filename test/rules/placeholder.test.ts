import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillCommand, fillSentence, placeholdersOf } from '../../src/rules/placeholder.ts';

test('names between braces are placeholders; shell braces are not', () => {
  expect(placeholdersOf('ip addr add {vip}/32 dev {interface}; echo ${HOME} { x; } {Upper} {a-b}')).toEqual([
    'vip',
    'interface',
  ]);
});

test('sentences name what is not known', () => {
  expect(fillSentence('{a} and {b} and {c}', (name) => ({ a: 1, b: [] as unknown[] })[name as 'a'])).toBe(
    '1 and none and (c not known)',
  );
});

describe('commands', () => {
  const filled = (value: unknown, shell: 'sh' | 'powershell' | 'cmd'): string => fillCommand('{x}', shell, () => value);
  test.each([
    ['eth0', 'sh', 'eth0'],
    ['$(id)', 'sh', "'$(id)'"],
    ["a'b", 'sh', String.raw`'a'\''b'`],
    ['-oProxy', 'sh', "'-oProxy'"],
    ['Loopback LO', 'powershell', "'Loopback LO'"],
    ['it\u2019s', 'powershell', "'it\u2019\u2019s'"],
    ['$x', 'powershell', "'$x'"],
    ['LAN 1', 'cmd', '"LAN 1"'],
    ['%PATH%', 'cmd', '<X>'],
    ['a"b', 'cmd', '<X>'],
    ['a\u001b[31m', 'sh', '<X>'],
    ['a\u202eb', 'sh', '<X>'],
    [undefined, 'sh', '<X>'],
    [['a', 'b c'], 'sh', "a 'b c'"],
    [32, 'sh', '32'],
  ] as const)('%j for %s is %j', (value, shell, text) => {
    expect(filled(value, shell)).toBe(text);
  });

  test('whatever a host calls its interface, sh sees it as one word', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 15, unit: 'grapheme' }), (name) => {
        const quoted = filled(name, 'sh');
        if (quoted === '<X>') return;
        const echoed = spawnSync('/bin/sh', ['-c', `printf '%s' ${quoted}`], { encoding: 'utf8' });
        expect(echoed.stdout).toBe(name);
      }),
      { numRuns: 60 },
    );
  });
});
