import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { HostSettings, Inventory, InventoryService } from '../../src/contracts/inventory.ts';
import { lintInventory } from '../../src/inventory/lint.ts';
import { loadInventory, mostInventoryBytes } from '../../src/inventory/load.ts';
import type { LocatedInventory } from '../../src/inventory/model.ts';
import { readInventory } from '../../src/inventory/read.ts';
import { refusal } from '../support/refusal.ts';

const powerfulNames = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'prototype'];

const name = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/), fc.constantFrom(...powerfulNames));
const tags = fc.uniqueArray(name, { maxLength: 3 });
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const settings: fc.Arbitrary<HostSettings> = fc.record(
  {
    platform: fc.constantFrom('linux', 'windows'),
    transport: fc.constantFrom('ssh', 'evidence'),
    user: name,
    port: fc.integer({ min: 1, max: 65535 }),
    identityFile: fc.oneof(name, fc.uniqueArray(name, { minLength: 1, maxLength: 2 })),
    knownHosts: name,
    tags,
    role: fc.constantFrom('backend', 'local-node'),
    ingressInterfaces: fc.uniqueArray(fc.constantFrom('eth0', 'Ethernet 2', '__proto__', '#1: x'), { minLength: 1 }),
    privileged: fc.boolean(),
    legacyAlgorithms: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Valid inventories: every name, address and port is used once. */
const inventories: fc.Arbitrary<Inventory> = fc
  .record({
    hosts: fc.uniqueArray(fc.tuple(name, settings), { minLength: 1, maxLength: 6, selector: ([key]) => key }),
    services: fc.uniqueArray(fc.tuple(name, fc.boolean(), fc.nat(63), optional(fc.constantFrom('80/tcp', '53/udp'))), {
      minLength: 1,
      maxLength: 4,
      selector: ([key]) => key,
    }),
    defaults: optional(fc.record({ user: name, tags }, { requiredKeys: [] })),
  })
  .map(({ hosts, services, defaults }) => {
    const names = hosts.map(([key]) => key);
    return {
      version: 1,
      ...(defaults && { defaults }),
      services: Object.fromEntries(
        services.map(([key, dual, choice, port], index): [string, InventoryService] => {
          const chosen = names.filter((_, place) => ((choice >> place) & 1) === 1);
          const vip = `10.77.1.${index}`;
          return [
            key,
            {
              vip: dual ? [vip, `2001:db8::${index + 1}`] : vip,
              ...(port && { ports: [port] }),
              backends: chosen.length > 0 ? chosen : names,
            },
          ];
        }),
      ),
      hosts: Object.fromEntries(hosts.map(([key, host], index) => [key, { ...host, address: `10.77.0.${index}` }])),
    };
  });

/** What an inventory says, without where it says it. */
function content({ loadBalancers, services, hosts }: LocatedInventory): unknown {
  const parts = [loadBalancers, services, hosts].map((part) => [...(part as ReadonlyMap<string, object>)]);
  return JSON.parse(JSON.stringify(parts, (key, value: unknown) => (key === 'position' ? undefined : value)));
}

describe('for any inventory', () => {
  test('YAML and JSON say the same', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const fromJson = loadInventory('i.json', JSON.stringify(inventory, null, 2));
        const fromYaml = loadInventory('i.yaml', stringify(inventory));
        const flow = loadInventory('i.yaml', stringify(inventory, { collectionStyle: 'flow' }));
        expect(content(fromYaml)).toEqual(content(fromJson));
        expect(content(flow)).toEqual(content(fromJson));
        expect([...fromYaml.hosts.keys()]).toEqual(Object.keys(inventory.hosts));
      }),
      { numRuns: 40 },
    );
  });

  test('each host has its own settings, each backend its VIPs', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const { hosts } = loadInventory('i.json', JSON.stringify(inventory));
        for (const [key, own] of Object.entries(inventory.hosts)) {
          const services = Object.entries(inventory.services).filter(([, { backends }]) => backends.includes(key));
          const vips = services.flatMap(([, { vip }]) => vip);
          const host = hosts.get(key);
          expect(host?.address).toBe(own?.address);
          expect(host?.user).toBe(own?.user ?? inventory.defaults?.user);
          expect(host?.bindings.map(({ vip }) => vip)).toEqual(vips);
          expect(new Set(host?.tags)).toEqual(new Set([...(own?.tags ?? []), ...(inventory.defaults?.tags ?? [])]));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('lint has remarks in file order, and the same ones again', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const loaded = loadInventory('i.yaml', stringify(inventory));
        const lines = lintInventory(loaded, () => false).map(({ position }) => position.line);
        expect(lines).toEqual(lines.toSorted((a, b) => a - b));
        expect(lintInventory(loaded, () => false)).toEqual(lintInventory(loaded, () => false));
      }),
      { numRuns: 30 },
    );
  });

  test('one part replaced by anything makes a valid inventory or a refusal with a place', () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>('', '-x', '0', '10.77.0.1', '::', '080/tcp', -1, 1e300, null, [], {}, [[]], {
        a: { b: {} },
      }),
      fc.constantFrom(...powerfulNames, '__proto__').map((key) => JSON.parse(`{"${key}": {"${key}": 1}}`) as unknown),
    );
    fc.assert(
      fc.property(
        inventories,
        fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
        anything,
        (inventory, steps, other) => {
          const text = stringify(replaced(inventory, steps, other), { aliasDuplicateObjects: false });
          for (const problem of refusal(() => loadInventory('i.yaml', text))?.problems ?? []) {
            expect(problem).toMatchObject({ file: 'i.yaml', line: expect.any(Number), column: expect.any(Number) });
            expect(problem.message).toMatch(/^[^\p{C}]+$/u);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** A copy in which the part that the steps lead to is another; each step counts round the keys of a list or map. */
function replaced(value: unknown, [step, ...rest]: readonly number[], other: unknown): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return other;
  const entries = Object.entries(value);
  if (entries.length === 0) return other;
  const changed = entries.map(([key, part], index): [string, unknown] => [
    key,
    index === step % entries.length ? replaced(part, rest, other) : part,
  ]);
  return Array.isArray(value) ? changed.map(([, part]) => part) : Object.fromEntries(changed);
}

describe('for any JSON', () => {
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        version: fc.jsonValue(),
        defaults: fc.jsonValue(),
        services: fc.jsonValue(),
        hosts: fc.jsonValue(),
        loadBalancers: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  );

  test('nothing but a refusal comes of it', () => {
    fc.assert(
      fc.property(json, (value) => {
        const problems = refusal(() => loadInventory('i.json', JSON.stringify(value)))?.problems ?? [];
        expect(problems.length).toBeGreaterThan(0);
        expect(problems.length).toBeLessThanOrEqual(101);
      }),
      { numRuns: 100 },
    );
  });
});

describe('no prototype is polluted', () => {
  const before = Object.getOwnPropertyNames(Object.prototype).sort();

  test('by a key __proto__ anywhere', () => {
    const text = JSON.stringify({
      version: 1,
      services: { web: { vip: '10.77.0.100', backends: ['a'] } },
      hosts: { a: { tags: ['x'] } },
    });
    const keys = [...text.matchAll(/"(\w+)":/g)].map((match) => match.index);
    for (const index of keys) {
      const polluted = `${text.slice(0, index)}"__proto__": {"polluted": 1, "user": "root"}, ${text.slice(index)}`;
      expect(refusal(() => loadInventory('i.json', polluted))?.message).toMatch(
        /unknown key "__proto__"|found "__proto__"/,
      );
    }
    expect(keys).toHaveLength(8);
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
  });

  test('by a host whose settings come through an anchor', () => {
    const text = `version: 1
services: {web: {vip: 10.77.0.100, backends: [constructor]}}
hosts:
  constructor: {tags: [prototype]}
`;
    const host = loadInventory('i.yaml', text).hosts.get('constructor');
    expect(host).toMatchObject({ address: 'constructor', tags: ['prototype'] });
    expect(host?.user).toBeUndefined();
    expect(Object.getPrototypeOf(host)).toBe(Object.prototype);
  });
});

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < text.length; start += 65536) yield Buffer.from(text.slice(start, start + 65536));
}

