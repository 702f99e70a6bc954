import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import process from 'node:process';
import { InputError } from '../errors.ts';
import { checkSize } from './document.ts';

/** What problems call standard input. */
export const standardInput = '<stdin>';

/**
 * Reads a file of UTF-8 text, at most `maxBytes` bytes of it; `-` means standard input. Whatever prevents that is the
 * user's to mend and throws an InputError.
 */
export async function readText(
  path: string,
  maxBytes: number,
  stdin: AsyncIterable<Uint8Array | string> = process.stdin,
): Promise<string> {
  const file = path === '-' ? standardInput : path;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of path === '-' ? stdin : createReadStream(path)) {
      const bytes = Buffer.from(chunk as Uint8Array);
      chunks.push(bytes);
      size += bytes.length;
      // Leaving the loop closes the file: /dev/zero ends here too.
      if (size > maxBytes) break;
    }
  } catch (error) {
    throw new InputError([{ file, message: unreadable(error) }]);
  }
  checkSize(file, size, maxBytes);
  return decode(file, Buffer.concat(chunks));
}

function decode(file: string, bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff') {
    throw new InputError([{ file, message: 'is UTF-16, expected UTF-8; save it again as UTF-8' }]);
  }
  throw new InputError([
    { file, line: firstBadLine(bytes), message: 'this line is not UTF-8; save the file again as UTF-8' },
  ]);
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'does not exist; check the path';
  if (code === 'EISDIR') return 'is a folder, expected a file';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read: permission denied';
  if (code === '') throw error;
  return `cannot be read (${code})`;
}
