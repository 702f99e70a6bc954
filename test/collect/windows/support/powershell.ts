import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { collectorScript } from '../../../../src/collect/windows/bootstrap.ts';

/** The nonce of every stored capture. */
export const captureNonce = 'capture00';

/** A real PowerShell: DSR_AUDIT_TEST_PWSH, else pwsh of PATH; undefined where there is none, and then those tests are skipped, also in CI: no package brings one. */
export const powershell: string | undefined = [process.env['DSR_AUDIT_TEST_PWSH'], 'pwsh'].find(
  (program) =>
    program !== undefined &&
    program !== '' &&
    spawnSync(program, ['-NoLogo', '-NoProfile', '-Command', '1'], { encoding: 'utf8' }).stdout?.trim() === '1',
);

if (powershell === undefined) {
  console.warn(
    'No PowerShell (DSR_AUDIT_TEST_PWSH, or pwsh on PATH): the tests that run the Windows collector are skipped.',
  );
}

/** What a program answers to a standard input. */
export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs the real PowerShell with a standard input. */
export function runPowershell(arguments_: readonly string[], input: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(powershell ?? 'pwsh', ['-NoLogo', '-NoProfile', '-NonInteractive', ...arguments_]);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (exitCode) => {
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), exitCode });
    });
    child.stdin.end(input);
  });
}

/** What the unchanged collector prints for each recording, in one PowerShell. */
export async function runRecordings(
  recordings: readonly object[],
  collector: string = collectorScript,
): Promise<readonly string[]> {
  const support = fileURLToPath(new URL('./recorded.ps1', import.meta.url));
  const driver = fileURLToPath(new URL('./run-recordings.ps1', import.meta.url));
  const task = JSON.stringify({ collector, nonce: captureNonce, support, recordings });
  const answer = await runPowershell(['-File', driver], task);
  if (answer.exitCode !== 0 || answer.stderr !== '')
    throw new Error(`run-recordings.ps1: ${answer.stderr || answer.exitCode}`);
  return JSON.parse(answer.stdout) as string[];
}

/** Version of the real PowerShell. */
export function powershellVersion(): string {
  const answer = spawnSync(powershell ?? 'pwsh', [
    '-NoLogo',
    '-NoProfile',
    '-Command',
    '$PSVersionTable.PSVersion.ToString()',
  ]);
  return answer.stdout.toString().trim();
}
