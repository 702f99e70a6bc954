import { describe, expect, test } from 'vitest';
import { owned, resultOf } from '../../../../src/evaluate/result.ts';
import type { ConfigurationFile, LinuxFacts } from '../../../../src/contracts/snapshot.ts';
import { deriveHostPersistence } from '../../../../src/facts/linux/boot-persistence.ts';
import { linuxSubjects } from '../../../../src/facts/linux/subjects.ts';
import { builtInRules, loadRules } from '../../../../src/rules/load.ts';
import { backend, ethernet, linuxFacts, loopback, sysctls } from '../../../support/linux-facts.ts';
import { settledFacts } from '../../../support/settled-facts.ts';
import { bootedAt, closed, file, link, units } from './files.ts';

const good = 'net.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2\n';
const goodFile = file('/etc/sysctl.d/90-dsr.conf', good);
const interfacesFile = file(
  '/etc/network/interfaces',
  'auto lo\niface lo inet loopback\n\nauto lo:0\niface lo:0 inet static\n  address 10.77.0.100\n  netmask 255.255.255.255\n',
);
const rules = await loadRules([builtInRules]);
const rebootRules = [...rules.values()].filter(({ id, horizon }) => id.startsWith('linux/') && horizon === 'reboot');

/** A host that hides its VIP and has it, with these files. */
function host(files: readonly ConfigurationFile[], changes: Partial<LinuxFacts> = {}): LinuxFacts {
  return linuxFacts({
    sysctlFiles: { value: files },
    addressFiles: { value: [interfacesFile] },
    units: units({ 'networking.service': 'enabled' }),
    tools: { value: ['systemctl: systemd 252 (252.39)', 'sysctl: sysctl from procps-ng 4.0.2'] },
    ...changes,
  });
}

/** What the rules about the next boot find: everything that is neither pass nor notapplicable. */
function findings(facts: LinuxFacts): readonly string[] {
  return linuxSubjects(backend(), facts).flatMap((subject) =>
    rebootRules
      .filter((rule) => rule.subject === subject.kind)
      .map((rule) => resultOf(rule, owned('web01', subject), rules))
      .filter(({ result }) => result !== 'pass' && result !== 'notapplicable')
      .map(({ rule, result, interface: device }) => `${result} ${rule}${device === undefined ? '' : ` ${device}`}`),
  );
}

