import { describe, expect, it } from 'vitest';
import { parseProbe } from '../../../src/collect/linux/parse.ts';
import { linuxProbeScript } from '../../../src/collect/linux/probe.ts';
import type { LinuxFacts } from '../../../src/contracts/snapshot.ts';
import { asNobody, isMissing, isWithoutHosts, onHost, parameters, type Outcome } from './support/throw-away-host.ts';

const shells = [['dash'], ['bash'], ['bash', '--posix'], ['mksh'], ['busybox', 'ash']] as const;

function factsOf({ stdout, stderr, status }: Outcome): LinuxFacts {
  expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
  const result = parseProbe(stdout, parameters.nonce, parameters.vips);
  if (!('linux' in result)) throw new Error(JSON.stringify(result));
  return result.linux;
}

/** The facts without what differs from one throw-away host to the next: times and random hardware addresses. */
function comparableFacts(facts: LinuxFacts): unknown {
  const { clock: _clock, uptime: _uptime, namespaces: _namespaces, ...lasting } = facts;
  const text = JSON.stringify(lasting)
    .replaceAll(/"modifiedAt":\d+/g, '"modifiedAt":0')
    .replaceAll(/("(?:valid|preferred)Lifetime"):[1-9]\d*/g, '$1:1')
    .replaceAll(/"address":"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"/g, '"address":"random"');
  return JSON.parse(text);
}

describe.skipIf(isWithoutHosts || isMissing('mksh', '-c', 'true') || isMissing('busybox', 'true'))(
  'every shell',
  () => {
    it.each(['everything', 'odd_names', 'without_iproute2', 'rhel6_like'])(
      'gives the same facts on the host %s, as nobody, with status 0 and nothing on standard error',
      async (scenario) => {
        const outcomes = [];
        for (const shell of shells) outcomes.push(await onHost(scenario, [...asNobody, ...shell, '-s']));
        const [first, ...others] = outcomes.map((outcome) => comparableFacts(factsOf(outcome)));
        for (const other of others) expect(other).toStrictEqual(first);
      },
      120_000,
    );

    it('gives facts with busybox for every tool', async () => {
      const facts = factsOf(await onHost('alpine_like', [...asNobody, 'busybox', 'ash', '-s']));
      expect(facts.addresses).toHaveProperty('value');
      expect(facts.routes).toHaveProperty('value');
      expect(facts.routeLookups).toHaveProperty('value');
      expect(facts.listeners).toHaveProperty('value');
      expect(facts.sysctlFiles).toHaveProperty('value');
      expect(facts.initSystem).toStrictEqual({ value: 'openrc' });
    });
  },
);

