/**
 * Whether a path matches a glob(7) pattern: component by component, no wildcard matches a slash or a leading dot. Takes
 * time of the order of pattern times path whatever the pattern, since both come from the host.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const patterns = pattern.split('/');
  const parts = path.split('/');
  return (
    patterns.length === parts.length && patterns.every((glob, index) => matchesComponent(glob, parts[index] ?? ''))
  );
}

function matchesComponent(glob: string, text: string): boolean {
  if (!/[*?[\\]/.test(glob)) return glob === text;
  if (text.startsWith('.') && /^[*?[]/.test(glob)) return false;
  const tokens = tokensOf(glob);
  let [token, at] = [0, 0];
  let [starToken, starAt] = [-1, 0];
  while (at < text.length) {
    const current = tokens[token];
    if (current === '*') {
      [starToken, starAt] = [token, at];
      token += 1;
    } else if (current !== undefined && current(text[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (starToken >= 0) {
      token = starToken + 1;
      starAt += 1;
      at = starAt;
    } else return false;
  }
  while (tokens[token] === '*') token += 1;
  return token === tokens.length;
}

type Token = '*' | ((character: string) => boolean);

function tokensOf(glob: string): readonly Token[] {
  const tokens: Token[] = [];
  let index = 0;
  while (index < glob.length) {
    const mark = glob[index] ?? '';
    if (mark === '*') {
      tokens.push('*');
      index += 1;
    } else if (mark === '?') {
      tokens.push(() => true);
      index += 1;
    } else if (mark === '[' && bracketEnd(glob, index) > 0) {
      const end = bracketEnd(glob, index);
      tokens.push(bracket(glob.slice(index + 1, end)));
      index = end + 1;
    } else {
      const literal = mark === '\\' && index + 1 < glob.length ? (glob[index + 1] ?? '') : mark;
      tokens.push((character) => character === literal);
      index += mark === '\\' && index + 1 < glob.length ? 2 : 1;
    }
  }
  return tokens;
}

/** The place of the closing bracket; -1 when there is none, which makes the opening one an ordinary character. */
function bracketEnd(glob: string, open: number): number {
  const negation = /[!^]/.test(glob[open + 1] ?? '') ? 1 : 0;
  return glob.indexOf(']', open + 2 + negation);
}

function bracket(members: string): (character: string) => boolean {
  const negated = /^[!^]/.test(members);
  const listed = negated ? members.slice(1) : members;
  const ranges: (readonly [string, string])[] = [];
  for (let index = 0; index < listed.length; index += 1) {
    const from = listed[index] ?? '';
    const to = listed[index + 2];
    if (listed[index + 1] === '-' && to !== undefined) {
      ranges.push([from, to]);
      index += 2;
    } else ranges.push([from, from]);
  }
  return (character) => ranges.some(([from, to]) => character >= from && character <= to) !== negated;
}

const mostAlternatives = 64;

/**
 * The patterns that a pattern with {a,b} stands for, as GLOB_BRACE expands it; braces without a partner are ordinary
 * characters. A pattern of more than 64 alternatives keeps its braces, which then match nothing that has none.
 */
export function expandBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const alternatives = firstBraces(next);
    if (alternatives === undefined) done.push(next);
    else open.push(...alternatives.toReversed());
    if (done.length + open.length > mostAlternatives) return [pattern];
  }
  return done;
}

/** A pattern with its first pair of braces replaced by each alternative; undefined when it has none. */
function firstBraces(pattern: string): readonly string[] | undefined {
  const open = pattern.indexOf('{');
  if (open === -1) return undefined;
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let index = open; index < pattern.length; index += 1) {
    const mark = pattern[index];
    if (mark === '{') depth += 1;
    else if (mark === '}') depth -= 1;
    if ((mark === ',' && depth === 1) || depth === 0) {
      parts.push(pattern.slice(from, index));
      from = index + 1;
    }
    if (depth === 0) return parts.map((part) => `${pattern.slice(0, open)}${part}${pattern.slice(from)}`);
  }
  return undefined;
}
