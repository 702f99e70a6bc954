import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { WindowsFacts } from '../../../src/contracts/snapshot.ts';
import { owned, resultOf } from '../../../src/evaluate/result.ts';
import type { Backend } from '../../../src/facts/backend.ts';
import { factCatalogue } from '../../../src/facts/catalogue.ts';
import { windowsSubjects } from '../../../src/facts/windows/subjects.ts';
import { compileSchema } from '../../../src/contracts/validation.ts';
import { builtInRules, loadRules } from '../../../src/rules/load.ts';

const rules = await loadRules([builtInRules]);
const windowsRules = [...rules.values()].filter((rule) => rule.platform === 'windows');
const folder = new URL('../../captures/windows/', import.meta.url);
const captures = readdirSync(folder)
  .filter((name) => name.endsWith('.facts.json'))
  .map((name) => name.replace('.facts.json', ''));
const factsOf = (name: string): WindowsFacts =>
  JSON.parse(readFileSync(new URL(`${name}.facts.json`, folder), 'utf8')) as WindowsFacts;

const backend: Backend = {
  name: 'win01',
  address: '10.77.0.21',
  platform: 'windows',
  role: 'backend',
  tags: [],
  ingressInterfaces: [],
  bindings: [
    {
      service: 'web',
      vip: '10.77.0.100',
      method: 'loopback',
      ports: [{ number: 80, protocol: 'tcp' }],
      loadBalancer: { name: 'aloha-1', addresses: ['10.77.0.5'] },
    },
  ],
};

function results(facts: WindowsFacts) {
  return windowsSubjects(backend, facts).flatMap((subject) =>
    windowsRules
      .filter((rule) => rule.subject === subject.kind)
      .map((rule) => resultOf(rule, owned(backend.name, subject), rules)),
  );
}
const idsWith = (facts: WindowsFacts, word: string): string[] =>
  results(facts)
    .filter(({ result }) => result === word)
    .map(({ rule }) => rule.slice('windows/'.length));

// Each recording breaks one thing; what it breaks is what fails, and nothing else. A switch that is off in the running
// and in the persistent store fails now and after the next start: two statements.
const failing: Readonly<Record<string, readonly string[]>> = {
  '2003-gateway-on-loopback': ['loopback-gateway'],
  '2003-metric-automatic': ['loopback-metric'],
  '2003-vip-prefix-24': ['vip-prefix-length'],
  '2008r2-weak-host-off': [
    'weak-host-persistence',
    'loopback-weak-host-receive',
    'weak-host-send',
    'weak-host-receive',
  ],
  '2012r2-lan-weak-host-receive-off': ['weak-host-persistence', 'weak-host-receive'],
  'cmd-2022-weak-host-off': ['weak-host-persistence', 'weak-host-receive'],
  'firewall-block-rule': ['vip-firewall'],
  'firewall-blocks-everything': ['vip-firewall'],
  'firewall-no-rule': ['vip-firewall'],
  'firewall-policy-ignores-local-rules': ['vip-firewall'],
  'firewall-rule-domain-only': ['vip-firewall'],
  'gateway-on-loopback': ['loopback-gateway'],
  // Its persistent store holds nothing of the pseudo-interface.
  'holder-pseudo-interface': ['weak-host-persistence', 'vip-persistence'],
  'lan-weak-host-receive-off': ['weak-host-persistence', 'weak-host-receive'],
  'listener-on-lan-address': ['listener'],
  'loopback-dhcp': ['loopback-dhcp'],
  'loopback-disabled': ['vip-present'],
  'loopback-names-and-sharing': ['loopback-bindings', 'netbios'],
  'loopback-weak-host-receive-off': ['weak-host-persistence', 'loopback-weak-host-receive'],
  'loopback-weak-host-send-off': ['weak-host-persistence', 'weak-host-send'],
  'route-on-loopback': ['loopback-routes'],
  'routing-and-balancing': ['network-load-balancing'],
  'vip-duplicate': ['vip-state'],
  'vip-lost-at-restart': ['vip-persistence'],
  'vip-missing': ['vip-present'],
  'vip-not-skip-as-source': ['skip-as-source'],
  'vip-on-lan': ['vip-placement'],
  'vip-prefix-24': ['vip-prefix-length'],
  'vip-registered-in-dns': ['domain-dns-registration'],
  'weak-host-lost-at-restart': ['weak-host-persistence'],
};

