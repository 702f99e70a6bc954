import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadInventory } from '../../src/inventory/load.ts';
import type { Host, LocatedInventory } from '../../src/inventory/model.ts';

const exampleFile = join(import.meta.dirname, 'examples/two-sites.yaml');
const example = readFileSync(exampleFile, 'utf8');

/** A host web01 with these settings, beside two jump hosts. */
function only(host: string, defaults = '{}'): Host {
  const text = `version: 1
defaults: ${defaults}
services: {web: {vip: 10.77.0.100, backends: [web01]}}
hosts:
  web01: ${host}
  gate: {address: 192.0.2.1, jump: front}
  front: {address: 192.0.2.2}
`;
  return loadInventory('/etc/audit/fleet.yaml', text).hosts.get('web01') as Host;
}

function load(services: string, hosts: string): LocatedInventory {
  return loadInventory('i.yaml', `version: 1\nservices: ${services}\nhosts: ${hosts}\n`);
}

/** An inventory as data, without what depends on how it is written. */
function content({ loadBalancers, services, hosts }: LocatedInventory): unknown {
  const parts = [loadBalancers, services, hosts].map((part) => [...(part as ReadonlyMap<string, object>)]);
  return JSON.parse(JSON.stringify(parts, (key, value: unknown) => (key === 'position' ? undefined : value)));
}

describe('the example', () => {
  const inventory = loadInventory('inventories/two-sites.yaml', example);

  test('merges defaults into each host, uniting tags', () => {
    expect(inventory.hosts.get('web02')).toMatchObject({
      address: '10.77.0.12',
      platform: 'linux',
      transport: 'ssh',
      role: 'backend',
      user: 'audit',
      port: 2222,
      tags: ['production', 'canary'],
      position: { line: 33, column: 3 },
    });
    expect(inventory.hosts.get('win01')).toMatchObject({ platform: 'windows', ingressInterfaces: ['LAN'] });
  });

  test('finds files from home and from the folder of the inventory', () => {
    expect(inventory.hosts.get('web01')).toMatchObject({
      identityFiles: [join(homedir(), '.ssh/audit_ed25519')],
      knownHosts: [join('inventories', 'known_hosts')],
    });
  });

  test('says what each host must serve, with the client of the same family as the VIP', () => {
    const shared = {
      service: 'web',
      method: 'loopback',
      ports: [
        { number: 80, protocol: 'tcp' },
        { number: 443, protocol: 'tcp' },
      ],
      loadBalancer: { name: 'edge', addresses: ['10.77.0.5', '10.77.0.6', '2001:db8:77::5'] },
    };
    expect(inventory.hosts.get('web01')?.bindings).toEqual([
      { ...shared, vip: '10.77.0.100', client: '198.51.100.20' },
      { ...shared, vip: '2001:db8:77::100' },
    ]);
    expect(inventory.hosts.get('bastion')?.bindings).toEqual([]);
  });

  test('keeps services and hosts in file order', () => {
    expect([...inventory.services.keys()]).toEqual(['web', 'dns']);
    expect([...inventory.hosts.keys()]).toEqual(['web01', 'web02', 'win01', 'dns01', 'dns02', 'bastion']);
    expect(inventory.services.get('dns')?.position).toEqual({ line: 23, column: 3 });
  });

  test('means the same as JSON', () => {
    const json = JSON.stringify(parse(example), null, '\t');
    expect(content(loadInventory('inventories/two-sites.json', json))).toEqual(content(inventory));
  });
});

