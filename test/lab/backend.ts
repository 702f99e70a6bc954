import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { attempt, type Outcome, run } from './command.ts';
import { inside, type Namespace } from './namespace.ts';

/** What distinguishes one backend of a fleet from another. */
export interface BackendPlan {
  readonly name: string;
  /** Files below /etc by path, for example sysctl.d/90-dsr.conf; what is not named here is not there. */
  readonly files?: Readonly<Record<string, string>>;
  /** Shell commands that run once its interfaces have their addresses: sysctls, the VIP. */
  readonly commands?: readonly string[];
}

/** A running backend: network, mounts, processes and host name of its own. */
export interface Backend {
  readonly name: string;
  /** Its address on the management segment. */
  readonly managementAddress: string;
  /** MAC of eth0, lower case. */
  readonly mac: string;
  /** Runs a command as root in the backend. */
  execute(command: readonly string[], input?: string): Promise<Outcome>;
  /** Starts a process in the backend that lives until the backend is stopped; resolves when it has printed `ready`. */
  start(command: readonly string[], ready: RegExp): Promise<Service>;
  stop(): Promise<void>;
}

/** A process that runs in a backend. */
export interface Service {
  /** All that it has written so far, stdout and stderr. */
  output(): string;
}

/**
 * What makes a container of the namespaces: /etc, /run and the packages' configuration folders are empty or its own, so
 * that nothing of the machine's configuration is audited. The first line printed is the process id as the machine sees
 * it: the old /proc still shows that. The shell stays as process 1 and reaps.
 */
const container = `
set -e
cut -d' ' -f4 /proc/self/stat
mount --make-rprivate /
mount -t proc proc /proc
mkdir -p "$FOLDER/etc"
mount -t tmpfs -o mode=755 etc "$FOLDER/etc"
cp -a /etc/alternatives /etc/ld.so.conf /etc/ld.so.conf.d /etc/ld.so.cache /etc/os-release "$FOLDER/etc/" 2>/dev/null || true
mount --move "$FOLDER/etc" /etc
mount -t tmpfs -o mode=755 run /run
for folder in /usr/lib/sysctl.d /usr/local/lib/sysctl.d /usr/lib/systemd/network /usr/lib/netplan; do
  [ ! -d $folder ] || mount -t tmpfs -o mode=755 packages $folder
done
hostname "$NAME"
echo prepared
while :; do sleep 3600 & wait; done
`;

/** Starts a backend in a namespace whose interfaces have their addresses: first its files, then its own commands. */
export async function startBackend(
  plan: BackendPlan,
  namespace: Namespace,
  managementAddress: string,
  folder: string,
): Promise<Backend> {
  const isolated = ['unshare', '--mount', '--uts', '--pid', '--fork', '--kill-child', '/bin/sh', '-c', container];
  const holder = spawn('setpriv', ['--pdeathsig', 'KILL', ...inside(namespace, ...isolated)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FOLDER: `${folder}/${plan.name}`, NAME: plan.name },
  });
  const lines = createInterface({ input: holder.stdout })[Symbol.asyncIterator]();
  const processId = await nextLine(lines, plan.name);
  await nextLine(lines, plan.name);
  const enter = ['nsenter', '--target', processId, '--mount', '--uts', '--net', '--pid', '--'];
  const backend: Backend = {
    name: plan.name,
    managementAddress,
    mac: (await run(inside(namespace, 'cat', '/sys/class/net/eth0/address'))).trim(),
    execute: (command, input) => attempt([...enter, ...command], input),
    start: (command, ready) => startService([...enter, ...command], ready),
    // Every process of the backend ends with its process 1.
    async stop() {
      if (holder.exitCode !== null || holder.signalCode !== null) return;
      const ended = once(holder, 'exit');
      holder.kill('SIGKILL');
      await ended;
    },
  };
  await run([...enter, '/bin/sh', '-e'], preparation(plan));
  return backend;
}

async function nextLine(lines: AsyncIterator<string>, name: string): Promise<string> {
  const line = await lines.next();
  if (line.done === true) throw new Error(`the container of ${name} ended before it was prepared`);
  return line.value;
}

function preparation({ files = {}, commands = [] }: BackendPlan): string {
  const writing = Object.entries(files).map(
    ([path, text]) => `mkdir -p "$(dirname '/etc/${path}')"\ncat >'/etc/${path}' <<'END-OF-FILE'\n${text}\nEND-OF-FILE`,
  );
  return [...writing, ...commands].join('\n');
}

async function startService(command: readonly string[], ready: RegExp): Promise<Service> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (text: string): void => {
      output += text;
      if (ready.test(output)) resolve();
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`${command.join(' ')} ended with ${code}: ${output}`)));
  });
  return { output: () => output };
}
