/** How a program reads one line of a sysctl file, and in which order what it read takes effect. */
export interface Dialect {
  /** Blanks that are cut off the ends of a line. */
  readonly blanks: string;
  /** What separates lines beside the newline. */
  readonly lineBreak: RegExp | undefined;
  /** Whether a carriage return ends a value, and what stands behind it is lost. */
  readonly endsAtReturn: boolean;
  /** A key may begin with a dash, which hides errors: systemd allows blanks after it, procps 4 a second dash. */
  readonly dash: 'blanks' | 'twice' | 'once' | undefined;
  /** Keys may hold wildcards, and -key without a value takes that key out of them. */
  readonly globs: boolean;
  /** A wildcard pattern may hold alternatives in braces. */
  readonly braces: boolean;
  /** So it may where the program runs for one interface alone. */
  readonly bracesPerInterface: boolean;
  /** -key may itself hold wildcards. */
  readonly globExclusions: boolean;
  /** The last assignment of a key is kept and written once, or each assignment is written in turn. */
  readonly writes: 'last' | 'each';
  /** Whether it ends when the kernel refuses a value, and leaves the rest of the file unread. */
  readonly endsAtRefusal: boolean;
  /** Whether a key with .. is followed through the file system instead of being refused. */
  readonly followsParents: boolean;
  /**
   * Dots and slashes change places where the first of them is a dot; or always; or each is tried until the key exists, so
   * that a dot inside an interface name does no harm.
   */
  readonly separators: 'first' | 'swapped' | 'guessed';
}

const ascii = ' \t\n\r';
const cSpace = ' \t\n\v\f\r';

/** systemd-sysctl of today; read in src/sysctl/sysctl.c, measured with 252 and 257. */
export const systemdSyntax: Dialect = {
  blanks: ascii,
  lineBreak: /[\r\0]/,
  endsAtReturn: false,
  dash: 'blanks',
  globs: true,
  braces: true,
  bracesPerInterface: false,
  globExclusions: false,
  writes: 'last',
  endsAtRefusal: false,
  followsParents: false,
  separators: 'first',
};

/** systemd-sysctl since 245 (systemd pull request 14589), before it refused a key with ..; measured with 247. */
export const systemdWithParents: Dialect = { ...systemdSyntax, bracesPerInterface: true, followsParents: true };

/** systemd-sysctl before 245: no wildcards. A dash is understood since 243 and in RHEL 8's 239, not in RHEL 7's 219. */
export const systemdWithoutGlobs: Dialect = { ...systemdWithParents, globs: false };

/** procps since 4.0.0: assignments in file order, wildcards skip keys that any line names; measured with 4.0.2 and 4.0.4. */
export const procpsSyntax: Dialect = {
  blanks: cSpace,
  lineBreak: undefined,
  endsAtReturn: false,
  dash: 'twice',
  globs: true,
  braces: false,
  bracesPerInterface: false,
  globExclusions: false,
  writes: 'each',
  endsAtRefusal: false,
  followsParents: true,
  separators: 'first',
};

/** procps 3: each line is written as it is read, no wildcards; read in sysctl.c of 3.3.10, where a dash means nothing yet. */
export const procpsWithoutGlobs: Dialect = {
  ...procpsSyntax,
  blanks: ascii,
  endsAtReturn: true,
  globs: false,
  dash: undefined,
};

/** The last of procps 3, which knows a dash; measured with the 3.3.17 of Debian 11. */
export const procpsWithDash: Dialect = { ...procpsWithoutGlobs, dash: 'once' };

/** busybox sysctl -p: as procps 3, but it finds an interface name with dots in every spelling; measured with 1.35. */
export const busyboxSyntax: Dialect = {
  ...procpsWithoutGlobs,
  blanks: cSpace,
  endsAtReturn: false,
  endsAtRefusal: true,
  separators: 'guessed',
};

/** tuned, which reads the same files once more; read in tuned/plugins/plugin_sysctl.py. */
export const tunedSyntax: Dialect = {
  ...procpsWithoutGlobs,
  blanks: cSpace,
  endsAtReturn: false,
  separators: 'swapped',
};

/** What one line asks for: an assignment, or (value null) an exclusion from wildcards. */
export interface Statement {
  /** Path below /proc/sys with slashes; may hold wildcards. */
  readonly key: string;
  /** The same as the program compares it, where it does not remove doubled slashes and dot components. */
  readonly spelling: string;
  readonly value: string | null;
  readonly glob: boolean;
}

/** What a line asks for; nothing when it is blank or a comment, and the reason when it asks and gets nothing. */
export interface LineMeaning {
  readonly statements: readonly Statement[];
  readonly dead?: string;
}

