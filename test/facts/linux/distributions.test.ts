import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LinuxFacts } from '../../../src/contracts/snapshot.ts';
import { owned, resultOf } from '../../../src/evaluate/result.ts';
import { fileTree } from '../../../src/facts/linux/boot-files.ts';
import { chooseLoaders } from '../../../src/facts/linux/boot-loader-choice.ts';
import { kernelDefaults, simulateBoot } from '../../../src/facts/linux/boot-simulation.ts';
import { linuxSubjects } from '../../../src/facts/linux/subjects.ts';
import { builtInRules, loadRules } from '../../../src/rules/load.ts';
import { backend, binding } from '../../support/linux-facts.ts';

/**
 * On these hosts the distribution's own loader has set every parameter that was captured (test/captures/linux/host.sh,
 * debian and debian_sysvinit): what the simulation makes of the captured files must be what was captured as running.
 */
const hosts = [
  ['debian-11', 'systemd-sysctl', { arp_announce: 1, arp_ignore: 2, medium_id: 1 }],
  ['debian-11-sysvinit', 'sysctl --system', { arp_announce: 0, arp_ignore: 2, medium_id: 2 }],
  ['debian-12', 'systemd-sysctl', { arp_announce: 1, arp_ignore: 2, medium_id: 1 }],
  ['debian-12-sysvinit', 'sysctl --system', { arp_announce: 1, arp_ignore: 2, medium_id: 2 }],
  ['debian-13', 'systemd-sysctl', { arp_announce: 1, arp_ignore: 0, medium_id: 1 }],
  ['debian-13-sysvinit', 'sysctl --system', { arp_announce: 1, arp_ignore: 2, medium_id: 2 }],
] as const;

describe.each(hosts)('%s', (name, loader, ofEth0) => {
  const facts = factsOf(name);
  const tree = fileTree(known(facts.sysctlFiles));
  const running = new Map(known(facts.sysctls).map(({ key, value }) => [key, Number(value)]));

  test(`is loaded by ${loader}, which the simulation does as it does`, () => {
    const choice = chooseLoaders(facts, tree);
    if (!('loaders' in choice)) throw new Error(choice.unidentified);
    const [first, ...others] = choice.loaders.map(simulateBoot);
    expect(others).toStrictEqual([]);
    expect(first?.loader).toBe(loader);
    const simulated = [...running].flatMap(([key, value]) => {
      const parameter = /^net\/ipv4\/conf\/[^/]+\/([a-z_]+)$/.exec(key)?.[1] ?? '';
      if (!kernelDefaults.has(parameter)) return [];
      const booted = first?.read(key);
      return [{ key, running: value, booted: booted !== undefined && 'value' in booted ? booted.value : booted }];
    });
    expect(simulated.filter((each) => each.running !== each.booted)).toStrictEqual([]);
    expect(simulated.length).toBeGreaterThan(50);
  });

  test('shows whether it knows wildcards, /etc/sysctl.conf and its place, and that a link to /dev/null masks', () => {
    const left = Object.keys(ofEth0).map((parameter) => [parameter, running.get(`net/ipv4/conf/eth0/${parameter}`)]);
    expect(Object.fromEntries(left)).toStrictEqual(ofEth0);
    expect(running.get('net/ipv4/conf/eth0/drop_gratuitous_arp')).toBe(0);
  });
});

const rules = new Map([...(await loadRules([builtInRules]))].filter(([id]) => id.startsWith('linux/')));

/** What the built-in rules find on a host: failures, errors and what they cannot tell, as "RESULT RULE". */
function findings(name: string): readonly string[] {
  const host = backend({
    bindings: [
      binding({
        ports: [{ number: 80, protocol: 'tcp' }],
        client: '198.51.100.20',
        loadBalancer: { name: 'aloha', addresses: ['10.77.0.5'] },
      }),
      binding({ vip: '2001:db8:77::100', ports: [{ number: 80, protocol: 'tcp' }], client: '2001:db8:c::20' }),
    ],
  });
  const results = linuxSubjects(host, factsOf(name)).flatMap((subject) =>
    [...rules.values()]
      .filter((rule) => rule.subject === subject.kind)
      .map((rule) => resultOf(rule, owned(host.name, subject), rules)),
  );
  const silent = ['pass', 'notapplicable', 'informational'];
  return [...new Set(results.filter(({ result }) => !silent.includes(result)).map((r) => `${r.result} ${r.rule}`))];
}

describe('the rules', () => {
  test.each(hosts.map(([name]) => name).filter((name) => name !== 'debian-13'))('find nothing on %s', (name) => {
    expect(findings(name)).toStrictEqual([]);
  });

  test('find on Debian 13 that sysctl --system reads a file that its boot does not', () => {
    expect(findings('debian-13')).toStrictEqual(['fail linux/sysctl-reload']);
  });

  test('find no failure with busybox alone, and say what nobody can tell there', () => {
    expect(findings('busybox-only').toSorted()).toStrictEqual([
      'error linux/vip-proxy',
      'unknown linux/health-check-listener',
      'unknown linux/listener',
      'unknown linux/reverse-path-persistence',
      'unknown linux/sysctl-persistence',
      'unknown linux/vip-boot-script',
      'unknown linux/vip-persistence',
    ]);
  });
});

function factsOf(name: string): LinuxFacts {
  const file = new URL(`../../captures/linux/${name}.facts.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as LinuxFacts;
}

function known<T>(fact: { readonly value: T } | { readonly missing: string }): T {
  if ('missing' in fact) throw new Error(fact.missing);
  return fact.value;
}
