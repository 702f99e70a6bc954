import { Composer, Lexer, LineCounter, Parser, type CST, type Document } from 'yaml';
import { InputError } from '../errors.ts';
import { deepestNesting, locate, positionIn, tooDeep } from './located.ts';
import { printable } from './quoted.ts';
import { decodeText } from './text.ts';
import { refuse, type Place, type PositionOf, type Violation } from './violation.ts';

/** A parsed document and where everything in it stands. */
export interface ParsedDocument {
  /** As given: the name that problems carry. */
  readonly file: string;
  /** The root map. Keys are text as written; a key such as __proto__ is an ordinary property of its own. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a key or (without `at`) a value begins. */
  readonly positionOf: PositionOf;
}

// Parsed, a single comma can cost a kilobyte: without this bound 4 MiB of them take 4 GB. A host of an inventory has
// about 35 such parts, so that 25,000 hosts are far from it.
const mostLexemes = 1_000_000;

/**
 * Parses one YAML 1.2 or JSON document, text or UTF-8 bytes, whose root is a map. Refuses, as an InputError with the
 * place, whatever has two readings or grows: equal keys, custom tags, YAML 1.1, a second document, control characters,
 * nesting beyond 100 levels, aliases that multiply, more than `maxBytes` bytes.
 */
export function parseDocument(
  file: string,
  content: string | Uint8Array,
  limits: { readonly maxBytes: number },
): ParsedDocument {
  const body = decodeText(file, content, limits.maxBytes);
  checkCharacters(file, body);

  const lines = new LineCounter();
  lines.addNewLine(0);
  const place: Place = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const document = compose(file, body, lines, place);
  const violations: Violation[] = [];
  const root = locate(document.contents, place, violations);
  refuse(file, violations);
  return { file, value: root.value as ParsedDocument['value'], positionOf: positionIn(root, place) };
}

function checkCharacters(file: string, body: string): void {
  // oxlint-disable-next-line no-control-regex -- they are what it looks for
  const offset = body.search(/[\0-\u0008\u000B\u000C\u000E-\u001F\u007F]/);
  if (offset === -1) return;
  const before = body.slice(0, offset).split('\n');
  const character = body.charAt(offset);
  const hint = character === '\0' ? ': the file is binary or UTF-16; save it as UTF-8' : '; remove it';
  throw new InputError([
    {
      file,
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      message: `contains the control character ${printable(character)}, expected text${hint}`,
    },
  ]);
}

function compose(file: string, body: string, lines: LineCounter, place: Place): Document.Parsed {
  const composer = new Composer({
    stringKeys: true,
    uniqueKeys: false, // the parser would compare each key with each; located.ts looks them up
    resolveKnownTags: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const violations: Violation[] = [];
  const report = (offset: number, message: string): void => {
    violations.push({ path: [], at: 'value', position: place(offset), message: () => message });
  };
  let first: Document.Parsed | undefined;
  for (const document of composer.compose(boundedTokens(file, body, lines, place), true, body.length)) {
    if (first !== undefined) {
      report(document.range[0], 'a second document begins here, expected one document a file; split the file');
      break;
    }
    first = document;
  }
  if (first === undefined) throw new Error('the YAML composer gave no document although it was told to');
  if (first.directives.yaml.version === '1.1') {
    report(0, 'the file says that it is YAML 1.1, where "no" means false and 010 means 8; remove the %YAML line');
  }
  const reported = new Set<number>();
  for (const { code, message, pos } of [...first.errors, ...first.warnings]) {
    // The first error of a line is the cause, the others follow from it.
    const { line } = place(pos[0]);
    if (!reported.has(line)) report(pos[0], syntaxMessage(code, message));
    reported.add(line);
  }
  refuse(file, violations);
  return first;
}

function* boundedTokens(file: string, body: string, lines: LineCounter, place: Place): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine);
  const stop = (message: string): never => {
    throw new InputError([{ file, ...place(Math.min(parser.offset, body.length)), message }]);
  };
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(body)) {
    yield* parser.next(lexeme);
    lexemes += 1;
    if (lexemes > mostLexemes) stop('more than 1,000,000 keys, values and signs stand before this; split the file');
    // The stack holds the document, its open lists and maps, and at most one scalar.
    if (parser.stack.length > deepestNesting + 2) stop(tooDeep);
  }
  yield* parser.end();
}

// In place of the parser's words where they name YAML's grammar and not the slip.
const slips: ReadonlyMap<string, string> = new Map([
  ['TAB_AS_INDENT', 'a tab indents this line; YAML expects spaces'],
  ['NON_STRING_KEY', 'this key is a list, a map or an alias, expected text; was a {{ template }} left in?'],
  ['TAG_RESOLVE_FAILED', 'tags such as !name are not supported; write the plain value'],
  ['MULTILINE_IMPLICIT_KEY', 'expected "key: value"; is a colon missing, or the indentation wrong?'],
  ['BLOCK_AS_IMPLICIT_KEY', 'expected one "key: value" a line; is the indentation wrong, or are quotes missing?'],
]);

function syntaxMessage(code: string, message: string): string {
  return slips.get(code) ?? `not valid YAML: ${printable(message)}`;
}
