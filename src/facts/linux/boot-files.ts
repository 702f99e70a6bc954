import type { ConfigurationFile, ConfigurationLine } from '../../contracts/snapshot.ts';

/** What a program on the host finds when it opens a path: lines, nothing at all, or something that the probe may not read. */
export type FileContent =
  | { readonly path: string; readonly lines: readonly ConfigurationLine[] }
  | { readonly path: string; readonly unreadable: string }
  | { readonly absent: true };

/** The configuration files that a probe saw, to be listed and opened the way a program on the host does it. */
export interface FileTree {
  /** Names in a directory, in the byte order that loaders sort by. */
  names(directory: string): readonly string[];
  /** Whether the probe could not look into a directory: it then reports the directory itself. */
  isClosed(directory: string): boolean;
  /** Opens a path, symbolic links followed; the path in the answer is that of the file which holds the lines. A link whose target has no size leads to nothing. */
  open(path: string): FileContent;
  entry(path: string): ConfigurationFile | undefined;
  readonly entries: readonly ConfigurationFile[];
}

const linkDepth = 8;

/** The tree of the files that a fact lists. */
export function fileTree(files: readonly ConfigurationFile[]): FileTree {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const byDirectory = new Map<string, string[]>();
  for (const { path } of files) {
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, slash);
    const names = byDirectory.get(directory);
    if (names === undefined) byDirectory.set(directory, [path.slice(slash + 1)]);
    else names.push(path.slice(slash + 1));
  }
  for (const names of byDirectory.values()) names.sort(byteOrder);

  const open = (path: string, depth = 0): FileContent => {
    const file = byPath.get(path);
    if (file === undefined || depth > linkDepth) return { absent: true };
    switch (file.kind) {
      case 'directory':
      case 'other':
        return { path, lines: [] };
      case 'file':
        return contentOf(file);
      case 'link': {
        const target = linkTarget(file);
        if (target === '/dev/null') return { path, lines: [] };
        if (byPath.has(target)) return open(target, depth + 1);
        return file.size === null ? { absent: true } : contentOf(file);
      }
    }
  };
  return {
    names: (directory) => byDirectory.get(directory) ?? [],
    isClosed: (directory) => {
      const entry = byPath.get(directory);
      return entry?.kind === 'directory' && 'missing' in entry.lines;
    },
    open,
    entry: (path) => byPath.get(path),
    entries: files,
  };
}

function contentOf(file: ConfigurationFile): FileContent {
  return 'value' in file.lines
    ? { path: file.path, lines: file.lines.value }
    : { path: file.path, unreadable: file.lines.missing };
}

/** Where a symbolic link leads, as an absolute path without dot components; the text of the path alone decides. */
export function linkTarget(link: ConfigurationFile): string {
  const target = link.target ?? '';
  const base = target.startsWith('/') ? [] : link.path.split('/').slice(0, -1);
  const parts: string[] = [];
  for (const part of [...base, ...target.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The order of strcmp on UTF-8: by code point, which differs from JavaScript's order by UTF-16 unit. */
export function byteOrder(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [left.codePointAt(index) ?? 0, right.codePointAt(index) ?? 0];
    if (a !== b) return a - b;
  }
  return left.length - right.length;
}
