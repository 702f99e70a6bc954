import { wordOf } from './expectation.ts';

// Only a plain fact name between braces is a placeholder; shell braces such as ${x} or {print} with spaces are not.
const placeholder = /(?<!\$)\{([a-z][A-Za-z0-9]*)\}/g;

/** The fact names that a text refers to. */
export function placeholdersOf(text: string): readonly string[] {
  return partsOf(text).filter((_, index) => isName(index));
}

// Rules have few texts, and many hosts fail by the same ones.
const split = new Map<string, readonly string[]>();
const mostSplit = 4096;

/** A text as literal parts and, between each two of them, a name. */
function partsOf(text: string): readonly string[] {
  let parts = split.get(text);
  if (parts === undefined) {
    if (split.size >= mostSplit) split.clear();
    split.set(text, (parts = text.split(placeholder)));
  }
  return parts;
}

function isName(index: number): boolean {
  return index % 2 === 1;
}

function fill(text: string, wordFor: (name: string) => string): string {
  return partsOf(text)
    .map((part, index) => (isName(index) ? wordFor(part) : part))
    .join('');
}

/** A sentence with its placeholders replaced by values in words. */
export function fillSentence(text: string, valueOf: (name: string) => unknown): string {
  return fill(text, (name) => {
    const value = valueOf(name);
    return value === undefined ? `(${name} not known)` : wordOf(value);
  });
}

/**
 * A command with its placeholders replaced by values quoted for the shell. Interface names and aliases are the host's
 * own choice, so a value that no quoting makes safe to paste becomes a placeholder in capitals.
 */
export function fillCommand(
  text: string,
  shell: 'sh' | 'powershell' | 'cmd',
  valueOf: (name: string) => unknown,
): string {
  return fill(text, (name) => {
    const values = [valueOf(name)].flat();
    if (values.length === 0 || values.some((value) => typeof value !== 'string' && typeof value !== 'number'))
      return `<${name.toUpperCase()}>`;
    // PowerShell's lists have commas; a command of another shell is repeated by whoever pastes it.
    const separator = shell === 'powershell' ? ',' : ' ';
    return values.map((value) => quote(String(value), shell) ?? `<${name.toUpperCase()}>`).join(separator);
  });
}

function quote(value: string, shell: 'sh' | 'powershell' | 'cmd'): string | undefined {
  // A control or format character could hide what is pasted, whatever the quotes.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value) || value === '') return undefined;
  if (/^[A-Za-z0-9_@%+=:,./][A-Za-z0-9_@%+=:,./-]*$/.test(value) && !(shell === 'cmd' && value.includes('%')))
    return value;
  if (shell === 'sh') return `'${value.replaceAll("'", String.raw`'\''`)}'`;
  // PowerShell takes the typographic quotes for quotes too: about_Quoting_Rules.
  if (shell === 'powershell') return `'${value.replaceAll(/['\u2018\u2019\u201a\u201b]/g, (mark) => mark + mark)}'`;
  // cmd expands % and ! inside double quotes and has no escape for a quote that every program reads alike.
  return /["%!^]/.test(value) ? undefined : `"${value}"`;
}
