const newline = 0x0a;

/** Gathers a probe's standard output up to its end mark. */
export interface Answer {
  /** Takes a chunk; says whether the end mark has come, or the limit is passed. What follows the end mark is dropped. */
  take(chunk: Buffer): 'more' | 'complete' | 'too-much';
  bytes(): Buffer;
}

/**
 * Reads until a line that begins with `endMark` (ASCII) has been ended by a newline, or more than `limit` bytes have come.
 * Only the head of the current line is kept for the comparison, so that the work stays linear when a host sends
 * one endless line byte by byte.
 */
export function readAnswer(endMark: string, limit: number): Answer {
  const chunks: Buffer[] = [];
  let length = 0;
  let head = '';

  function endOfAnswer(chunk: Buffer): number {
    for (let start = 0; start < chunk.length;) {
      const end = chunk.indexOf(newline, start);
      const stop = end === -1 ? chunk.length : end;
      head += chunk.toString('latin1', start, Math.min(stop, start + endMark.length - head.length));
      if (end === -1) return -1;
      if (head === endMark) return end + 1;
      head = '';
      start = end + 1;
    }
    return -1;
  }

  return {
    take(chunk) {
      const end = endOfAnswer(chunk);
      const kept = end === -1 ? chunk : chunk.subarray(0, end);
      length += kept.length;
      if (length > limit) return 'too-much';
      chunks.push(kept);
      return end === -1 ? 'more' : 'complete';
    },
    bytes: () => Buffer.concat(chunks, length),
  };
}
