import { spawn } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import type { CollectOptions } from '../../src/collect/collect.ts';
import type { HostSnapshot } from '../../src/contracts/snapshot.ts';
import type { Host } from '../../src/inventory/model.ts';

/** A collection to be run in a process of its own. */
export interface ClientTask {
  readonly inventory: readonly Host[];
  /** Names of the hosts to ask. */
  readonly selected: readonly string[];
  readonly options: Pick<CollectOptions, 'concurrency' | 'timeoutSeconds' | 'connectTimeoutSeconds'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly abortAfterMilliseconds?: number;
}

/** What that process says of itself before it must end. */
export interface ClientReport {
  readonly snapshots: readonly HostSnapshot[];
  readonly milliseconds: number;
  readonly longestPauseMilliseconds: number;
  readonly peakMegabytes: number;
  /** Unhandled rejections and warnings. */
  readonly uncaught: readonly string[];
}

export interface ClientRun extends ClientReport {
  readonly exitCode: number | null;
  /** From the result to the end of the process: open handles would keep it. */
  readonly lingeredMilliseconds: number;
  readonly standardError: string;
}

/** Bundles the collector into the folder, so that plain Node runs it. */
export async function buildClient(folder: string): Promise<string> {
  const root = resolve(import.meta.dirname, '../..');
  const bundle = await rolldown({
    input: join(root, 'test/support/ssh-server-client.ts'),
    platform: 'node',
    external: ['ssh2', 'p-limit'],
    logLevel: 'silent',
  });
  const file = join(folder, 'client.mjs');
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return file;
}

/** Runs a collection in a process of its own, until that process ends by itself. */
export async function runClient(program: string, task: ClientTask): Promise<ClientRun> {
  const child = spawn(process.execPath, [program], {
    stdio: 'pipe',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
  });
  let output = '';
  let standardError = '';
  let reportedAt = Number.NaN;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.endsWith('\n')) reportedAt = performance.now();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    standardError += chunk.toString();
  });
  child.stdin.end(JSON.stringify(task));
  const exitCode = await new Promise<number | null>((done) => {
    child.once('close', done);
  });
  const lingeredMilliseconds = performance.now() - reportedAt;
  if (output === '') throw new Error(`the client died (${exitCode}): ${standardError}`);
  return { ...(JSON.parse(output) as ClientReport), exitCode, lingeredMilliseconds, standardError };
}
