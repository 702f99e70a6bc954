import { spawn } from 'node:child_process';
import { platform } from 'node:os';
import { kill } from 'node:process';
import { startExchange } from './exchange.ts';
import { HostFailure } from './failure.ts';
import { firstAnswered, type Attempt, type Environment, type Transport } from './transport.ts';
import { within } from './within.ts';

// Enough to find programs, and what PowerShell does not start without. Secrets in the station's environment stay out.
const passedOn = new Set([
  'PATH',
  'HOME',
  'SYSTEMROOT',
  'WINDIR',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'PATHEXT',
  'COMSPEC',
  'PSMODULEPATH',
]);

/** Runs probes on the auditing station itself. */
export function createLocal(environment: Environment): Transport {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => passedOn.has(name.toUpperCase())));
  return (_host, attempts, clock) => firstAnswered(attempts, (attempt) => run(attempt, env, clock.signal));
}

async function run(attempt: Attempt, env: Environment, signal: AbortSignal): Promise<Buffer> {
  const [program, ...programArguments] = attempt.probe.argv;
  // A process group of its own, so that everything the script started ends with it. Windows has no such groups.
  const grouped = platform() !== 'win32';
  const child = spawn(program, programArguments, { env, detached: grouped, stdio: 'pipe', windowsHide: true });
  const exchange = startExchange(attempt, child.stdout, child.stderr);
  const started = new Promise<never>((_resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason = `${program} cannot be run (${error.code ?? error.message})`;
      reject(new HostFailure('probe-incomplete', 'start', reason, { cause: error }));
    });
  });
  child.on('exit', exchange.exited);
  child.on('close', exchange.closed);
  // A shell that is gone before it has read everything; its exit says more than the EPIPE.
  child.stdin.on('error', () => undefined);
  child.stdin.end(attempt.script);
  try {
    return await within(Promise.race([exchange.answer, started]), { signal, phase: () => 'output' });
  } finally {
    if (grouped && child.pid !== undefined) killGroup(child.pid);
    else child.kill('SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function killGroup(leader: number): void {
  try {
    kill(-leader, 'SIGKILL');
  } catch (error) {
    // Everybody has left already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
