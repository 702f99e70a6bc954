import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, run } from './command.ts';

const mark = 'dsrlab';
const registry = '/run/netns';

/** Field 22 of /proc/PID/stat, the start time in clock ticks: with the process id it names a process for ever (proc(5)). */
function startTime(processId: number): string | null {
  try {
    const status = readFileSync(`/proc/${processId}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Begins the name of every namespace and folder of this process, so that several fleets and several processes stay apart. */
const ours = `${mark}-${process.pid}-${startTime(process.pid)}-`;
let count = 0;

/** True when the process that made a namespace or folder of this name has ended. */
function isLeftover(name: string): boolean {
  const [, processId, ticks] = new RegExp(`^${mark}-(\\d+)-(\\d+)-`).exec(name) ?? [];
  return processId !== undefined && startTime(Number(processId)) !== ticks;
}

/**
 * Shell lines that undo what a new namespace copies from the machine (devinet_init_net), before any interface exists. A
 * default that is 0 is left alone: once written, a later write no longer reaches the interfaces made in between.
 */
export const neutralise = `
for scope in all default lo; do
  for knob in arp_ignore arp_announce arp_filter arp_notify proxy_arp proxy_arp_pvlan rp_filter accept_local route_localnet forwarding; do
    file=/proc/sys/net/ipv4/conf/$scope/$knob
    read -r value <$file || :
    [ "$value" = 0 ] || echo 0 >$file
  done
  # Duplicate address detection takes seconds during which an address is neither used nor told.
  echo 0 >/proc/sys/net/ipv6/conf/$scope/accept_dad
done
ip link set dev lo up`.trim();

/** A network namespace of the lab; it holds nothing but lo, which is up, until links are added. */
export interface Namespace {
  readonly name: string;
}

/** Makes a network namespace; what it is for stands at the end of its name. */
export async function createNamespace(purpose: string): Promise<Namespace> {
  const namespace = { name: `${ours}${++count}-${purpose}` };
  await run(['ip', 'netns', 'add', namespace.name]);
  await shell(namespace, neutralise);
  return namespace;
}

/** The command line that runs a command in a namespace, with /sys showing that namespace. */
export function inside(namespace: Namespace, ...command: readonly string[]): readonly string[] {
  return ['ip', 'netns', 'exec', namespace.name, ...command];
}

/** Runs a shell script in a namespace; any failing line is an error. */
export function shell(namespace: Namespace, script: string): Promise<string> {
  return run(inside(namespace, '/bin/sh', '-e'), script);
}

/** Runs lines of `ip -batch` in a namespace. */
export async function configure(namespace: Namespace, lines: readonly string[]): Promise<void> {
  await run(['ip', '-n', namespace.name, '-batch', '-'], `${lines.join('\n')}\n`);
}

/** A veth pair between two namespaces, both ends up. */
export async function connect(left: Namespace, leftName: string, right: Namespace, rightName: string): Promise<void> {
  await configure(left, [
    `link add name ${leftName} type veth peer name ${rightName} netns ${right.name}`,
    `link set dev ${leftName} up`,
  ]);
  await configure(right, [`link set dev ${rightName} up`]);
}

async function remove(name: string): Promise<void> {
  const { stdout } = await attempt(['ip', 'netns', 'pids', name]);
  for (const processId of stdout.split('\n').filter((line) => line !== '')) endProcess(Number(processId));
  const { code, stderr } = await attempt(['ip', 'netns', 'del', name]);
  // Another process may have swept it at the same time.
  if (code !== 0 && existsSync(join(registry, name))) throw new Error(`${name} cannot be removed: ${stderr}`);
}

function endProcess(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends the processes of namespaces and removes them. */
export async function removeNamespaces(namespaces: readonly Namespace[]): Promise<void> {
  for (const { name } of namespaces) await remove(name);
}

/** A folder for the files of a fleet, removed with `removeFolder` or by a later sweep. */
export function createFolder(): string {
  return mkdtempSync(join(tmpdir(), ours));
}

/** Removes a folder of the lab. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Removes the namespaces (with their processes) and folders that ended processes left behind; returns their names. */
export async function sweepLeftovers(): Promise<readonly string[]> {
  const namespaces = existsSync(registry) ? readdirSync(registry).filter(isLeftover) : [];
  for (const name of namespaces) await remove(name);
  const folders = readdirSync(tmpdir()).filter(isLeftover);
  for (const folder of folders) removeFolder(join(tmpdir(), folder));
  return [...namespaces, ...folders];
}
