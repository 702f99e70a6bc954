import { createHash, createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** One line of a known_hosts file. */
export interface KnownHostLine {
  /** path:line, for messages. */
  readonly place: string;
  readonly marker: 'none' | 'cert-authority' | 'revoked';
  /** Key type, for example ssh-ed25519; equal to the type inside the blob. */
  readonly type: string;
  /** The public key in SSH wire format. */
  readonly blob: Buffer;
}

/** What the known_hosts files say of one name. */
export interface KnownHostKeys {
  /** As looked up: the alias, the host, or [host]:port. */
  readonly name: string;
  readonly lines: readonly KnownHostLine[];
  /**
   * The lines of the bare host name, which OpenSSH consults when a port other than 22 has no key of its own; they can
   * only accept a key, a different key there means nothing for this port.
   */
  readonly bare?: KnownHostKeys;
}

/** How a presented host key stands to the known ones; the line is the one that decides. */
export type HostKeyVerdict =
  | { readonly verdict: 'accepted' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'changed' | 'revoked'; readonly line: KnownHostLine };

/** A read known_hosts file. */
export interface KnownHostsFile {
  readonly path: string;
  /** Why it could not be read. */
  readonly unreadable?: string;
  /** The lines whose host field matches a name, in file order. */
  linesFor(name: string): readonly KnownHostLine[];
}

interface Entry {
  readonly hosts: string;
  readonly line: KnownHostLine;
}

const blank = /[ \t]+/;

// b64_pton of OpenSSH wants the padding; Buffer.from would take anything.
function decodeBase64(text: string): Buffer | undefined {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
    ? Buffer.from(text, 'base64')
    : undefined;
}

/** The type name that an SSH key blob begins with, if it does. */
export function blobType(blob: Buffer): string | undefined {
  if (blob.length < 4) return undefined;
  const length = blob.readUInt32BE(0);
  return length > 0 && length <= 64 && blob.length > 4 + length ? blob.toString('latin1', 4, 4 + length) : undefined;
}

/** The fingerprint of a key blob as OpenSSH prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

// The grammar is sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"; a line that OpenSSH cannot read it skips, and so do we.
function parseLine(text: string, place: string): Entry | undefined {
  const fields = text.replace(/^[ \t]+/, '').split(blank);
  let marker: KnownHostLine['marker'] = 'none';
  if (fields[0]?.startsWith('@')) {
    if (fields[0] !== '@cert-authority' && fields[0] !== '@revoked') return undefined;
    marker = fields[0] === '@revoked' ? 'revoked' : 'cert-authority';
    fields.shift();
  }
  const [hosts, type, base64] = fields;
  if (hosts === undefined || hosts === '' || hosts.startsWith('#') || type === undefined || base64 === undefined)
    return undefined;
  const blob = decodeBase64(base64);
  if (blob === undefined || blobType(blob) !== type) return undefined;
  return { hosts, line: { place, marker, type, blob } };
}

// match_pattern of OpenSSH: * and ? only. Iterative, so that a hostile pattern cannot take exponential time.
function matchesGlob(name: string, pattern: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    if (pattern[from] === '*') {
      star = from++;
      resume = at;
    } else if (from < pattern.length && (pattern[from] === '?' || pattern[from] === name[at])) {
      from++;
      at++;
    } else if (star !== -1) {
      from = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[from] === '*') from++;
  return from === pattern.length;
}

function matchesPatterns(name: string, hosts: string): boolean {
  let matched = false;
  for (const item of hosts.toLowerCase().split(',')) {
    const negated = item.startsWith('!');
    if (!matchesGlob(name, negated ? item.slice(1) : item)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function matchesHash(name: string, hosts: string): boolean {
  const [, magic, salt, hash, rest] = hosts.split('|');
  if (magic !== '1' || salt === undefined || hash === undefined || rest !== undefined) return false;
  const saltBytes = decodeBase64(salt);
  if (saltBytes?.length !== 20) return false;
  return createHmac('sha1', saltBytes).update(name).digest('base64') === hash;
}

/** Parses the text of a known_hosts file. */
export function parseKnownHosts(path: string, text: string): KnownHostsFile {
  // Plain names, most of all large files, are found through the map; patterns and hashes must be tried one by one.
  const plain = new Map<string, number[]>();
  const tried: number[] = [];
  const entries: Entry[] = [];
  for (const [index, lineText] of text.split(/\r?\n/).entries()) {
    const entry = parseLine(lineText, `${path}:${index + 1}`);
    if (entry === undefined) continue;
    const at = entries.push(entry) - 1;
    if (/[|*?!]/.test(entry.hosts)) {
      tried.push(at);
      continue;
    }
    for (const name of new Set(entry.hosts.toLowerCase().split(','))) {
      const known = plain.get(name);
      if (known === undefined) plain.set(name, [at]);
      else known.push(at);
    }
  }
  const memory = new Map<string, readonly KnownHostLine[]>();
  return {
    path,
    linesFor(name) {
      let lines = memory.get(name);
      if (lines === undefined) {
        const found = tried.filter((at) => {
          const hosts = entries[at]?.hosts ?? '';
          return hosts.startsWith('|') ? matchesHash(name, hosts) : matchesPatterns(name, hosts);
        });
        lines = [...(plain.get(name) ?? []), ...found]
          .sort((one, other) => one - other)
          .flatMap((at) => entries[at]?.line ?? []);
        memory.set(name, lines);
      }
      return lines;
    },
  };
}

async function readKnownHosts(path: string): Promise<KnownHostsFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return { path, unreadable: (error as NodeJS.ErrnoException).code ?? String(error), linesFor: () => [] };
  }
  return parseKnownHosts(path, text);
}