const wildcard = /[*?[]/;
const nothing: LineMeaning = { statements: [] };

/** Reads one line of a file. */
export function readLine(text: string, dialect: Dialect): LineMeaning {
  if (dialect.lineBreak === undefined || !dialect.lineBreak.test(text)) return readSingleLine(text, dialect);
  const meanings = text.split(dialect.lineBreak).map((piece) => readSingleLine(piece, dialect));
  const dead = meanings.find((meaning) => meaning.dead !== undefined)?.dead;
  const statements = meanings.flatMap((meaning) => meaning.statements);
  return dead === undefined ? { statements } : { statements, dead };
}

function readSingleLine(text: string, dialect: Dialect): LineMeaning {
  const line = stripped(text, dialect.blanks);
  if (line === '' || line.startsWith('#') || line.startsWith(';')) return nothing;
  const equals = line.indexOf('=');
  const dashed = line.startsWith('-') && dialect.dash !== undefined;
  if (equals === -1 && !(dashed && dialect.globs)) return { statements: [], dead: 'it has no =' };
  const name = nameOf(equals === -1 ? line : line.slice(0, equals), dialect);
  const value = equals === -1 ? null : valueOf(line.slice(equals + 1), dialect);
  const written = pathOf(name, dialect);
  // glob(3) drops the slash after a last component without wildcards.
  const spelling = wildcard.test(written) ? written.replace(/(\/[^*?[/]+)\/+$/, '$1') : written;
  const key = resolved(spelling, dialect);
  const read: Statement = {
    key,
    spelling: dialect.writes === 'last' ? key : spelling,
    value,
    glob: wildcard.test(key),
  };
  return read.glob && !dialect.globs
    ? { statements: [], dead: 'this loader knows no wildcards' }
    : { statements: [read] };
}

function nameOf(text: string, dialect: Dialect): string {
  const name = stripped(text, dialect.blanks);
  if (!name.startsWith('-') || dialect.dash === undefined) return name;
  if (dialect.dash === 'blanks') return stripped(name.slice(1), dialect.blanks);
  return name.replace(dialect.dash === 'twice' ? /^--?/ : /^-/, '');
}

function valueOf(text: string, dialect: Dialect): string {
  const value = dialect.endsAtReturn ? (/[^\r]+/.exec(text)?.[0] ?? '') : text;
  return stripped(value, dialect.blanks);
}

/**
 * The path below /proc/sys that a key names. When its first separator is a dot, dots and slashes change places, so that
 * net.ipv4.conf.eth0/100.arp_ignore is interface eth0.100 and net.ipv4.conf.eth0.100.arp_ignore names nothing.
 */
function pathOf(name: string, dialect: Dialect): string {
  if (dialect.separators === 'guessed') return guessedPath(name);
  const [dot, slash] = [name.indexOf('.'), name.indexOf('/')];
  const isDotFirst = dot !== -1 && (slash === -1 || dot < slash);
  if (!isDotFirst && dialect.separators === 'first') return name;
  return slash === -1 ? name.replaceAll('.', '/') : name.replaceAll(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));
}

function stripped(text: string, blanks: string): string {
  let [from, to] = [0, text.length];
  while (from < to && blanks.includes(text.charAt(from))) from += 1;
  while (to > from && blanks.includes(text.charAt(to - 1))) to -= 1;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

/** busybox swaps dots and slashes where a name has both and a dot first; else it tries where the slashes belong. */
function guessedPath(name: string): string {
  // It opens the name from /proc/sys, where a path that begins with a slash is one from the root.
  const relative = name.startsWith('/proc/sys/') ? name.slice('/proc/sys/'.length) : name;
  if (/^[./]/.test(relative)) return '';
  if (/^[^/]*\.[^/]*\//.test(relative)) {
    const swapped = relative.replaceAll(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));
    return /^net\/+ipv4\/+conf\//.test(swapped) ? swapped.replaceAll('.', '/') : '';
  }
  return relative.replaceAll(/(?<=^|\/)\.\.(?=\/)|\./g, (dots) => (dots === '.' ? '/' : dots));
}

/** The path without doubled slashes and dot components, as systemd's path_simplify or the file system makes it. */
function resolved(path: string, dialect: Dialect): string {
  if (!/^\/|\/\/|\/$|(?:^|\/)\.\.?(?:\/|$)/.test(path)) return path;
  // The file system takes a path with a slash at its end for a directory, which no parameter is; systemd removes it.
  if (dialect.followsParents && dialect.writes === 'each' && path.endsWith('/')) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && dialect.followsParents) parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
