import { describe, expect, test } from 'vitest';
import type { ConfigurationFile, LinuxFacts } from '../../../../src/contracts/snapshot.ts';
import { bootState } from '../../../../src/facts/linux/boot-sysctls.ts';
import { linuxFacts, sysctls } from '../../../support/linux-facts.ts';
import { bootedAt, closed, file, folder, link, units } from './files.ts';

const key = 'net/ipv4/conf/all/arp_ignore';
const good = 'net.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2\n';
const nothingRuns = sysctls();

function host(files: readonly ConfigurationFile[], changes: Partial<LinuxFacts> = {}): LinuxFacts {
  return linuxFacts({
    sysctls: nothingRuns,
    sysctlFiles: { value: files },
    tools: { value: ['systemctl: systemd 252 (252.39)', 'sysctl: sysctl from procps-ng 4.0.2'] },
    ...changes,
  });
}

/** The boot value of all.arp_ignore, or the kind of answer that says why there is none. */
function booted(facts: LinuxFacts, asked = key): number | string {
  const answer = bootState(facts).sysctls.read(asked);
  return 'value' in answer ? answer.value : Object.keys(answer).join();
}

const openrc = {
  initSystem: { value: 'openrc' },
  osRelease: { value: { id: 'alpine', idLike: '', versionId: '3.20', prettyName: 'Alpine' } },
};
const redHat = (version: string) => ({
  initSystem: { value: 'upstart' },
  osRelease: {
    value: { id: 'centos', idLike: 'rhel fedora', versionId: version, prettyName: `CentOS release ${version}` },
  },
});