describe('what fails is what the recorded host breaks', () => {
  test.each(captures)('%s', (name) => {
    expect(idsWith(factsOf(name), 'fail').sort()).toEqual([...(failing[name] ?? [])].sort());
  });

  test('every name of the table is a capture', () => {
    expect(Object.keys(failing).filter((name) => !captures.includes(name))).toEqual([]);
  });
});

describe('the good hosts', () => {
  const good = captures.filter((name) => name.endsWith('-good') && !name.startsWith('cmd-'));
  test.each(good)('%s passes everything that applies', (name) => {
    expect(
      results(factsOf(name)).filter(({ result }) => !['pass', 'notapplicable', 'informational'].includes(result)),
    ).toEqual([]);
  });

  test('Windows 2003 has no weak host switches, and the report says why', () => {
    const weakHost = results(factsOf('2003-good')).filter(({ rule }) => rule.includes('weak-host'));
    expect(weakHost.length).toBeGreaterThan(3);
    for (const { result, message } of weakHost) {
      expect(result).toBe('notapplicable');
      expect(message).toContain('always uses the weak host model');
    }
  });

  test('2008 and later are not asked for the metric 254', () => {
    for (const name of good.filter((capture) => !capture.startsWith('2003'))) {
      expect(results(factsOf(name)).find(({ rule }) => rule === 'windows/loopback-metric')?.result).toBe(
        'notapplicable',
      );
    }
  });
});

describe('a missing fact never passes', () => {
  const good = ['2003-good', '2008r2-good', '2022-good'];
  test.each(good)('%s, each fact dropped in turn', (name) => {
    const whole = factsOf(name);
    const before = new Map(
      results(whole).map(({ rule, vip, interface: device, port, result }) => [
        [rule, vip, device, port].join(),
        result,
      ]),
    );
    const dropped = Object.keys(whole).filter(
      (fact) => typeof whole[fact as keyof WindowsFacts] === 'object' && fact !== 'notes',
    );
    expect(dropped.length).toBeGreaterThan(20);
    let changed = 0;
    for (const fact of dropped) {
      for (const { rule, vip, interface: device, port, result } of results({
        ...whole,
        [fact]: { missing: 'dropped' },
      })) {
        const was = before.get([rule, vip, device, port].join());
        if (was === result) continue;
        changed += 1;
        // What changes because a fact is gone becomes a doubt, or stops applying; it never turns into a verdict.
        expect(
          ['error', 'unknown', 'notapplicable'],
          `${rule} without ${fact}: ${was ?? 'no result'} became ${result}`,
        ).toContain(result);
      }
    }
    expect(changed).toBeGreaterThan(20);
  });
});

test('every derived fact has the shape that the catalogue promises', () => {
  const validators = new Map(
    [...factCatalogue]
      .filter(([key]) => key.startsWith('windows/'))
      .map(([key, definitions]) => [
        key,
        new Map([...definitions].map(([fact, { schema }]) => [fact, compileSchema(schema)])),
      ]),
  );
  for (const name of captures) {
    for (const subject of windowsSubjects(backend, factsOf(name))) {
      const definitions = validators.get(`windows/${subject.kind}`);
      expect([...subject.facts.keys()].sort()).toEqual([...(definitions?.keys() ?? [])].sort());
      for (const [fact, derived] of subject.facts) {
        if ('value' in derived)
          expect(definitions?.get(fact)?.violations(derived.value), `${name} ${subject.kind} ${fact}`).toEqual([]);
      }
    }
  }
});
