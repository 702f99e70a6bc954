import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintInventory } from '../../src/inventory/lint.ts';
import { loadInventory } from '../../src/inventory/load.ts';

function lint(text: string, fileExists: (path: string) => boolean = () => true): readonly string[] {
  return lintInventory(loadInventory('/etc/audit/fleet.yaml', text), fileExists).map(
    ({ severity, position, path, message }) => `${position.line}:${position.column} ${severity} ${path}: ${message}`,
  );
}

const quiet = `version: 1
loadBalancers:
  edge: { addresses: [10.77.0.5] }
services:
  web: { vip: 10.77.0.100, ports: [443/tcp], loadBalancer: edge, client: 198.51.100.20, backends: [web01, web02] }
`;

test('nothing is said of the example', () => {
  const file = join(import.meta.dirname, 'examples/two-sites.yaml');
  expect(lint(readFileSync(file, 'utf8'))).toEqual([]);
});

test('hosts that nobody contacts, and balancers that nobody names', () => {
  const text = `${quiet.replace('edge: {', 'spare: { addresses: [10.77.0.6] }\n  edge: {')}hosts:
  web01: { address: 10.77.0.11, jump: bastion }
  web02: { address: 10.77.0.12 }
  web03: { address: 10.77.0.13 }
  bastion: { address: 192.0.2.1 }
`;
  expect(lint(text)).toEqual([
    '3:3 warning loadBalancers.spare: no service names this load balancer',
    '10:3 warning hosts.web03: never contacted: no service has this host among its backends, and no host is reached through it',
  ]);
});

test('services that leave rules without anything to judge', () => {
  const text = `version: 1
services:
  web: { vip: [10.77.0.100, 10.78.0.100, "2001:db8::100"], backends: [web01] }
  api: { vip: 10.78.0.101, ports: [80/tcp], client: 198.51.100.20, backends: [web01, web02] }
hosts:
  web01: { address: 10.77.0.11 }
  web02: { address: "2001:db8::12" }
`;
  expect(lint(text)).toEqual([
    '3:3 note services.web: without client and loadBalancer, the rules on the return path are not applicable',
    '3:3 note services.web: without ports, the rules on listeners and firewalls are not applicable',
    '3:10 note services.web.vip: 10.78.0.100 is outside the /24 of every backend: check that the balancer reaches them on one segment',
    '3:60 note services.web.backends: one backend only: nothing takes over when it fails',
    '4:3 note services.api: without loadBalancer, the rules on the return path are not applicable',
    '4:10 note services.api.vip: 10.78.0.101 is outside the /24 of every backend: check that the balancer reaches them on one segment',
  ]);
});

test('names in place of addresses', () => {
  expect(lint(`${quiet}hosts:\n  web01: { address: web01.example.net }\n  web02:\n`)).toEqual([
    '7:12 note hosts.web01.address: "web01.example.net" is a DNS name: the address that the balancer knows must then be derived from the host',
    '8:3 note hosts.web02.address: "web02" is a DNS name: the address that the balancer knows must then be derived from the host',
  ]);
});

test('files that are not there, once for each place', () => {
  const asked: string[] = [];
  const text = `${quiet}defaults: { knownHosts: [known_hosts, /etc/ssh/known_hosts] }
hosts:
  web01: { address: 10.77.0.11, identityFile: keys/web01 }
  web02: { address: 10.77.0.12 }
`;
  const notes = lint(text, (path) => {
    asked.push(path);
    return path.startsWith('/etc/ssh/');
  });
  expect(asked.sort()).toEqual(['/etc/audit/keys/web01', '/etc/audit/known_hosts', '/etc/ssh/known_hosts']);
  expect(notes).toEqual([
    '6:13 warning defaults.knownHosts: "/etc/audit/known_hosts" does not exist on this machine',
    '8:33 warning hosts.web01.identityFile: "/etc/audit/keys/web01" does not exist on this machine',
  ]);
});

test('a tag named like a service, once', () => {
  const text = `${quiet}hosts:
  web01: { address: 10.77.0.11, tags: [paris, web] }
  web02: { address: 10.77.0.12, tags: [web] }
`;
  expect(lint(text)).toEqual([
    '7:47 warning hosts.web01.tags[1]: a service is named "web" too: --limit tag:web and service:web may choose different hosts',
  ]);
});

test('keys without effect', () => {
  const text = `${quiet}defaults: { user: audit, credentialFile: cred.xml }
hosts:
  web01: { address: 10.77.0.11, transport: local, port: 22, jump: gate, privileged: true }
  web02: { address: 10.77.0.12, platform: windows, useTls: true, privileged: true }
  gate: { address: 192.0.2.1 }
  win01: { transport: evidence, platform: windows, user: audit, identityFile: k, knownHosts: k, hostKeyAlias: a, legacyAlgorithms: false }
`.replace('backends: [', 'backends: [win01, ');
  const idle = lint(text).filter((note) => note.includes('no effect'));
  expect(idle.map((note) => note.replace(/ has no effect/, ''))).toEqual([
    '6:26 note defaults.credentialFile: "credentialFile": it is for transport powershell, and no host is that',
    '8:51 note hosts.web01.port: "port": it is for the transports ssh and powershell',
    '8:61 note hosts.web01.jump: "jump": it is for transport ssh',
    '9:52 note hosts.web02.useTls: "useTls": it is for transport powershell',
    '9:66 note hosts.web02.privileged: "privileged": it is for Linux hosts with transport ssh or local',
    '11:52 note hosts.win01.user: "user": it is for the transports ssh and powershell',
    '11:65 note hosts.win01.identityFile: "identityFile": it is for transport ssh',
    '11:82 note hosts.win01.knownHosts: "knownHosts": it is for transport ssh',
    '11:97 note hosts.win01.hostKeyAlias: "hostKeyAlias": it is for transport ssh',
    '11:114 note hosts.win01.legacyAlgorithms: "legacyAlgorithms": it is for transport ssh',
  ]);
});

test('weak algorithms that are switched on', () => {
  const text = `${quiet}defaults: { legacyAlgorithms: true }
hosts: { web01: { address: 10.77.0.11, legacyAlgorithms: false }, web02: { address: 10.77.0.12 } }
`;
  expect(lint(text)).toEqual([
    '6:13 warning defaults.legacyAlgorithms: SHA-1 is offered: whoever can forge it can stand between; remove this once the server is OpenSSH 6.5 or newer',
  ]);
});
