import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { collect } from '../../src/collect/collect.ts';
import { startSshServer } from '../support/ssh-server.ts';
import { privateFile, temporaryFolder, testHost, testKey, testOptions } from '../support/ssh-server-hosts.ts';

const folder = temporaryFolder();
const hostKey = testKey();
const userKey = testKey();

test('a host answers', async () => {
  const server = await startSshServer({ hostKeys: [hostKey], userKeys: [userKey] });
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${server.port} ${hostKey.publicLine}\n`);
  const host = testHost('web01', {
    port: server.port,
    knownHosts: [knownHosts],
    identityFiles: [privateFile(folder, 'id', userKey.privateText)],
  });
  const [snapshot] = await collect([host], testOptions([host], { timeoutSeconds: 5, connectTimeoutSeconds: 3 }));
  expect(snapshot).toMatchObject({ state: 'collected', linux: { hostname: { value: 'host web01' } } });
  await server.close();
});