describe('too much is refused', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsr-audit-inventory-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const tenMegabytes = 'version: 1\nhosts:\n'.padEnd(10_000_000, '  web01: {}\n');

  test('a file of 10 MB', async () => {
    const file = join(folder, 'large.yaml');
    await writeFile(file, tenMegabytes);
    await expect(readInventory(file)).rejects.toThrow(`${file}: is larger than 4 MiB, the most that is read; split it`);
  });

  test('10 MB on standard input', async () => {
    await expect(readInventory('-', pieces(tenMegabytes))).rejects.toThrow('<stdin>: is larger than 4 MiB');
  });

  test('text of 10 MB', () => {
    expect(refusal(() => loadInventory('i.yaml', tenMegabytes))?.message).toContain('is larger than 4 MiB');
    expect(mostInventoryBytes).toBe(4 * 1024 * 1024);
  });

  test('JSON that is 100,000 deep', () => {
    const deep = `{"version": 1, "hosts": ${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}}`;
    expect(refusal(() => loadInventory('i.json', deep))?.message).toContain('nested more than 100 deep');
  });

  test('a billion laughs', () => {
    const lines = ['version: 1', 'a0: &a0 {user: audit}'];
    for (let level = 1; level <= 9; level += 1)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join()}]`,
      );
    expect(refusal(() => loadInventory('i.yaml', lines.join('\n')))?.message).toContain(
      'aliases multiply this document',
    );
  });

  test('but not an inventory of 2,000 hosts that share their settings', () => {
    const hosts = Array.from({ length: 2000 }, (_, index) => `  h${index}: *linux\n`).join('');
    const text = `version: 1\nservices: {web: {vip: 10.77.0.100, backends: [first]}}\nhosts:\n  first: &linux {user: audit, tags: [a, b]}\n${hosts}`;
    expect(loadInventory('i.yaml', text).hosts.size).toBe(2001);
  });
});

describe('standard input', () => {
  const text =
    'version: 1\nservices: {web: {vip: 10.77.0.100, backends: [a]}}\nhosts: {a: {knownHosts: known_hosts}}\n';

  test('is named <stdin> and finds files from the current folder', async () => {
    const inventory = await readInventory('-', pieces(text));
    expect(inventory.file).toBe('<stdin>');
    expect(inventory.hosts.get('a')?.knownHosts).toEqual(['known_hosts']);
  });
});