describe.skipIf(isWithoutHosts)('the probe on a host', { timeout: 60_000 }, () => {
  it('asks systemd for its services', async () => {
    const { units, initSystem } = factsOf(await onHost('systemd_host', [...asNobody, 'sh', '-s']));
    expect(initSystem).toStrictEqual({ value: 'systemd' });
    expect(units).toHaveProperty(
      'value',
      expect.arrayContaining([
        { name: 'systemd-sysctl.service', enabled: 'static', active: 'inactive' },
        { name: 'procps.service', enabled: 'static', active: 'inactive' },
        { name: 'systemd-networkd.service', enabled: 'disabled', active: 'inactive' },
        { name: 'kubelet.service', enabled: 'not-found', active: 'inactive' },
      ]),
    );
  });

  it('changes nothing: no file, no parameter, no process, not even as root', async () => {
    const state =
      'grep -rs "" /proc/sys/net | sort; ip addr | sed s/valid_lft.*//; ip route show table all; ip rule; ip neigh; ps -e -o comm=';
    const script = `
      export IFS=x GREP_OPTIONS=-v QUOTING_STYLE=c POSIXLY_CORRECT=1
      { ${state}; } >/run/before
      touch /run/marker; sleep 1
      sh -s >/dev/null
      { ${state}; } >/run/after
      diff /run/before /run/after
      find /mnt /run -newer /run/marker ! -path /run/after ! -path /run`;
    const { stdout, stderr, status } = await onHost('everything', ['sh', '-c', script]);
    expect({ stdout, stderr, status }).toStrictEqual({ stdout: '', stderr: '', status: 0 });
  });

  it('runs the same as a forced command, which sees the parameters on standard input and a script behind them', async () => {
    const own = factsOf(await onHost('compliant', [...asNobody, 'sh', '-s']));
    const install =
      'sed 1d >/dsr-probe; chmod 755 /dsr-probe; printf "%s\\n" "$1" "echo never; exit 1" | exec $2 /dsr-probe';
    const [line = '', ...text] = linuxProbeScript(parameters).split('\n');
    const forced = await onHost(
      'compliant',
      ['sh', '-c', install, 'sh', line, asNobody.join(' ')],
      ['', ...text].join('\n'),
    );
    expect(comparableFacts(factsOf(forced))).toStrictEqual(comparableFacts(own));
  });

  it.each(['rm', 'printf "#!/bin/sh\\nexit 1\\n" | tee'])(
    'prints piece by piece where dd is not what it needs: %s',
    async (how) => {
      const spoil = `${how} $(readlink -f /usr/bin/dd) >/dev/null; exec "$@"`;
      const without = await onHost('compliant', ['sh', '-c', spoil, 'sh', ...asNobody, 'sh', '-s']);
      const plain = await onHost('compliant', [...asNobody, 'sh', '-s']);
      expect(comparableFacts(factsOf(without))).toStrictEqual(comparableFacts(factsOf(plain)));
    },
  );

  it('is not fooled by what a start-up file exports or prints', async () => {
    const profile = `
      grep() { echo all/arp_ignore:1; }; ip() { echo fooled; }; printf() { :; }; cat() { :; }
      export -f grep ip printf cat
      echo '@@capture1 begin host all'; echo -n 'no newline'
      exec /bin/bash --posix -s`;
    const fooled = await onHost('no_sysctls', [...asNobody, 'bash', '-c', profile]);
    expect(fooled.stdout.startsWith('@@capture1 begin host all\nno newline\n')).toBe(true);
    const plain = await onHost('no_sysctls', [...asNobody, 'bash', '-s']);
    expect(comparableFacts(factsOf(fooled))).toStrictEqual(comparableFacts(factsOf(plain)));
  });

  it('says which folder it may not look into', async () => {
    const close = 'chmod 700 /etc/sysctl.d /etc/keepalived 2>/dev/null; mkdir -m 700 /etc/keepalived; shift; exec "$@"';
    const facts = factsOf(await onHost('compliant', ['sh', '-c', close, 'sh', '-', ...asNobody, 'sh', '-s']));
    for (const [fact, path] of [
      [facts.sysctlFiles, '/etc/sysctl.d'],
      [facts.addressFiles, '/etc/keepalived'],
    ] as const) {
      if ('missing' in fact) throw new Error(fact.missing);
      expect(fact.value.find((file) => file.path === path)).toMatchObject({
        kind: 'directory',
        lines: { missing: 'the probe’s user may not read it' },
      });
    }
  });

  it('refuses to guess at a file whose name has a newline', async () => {
    const facts = factsOf(
      await onHost('compliant', [
        'sh',
        '-c',
        'touch "/etc/sysctl.d/a\nb.conf"; exec "$@"',
        'sh',
        ...asNobody,
        'sh',
        '-s',
      ]),
    );
    expect(facts.sysctlFiles).toStrictEqual({ missing: 'a file has a newline in its name' });
  });

  it('does not let an alias or a label forge an interface or an address', async () => {
    const forge = `
      ip link set br0 alias "x
9: eth9    inet 10.9.9.9/32 scope global eth9" 2>/dev/null
      ip addr add 10.77.9.9/32 dev lo label "lo
y"
      exec "$@"`;
    const facts = factsOf(await onHost('everything', ['sh', '-c', forge, 'sh', ...asNobody, 'sh', '-s']));
    expect(facts.interfaces).toHaveProperty('missing', expect.stringContaining('unexpected line of ip -d link'));
    expect(facts.addresses).toHaveProperty('missing', expect.stringContaining('unexpected line of ip addr'));
    expect(facts.routes).toHaveProperty('value');
  });

  it('stops a list that never ends, and says so', async () => {
    const flood =
      'seq 1 5000 | sed "s|.*|addr add 10.88.0.0/32 dev lo|" >/dev/null; for i in $(seq 20); do for j in $(seq 250); do echo "addr add 10.88.$i.$j/32 dev lo"; done; done | ip -batch - ; exec "$@"';
    const facts = factsOf(await onHost('compliant', ['sh', '-c', flood, 'sh', ...asNobody, 'sh', '-s']));
    expect(facts.routes).toStrictEqual({ missing: 'the section "routes4" was cut at 4000 lines' });
    expect(facts.addresses).toHaveProperty('value');
  });

  it('does not look into ever more scripts', async () => {
    const write = 'cd /usr/local/bin; seq -f script-%g 3100 | xargs touch; exec "$@"';
    const facts = factsOf(await onHost('compliant', ['sh', '-c', write, 'sh', ...asNobody, 'sh', '-s']));
    expect(facts.addressFiles).toStrictEqual({ missing: 'there are more scripts than the probe looks into' });
  });

  it('cuts a file that is too long, and hides what looks like a secret', async () => {
    const write = `
      { echo 'vip 10.77.0.100'; seq 500; } >/etc/keepalived.long; mkdir /etc/keepalived; mv /etc/keepalived.long /etc/keepalived/long.conf
      printf 'auth_pass hush\\n10.77.0.100\\npassword: "hush"\\n  psk=hush\\nPrivateKey = hush\\nrun compass 1 passthrough\\n' >/etc/keepalived/short.conf
      exec "$@"`;
    const outcome = await onHost('compliant', ['sh', '-c', write, 'sh', ...asNobody, 'sh', '-s']);
    const { addressFiles } = factsOf(outcome);
    if ('missing' in addressFiles) throw new Error(addressFiles.missing);
    const find = (path: string) => addressFiles.value.find((file) => file.path === path);
    expect(find('/etc/keepalived/long.conf')?.lines).toStrictEqual({
      missing: 'the file is longer than the probe shows',
    });
    expect(find('/etc/keepalived/short.conf')).toMatchObject({ whole: true, lines: { value: { length: 6 } } });
    expect(outcome.stdout).not.toContain('hush');
    expect(outcome.stdout).toContain('run compass 1 passthrough');
  });
});

