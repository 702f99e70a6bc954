import { spawn } from 'node:child_process';

/** What a command wrote, and how it ended; code is null when a signal ended it. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, with text on its stdin; its exit code is the caller's to judge. */
export function attempt(command: readonly string[], input = ''): Promise<Outcome> {
  const [file = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // A command that ends without reading its input closes the pipe; its exit code tells what matters.
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** Runs a command that must succeed; returns its stdout, or throws with all that it wrote. */
export async function run(command: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, input);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${input}\n${stdout}${stderr}`);
  return stdout;
}
