// Every stored capture once through real SSH: what arrives at the parser must be what stands in the file.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseWindows } from '../../../src/collect/windows/parse.ts';
import { captureNonce, type Reply, visit, withNonce } from './support/win32-openssh.ts';

const folder = new URL('../../captures/windows/', import.meta.url);
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.txt') ? [file.slice(0, -'.txt'.length)] : []));

const refused: Reply = (channel) => {
  channel.exit(1);
  channel.end();
};

test('there are captures of both tiers', () => {
  expect(names.filter((name) => name.startsWith('cmd-')).length).toBeGreaterThan(2);
  expect(names.length).toBeGreaterThan(40);
});

test.each(names)('%s', async (name) => {
  const capture = readFileSync(new URL(`${name}.txt`, folder), 'utf8');
  const answer: Reply = (channel, { nonce }) => {
    channel.write(withNonce(capture, nonce));
    channel.exit(0);
    channel.end();
  };
  // What no PowerShell printed, cmd.exe did: the third way.
  const withoutPowershell = /DSRAUDIT-BEGIN capture00 cmd/.test(capture) && !capture.includes('DSRAUDIT-SHELL');
  const { snapshot, asked } = await visit(withoutPowershell ? [refused, refused, answer] : [answer]);
  expect(asked).toHaveLength(withoutPowershell ? 3 : 1);
  expect(snapshot).toMatchObject({ state: 'collected', platform: 'windows', transport: 'ssh' });
  expect({ windows: snapshot.windows }).toStrictEqual(parseWindows(capture, captureNonce));
});
