import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const tools = 'ip nsenter unshare setpriv nft arptables arping ping tcpdump curl sshd ssh-keygen'.split(' ');

/** The reason why the lab cannot be built on this machine, or null when it can. */
export function labObstacle(): string | null {
  if (process.platform !== 'linux') return `the lab needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'the lab needs root: it makes network namespaces';
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const absent = tools.filter((tool) => !folders.some((folder) => existsSync(join(folder, tool))));
  return absent.length === 0 ? null : `the lab needs ${absent.join(', ')}; docs/lab.md names the packages`;
}

/** Whether the lab can be built here; where it cannot it says why, and with CI=true that is an error and no skip. */
export function labAvailable(): boolean {
  const obstacle = labObstacle();
  if (obstacle === null) return true;
  if (process.env['CI'] === 'true') throw new Error(obstacle);
  process.stderr.write(`skipped: ${obstacle}\n`);
  return false;
}
