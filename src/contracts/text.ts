import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { InputError } from '../errors.ts';

/** What problems call standard input. */
export const standardInput = '<stdin>';

/**
 * Reads a file, at most `maxBytes` bytes of it; `-` means standard input. Whatever prevents that is the user's to mend and
 * throws an InputError.
 */
export async function readBytes(
  path: string,
  maxBytes: number,
  stdin: AsyncIterable<Uint8Array | string>,
): Promise<Uint8Array> {
  const file = path === '-' ? standardInput : path;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of path === '-' ? stdin : createReadStream(path)) {
      const bytes: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      chunks.push(bytes);
      size += bytes.length;
      // Leaving the loop closes the file: /dev/zero ends here too.
      if (size > maxBytes) break;
    }
  } catch (error) {
    throw new InputError([{ file, message: unreadable(error) }]);
  }
  checkSize(file, size, maxBytes);
  return Buffer.concat(chunks);
}

/** The text of UTF-8 bytes, or text as it is; without a byte order mark, and at most `maxBytes` bytes of it. */
export function decodeText(file: string, content: string | Uint8Array, maxBytes: number): string {
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  checkSize(file, size, maxBytes);
  const text = typeof content === 'string' ? content : decodeUtf8(file, content);
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function checkSize(file: string, bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  const mebibyte = 1024 * 1024;
  const limit = maxBytes < mebibyte ? `${maxBytes} bytes` : `${Math.floor(maxBytes / mebibyte)} MiB`;
  throw new InputError([{ file, message: `is larger than ${limit}, the most that is read; split it` }]);
}

function decodeUtf8(file: string, bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  const mark = buffer.toString('hex', 0, 2);
  if (mark === 'fffe' || mark === 'feff') {
    throw new InputError([{ file, message: 'is UTF-16, expected UTF-8; save it again as UTF-8' }]);
  }
  const message = 'this line is not UTF-8; save the file again as UTF-8';
  throw new InputError([{ file, line: firstBadLine(buffer), message }]);
}

function firstBadLine(buffer: Buffer): number {
  for (let line = 1, start = 0; ; line += 1) {
    const end = buffer.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(buffer.subarray(start, end))) return line;
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