describe('which loader runs', () => {
  const inFolder = file('/etc/sysctl.d/90-dsr.conf', good);
  const inFile = file('/etc/sysctl.conf', good);

  test.each<readonly [string, LinuxFacts, number | string]>([
    ['systemd reads /etc/sysctl.d', host([inFolder]), 1],
    ['systemd reads /etc/sysctl.conf only by a link', host([inFile]), 0],
    ['systemd by the link', host([inFile, link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf')]), 1],
    [
      'a masked systemd-sysctl loads nothing',
      host([inFolder], { units: units({ 'systemd-sysctl.service': 'masked' }) }),
      0,
    ],
    [
      'OpenRC, the service enabled',
      host([inFolder], { ...openrc, units: units({ sysctl: 'enabled' }), tools: { value: [] } }),
      1,
    ],
    ['OpenRC, the service not enabled', host([inFolder], { ...openrc, units: units({ sysctl: 'disabled' }) }), 0],
    ['OpenRC, the service not known', host([inFolder], { ...openrc, units: { missing: 'cut' } }), 'unknown'],
    [
      'OpenRC with two files that the orders of its script read differently',
      host([inFolder, file('/etc/sysctl.conf', `${key}=0\n`)], {
        ...openrc,
        units: units({ sysctl: 'enabled' }),
        tools: { value: [] },
      }),
      'unknown',
    ],
    [
      'Debian with System V init runs sysctl --system',
      host([inFile, file('/etc/init.d/procps', '\t$DAEMON $QUIET_SYSCTL --system || STATUS=$?\n')], {
        initSystem: { value: 'sysvinit' },
      }),
      1,
    ],
    ['System V init without a script that shows it', host([inFile], { initSystem: { value: 'sysvinit' } }), 'unknown'],
    [
      'System V init, procps in no runlevel',
      host([inFile], { initSystem: { value: 'sysvinit' }, units: units({ procps: 'disabled' }) }),
      0,
    ],
    [
      'RHEL 6 reads every file of /etc/sysctl.d last',
      host(
        [
          file('/etc/sysctl.conf', 'net.ipv4.conf.all.arp_ignore = 0\n'),
          file('/etc/sysctl.d/dsr', good),
          file('/etc/init.d/functions', '        test -f "$file" && sysctl -e -p "$file" >/dev/null 2>&1\n'),
        ],
        redHat('6.10'),
      ),
      1,
    ],
    [
      'RHEL 4 reads /etc/sysctl.conf alone',
      host([file('/etc/sysctl.d/dsr', good), file('/etc/init.d/functions', '')], redHat('4.9')),
      0,
    ],
    [
      'RHEL 5 and 6 when /etc/init.d/functions cannot be read',
      host([file('/etc/sysctl.d/dsr', good)], redHat('5.11')),
      'unknown',
    ],
    ['an init system that nothing is known of', host([inFolder], { initSystem: { value: 'other' } }), 'unknown'],
    ['sysctl files that were not collected', linuxFacts({ sysctlFiles: { missing: 'cut' } }), 'missing'],
  ])('%s', (_, facts, expected) => {
    expect(booted(facts)).toBe(expected);
  });

  test('a wildcard counts by the version of systemd, and is in doubt without one', () => {
    const wildcard = file('/etc/sysctl.d/90-dsr.conf', 'net.ipv4.conf.*.arp_ignore = 1\n');
    const old = { tools: { value: ['systemctl: systemd 219'] } };
    expect([
      booted(host([wildcard])),
      booted(host([wildcard], old)),
      booted(host([wildcard], { tools: { value: [] } })),
    ]).toEqual([1, 0, 'unknown']);
  });

  test('SUSE reads the file of the running kernel first', () => {
    const kernel = file('/boot/sysctl.conf-6.1.0-18-amd64', good);
    expect(booted(host([kernel]))).toBe(1);
    expect(booted(host([kernel, file('/etc/sysctl.d/1.conf', 'net.ipv4.conf.all.arp_ignore=2\n')]))).toBe(2);
  });
});

describe('what is not certain', () => {
  test('/run is empty after a boot, unless something fills it again', () => {
    expect(booted(host([file('/run/sysctl.d/90-dsr.conf', good)]))).toBe('unknown');
    expect(booted(host([file('/run/sysctl.d/10.conf', good), file('/etc/sysctl.d/90-dsr.conf', good)]))).toBe(1);
  });

  test('a file that could not be read matters unless a later line decides', () => {
    const decided = file('/etc/sysctl.d/90-dsr.conf', good);
    expect(booted(host([closed('/etc/sysctl.d/10-base.conf'), decided]))).toBe(1);
    expect(booted(host([decided, closed('/etc/sysctl.d/99-late.conf')]))).toBe('unknown');
    expect(booted(host([closed('/etc/sysctl.d/10-base.conf')]))).toBe('unknown');
  });

  test('one that could not be read and is masked does not matter', () => {
    const mask = link('/etc/sysctl.d/99-late.conf', '/dev/null');
    expect(
      booted(host([file('/etc/sysctl.d/90-dsr.conf', good), closed('/usr/lib/sysctl.d/99-late.conf'), mask])),
    ).toBe(1);
  });

  test('a folder that could not be looked into leaves everything in doubt', () => {
    const shut = { ...folder('/etc/sysctl.d'), lines: { missing: 'the probe’s user may not read it' } };
    expect(booted(host([shut, file('/usr/lib/sysctl.d/90-dsr.conf', good)]))).toBe('unknown');
  });

  test('a link to nothing sets nothing, and hides its name', () => {
    const nowhere = link('/etc/sysctl.d/90-dsr.conf', '/srv/gone.conf', { size: null, modifiedAt: null });
    expect(booted(host([nowhere, file('/usr/lib/sysctl.d/90-dsr.conf', good)]))).toBe(0);
  });

  test('kube-proxy may set what no file sets and what runs', () => {
    const facts = host([], {
      sysctls: sysctls({ 'all/arp_ignore': 1 }),
      units: units({ 'kubelet.service': 'enabled' }),
    });
    expect(booted(facts)).toBe('unknown');
    expect(booted({ ...facts, sysctls: nothingRuns })).toBe(0);
  });

  test('what is not simulated is not told', () => {
    expect(booted(host([]), 'net/ipv6/conf/all/accept_dad')).toBe('unknown');
    expect(booted(host([]), 'net/ipv4/conf/all/forwarding')).toBe('unknown');
  });
});

describe('a boot later than every change', () => {
  const doubtful = [closed('/etc/sysctl.d/90-dsr.conf')];
  const runs = (value: number) => ({ sysctls: sysctls({ 'all/arp_ignore': value }) });
  const proven = (facts: LinuxFacts): number | string => {
    const { sysctls: boot, proven: view } = bootState(facts);
    const [simulated, answer] = [boot.read(key), view?.read(key)];
    expect('value' in simulated && answer !== undefined ? answer : simulated).toEqual(simulated);
    return answer === undefined ? 'nothing' : 'value' in answer ? answer.value : Object.keys(answer).join();
  };

  test.each([0, 1])('proves %i, which a file that may not be read could have set', (value) => {
    expect(proven(host(doubtful, runs(value)))).toBe(value);
    expect(booted(host(doubtful, runs(value)))).toBe('unknown');
  });

  test.each<readonly [string, Partial<LinuxFacts>, readonly ConfigurationFile[]]>([
    ['a file changed since', runs(1), [closed('/etc/sysctl.d/90-dsr.conf', { modifiedAt: bootedAt })]],
    ['a file of unknown age', runs(1), [closed('/etc/sysctl.d/90-dsr.conf', { modifiedAt: null })]],
    ['an unknown uptime', { ...runs(1), uptime: { missing: 'no /proc' } }, doubtful],
    ['an unknown clock', { ...runs(1), clock: { missing: 'no date' } }, doubtful],
    ['everything read, and one loader', runs(1), [file('/etc/sysctl.d/90-dsr.conf', '')]],
  ])('proves nothing with %s', (_, changes, files) => {
    expect(proven(host(files, changes))).toBe('nothing');
  });

  test('proves the line of a file that an unknown loader may read, and nothing without such a line', () => {
    const other = { ...runs(1), initSystem: { value: 'other' } };
    expect(proven(host([file('/etc/sysctl.d/90-dsr.conf', good)], other))).toBe(1);
    expect(proven(host([file('/etc/sysctl.d/90-dsr.conf', '')], other))).toBe('unknown');
    expect(proven(host([], other))).toBe('unknown');
  });
});

describe('what writes later', () => {
  const base = file('/etc/sysctl.d/90-dsr.conf', good);
  const ufwFile = file('/etc/ufw/sysctl.conf', 'net/ipv4/conf/all/arp_ignore=0\n');
  const ufw = units({ 'ufw.service': 'enabled' });

  test.each<readonly [string, readonly ConfigurationFile[], Partial<LinuxFacts>, number | string]>([
    ['ufw, switched on', [base, ufwFile, file('/etc/ufw/ufw.conf', 'ENABLED=yes\n')], { units: ufw }, 0],
    ['ufw, switched off', [base, ufwFile, file('/etc/ufw/ufw.conf', 'ENABLED=no\n')], { units: ufw }, 1],
    ['ufw, not known whether on', [base, ufwFile], { units: ufw }, 'unknown'],
    ['ufw without its service', [base, ufwFile], {}, 1],
    [
      'ufw with a file of another name',
      [
        base,
        file('/etc/default/ufw', 'IPT_SYSCTL=/etc/ufw/mine.conf\n'),
        file('/etc/ufw/mine.conf', `${key}=2\n`),
        file('/etc/ufw/ufw.conf', 'ENABLED=yes\n'),
      ],
      { units: ufw },
      2,
    ],
    [
      'a tuned profile, and the files once more',
      [
        file('/etc/sysctl.conf', `net.ipv4.conf.all.arp_ignore=2\n`),
        file('/etc/tuned/active_profile', 'mine\n'),
        file('/etc/tuned/mine/tuned.conf', 'include=base\n'),
        file('/usr/lib/tuned/base/tuned.conf', 'net.ipv4.conf.all.arp_ignore=8\n'),
      ],
      { units: units({ 'tuned.service': 'enabled' }) },
      2,
    ],
    [
      'a tuned profile alone',
      [
        file('/etc/tuned/active_profile', 'mine\n'),
        file('/etc/tuned/mine/tuned.conf', 'net.ipv4.conf.all.arp_ignore=8\n'),
      ],
      { units: units({ 'tuned.service': 'enabled' }) },
      8,
    ],
    [
      'rc.local with sysctl',
      [base, file('/etc/rc.local', 'sysctl -w net.ipv4.conf.all.arp_ignore=2\n', { executable: true })],
      {},
      2,
    ],
    [
      'rc.local with echo',
      [base, file('/etc/rc.local', 'echo 0 > /proc/sys/net/ipv4/conf/all/arp_ignore\n', { executable: true })],
      {},
      0,
    ],
    [
      'rc.local that is not executable',
      [base, file('/etc/rc.local', 'sysctl -w net.ipv4.conf.all.arp_ignore=2\n')],
      {},
      1,
    ],
    [
      'rc.local of a masked unit',
      [base, file('/etc/rc.local', 'sysctl -w net.ipv4.conf.all.arp_ignore=2\n', { executable: true })],
      { units: units({ 'rc-local.service': 'masked' }) },
      1,
    ],
    [
      'rc.local with a variable',
      [base, file('/etc/rc.local', 'echo 1 > /proc/sys/net/ipv4/conf/$i/arp_ignore\n', { executable: true })],
      {},
      'unknown',
    ],
    [
      'rc.local about something else',
      [base, file('/etc/rc.local', 'sysctl -w net.ipv4.conf.$i.rp_filter=2\n', { executable: true })],
      {},
      1,
    ],
    [
      'rc.local with a condition',
      [
        base,
        file('/etc/rc.local', 'if true; then sysctl -w net.ipv4.conf.all.arp_ignore=0; fi\n', { executable: true }),
      ],
      {},
      'unknown',
    ],
    [
      'rc.local that loads /etc/sysctl.conf',
      [file('/etc/sysctl.conf', good), file('/etc/rc.local', '/sbin/sysctl -q -p\n', { executable: true })],
      {},
      1,
    ],
    [
      'rc.local that loads everything',
      [file('/etc/sysctl.conf', good), file('/etc/rc.local', 'sysctl --system >/dev/null\n', { executable: true })],
      {},
      1,
    ],
    [
      'rc.local with a comment',
      [base, file('/etc/rc.local', '# sysctl -w net.ipv4.conf.all.arp_ignore=0\n', { executable: true })],
      {},
      1,
    ],
    ['rc.local that could not be read', [base, closed('/etc/rc.local', { executable: true })], {}, 'unknown'],
  ])('%s', (_, files, changes, expected) => {
    expect(booted(host(files, changes))).toBe(expected);
  });
});

describe('evidence', () => {
  test('names the line that wins, then those that lose and the traps', () => {
    const facts = host([
      file('/etc/sysctl.d/10-base.conf', 'net.ipv4.conf.all.arp_ignore = 2\n'),
      file('/etc/sysctl.d/90-dsr.conf', 'net.ipv4.conf.all.arp_ignore = 0\n'),
      file('/etc/sysctls.conf', '\nnet.ipv4.conf.all.arp_ignore=1\n'),
    ]);
    expect(bootState(facts).sysctls.read(key)).toEqual({
      value: 0,
      evidence: [
        { source: '/etc/sysctl.d/90-dsr.conf:1', text: 'net.ipv4.conf.all.arp_ignore = 0' },
        { source: '/etc/sysctl.d/10-base.conf:1', text: 'net.ipv4.conf.all.arp_ignore = 2 (without effect)' },
        {
          source: '/etc/sysctls.conf:2',
          text: 'net.ipv4.conf.all.arp_ignore=1 (without effect: no program reads a file of this name; a file in /etc/sysctl.d is meant)',
        },
      ],
    });
  });

  test('says that nobody sets the parameter, and by whose reading', () => {
    expect(bootState(host([])).sysctls.read(key)).toEqual({
      value: 0,
      evidence: [
        {
          source: 'next boot: systemd-sysctl',
          text: 'nothing sets net.ipv4.conf.all.arp_ignore; the kernel starts with 0',
        },
      ],
    });
  });

  test.each([
    ['/etc/sysctl.conf', 'net.ipv4.conf.all.arp_ignore=1', 'by way of a link'],
    ['/etc/sysctl.conf.d/90-dsr.conf', 'net.ipv4.conf.all.arp_ignore=1', 'no program reads this folder'],
    ['/etc/sysctl.d/90-dsr', 'net.ipv4.conf.all.arp_ignore=1', 'ends in .conf'],
    ['/etc/sysctl.d/.90-dsr.conf', 'net.ipv4.conf.all.arp_ignore=1', 'hidden files'],
    ['/etc/sysconfig/network/ifsysctl', 'net.ipv4.conf.all.arp_ignore=1', 'wicked takes only'],
    ['/etc/sysctl.d/90-dsr.conf', 'net.ipv4.conf.all.arp_ignore = "1"', 'the kernel refuses the value "1"'],
    ['/etc/sysctl.d/90-dsr.conf', 'net.ipv4.conf.all.arp_ignore 1', 'it has no ='],
    ['/etc/sysctl.d/90-dsr.conf', 'NET.IPV4.CONF.ALL.ARP_IGNORE=1', 'lower case'],
    ['/etc/sysctl.d/90-dsr.conf', '\u{feff}net.ipv4.conf.all.arp_ignore=1', 'byte order mark'],
    ['/etc/sysctl.d/90-dsr.conf', '"net.ipv4.conf.all.arp_ignore"=1', 'it names "net'],
  ])('names the trap of %s: %s', (path, text, reason) => {
    const [trap] = bootState(host([file(path, `${text}\n`)])).traps;
    expect(trap).toMatchObject({ key, value: 1, file: path, line: 1 });
    expect(trap?.reason).toContain(reason);
  });

  test('names the trap of a VLAN interface with dots', () => {
    const [trap] = bootState(host([file('/etc/sysctl.d/90.conf', 'net.ipv4.conf.eth0.100.arp_ignore=1\n')])).traps;
    expect(trap?.key).toBe('net/ipv4/conf/eth0.100/arp_ignore');
    expect(trap?.reason).toContain('the dots in eth0.100 are taken for separators');
  });
});
