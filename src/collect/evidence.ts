import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { HostSnapshot } from '../contracts/snapshot.ts';
import { InputError } from '../errors.ts';
import type { Host } from '../inventory/model.ts';
import { HostFailure } from './failure.ts';
import { collectedHost, unreachableHost } from './host-snapshot.ts';
import { evidenceNonce, type Probes } from './platform.ts';

/**
 * Reads what a script with the `evidenceNonce` printed when an operator ran it by hand, with the parser and limits of a
 * live collection. A file that cannot be read is the user's mistake; one that is cut off is an unreachable host.
 */
export async function readEvidence(file: string, host: Host, probes: Probes): Promise<HostSnapshot> {
  const evidenceHost: Host = { ...host, transport: 'evidence' };
  const main = probes[host.platform];
  const ways = [main, ...(main.alternatives ?? [])];
  const limit = Math.max(...ways.map((probe) => probe.outputLimit));
  // PowerShell's > writes UTF-16, which is twice as long.
  const bytes = await readAtMost(file, 2 * limit + 2);
  const output = Buffer.from(decode(bytes));
  if (output.length > limit) {
    const reason = `${file} is longer than the ${limit} bytes that a probe may print`;
    return unreachableHost(evidenceHost, new HostFailure('output-cap', 'output', reason));
  }
  const read = ways.map((probe) => collectedHost(evidenceHost, probe, output, evidenceNonce));
  const collected = read.find((snapshot) => snapshot.state === 'collected') ?? read[0];
  if (collected === undefined) throw new Error(`no probe for ${host.platform}`);
  return collected;
}

async function readAtMost(file: string, limit: number): Promise<Buffer> {
  try {
    return await buffer(createReadStream(file, { end: limit }));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputError([{ file, message: `the evidence file cannot be read (${code})` }]);
  }
}

function decode(bytes: Buffer): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
