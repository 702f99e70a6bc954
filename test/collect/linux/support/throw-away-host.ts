import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { linuxProbeScript, type ProbeParameters } from '../../../../src/collect/linux/probe.ts';

const hostScript = fileURLToPath(new URL('../../../captures/linux/host.sh', import.meta.url));

/** The parameters of all captures and runs. */
export const parameters: ProbeParameters = {
  nonce: 'capture0',
  vips: ['10.77.0.100', '2001:db8:77::100'],
  peers: ['198.51.100.20', '10.77.0.5', '2001:db8:c::20'],
  privileged: false,
};

/** The words that make a command run as nobody, with nothing of our environment. */
export const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'env', '-i'] as const;

/** What a command printed and how it ended. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Runs a command on a throw-away host; see test/captures/linux/host.sh for the scenarios. */
export function onHost(
  scenario: string,
  command: readonly string[],
  input = linuxProbeScript(parameters),
): Promise<Outcome> {
  return run(['sh', hostScript, scenario, ...command], input);
}

/** Runs a program of this machine. */
export function run([program = '', ...words]: readonly string[], input: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'pipe', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), status }),
    );
    // A forced command leaves the script behind the parameters unread.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' || reject(error));
    child.stdin.end(input);
  });
}

/** Whether something that these tests need is missing here. On CI nothing may be, and they run and fail instead of being skipped. */
export function isMissing(...command: readonly string[]): boolean {
  if (env['CI'] === 'true') return false;
  const [program = '', ...words] = command;
  return spawnSync(program, words, { stdio: 'ignore' }).status !== 0;
}

/** Whether this machine cannot make throw-away hosts: that takes root, namespaces and overlays. */
export const isWithoutHosts: boolean = isMissing('sh', hostScript, 'compliant', 'true');

/** The capture of a name, as it is stored. */
export function capture(name: string): string {
  return readFileSync(new URL(`../../../captures/linux/${name}.txt`, import.meta.url), 'utf8');
}
