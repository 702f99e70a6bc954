import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { collect } from '../../src/collect/collect.ts';
import type { Probe } from '../../src/collect/platform.ts';
import { testHost, testOptions } from '../support/ssh-server-hosts.ts';
import { tinyProbe } from '../support/ssh-server-probe.ts';

const host = testHost('here', { transport: 'local' });

async function collectWith(probe: Partial<Probe>, timeoutSeconds = 20) {
  const linux = { ...tinyProbe, ...probe };
  const options = testOptions([host], {
    probes: { linux, windows: linux },
    timeoutSeconds,
    environment: { PATH: '/usr/bin:/bin', HOME: '/tmp', CANARY: 'canary-4711', SSH_AUTH_SOCK: '/nonexistent' },
  });
  const [snapshot] = await collect([host], options);
  return snapshot;
}

const body = (commands: string): Partial<Probe> => ({
  script: (_host, nonce) => `echo @@${nonce} begin\n${commands}\necho @@${nonce} end\n`,
});

// Ours alone, whatever else runs on this machine.
const sleeper = `sleep 98765.${process.pid}`;
const sleepersRun = (): boolean => execFileSync('/bin/ps', ['-eo', 'args']).toString().includes(sleeper);

test('this machine answers like any host', async () => {
  const snapshot = await collectWith({});
  expect(snapshot).toMatchObject({
    state: 'collected',
    transport: 'local',
    linux: { hostname: { value: 'host here' } },
  });
});

test("the station's environment stays here", async () => {
  const snapshot = await collectWith(body('env'));
  expect(snapshot?.raw).toContain('HOME=/tmp');
  expect(snapshot?.raw).not.toMatch(/CANARY|SSH_AUTH_SOCK|canary/);
});

test.each([
  [
    'a program that is not there',
    { argv: ['/nonexistent/sh', '-s'] as const },
    'probe-incomplete',
    /^start: \/nonexistent\/sh cannot be run \(ENOENT\)/,
  ],
  ['a shell that ends early', body('echo oops >&2; exit 3'), 'probe-incomplete', /exit status 3; it wrote "oops"/],
  ['a flood', body("yes '\u001b[31m'"), 'output-cap', /more than 1048576 bytes came on standard output/],
  ['a flood of errors', body('yes >&2'), 'output-cap', /more than 65536 bytes came on standard error/],
  ['a kill', body('kill -9 $$'), 'probe-incomplete', /ended by signal "SIGKILL"/],
])('%s', async (_what, probe, kind, message) => {
  const snapshot = await collectWith(probe);
  expect(snapshot?.unreachable).toMatchObject({ kind, message: expect.stringMatching(message) });
});

test('a script that hangs ends at its deadline, with everything that it started', async () => {
  const snapshot = await collectWith(body(`${sleeper} & ${sleeper}`), 2);
  expect(snapshot?.unreachable).toMatchObject({ kind: 'timeout', message: 'output: no complete answer within 2 s' });
  await expect.poll(() => sleepersRun(), { timeout: 5000 }).toBe(false);
});

test('the answer is taken at its end mark, though a child still holds the output open', async () => {
  const snapshot = await collectWith(body(`${sleeper} &`));
  expect(snapshot?.state).toBe('collected');
  await expect.poll(() => sleepersRun(), { timeout: 5000 }).toBe(false);
});

test('other ways are tried in turn when the first ends without its mark', async () => {
  const broken: Probe = { ...tinyProbe, ...body('exit 0') };
  const snapshot = await collectWith({ ...body('exit 1'), alternatives: [broken, tinyProbe] });
  expect(snapshot).toMatchObject({ state: 'collected', linux: { hostname: { value: 'host here' } } });
});

test('when no way works, the first is the one that is named', async () => {
  const snapshot = await collectWith({ ...body('exit 41'), alternatives: [{ ...tinyProbe, ...body('exit 42') }] });
  expect(snapshot?.unreachable?.message).toMatch(/exit status 41/);
});
