import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/contracts/report.ts';
import { demoHosts } from '../../src/cli/demo-fleet/fleet.ts';

const bin = join(fileURLToPath(new URL(process.env['DSR_AUDIT_DIST'] ?? '../../dist/', import.meta.url)), 'bin.js');
const folder = mkdtempSync(join(tmpdir(), 'dsr-audit-cli-'));
const path = (name: string): string => join(folder, name);

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], input = ''): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    input,
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 256 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

let demo: Outcome;
beforeAll(() => {
  demo = run(['demo', '--folder', folder]);
});
const report = (name = 'report.json'): Report => JSON.parse(readFileSync(path(name), 'utf8')) as Report;

describe('demo', () => {
  test('audits its fleet over SSH into text, HTML and JSON, and exits with 0', () => {
    expect(demo.stderr).toContain('as a gate it exits with 1');
    expect(demo.status).toBe(0);
    expect(demo.stdout).toMatch(/^✗ NON-COMPLIANT, exit code 1/);
    expect(report()).toMatchObject({ exitCode: 1, verdict: 'non-compliant' });
    expect(readFileSync(path('report.html'), 'utf8')).toContain('<!doctype html>');
  });

  test('tells every host as its story says', () => {
    const failing = (name: string): string[] =>
      (report().hosts.find((host) => host.name === name)?.results ?? [])
        .filter(({ result }) => result === 'fail')
        .map(({ rule }) => rule.replace(/^(linux|windows)\//, ''));
    const expected: Readonly<Record<string, readonly string[]>> = {
      web01: [],
      web02: ['arp-announce', 'arp-ignore', 'sysctl-persistence'],
      web03: ['vip-prefix-length'],
      web04: ['arp-announce', 'arp-ignore', 'sysctl-persistence'],
      web05: ['vip-persistence', 'vip-placement'],
      web06: ['sysctl-persistence', 'vip-persistence', 'vip-persistence'],
      web07: [],
      web08: [],
      win01: [],
      win02: ['loopback-metric'],
      win03: ['vip-prefix-length'],
      win04: ['loopback-gateway'],
      win05: [],
      win06: ['loopback-weak-host-receive', 'weak-host-persistence', 'weak-host-receive', 'weak-host-send'],
      win07: [],
      win08: ['vip-prefix-length'],
      win09: ['loopback-gateway'],
      win10: ['vip-placement'],
      win11: ['vip-firewall'],
      win12: ['weak-host-persistence', 'weak-host-receive'],
      win13: ['weak-host-persistence', 'weak-host-send'],
      win14: ['loopback-weak-host-receive', 'weak-host-persistence'],
      win15: ['vip-persistence'],
    };
    expect(Object.fromEntries(demoHosts.map(({ name }) => [name, failing(name).sort()]))).toEqual(expected);
  });

  test('names who can hijack the VIP, and whom it could not reach', () => {
    const { services, hosts } = report();
    expect(services[0]).toMatchObject({
      vip: '10.77.0.100',
      hijackRisk: ['web02', 'web04', 'web05', 'win10'],
      hijackUnknown: ['web07', 'web08'],
    });
    expect(
      hosts.filter((host) => host.state === 'unreachable').map((host) => [host.name, host.unreachable?.kind]),
    ).toEqual([
      ['web07', 'refused'],
      ['web08', 'host-key-changed'],
    ]);
  });

  test('writes its files for the owner alone and leaves nothing half written', () => {
    for (const name of ['report.json', 'report.html', 'snapshot.json'])
      expect(statSync(path(name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('every stage can be taken up again', () => {
  test('evaluate judges the snapshot as audit did', () => {
    const again = run(['evaluate', path('inventory.yaml'), path('snapshot.json'), '-o', 'json']);
    expect(again.status).toBe(1);
    expect(JSON.parse(again.stdout)).toEqual(report());
  });

  test('render says what audit said, with the same exit code', () => {
    const text = run(['render', path('report.json')]);
    expect(text).toMatchObject({ status: 1, stderr: '' });
    expect(text.stdout).toBe(demo.stdout);
  });

  test('a compliant part of the fleet exits with 0, one host down with 3, none up with 4', () => {
    const evaluate = (...limits: string[]) =>
      run([
        'evaluate',
        path('inventory.yaml'),
        path('snapshot.json'),
        '-q',
        ...limits.flatMap((name) => ['--limit', name]),
      ]);
    expect(evaluate('web01', 'win01', 'win07').status).toBe(0);
    expect(evaluate('web01', 'web07').status).toBe(3);
    expect(evaluate('web07', 'web08').status).toBe(4);
    expect(evaluate('web0[14]').status).toBe(1);
  });

  test('--fail-on leaves lesser failures to the report', () => {
    const outcome = run([
      'evaluate',
      path('inventory.yaml'),
      path('snapshot.json'),
      '--limit',
      'win15',
      '--fail-on',
      'high',
      '-o',
      'json',
    ]);
    expect(outcome.status).toBe(0);
    expect((JSON.parse(outcome.stdout) as Report).totals.failures.medium).toBe(1);
  });

  test('explain says why, value by value', () => {
    const outcome = run([
      'explain',
      path('inventory.yaml'),
      'web04',
      '10.77.0.100',
      '--snapshot',
      path('snapshot.json'),
    ]);
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain('IS ANSWERED');
    expect(outcome.stdout).toContain('arp_ignore is 0 on eth0 (the greater of all 0 and eth0 0)');
    expect(
      run(['explain', path('inventory.yaml'), 'win10', '10.77.0.100', '--snapshot', path('snapshot.json')]).stdout,
    ).toContain('IS ANSWERED');
    expect(
      run(['explain', path('inventory.yaml'), 'web01', '10.77.0.9', '--snapshot', path('snapshot.json')]).status,
    ).toBe(2);
  });
});

describe('wrong input exits with 2, says what to do, and writes no report', () => {
  test.each([
    [[], /Usage:/],
    [['audti'], /Did you mean audit/],
    [['audit'], /missing required argument/],
    [['audit', 'nowhere.yaml'], /nowhere\.yaml/],
    [['audit', path('inventory.yaml'), '-o', 'jsn=x'], /unknown format; there are text, json, html/],
    [['audit', path('inventory.yaml'), '-o', 'text', '-o', 'json'], /only one format can go to standard output/],
    [['audit', path('inventory.yaml'), '-o', 'json=/nowhere/at/all.json'], /is not a folder/],
    [['audit', path('inventory.yaml'), '--concurrency', '0'], /whole number from 1 to 1024/],
    [['audit', path('inventory.yaml'), '--fail-on', 'info'], /Allowed choices are critical, high, medium, low/],
    [['audit', path('inventory.yaml'), '--limit', 'wbe01'], /wbe01/],
    [['audit', path('inventory.yaml'), '--rule', 'linux/none'], /matches no rule/],
    [['audit', path('inventory.yaml'), '--rules', folder], /the path is the rule's id/],
    [['evaluate', path('inventory.yaml'), path('inventory.yaml')], /is not JSON/],
    [['evaluate', path('inventory.yaml'), path('report.json')], /report\.json/],
    [['render', path('snapshot.json')], /snapshot\.json/],
    [['rules', 'show', 'linux/none'], /no rule "linux\/none"/],
    [['collect'], /name an inventory file, or --script/],
  ] as [string[], RegExp][])('%j', (args, sentence) => {
    const outcome = run(args);
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
  });

  test('a broken inventory names file, line and column, and contacts nobody', async () => {
    let contacted = 0;
    const server = createServer((socket) => {
      contacted += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    writeFileSync(
      path('broken.yaml'),
      `version: 1\nservices:\n  web: { vip: 192.0.2.1, backends: [a, b] }\nhosts:\n  a: { address: 127.0.0.1, port: ${port} }\n  c: { prot: 22 }\n`,
    );
    const outcome = run(['audit', path('broken.yaml')]);
    server.close();
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toMatch(/broken\.yaml:3:\d+: services\.web\.backends/);
    expect(outcome.stderr).toMatch(/broken\.yaml:6:\d+: .*did you mean "port"/i);
    expect(contacted).toBe(0);
  });
});

describe('the other commands', () => {
  test('help names every command and the exit codes', () => {
    const { status, stdout } = run(['--help']);
    expect(status).toBe(0);
    for (const word of [
      'audit',
      'collect',
      'evaluate',
      'render',
      'explain',
      'plan',
      'lint',
      'rules',
      'schema',
      'demo',
      'Exit codes',
      'Nothing checked is never green',
    ])
      expect(stdout).toContain(word);
  });

  test('plan names each host, contacts nobody, and prints the script that runs', () => {
    const { status, stdout } = run(['plan', path('inventory.yaml'), '--limit', 'web01', '--limit', 'win01']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^web01: ssh audit@127\.0\.0\.1 port \d+, linux; VIPs 10\.77\.0\.100 2001:db8:77::100$/m);
    expect(stdout).toContain(
      readFileSync(fileURLToPath(new URL('../../src/collect/linux/probe.sh', import.meta.url)), 'utf8'),
    );
  });

  test('lint and schema', () => {
    expect(run(['lint', path('inventory.yaml')])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('valid: 2 services, 23 backends'),
    });
    for (const name of ['inventory', 'rule', 'snapshot', 'report'])
      expect(JSON.parse(run(['schema', name]).stdout)).toHaveProperty('$id');
  });

  test('rules list, show and test', () => {
    expect(run(['rules', 'list']).stdout).toMatch(/^critical linux\/arp-ignore .*LX-ARP-001/m);
    expect(run(['rules', 'show', 'linux/arp-ignore']).stdout).toMatch(/Fix:\n {2}1\./);
    expect(run(['rules', 'test'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+ rules, \d+ checks, 0 problems\n$/),
    });
  });

  test('collection scripts and their output as evidence', () => {
    for (const platform of ['linux', 'windows'])
      expect(run(['collect', '--script', platform]).stdout.length).toBeGreaterThan(1000);
    const script = run(['collect', '--script', 'linux']).stdout;
    const evidence = spawnSync('/bin/sh', ['-s', '--', 'vip=10.77.0.100'], { input: script, encoding: 'utf8' });
    writeFileSync(path('web07.txt'), evidence.stdout);
    const outcome = run([
      'audit',
      path('inventory.yaml'),
      '--limit',
      'web07',
      '--evidence',
      path('web07.txt'),
      '-o',
      'json',
    ]);
    expect(outcome.status).toBe(1);
    expect((JSON.parse(outcome.stdout) as Report).hosts[0]).toMatchObject({ name: 'web07', state: 'assessed' });
  });

  test('the script of a forced command takes its parameters from standard input, and no others', () => {
    const script = run(['collect', '--script', 'forced-command']).stdout;
    writeFileSync(path('dsr-probe'), script);
    const forced = (input: string) => spawnSync('/bin/sh', [path('dsr-probe')], { input, encoding: 'utf8' });
    expect(forced('set -- nonce=0123456789abcdef vip=10.77.0.100\nid\n').stdout).toMatch(
      /@@0123456789abcdef complete \d+\n$/,
    );
    expect(forced('id; cat /etc/shadow\n')).toMatchObject({ status: 64, stdout: '' });
  });

  test('selftest prints a PowerShell script', () => {
    expect(run(['selftest', 'windows']).stdout).toContain('Get-NetIPInterface');
  });

  test('a reader that goes away is no error', () => {
    const piped = spawnSync(
      '/bin/sh',
      ['-c', `'${process.execPath}' '${bin}' render '${path('report.json')}' -o json | head -c 10; exit 0`],
      { encoding: 'utf8' },
    );
    expect(piped).toMatchObject({ stdout: '{\n  "forma', stderr: '' });
  });

  test('the whole of a large report reaches a slow pipe', () => {
    const piped = spawnSync(
      '/bin/sh',
      ['-c', `'${process.execPath}' '${bin}' render '${path('report.json')}' -o json | (sleep 1; cat)`],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    expect(piped.stdout).toBe(readFileSync(path('report.json'), 'utf8'));
  });
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, code) => {
  test('writes the partial report', async () => {
    // Accepts connections and says nothing: the run waits until it is interrupted.
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const host = `  silent: { address: 127.0.0.1, port: ${port} }\n`;
    const inventory = readFileSync(path('inventory.yaml'), 'utf8')
      .replace('backends: [', 'backends: [silent, ')
      .replace('hosts:\n', `hosts:\n${host}`);
    const known = readFileSync(path('known_hosts'), 'utf8');
    writeFileSync(
      path('known_hosts'),
      `${known}[127.0.0.1]:${port} ${known.split(' ').slice(1, 3).join(' ').split('\n')[0]}\n`,
    );
    writeFileSync(path('silent.yaml'), inventory);
    const target = path(`interrupted-${signal}.json`);
    const child = spawn(
      process.execPath,
      [bin, 'audit', path('silent.yaml'), '--limit', 'silent', '--limit', 'web07', '-o', `json=${target}`],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.includes('collected 1/2') && !child.killed) child.kill(signal);
    });
    const status = await new Promise((resolve) => child.on('exit', resolve));
    server.close();
    writeFileSync(path('known_hosts'), known);
    expect(status).toBe(code);
    expect(existsSync(target)).toBe(true);
    expect(report(`interrupted-${signal}.json`)).toMatchObject({
      exitCode: code,
      run: { interrupted: signal },
      hosts: [{ name: 'silent', unreachable: { kind: 'interrupted' } }, { name: 'web07' }],
    });
  });
});
