import { describe, expect, it } from 'vitest';
import { meaningOf, rebootChange } from '../../src/report/meaning.ts';
import { nextSteps } from '../../src/report/next-steps.ts';
import {
  alike,
  byRule,
  failureOf,
  failures,
  placeOf,
  type Finding,
  type ShownHost,
  type ShownReport,
} from '../../src/report/shown.ts';
import { vipStates } from '../../src/report/vips.ts';
import { clipped, prose, visible, visibleLines, visibleText } from '../../src/report/visible.ts';
import { buildReport } from './fixtures/build.ts';
import { cases } from './fixtures/cases.ts';

const brokenFleet = cases.get('broken-fleet')!;

function sentence(report: ShownReport): string {
  return meaningOf(report).sentence;
}

function host(now: ShownHost['now'], afterReboot: ShownHost['now']): ShownHost {
  return { ...brokenFleet.hosts[0]!, now, afterReboot };
}

function saying(finding: Finding, message: string): Finding {
  return { ...finding, result: { ...finding.result, message } };
}

describe('visible text', () => {
  it('shows what would act or hide, and leaves other scripts alone', () => {
    expect(visible('a\u001b[31m\u0007b\u009b')).toBe(String.raw`a\u001b[31m\u0007b\u009b`);
    expect(visible('\u202etxt\u200b\u{e0041}\ud800')).toBe(String.raw`\u202etxt\u200b\u{e0041}\ud800`);
    expect(visible('Carte de bouclage 环回 é')).toBe('Carte de bouclage 环回 é');
    expect(visible('a\nb\tc\r')).toBe(String.raw`a\nb\tc\r`);
  });

  it('keeps lines where lines are wanted', () => {
    expect(visibleLines('a\r\nb\n\u001bc\n\n')).toEqual(['a', 'b', String.raw`\u001bc`]);
    expect(visibleText('a\r\n\tb\u001b')).toBe(`a\n\tb${String.raw`\u001b`}`);
    expect(prose(' a\n  b\u2028c ')).toBe('a b c');
  });

  it('cuts between characters and says how much is left', () => {
    expect(clipped('abcdef', 4)).toBe('abcd … (2 more characters)');
    expect(clipped('abc\u{1f600}', 4)).toBe('abc … (2 more characters)');
    expect(clipped('abcd', 4)).toBe('abcd');
  });
});

describe('meaning', () => {
  it('counts failures below the threshold apart', () => {
    const report = buildReport(
      [
        {
          name: 'win02',
          address: '10.77.0.22',
          platform: 'windows',
          vips: ['10.77.0.100'],
          ports: [],
          ingress: 'LAN',
          deviations: [{ rule: 'windows/loopback-metric', result: 'fail' }],
        },
      ],
      [],
      { failOn: 'high' },
    );
    expect(sentence(report)).toBe(
      'Every one of 1 host was assessed and nothing failed at or above high. 1 failure below high is not counted.',
    );
    expect(failures(report).map(({ counted }) => counted)).toEqual([false]);
  });

  it('tells a failure of a VIP as a whole from failures of hosts', () => {
    const report = buildReport(
      [],
      [
        {
          name: 'web',
          vip: '10.77.0.100',
          method: 'loopback',
          ports: [],
          backends: [],
          hijackRisk: [],
          fleet: { result: 'fail' },
        },
      ],
    );
    expect(sentence({ ...report, verdict: 'non-compliant' })).toBe('1 failure of a VIP as a whole.');
  });

  it('is never good news when interrupted', () => {
    const meaning = meaningOf({
      ...cases.get('compliant')!,
      exitCode: 143,
      run: { ...brokenFleet.run, interrupted: 'SIGTERM' },
    });
    expect(meaning.tone).toBe('open');
    expect(meaning.exit).toBe('interrupted by SIGTERM, the report is partial');
  });

  it('says that an empty selection proves nothing', () => {
    expect(sentence(buildReport([], []))).toBe('No host was selected, so nothing is proven.');
  });
});

describe('findings', () => {
  it('lists rules by severity, then by how many findings they have', () => {
    expect(byRule(failures(brokenFleet)).map(({ id }) => id)).toEqual([
      'linux/arp-announce',
      'linux/arp-ignore',
      'linux/vip-placement',
      'linux/vip-prefix-length',
      'windows/weak-host-receive',
      'linux/sysctl-persistence',
      'windows/loopback-metric',
    ]);
  });

  it('says what most findings of a rule say', () => {
    const group = byRule(failures(brokenFleet))[0]!;
    const [first, second] = group.findings;
    const findings = [saying(first!, 'a'), saying(second!, 'b'), saying(second!, 'b')];
    expect(failureOf({ ...group, findings })).toBe('b');
    expect(alike({ ...group, findings }).map((same) => same.length)).toEqual([1, 2]);
  });

  it('says where a result belongs', () => {
    const result = failures(brokenFleet)[0]!.result;
    expect(placeOf({ ...result, vip: '192.0.2.1', interface: 'eth0', port: '80/tcp' })).toBe(
      '192.0.2.1 on eth0, 80/tcp',
    );
    expect(placeOf({ ...result, interface: 'eth0' })).toBe('eth0');
  });
});

describe('reboot', () => {
  it('speaks of hosts only that a reboot would change', () => {
    expect(rebootChange(host('compliant', 'non-compliant'))).toBe('will break at reboot');
    expect(rebootChange(host('non-compliant', 'compliant'))).toBe('configured to be right after a reboot');
    expect(rebootChange(host('compliant', 'incomplete'))).toBe('not known what a reboot does');
    expect(rebootChange(host('non-compliant', 'non-compliant'))).toBeUndefined();
    expect(rebootChange(host('compliant', 'not-assessed'))).toBeUndefined();
  });
});

describe('next steps', () => {
  it('starts with the hosts that hurt others and ends with the command that checks again', () => {
    const steps = nextSteps(brokenFleet);
    expect(steps[0]?.say).toContain('Repair web02, web04, web05 first');
    expect(steps.at(-1)?.run).toMatch(/^dsr-audit audit INVENTORY --limit web02 --limit web03/);
  });

  it('puts no name into a command that a shell could read otherwise', () => {
    const steps = nextSteps(cases.get('hostile-text')!);
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.filter(({ run }) => run !== undefined)).toEqual([]);
  });

  it('asks for the rest of an interrupted run, and blames no host for it', () => {
    expect(nextSteps(cases.get('interrupted')!)).toEqual([{ say: 'Run again to the end: this report is partial.' }]);
  });

  it('points at the selection when nothing was there to judge', () => {
    expect(nextSteps(buildReport([], [])).map(({ say }) => say)).toEqual([
      'Look at the selection (--limit, --rule) and at the inventory: nothing was judged.',
    ]);
  });

  it('has nothing to say when all is well', () => {
    expect(nextSteps(cases.get('compliant')!)).toEqual([]);
  });
});

describe('VIPs', () => {
  it('puts hijack risks first and counts backends by what is known', () => {
    const states = vipStates(brokenFleet).map(({ service, ...state }) => ({ name: service.name, ...state }));
    expect(states).toEqual([
      { name: 'web', tone: 'bad', compliant: 2, failing: 6, open: 2 },
      { name: 'mail', tone: 'good', compliant: 2, failing: 0, open: 0 },
    ]);
  });
});
