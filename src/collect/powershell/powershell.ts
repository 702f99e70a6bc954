import { spawn } from 'node:child_process';
import { platform } from 'node:os';
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { kill } from 'node:process';
import { fileURLToPath } from 'node:url';
import { PowerShell } from 'node-powershell';
import type { Host } from '../../inventory/model.ts';
import { startExchange } from '../exchange.ts';
import { HostFailure } from '../failure.ts';
import type { Attempt, Environment, Transport } from '../transport.ts';
import { within } from '../within.ts';
import { errorMark, remotingFailure } from './remoting-error.ts';

const collectorFile = fileURLToPath(new URL('../windows/collector.ps1', import.meta.url));

/**
 * The one line that PowerShell runs: constant. node-powershell's own quoting would expand $(...) in a value, so every
 * value comes through the environment; -FilePath turns the collector into a script block here, whatever the execution policy.
 */
export const remotingCommand = [
  `$ProgressPreference='SilentlyContinue'`,
  `$a=@{ComputerName=$env:DSR_AUDIT_HOST;FilePath=$env:DSR_AUDIT_COLLECTOR;ArgumentList=$env:DSR_AUDIT_NONCE;ErrorAction='Stop'}`,
  `if($env:DSR_AUDIT_PORT){$a.Port=[int]$env:DSR_AUDIT_PORT}`,
  `if($env:DSR_AUDIT_TLS){$a.UseSSL=$true}`,
  `try{if($env:DSR_AUDIT_CREDENTIAL){$a.Credential=Import-Clixml -LiteralPath $env:DSR_AUDIT_CREDENTIAL}` +
    `;$a.SessionOption=New-PSSessionOption -OpenTimeout 15000 -OperationTimeout 60000` +
    `;Invoke-Command @a}catch{[Console]::Error.WriteLine('${errorMark}'+$_.FullyQualifiedErrorId+' '+$_)}`,
].join(';');

/**
 * PowerShell remoting (WinRM) from a Windows station: one PowerShell of its own for each host, by node-powershell. The
 * account is the session's, or that of a credential file that Export-Clixml wrote (DPAPI: readable only by its owner).
 */
export function createPowershell(environment: Environment): Transport {
  return async (host, attempts, clock) => {
    const [attempt] = attempts;
    if (attempt === undefined) throw new Error('no attempt was given');
    return { attempt, output: await run(host, attempt, environment, clock.signal) };
  };
}

async function run(host: Host, attempt: Attempt, environment: Environment, signal: AbortSignal): Promise<Buffer> {
  const shell = new PowerShell({
    executableOptions: { '-NoProfile': true, '-NonInteractive': true },
    // A byte on standard error is no failure: the end mark decides.
    throwOnInvocationError: false,
    spawnOptions: { windowsHide: true, env: environmentFor(host, attempt, environment) },
  });
  const errors = collectErrors(shell.streams.stderr);
  const output = bytesOf(shell.streams.stdout);
  const exchange = startExchange(attempt, output, bytesOf(shell.streams.stderr));
  // Called in this tick: a missing executable would otherwise be an unhandled rejection, which ends Node. The result says
  // only that PowerShell has finished with the command; the answer is read from the stream, where it is bounded.
  const failed = shell.invoke(remotingCommand).then(
    () =>
      remotingFailure(errors()) ??
      new HostFailure('probe-incomplete', 'output', 'the collector ended before its end mark'),
    (error: unknown) => remotingFailure(errors()) ?? new HostFailure('not-collected', 'start', startFailure(error)),
  );
  const withoutAnswer = failed.then(async (failure) => {
    output.end();
    await finished(output);
    throw failure;
  });
  try {
    return await within(Promise.race([exchange.answer, withoutAnswer]), {
      signal,
      phase: () => 'exec',
    });
  } finally {
    endTree(shell);
  }
}

function environmentFor(host: Host, attempt: Attempt, environment: Environment): NodeJS.ProcessEnv {
  return {
    ...environment,
    // PowerShell 7 writes terminal escapes even into a pipe, unless the terminal is dumb.
    TERM: 'dumb',
    DSR_AUDIT_HOST: host.address,
    DSR_AUDIT_COLLECTOR: collectorFile,
    DSR_AUDIT_NONCE: attempt.nonce,
    DSR_AUDIT_PORT: host.port === undefined ? '' : String(host.port),
    DSR_AUDIT_TLS: host.useTls ? '1' : '',
    DSR_AUDIT_CREDENTIAL: host.credentialFile ?? '',
  };
}

function startFailure(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `no PowerShell could be used on this station (${reason.slice(0, 200)}); the powershell transport needs a Windows station, or use transport: ssh`;
}

// The library decodes its streams to text; the exchange reads bytes.
function bytesOf(stream: Readable): PassThrough {
  const bytes = new PassThrough();
  stream.on('data', (chunk: string | Buffer) => bytes.write(chunk));
  return bytes;
}

function collectErrors(stream: Readable): () => string {
  let text = '';
  stream.on('data', (chunk: string | Buffer) => {
    if (text.length < 16_384) text += chunk.toString();
  });
  return () => text;
}

// dispose() ends only the direct child, and rejects when it had to kill it.
function endTree(shell: PowerShell): void {
  const { pid } = shell['process'];
  shell.dispose('SIGKILL').catch(() => undefined);
  if (pid === undefined) return;
  if (platform() === 'win32') {
    spawn('taskkill', ['/T', '/F', '/PID', String(pid)], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    );
    return;
  }
  try {
    kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
