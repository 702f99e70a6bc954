import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { afterAll } from 'vitest';
import type { CollectOptions } from '../../src/collect/collect.ts';
import type { Host } from '../../src/inventory/model.ts';
import { tinyProbes } from './ssh-server-probe.ts';

/** A folder that lives as long as the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dsr-audit-ssh-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestKey {
  readonly privateText: string;
  readonly publicLine: string;
  readonly key: ParsedKey;
}

/** A fresh key pair. */
export function testKey(type: 'ed25519' | 'ecdsa' | 'rsa' = 'ed25519', passphrase?: string): TestKey {
  const encryption = passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 4 };
  const options =
    type === 'rsa' ? { bits: 2048, ...encryption } : type === 'ecdsa' ? { bits: 256, ...encryption } : encryption;
  const pair = ssh2.utils.generateKeyPairSync(type as 'ed25519', options as never);
  const key = ssh2.utils.parseKey(pair.public);
  if (key instanceof Error) throw key;
  return { privateText: pair.private, publicLine: pair.public.trim(), key };
}

/** A file that only we may read. */
export function privateFile(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** A Host as the inventory would give it. */
export function testHost(name: string, more: Partial<Host>): Host {
  return {
    name,
    address: '127.0.0.1',
    platform: 'linux',
    role: 'backend',
    tags: [],
    ingressInterfaces: [],
    bindings: [],
    transport: 'ssh',
    user: 'audit',
    identityFiles: [],
    knownHosts: [],
    legacyAlgorithms: false,
    privileged: false,
    useTls: false,
    position: { line: 1, column: 1 },
    ...more,
  };
}

/** Options of a collection that reads nothing of the developer's own: no agent, no environment. */
export function testOptions(hosts: readonly Host[], more: Partial<CollectOptions> = {}): CollectOptions {
  return {
    probes: tinyProbes,
    hosts: new Map(hosts.map((host) => [host.name, host])),
    environment: { PATH: '/usr/bin:/bin' },
    ...more,
  };
}