describe('findings about the next boot, one cause at a time', () => {
  test.each<readonly [string, LinuxFacts, readonly string[]]>([
    ['everything lasts', host([goodFile]), []],
    [
      'sysctls only written to the kernel',
      host([]),
      ['informational linux/boot-proof', 'fail linux/sysctl-persistence eth0'],
    ],
    [
      'the file that nothing reads, /etc/sysctls.conf: one finding, which names it',
      host([file('/etc/sysctls.conf', good)]),
      ['informational linux/boot-proof', 'fail linux/sysctl-persistence eth0'],
    ],
    [
      'the same file beside a good one',
      host([goodFile, file('/etc/sysctls.conf', good)]),
      ['fail linux/sysctl-leftovers'],
    ],
    [
      'a quoted value',
      host([file('/etc/sysctl.d/90-dsr.conf', good.replace('= 1', '= "1"'))]),
      ['informational linux/boot-proof', 'fail linux/sysctl-persistence eth0'],
    ],
    [
      'a quoted value beside a good one',
      host([goodFile, file('/etc/sysctl.d/10-old.conf', 'net.ipv4.conf.default.arp_ignore = "1"\n')]),
      ['fail linux/sysctl-leftovers'],
    ],
    [
      'a later file that turns it off',
      host([goodFile, file('/etc/sysctl.d/99-zzz.conf', 'net.ipv4.conf.all.arp_ignore = 0\n')]),
      ['informational linux/boot-proof', 'fail linux/sysctl-persistence eth0'],
    ],
    [
      'an earlier file that would turn it off',
      host([goodFile, file('/etc/sysctl.d/10-base.conf', 'net.ipv4.conf.all.arp_ignore = 0\n')]),
      ['fail linux/sysctl-conflict'],
    ],
    [
      '/etc/sysctl.conf, which only sysctl --system would load',
      host([goodFile, file('/etc/sysctl.conf', 'net.ipv4.conf.all.arp_ignore = 0\n')]),
      ['fail linux/sysctl-reload'],
    ],
    [
      'a file that may not be read, on a host that was changed since',
      host([closed('/etc/sysctl.d/90-dsr.conf', { modifiedAt: bootedAt + 1 })]),
      [
        'informational linux/boot-proof',
        'unknown linux/reverse-path-persistence',
        'unknown linux/sysctl-persistence eth0',
      ],
    ],
    ['a file that may not be read, proven by a boot', host([closed('/etc/sysctl.d/90-dsr.conf')]), []],
    [
      'files changed since the last boot',
      host([file('/etc/sysctl.d/90-dsr.conf', good, { modifiedAt: bootedAt + 1 })]),
      ['informational linux/boot-proof'],
    ],
    [
      'neither sysctls nor the VIP',
      host([], { addressFiles: { value: [] } }),
      ['informational linux/boot-proof', 'fail linux/vip-persistence', 'fail linux/sysctl-persistence eth0'],
    ],
    ['right only after a reboot', host([goodFile], { sysctls: sysctls() }), ['informational linux/boot-proof']],
    [
      'an init system that nothing is known of',
      host([], { initSystem: { value: 'other' } }),
      ['unknown linux/sysctl-persistence eth0'],
    ],
    [
      'a file that may not be read, proven by a boot, on a host that hides nothing: the boot never makes a failure',
      host([closed('/etc/sysctl.d/90-dsr.conf')], { sysctls: sysctls() }),
      ['unknown linux/sysctl-persistence eth0'],
    ],
    [
      'sysctl files that could not be collected',
      host([], { sysctlFiles: { missing: 'cut' } }),
      [
        'error linux/boot-proof',
        'error linux/sysctl-conflict',
        'error linux/sysctl-leftovers',
        'error linux/sysctl-reload',
        'error linux/reverse-path-persistence',
        'error linux/sysctl-persistence eth0',
      ],
    ],
  ])('%s', (_, facts, expected) => {
    expect(findings(facts)).toEqual(expected);
  });

  test('the finding names the trap in its evidence', () => {
    const facts = host([file('/etc/sysctls.conf', good)]);
    const subject = linuxSubjects(backend(), facts).find(({ kind }) => kind === 'ingress')!;
    const rule = rebootRules.find(({ id }) => id === 'linux/sysctl-persistence')!;
    const { evidence, message } = resultOf(rule, owned('web01', subject), rules);
    expect(message).toBe(
      'After a reboot eth0 answers for 10.77.0.100 and announces 10.77.0.100, because the boot leaves arp_ignore 0 and arp_announce 0',
    );
    expect(evidence.map(({ source }) => source)).toContain('/etc/sysctls.conf:1');
  });

  test('rp_filter that a file of the distribution turns on', () => {
    const facts = host([goodFile, file('/usr/lib/sysctl.d/50-default.conf', 'net.ipv4.conf.all.rp_filter = 1\n')], {
      interfaces: { value: [loopback(), ethernet('eth0', 2), ethernet('eth1', 3)] },
      sysctls: sysctls({ 'all/arp_ignore': 1, 'all/arp_announce': 2 }, ['lo', 'eth0', 'eth1']),
    });
    expect(findings(facts).filter((each) => each.includes('reverse-path'))).toEqual([]);
  });
});

describe('the facts of a host', () => {
  const derive = (files: readonly ConfigurationFile[], changes?: Partial<LinuxFacts>) =>
    settledFacts(deriveHostPersistence(host(files, changes)));

  test('name the loader', () => {
    expect(derive([goodFile]).sysctlLoader).toMatchObject({ value: 'systemd-sysctl' });
  });

  test('tell lines without effect that matter from those that do not', () => {
    const lost = derive([file('/etc/sysctls.conf', 'net.ipv4.conf.all.arp_ignore=1\n')]);
    expect(lost.lostAssignments).toMatchObject({ value: [expect.stringContaining('/etc/sysctls.conf:1')] });
    expect(lost.ignoredSysctlFiles).toMatchObject({ value: [] });
    const left = derive([goodFile, file('/etc/sysctls.conf', 'net.ipv4.conf.all.arp_ignore=1\n')]);
    expect(left.lostAssignments).toMatchObject({ value: [] });
    expect(left.ignoredSysctlFiles).toMatchObject({ value: [expect.stringContaining('/etc/sysctls.conf:1')] });
  });

  test('name the winner of a conflict', () => {
    const { conflictingAssignments } = derive([
      goodFile,
      link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf'),
      file('/etc/sysctl.conf', 'net.ipv4.conf.all.arp_announce = 2\n'),
      file('/etc/sysctl.d/10-base.conf', 'net.ipv4.conf.all.arp_announce = 0\n'),
    ]);
    expect(conflictingAssignments).toMatchObject({
      value: ['net.ipv4.conf.all.arp_announce: /etc/sysctl.conf:1 (2) wins over /etc/sysctl.d/10-base.conf:1 (0)'],
    });
  });
});