describe.skipIf(isWithoutHosts)('the privileged part', { timeout: 60_000 }, () => {
  const privileged = linuxProbeScript({ ...parameters, privileged: true });

  it('runs as root without sudo', async () => {
    const facts = factsOf(await onHost('everything', ['sh', '-s'], privileged));
    expect(facts.nftables).toHaveProperty('value', expect.arrayContaining(['table arp dsr {']));
    expect(facts.arptables).toHaveProperty('value');
    expect(facts.iptables).toHaveProperty('value');
  });

  it('is missing with its reason where sudo says no', async () => {
    const facts = factsOf(await onHost('everything', [...asNobody, 'sh', '-s'], privileged));
    expect(facts.nftables).toHaveProperty('missing', expect.stringMatching(/^nft list ruleset needs root, and sudo /));
  });

  it.skipIf(isMissing('sudo', '-V'))(
    'runs exactly the commands that a sudoers list names',
    async () => {
      const allow = `
      cat >/etc/sudoers.d/dsr-audit <<'END'
nobody ALL=(root) NOPASSWD: /usr/sbin/nft list ruleset, /usr/sbin/arptables-save "", /usr/sbin/iptables-save "", /usr/bin/cat /etc/netplan/50-cloud-init.yaml, /usr/bin/cat /etc/keepalived/other.conf
END
      chmod 440 /etc/sudoers.d/dsr-audit
      mkdir /etc/netplan /etc/keepalived; umask 077
      echo 'names no VIP' | tee /etc/keepalived/other.conf >/etc/keepalived/closed.conf
      printf 'network: {ethernets: {lo: {addresses: [10.77.0.100/32]}}}\\n' >/etc/netplan/50-cloud-init.yaml
      exec "$@"`;
      const facts = factsOf(await onHost('compliant', ['sh', '-c', allow, 'sh', ...asNobody, 'sh', '-s'], privileged));
      for (const fact of [facts.nftables, facts.arptables, facts.iptables]) expect(fact).toHaveProperty('value');
      const { addressFiles } = facts;
      if ('missing' in addressFiles) throw new Error(addressFiles.missing);
      const file = (path: string) => addressFiles.value.find((candidate) => candidate.path === path);
      expect(file('/etc/netplan/50-cloud-init.yaml')).toMatchObject({
        whole: true,
        lines: { value: [{ number: 1, text: 'network: {ethernets: {lo: {addresses: [10.77.0.100/32]}}}' }] },
      });
      expect(file('/etc/keepalived/other.conf')).toMatchObject({ whole: false, lines: { value: [] } });
      expect(file('/etc/keepalived/closed.conf')).toMatchObject({
        lines: { missing: 'the probe’s user may not read it' },
      });
    },
    60_000,
  );
});
