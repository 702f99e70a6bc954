import type { OsRelease } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

const assignment = /^(ID|ID_LIKE|VERSION_ID|PRETTY_NAME)=(.*)$/;
const releaseFile = /^\/etc\/(redhat-release|SuSE-release|alpine-release|debian_version):(.*)$/;

/** Reads os-release, or the release files of the distributions from before it. */
export function readRelease(sections: Sections): OsRelease {
  // 1: no line matches; 2: some of the release files are absent.
  const lines = sections.lines('release', [0, 1, 2]);
  const values = new Map<string, string>();
  const files = new Map<string, string>();
  for (const line of lines) {
    const [, key, value] = assignment.exec(line) ?? [];
    const [, file, text] = releaseFile.exec(line) ?? [];
    if (key !== undefined && value !== undefined) {
      if (values.has(key)) throw new UnreadableOutput(`os-release has ${key} more than once`);
      values.set(key, unquoted(value));
    } else if (file !== undefined && text !== undefined) {
      // SuSE-release has more lines: VERSION = 11 and so on.
      if (!files.has(file)) files.set(file, text);
    } else throw new UnreadableOutput(`unexpected line of os-release: ${quoteRemote(line)}`);
  }
  if (values.size > 0) {
    return release(
      values.get('ID') ?? 'linux',
      values.get('ID_LIKE'),
      values.get('VERSION_ID'),
      values.get('PRETTY_NAME'),
    );
  }
  for (const [file, describe] of families) {
    const text = files.get(file);
    if (text !== undefined) return describe(text);
  }
  throw new UnreadableOutput('the host has neither os-release nor a release file that the probe knows');
}

const families: ReadonlyMap<string, (text: string) => OsRelease> = new Map([
  ['redhat-release', redHat],
  ['SuSE-release', (text: string) => release('sles', 'suse', version(text), text)],
  ['alpine-release', (text: string) => release('alpine', '', text.trim(), `Alpine Linux ${text}`)],
  ['debian_version', (text: string) => release('debian', '', text.trim(), `Debian GNU/Linux ${text}`)],
]);

const redHatNames: ReadonlyMap<string, string> = new Map([
  ['CentOS', 'centos'],
  ['Fedora', 'fedora'],
  ['Red Hat', 'rhel'],
  ['Scientific', 'scientific'],
  ['Oracle', 'ol'],
]);

/** For example "CentOS release 6.10 (Final)" or "Red Hat Enterprise Linux Server release 5.11 (Tikanga)". */
function redHat(text: string): OsRelease {
  const [, id = 'redhat'] = [...redHatNames].find(([name]) => text.startsWith(name)) ?? [];
  return release(id, 'rhel fedora', version(text), text);
}

function version(text: string): string {
  return /\b[0-9]+(?:\.[0-9]+)*/.exec(text)?.[0] ?? '';
}

function release(id: string, idLike = '', versionId = '', prettyName = ''): OsRelease {
  if (id.length > 64 || idLike.length > 256 || versionId.length > 64 || prettyName.length > 256) {
    throw new UnreadableOutput(`os-release holds a value that is too long, of ${quoteRemote(id)}`);
  }
  return { id, idLike, versionId, prettyName };
}

/** A value of os-release(5), which is shell syntax without expansions. */
function unquoted(value: string): string {
  const text = value.trimEnd();
  const quote = /^(["'])(.*)\1$/.exec(text);
  return quote?.[2] === undefined ? text : quote[2].replaceAll(/\\(["'$`\\])/g, '$1');
}
