import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeText, readBytes } from '../../src/contracts/text.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsr-audit-text-'));
  await writeFile(join(folder, 'file'), 'a: 1\n');
});

afterAll(() => rm(folder, { recursive: true }));

async function* input(...chunks: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array | string> {
  yield* chunks;
}

function refused(path: string, maxBytes = 100): Promise<Uint8Array> {
  return readBytes(path, maxBytes, input('x'.repeat(101)));
}

test('a file is read to its end', async () => {
  expect(decodeText('file', await readBytes(join(folder, 'file'), 5, input()), 5)).toBe('a: 1\n');
});

test('- is standard input, in whatever pieces it comes', async () => {
  const e = Buffer.from('é');
  const bytes = await readBytes('-', 100, input('a: ', e.subarray(0, 1), e.subarray(1)));
  expect(decodeText('<stdin>', bytes, 100)).toBe('a: é');
});

describe('refused is', () => {
  test('what is not there', async () => {
    await expect(refused('no/such/file')).rejects.toThrow('no/such/file: does not exist; check the path');
  });

  test('a folder', async () => {
    await expect(refused(folder)).rejects.toThrow(`${folder}: is a folder, expected a file`);
  });

  test('a path that no file can have', async () => {
    await expect(refused('a\0b')).rejects.toThrow('cannot be read (ERR_INVALID_ARG_VALUE)');
  });

  test('a file beyond the limit', async () => {
    await expect(refused(join(folder, 'file'), 4)).rejects.toThrow(
      'is larger than 4 bytes, the most that is read; split it',
    );
  });

  test('input beyond the limit', async () => {
    await expect(refused('-')).rejects.toThrow('<stdin>: is larger than 100 bytes');
  });

  test.runIf(process.platform === 'linux')('a device without end', async () => {
    await expect(refused('/dev/zero', 1024 * 1024)).rejects.toThrow('/dev/zero: is larger than 1 MiB');
  });
});