/** Reads known_hosts files, each once however many hosts use it. */
export function knownHostsReader(): (path: string) => Promise<KnownHostsFile> {
  const files = new Map<string, Promise<KnownHostsFile>>();
  return (path) => {
    let file = files.get(path);
    if (file === undefined) files.set(path, (file = readKnownHosts(path)));
    return file;
  };
}

/** The name under which OpenSSH files a host: its alias as it is; else the host, with the port when that is not 22. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Looks a host up in all files together, as OpenSSH does. */
export function lookUpHost(
  files: readonly KnownHostsFile[],
  host: string,
  port: number,
  alias: string | undefined,
): KnownHostKeys {
  const find = (name: string): KnownHostKeys => ({ name, lines: files.flatMap((file) => file.linesFor(name)) });
  if (alias !== undefined) return find(alias.toLowerCase());
  const found = find(knownHostName(host, port));
  return port === 22 ? found : { ...found, bare: find(host.toLowerCase()) };
}

function withMarker(keys: KnownHostKeys, marker: KnownHostLine['marker']): readonly KnownHostLine[] {
  return keys.lines.filter((line) => line.marker === marker);
}

/** The plain keys that a presented key will be compared with: those of the port, or else those of the bare name. */
export function plainKeys(keys: KnownHostKeys): readonly KnownHostLine[] {
  const own = withMarker(keys, 'none');
  return own.length > 0 || keys.bare === undefined ? own : withMarker(keys.bare, 'none');
}

/** Judges a presented key, in the order of OpenSSH's check_host_key: revoked, equal, different, unknown. */
export function judgeHostKey(keys: KnownHostKeys, presented: Buffer): HostKeyVerdict {
  const revoked = withMarker(keys, 'revoked').find((line) => line.blob.equals(presented));
  if (revoked !== undefined) return { verdict: 'revoked', line: revoked };
  const own = withMarker(keys, 'none');
  if (own.some((line) => line.blob.equals(presented))) return { verdict: 'accepted' };
  if (own[0] !== undefined) return { verdict: 'changed', line: own[0] };
  if (keys.bare === undefined) return { verdict: 'unknown' };
  const bare = judgeHostKey(keys.bare, presented);
  return bare.verdict === 'changed' ? { verdict: 'unknown' } : bare;
}
