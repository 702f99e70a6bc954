import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend, Service } from './backend.ts';
import { run } from './command.ts';

/** The unprivileged account that the audit logs in as. */
export const auditUser = 'audit';

/** A key pair in OpenSSH files. */
export interface KeyPair {
  readonly privateFile: string;
  /** Type and base64, without a comment. */
  readonly publicKey: string;
}

/** Makes an Ed25519 key pair without passphrase. */
export async function createKey(folder: string, name: string): Promise<KeyPair> {
  const privateFile = join(folder, name);
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', privateFile]);
  return { privateFile, publicKey: (await readFile(`${privateFile}.pub`, 'utf8')).trim() };
}

/** Runs OpenSSH's server in a backend, on its management address only; its output is its log. */
export async function startSshd(backend: Backend, hostKey: KeyPair, login: KeyPair, folder: string): Promise<Service> {
  const configuration = join(folder, `${backend.name}.sshd_config`);
  await writeFile(
    configuration,
    [
      `ListenAddress ${backend.managementAddress}`,
      `HostKey ${hostKey.privateFile}`,
      'AuthorizedKeysFile /etc/ssh/authorized_keys',
      'PidFile none',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );
  const account = await backend.execute(
    ['/bin/sh', '-e'],
    `mkdir -p /etc/ssh /run/sshd
     echo '${login.publicKey}' >/etc/ssh/authorized_keys
     cat >/etc/passwd <<'END'
root:x:0:0:root:/root:/bin/sh
sshd:x:101:65534::/run/sshd:/usr/sbin/nologin
${auditUser}:x:4242:4242::/:/bin/sh
END
     printf 'root:*:19000::::::\\nsshd:*:19000::::::\\n${auditUser}:*:19000::::::\\n' >/etc/shadow
     printf 'root:x:0:\\nnogroup:x:65534:\\n${auditUser}:x:4242:\\n' >/etc/group
     chmod 600 /etc/shadow`,
  );
  if (account.code !== 0) throw new Error(account.stderr);
  return backend.start(['/usr/sbin/sshd', '-D', '-e', '-f', configuration], /Server listening on/);
}