describe('a host', () => {
  test.each(['', '{}', '~'])('needs a name alone: %j', (host) => {
    expect(only(host)).toEqual({
      name: 'web01',
      address: 'web01',
      platform: 'linux',
      role: 'backend',
      tags: [],
      ingressInterfaces: [],
      transport: 'ssh',
      identityFiles: [],
      knownHosts: [],
      legacyAlgorithms: false,
      privileged: false,
      useTls: false,
      bindings: [{ service: 'web', vip: '10.77.0.100', method: 'loopback', ports: [] }],
      position: { line: 5, column: 3 },
    });
  });

  test('takes every key', () => {
    const text = `{ address: "2001:DB8:0::11", platform: windows, transport: powershell, user: 'CORP\\audit', port: 5986, identityFile: [/k1, keys/k2],
      identityPassphrase: "file:secret/passphrase", knownHosts: ["~/kh"], hostKeyAlias: web, jump: gate, legacyAlgorithms: true, tags: [paris],
      role: local-node, ingressInterfaces: ["Ethernet 2"], privileged: true, credentialFile: cred.xml, useTls: true }`;
    expect(only(text)).toMatchObject({
      address: '2001:db8::11',
      transport: 'powershell',
      user: 'CORP\\audit',
      port: 5986,
      identityFiles: ['/k1', '/etc/audit/keys/k2'],
      identityPassphrase: 'file:/etc/audit/secret/passphrase',
      knownHosts: [join(homedir(), 'kh')],
      hostKeyAlias: 'web',
      jump: 'gate',
      legacyAlgorithms: true,
      tags: ['paris'],
      role: 'local-node',
      ingressInterfaces: ['Ethernet 2'],
      privileged: true,
      credentialFile: '/etc/audit/cred.xml',
      useTls: true,
    });
  });

  test('keeps a passphrase of the environment as it is', () => {
    expect(only('{identityPassphrase: env:AUDIT_KEY}').identityPassphrase).toBe('env:AUDIT_KEY');
  });

  test('goes before the defaults with its own value', () => {
    expect(only('{port: 22, tags: [b, a]}', '{port: 2222, tags: [a], user: audit}')).toMatchObject({
      port: 22,
      user: 'audit',
      tags: ['a', 'b'],
    });
  });

  test('behind a default jump does not put the jump behind itself', () => {
    const text = `{ version: 1, defaults: {jump: gate}, services: {web: {vip: 10.77.0.100, backends: [web01]}},
      hosts: {web01: , gate: {jump: front}, front: } }`;
    const jumps = [...loadInventory('i.yaml', text).hosts.values()].map(({ name, jump }) => [name, jump]);
    expect(jumps).toEqual([
      ['web01', 'gate'],
      ['gate', 'front'],
      ['front', undefined],
    ]);
  });
});

describe('allowed are', () => {
  const web = '{web: {vip: 10.77.0.100, backends: [a, b]}}';

  test('one address with two ports: two backends behind NAT', () => {
    const { hosts } = load(web, '{a: {address: 192.0.2.1, port: 2201}, b: {address: 192.0.2.1, port: 2202}}');
    expect(hosts.size).toBe(2);
  });

  test('one address behind two jumps: two sites that number alike', () => {
    const { hosts } = load(
      web,
      '{a: {address: 10.0.0.1, jump: x}, b: {address: 10.0.0.1, jump: y}, x: {address: 192.0.2.1}, y: {address: 192.0.2.2}}',
    );
    expect(hosts.size).toBe(4);
  });

  test('two services with one VIP and different ports', () => {
    const inventory = load(
      '{web: {vip: 10.77.0.100, ports: [80/tcp], backends: [a]}, api: {vip: 10.77.0.100, ports: [80/udp], backends: [a]}}',
      '{a: }',
    );
    expect(inventory.hosts.get('a')?.bindings.map(({ service, vip }) => [service, vip])).toEqual([
      ['web', '10.77.0.100'],
      ['api', '10.77.0.100'],
    ]);
  });

  test('names that JavaScript gives a meaning', () => {
    const inventory = load(
      '{constructor: {vip: 10.77.0.100, backends: [toString, valueOf]}}',
      '{toString: , valueOf: {tags: [hasOwnProperty]}}',
    );
    expect([...inventory.hosts.keys()]).toEqual(['toString', 'valueOf']);
    expect(inventory.services.get('constructor')?.backends).toEqual(['toString', 'valueOf']);
    expect(inventory.services.get('toString')).toBeUndefined();
  });

  test('aliases that repeat little', () => {
    const inventory = load(web, '{a: &linux {user: audit, tags: [x]}, b: *linux}');
    expect(inventory.hosts.get('b')).toMatchObject({ address: 'b', user: 'audit', tags: ['x'] });
  });

  test('a loopback address, for tests and tunnels', () => {
    expect(load('{web: {vip: 10.77.0.100, backends: [a]}}', '{a: {address: 127.0.0.1, port: 2222}}').hosts.size).toBe(
      1,
    );
  });
});
