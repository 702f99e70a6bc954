// Measures the client's side of a collection over SSH: CPU time a host and memory, for dsr-audit and for the usual ways of
// running the same script with OpenSSH. One real sshd in a network namespace of its own plays N hosts, 127.1.x.y.
//
//   node test/bench/ssh.mjs [--hosts 200] [--rounds 3] [--concurrency 64] [--dist dist] [--default-kex]
//
// Needs Linux, root (for the namespace) and OpenSSH; clush is measured where it is installed. Prints a Markdown table.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    hosts: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    concurrency: { type: 'string', default: '64' },
    dist: { type: 'string', default: process.env.DSR_AUDIT_DIST ?? 'dist' },
    'default-kex': { type: 'boolean', default: false },
    // Inner modes: the script runs itself inside the namespace, and as the client.
    inside: { type: 'boolean', default: false },
    client: { type: 'string' },
  },
});
const dist = resolve(options.dist);
const port = 2222;

if (options.client !== undefined) await client(options.client);
else if (options.inside) await benchmark();
else enterNamespace();

function enterNamespace() {
  if (process.getuid?.() !== 0)
    throw new Error('the benchmark needs root: its sshd listens in a network namespace of its own');
  const inner = 'ip link set lo up && exec "$@"';
  const self = [process.execPath, ...process.argv.slice(1), '--inside'];
  const { status } = spawnSync('/usr/bin/unshare', ['--net', 'sh', '-c', inner, 'sh', ...self], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

/** One collection, as `dsr-audit collect` does it. */
async function client(file) {
  const [{ collect }, { linuxProbe }] = await Promise.all(
    ['collect/collect.js', 'collect/linux/probe.js'].map((path) => import(pathToFileURL(join(dist, path)).href)),
  );
  const { hosts, concurrency } = JSON.parse(readFileSync(file, 'utf8'));
  const snapshots = await collect(hosts, {
    probes: { linux: linuxProbe, windows: linuxProbe },
    hosts: new Map(hosts.map((host) => [host.name, host])),
    environment: {},
    concurrency,
    timeoutSeconds: 120,
    connectTimeoutSeconds: 60,
  });
  const failed = snapshots.filter((snapshot) => snapshot.state !== 'collected');
  for (const { name, unreachable } of failed.slice(0, 3)) console.error(`${name}: ${unreachable.message}`);
  console.log(snapshots.length - failed.length);
}

async function benchmark() {
  const folder = mkdtempSync(join(tmpdir(), 'dsr-audit-bench-'));
  const sshd = await startSshd(folder);
  try {
    const clients = await prepareClients(folder);
    const runs = new Map(clients.map(({ name }) => [name, []]));
    for (let round = 0; round < Number(options.rounds); round += 1) {
      for (const one of clients) {
        const before = childrenCpuSeconds(sshd.pid);
        const run = await measure(one.script);
        console.error(`round ${round + 1}: ${one.name} ${run.wall} s`);
        runs
          .get(one.name)
          .push({ ...run, serverSeconds: childrenCpuSeconds(sshd.pid) - before, ok: one.answered(run.output) });
      }
    }
    console.log(report(runs));
  } finally {
    sshd.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startSshd(folder) {
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  for (const name of ['host', 'user'])
    execFileSync('/usr/bin/ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const config = [
    `ListenAddress 0.0.0.0:${port}`,
    `HostKey ${folder}/host`,
    `AuthorizedKeysFile ${folder}/user.pub`,
    'MaxStartups 1000:30:2000',
    'PasswordAuthentication no',
    'StrictModes no',
    'UsePAM no',
    // So that bash does not read ~/.bashrc for each command: see test/support/ssh-server-openssh.ts.
    'SetEnv SHLVL=2',
    'PidFile none',
    'LogLevel ERROR',
  ];
  writeFileSync(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const hostKey = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(join(folder, 'known_hosts'), `[127.1.*]:${port} ${hostKey}\n`);
  await new Promise((done) => setTimeout(done, 500));
  return sshd;
}

async function prepareClients(folder) {
  const count = Number(options.hosts);
  const addresses = Array.from(
    { length: count },
    (_, index) => `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  );
  const hosts = addresses.map((address, index) => benchHost(folder, address, index));
  const { linuxProbe } = await import(pathToFileURL(join(dist, 'collect/linux/probe.js')).href);
  const nonce = 'b'.repeat(32);
  const file = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const task = file('task.json', JSON.stringify({ hosts, concurrency: Number(options.concurrency) }));
  const script = file('script', linuxProbe.script(hosts[0], nonce));
  const targets = file('targets', `${addresses.join('\n')}\n`);
  const endMark = linuxProbe.endMark(nonce);
  const marks = (output) => output.split('\n').filter((line) => line.includes(endMark)).length;
  const configuration = (kex) =>
    [
      'Host *',
      `User ${userInfo().username}`,
      `Port ${port}`,
      `IdentityFile ${folder}/user`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${folder}/known_hosts`,
      'StrictHostKeyChecking yes',
      'BatchMode yes',
      'LogLevel ERROR',
      ...kex,
      '',
    ].join('\n');
  const curve = file('ssh_config', configuration(['KexAlgorithms curve25519-sha256']));
  const usual = file('ssh_config_default', configuration([]));
  // An ssh that ends with 255 would make xargs stop, hence || :.
  const xargs = (config) =>
    `xargs -P${options.concurrency} -I{} sh -c 'ssh -F ${config} -- {} /bin/sh -s <${script} || :' <${targets}`;
  const clients = [
    {
      name: 'dsr-audit',
      script: `${process.execPath} ${import.meta.filename ?? process.argv[1]} --dist ${dist} --client ${task}`,
      answered: Number,
    },
    { name: 'ssh, xargs (curve25519)', script: xargs(curve), answered: marks },
  ];
  if (existsSync('/usr/bin/clush')) {
    const list = addresses.join(',');
    clients.push({
      name: 'clush (curve25519)',
      script: `clush -S -N -f ${options.concurrency} -o '-F ${curve}' -w ${list} /bin/sh -s <${script}`,
      answered: marks,
    });
  }
  if (options['default-kex'])
    clients.push({ name: 'ssh, xargs (its default KEX)', script: xargs(usual), answered: marks });
  return clients;
}

function benchHost(folder, address, index) {
  return {
    name: `web${String(index).padStart(4, '0')}`,
    address,
    port,
    user: userInfo().username,
    platform: 'linux',
    role: 'backend',
    tags: [],
    ingressInterfaces: [],
    bindings: [{ service: 'web', vip: '192.0.2.100', method: 'loopback', ports: [] }],
    transport: 'ssh',
    identityFiles: [join(folder, 'user')],
    knownHosts: [join(folder, 'known_hosts')],
    legacyAlgorithms: false,
    privileged: false,
    useTls: false,
    position: { line: 1, column: 1 },
  };
}

/** Runs a shell command; its CPU time is that of all its waited-for descendants, as bash's `time` reports it. */
async function measure(script) {
  const timed = `TIMEFORMAT='%R %U %S'; time { ${script}; } 2>/dev/null`;
  const child = spawn('bash', ['-c', timed], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let times = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (times += chunk));
  const peak = { largest: 0, tree: 0 };
  const sampling = setInterval(() => samplePeak(child.pid, peak), 100);
  await new Promise((done) => child.once('close', done));
  clearInterval(sampling);
  const [wall, user, system] = times.trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, user, system, ...peak, output };
}

function samplePeak(root, peak) {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = readOrNothing(`/proc/${pid}/stat`).replace(/^.*\) \S (\d+) .*$/s, '$1');
    parents.set(pid, parent);
  }
  const inTree = (pid) => pid !== undefined && (pid === String(root) || inTree(parents.get(pid)));
  let tree = 0;
  for (const pid of parents.keys()) {
    if (!inTree(pid)) continue;
    const memory = readOrNothing(`/proc/${pid}/smaps_rollup`);
    const kilobytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
    tree += kilobytes('Pss');
    peak.largest = Math.max(peak.largest, kilobytes('Rss') / 1024);
  }
  peak.tree = Math.max(peak.tree, tree / 1024);
}

// A process may end between the listing and the reading.
function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** CPU time of a process's ended children: proc(5), fields 16 and 17 of stat. */
function childrenCpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function report(runs) {
  const count = Number(options.hosts);
  const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
  const rows = [...runs].map(([name, results]) => {
    const of = (pick) => median(results.map(pick));
    const perHost = (seconds) => ((seconds * 1000) / count).toFixed(1);
    const cpu = results.map((run) => run.user + run.system);
    return [
      name,
      `${of((run) => run.wall).toFixed(1)}`,
      `**${perHost(median(cpu))}** (${perHost(Math.min(...cpu))}-${perHost(Math.max(...cpu))})`,
      of((run) => run.largest).toFixed(0),
      of((run) => run.tree).toFixed(0),
      perHost(of((run) => run.serverSeconds)),
      `${Math.min(...results.map((run) => run.ok))} of ${count}`,
    ];
  });
  const header = [
    'client',
    'wall s',
    'client CPU ms a host (range)',
    'largest process, MB',
    'all processes, MB',
    'server CPU ms a host',
    'answered',
  ];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const version = spawnSync('/usr/bin/ssh', ['-V'], { encoding: 'utf8' }).stderr.trim();
  return [
    `${new Date().toISOString().slice(0, 10)}; ${cpus().length} x ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Linux ${release()}, ` +
      `Node.js ${process.version}, ${version}; ${count} hosts, ${options.concurrency} at once, medians of ${options.rounds} rounds in turn.`,
    '',
    line(header),
    line(header.map(() => '---')),
    ...rows.map(line),
    '',
    'All run the same script with one command a host and the same key exchange, curve25519-sha256. Without that line OpenSSH 9',
    'chooses a post-quantum key exchange (sntrup761x25519 or mlkem768x25519), which the SSH library here does not have: that',
    'protection, not a slower program, is most of the difference to OpenSSH as it comes.',
  ].join('\n');
}
