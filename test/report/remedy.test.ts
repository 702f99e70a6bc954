import { describe, expect, it } from 'vitest';
import type { RemedyStep } from '../../src/contracts/report.ts';
import { remedies, scriptOf } from '../../src/report/remedy.ts';
import { failures, type Finding } from '../../src/report/shown.ts';
import { cases } from './fixtures/cases.ts';

const [sample] = failures(cases.get('broken-fleet')!);

function failing(name: string, fix: readonly RemedyStep[]): Finding {
  return { ...sample!, host: { ...sample!.host!, name }, result: { ...sample!.result, fix } };
}

describe('remedies', () => {
  it('tells a step once where all hosts have the same, and by host where the command differs', () => {
    const all = ['web01', 'web02', 'web03'].map((name) =>
      failing(name, [
        { say: 'Stop it.', run: 'stop', shell: 'sh' },
        { say: 'Remove it.', run: name === 'web02' ? 'remove eth1' : 'remove eth0', shell: 'sh' },
        { say: 'Look.' },
      ]),
    );
    const owners = ['web01', 'web02', 'web03'];
    expect(remedies(all, 'fix')).toEqual([
      {
        owners,
        steps: [
          { say: 'Stop it.', commands: [{ run: 'stop', shell: 'sh', owners }] },
          {
            say: 'Remove it.',
            commands: [
              { run: 'remove eth0', shell: 'sh', owners: ['web01', 'web03'] },
              { run: 'remove eth1', shell: 'sh', owners: ['web02'] },
            ],
          },
          { say: 'Look.', commands: [] },
        ],
      },
    ]);
  });

  it('keeps remedies apart whose sentences differ', () => {
    const all = [failing('web01', [{ say: 'Edit netplan.' }]), failing('web02', [{ say: 'Edit ifcfg.' }])];
    expect(remedies(all, 'fix').map(({ owners }) => owners)).toEqual([['web01'], ['web02']]);
  });

  it('takes the remedy of the rule where a result has none', () => {
    const { fix: _, ...result } = sample!.result;
    expect(remedies([{ ...sample!, result }], 'fix')[0]?.steps).toHaveLength(sample!.rule!.fix.length);
  });

  it('makes a script in which every sentence is a comment on one line', () => {
    const script = (['sh', 'cmd'] as const).map((shell) => {
      const fix: RemedyStep[] = [{ say: 'First\nrm -rf /', run: 'go', shell }];
      return scriptOf(remedies([failing('web01', fix), failing('web02', fix)], 'fix')[0]!);
    });
    expect(script).toEqual(['# First rm -rf /\ngo\n', 'rem First rm -rf /\ngo\n']);
  });

  it('says in the script which command is for which host, and no name ends the comment', () => {
    const all = [failing('web01', [{ run: 'a', shell: 'sh' }]), failing('web02\nreboot', [{ run: 'b', shell: 'sh' }])];
    expect(scriptOf(remedies(all, 'fix')[0]!)).toBe('# on web01:\na\n# on web02\\nreboot:\nb\n');
  });
});
