import { describe, expect, test } from 'vitest';
import type { ReportRule, ReportRun, Result } from '../../src/contracts/report.ts';
import { conclude } from '../../src/report/verdict.ts';

const run: ReportRun = {
  id: '0'.repeat(32),
  startedAt: '2026-11-22T03:00:00.000Z',
  finishedAt: '2026-11-22T03:00:09.000Z',
  interrupted: null,
  failOn: 'low',
  limit: [],
  rules: [],
};
const rule = (horizon: 'now' | 'reboot', covers: readonly string[] = []): ReportRule => ({
  covers,
  title: 'a title',
  failure: 'a failure',
  severity: 'critical',
  horizon,
  subject: 'vip',
  platform: 'linux',
  why: 'why',
  fix: [],
  rollback: [],
  source: [],
  catalogue: [],
  tags: [],
});
const result = (word: Result['result'], change: Partial<Result> = {}): Result => ({
  rule: 'linux/now',
  result: word,
  severity: 'critical',
  expected: '',
  actual: '',
  message: '',
  evidence: [],
  fingerprint: '0'.repeat(64),
  ...change,
});
const concluded = (results: readonly Result[][], change: Partial<ReportRun> = {}, fleet: readonly Result[] = []) =>
  conclude(
    {
      formatVersion: 1,
      tool: { name: 'dsr-audit', version: '0' },
      rules: { 'linux/now': rule('now'), 'linux/reboot': rule('reboot', ['linux/now']), 'linux/lasting': rule('now') },
      hosts: results.map((list, index) => ({
        name: `web${index}`,
        address: '192.0.2.1',
        platform: 'linux',
        tags: [],
        state: list.length === 0 ? 'unreachable' : 'assessed',
        results: list,
      })),
      services: [
        {
          name: 'web',
          vip: '192.0.2.100',
          method: 'loopback',
          ports: [],
          backends: results.map((_, index) => `web${index}`),
          hijackRisk: [],
          hijackUnknown: [],
          results: fleet,
        },
      ],
    },
    { ...run, ...change },
  );

describe('exit code and verdict', () => {
  test.each([
    ['all pass', [[result('pass')], [result('pass'), result('notapplicable')]], {}, 0, 'compliant'],
    ['one failure', [[result('pass')], [result('fail')]], {}, 1, 'non-compliant'],
    ['a failure beats an unreachable host', [[result('fail')], []], {}, 1, 'non-compliant'],
    ['one host unreachable', [[result('pass')], []], {}, 3, 'incomplete'],
    ['an error', [[result('pass'), result('error')]], {}, 3, 'incomplete'],
    ['an unknown', [[result('pass'), result('unknown')]], {}, 3, 'incomplete'],
    [
      'a host on which nothing applies, beside a good one',
      [[result('pass')], [result('notapplicable')]],
      {},
      3,
      'incomplete',
    ],
    ['nothing applies anywhere', [[result('notapplicable')]], {}, 4, 'not-assessed'],
    ['every host unreachable', [[], []], {}, 4, 'not-assessed'],
    ['no host at all', [], {}, 4, 'not-assessed'],
    ['only informational results', [[result('informational')]], {}, 4, 'not-assessed'],
    ['a failure below the threshold', [[result('fail', { severity: 'low' })]], { failOn: 'high' }, 0, 'compliant'],
    ['a failure at the threshold', [[result('fail', { severity: 'high' })]], { failOn: 'high' }, 1, 'non-compliant'],
    ['interrupted by SIGINT', [[result('pass')], []], { interrupted: 'SIGINT' }, 130, 'incomplete'],
    ['interrupted by SIGTERM with a failure', [[result('fail')], []], { interrupted: 'SIGTERM' }, 143, 'non-compliant'],
  ] as [string, Result[][], Partial<ReportRun>, number, string][])(
    '%s',
    (_name, results, change, exitCode, verdict) => {
      expect(concluded(results, change)).toMatchObject({ exitCode, verdict });
    },
  );

  test('a failure of a fleet rule counts although every host is compliant', () => {
    expect(concluded([[result('pass')]], {}, [result('fail')])).toMatchObject({
      exitCode: 1,
      verdict: 'non-compliant',
    });
    expect(concluded([[result('pass')]], {}, [result('unknown')])).toMatchObject({
      exitCode: 3,
      verdict: 'incomplete',
    });
  });
});

test('right now and after reboot are told apart', () => {
  const drift = concluded([[result('pass'), result('fail', { rule: 'linux/reboot' })]]).hosts[0];
  expect(drift).toMatchObject({ verdict: 'non-compliant', now: 'compliant', afterReboot: 'non-compliant' });
  const pending = concluded([[result('fail'), result('pass', { rule: 'linux/reboot' })]]).hosts[0];
  expect(pending).toMatchObject({ verdict: 'non-compliant', now: 'non-compliant', afterReboot: 'compliant' });
  const lasting = concluded([[result('fail', { rule: 'linux/lasting' }), result('pass', { rule: 'linux/reboot' })]])
    .hosts[0];
  expect(lasting).toMatchObject({ now: 'non-compliant', afterReboot: 'non-compliant' });
});

test('a backend is compliant for a VIP when its results for it and for the host as a whole are', () => {
  const report = concluded([
    [result('pass', { vip: '192.0.2.100' })],
    [result('fail', { vip: '192.0.2.101' }), result('pass')],
    [result('fail')],
    [],
  ]);
  expect(report.services[0]?.compliant).toEqual(['web0', 'web1']);
  expect(report.totals.hosts).toEqual({
    selected: 4,
    assessed: 3,
    unreachable: 1,
    compliant: 1,
    nonCompliant: 2,
    incomplete: 0,
    notAssessed: 1,
  });
});
