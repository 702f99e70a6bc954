import { isAlias, isScalar, isSeq, type Alias, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { quoted } from './quoted.ts';
import type { DocumentPath, Place, PositionOf, Violation } from './violation.ts';

/** A value of a document, where it begins, and the same of everything in it. */
export interface Located {
  readonly value: unknown;
  /** Offset in the text. */
  readonly offset: number;
  /** Offset of the key that leads to it; of the value itself in a list and at the root. */
  readonly keyOffset: number;
  /** By key, or by index written as text. */
  readonly children: ReadonlyMap<string, Located>;
  /** How many values these are, itself included, and how deep they nest, with every alias written out. */
  readonly size: number;
  readonly depth: number;
}

/** Deepest nesting of lists and maps in a document. */
export const deepestNesting = 100;

// Ten lines of aliases of aliases can stand for a billion values ("billion laughs"). Parsed, an alias shares its anchor's
// value, but whoever walks over the result walks over all of them.
const mostAliased = 200_000;

/** What is said where the limit is passed. */
export const tooDeep = `lists and maps are nested more than ${deepestNesting} deep here; expected a flat document`;

const none: ReadonlyMap<string, Located> = new Map();

/** Turns parsed YAML into plain values with their places; adds to `violations` whatever must not be taken for a value. */
export function locate(contents: ParsedNode | null, place: Place, violations: Violation[]): Located {
  const anchors = new Map<string, { located?: Located }>();
  let aliased = 0;

  const report = (path: DocumentPath, at: 'key' | 'value', offset: number, message: string): void => {
    violations.push({ path, at, position: place(offset), message: () => message });
  };

  const visit = (node: ParsedNode, path: DocumentPath, keyOffset: number): Located => {
    if (isAlias(node)) return resolve(node, path, keyOffset);
    const anchor: { located?: Located } = {};
    if (node.anchor !== undefined) anchors.set(node.anchor, anchor);
    const offset = node.range[0];
    if (isScalar(node)) anchor.located = leaf(node.value, offset, keyOffset);
    else if (path.length >= deepestNesting) {
      report(path, 'value', offset, tooDeep);
      anchor.located = leaf(null, offset, keyOffset);
    } else {
      const children = isSeq(node) ? visitList(node, path) : visitMap(node, path);
      const value = isSeq(node) ? [...children.values()].map((child) => child.value) : plainMap(children);
      anchor.located = { value, offset, keyOffset, children, ...extent(children) };
    }
    return anchor.located;
  };

  const visitList = (list: YAMLSeq.Parsed, path: DocumentPath): ReadonlyMap<string, Located> =>
    new Map(list.items.map((item, index) => [`${index}`, visit(item, [...path, index], item.range[0])]));

  const visitMap = (map: YAMLMap.Parsed, path: DocumentPath): ReadonlyMap<string, Located> => {
    const children = new Map<string, Located>();
    for (const { key: keyNode, value } of map.items) {
      // The parser has refused every key that is not text (stringKeys).
      const key = isScalar(keyNode) ? String(keyNode.value) : '';
      if (isScalar(keyNode) && keyNode.anchor !== undefined) visit(keyNode, path, keyNode.range[0]);
      const [keyOffset, keyEnd] = keyNode.range;
      const earlier = children.get(key);
      if (earlier !== undefined) {
        const line = place(earlier.keyOffset).line;
        report(
          [...path, key],
          'key',
          keyOffset,
          `the key ${quoted(key)} already stands on line ${line}; keep one of the two`,
        );
        continue;
      }
      children.set(key, value === null ? leaf(null, keyEnd, keyOffset) : visit(value, [...path, key], keyOffset));
    }
    return children;
  };

  const resolve = (alias: Alias.Parsed, path: DocumentPath, keyOffset: number): Located => {
    const offset = alias.range[0];
    const located = anchors.get(alias.source)?.located;
    const refused = leaf(null, offset, keyOffset);
    if (located === undefined) {
      const why = anchors.has(alias.source) ? 'stands inside its own anchor' : 'has no anchor before it';
      report(path, 'value', offset, `the alias ${quoted(`*${alias.source}`)} ${why}; write the value out`);
      return refused;
    }
    const wasWithin = aliased <= mostAliased;
    aliased += located.size;
    if (aliased > mostAliased) {
      const message = `aliases multiply this document to more than ${mostAliased} values; write the values out`;
      if (wasWithin) report(path, 'value', offset, message);
      return refused;
    }
    if (path.length + located.depth > deepestNesting) {
      report(
        path,
        'value',
        offset,
        `with this alias, lists and maps nest more than ${deepestNesting} deep; write the values out`,
      );
      return refused;
    }
    return { ...located, offset, keyOffset };
  };

  const root: Located = contents === null ? leaf(null, 0, 0) : visit(contents, [], contents.range[0]);
  if (violations.length === 0 && (root.value === null || typeof root.value !== 'object' || Array.isArray(root.value))) {
    const found = root.value === null ? 'nothing: the file is empty' : quoted(root.value);
    report([], 'value', root.offset, `expected a map (key: value) at the top, found ${found}`);
  }
  return root;
}

/** Answers where the keys and values of a located document stand. */
export function positionIn(root: Located, place: Place): PositionOf {
  return (path, at = 'value') => {
    let located = root;
    for (const step of path) {
      const child = located.children.get(`${step}`);
      // What is missing is missing from the map that its key names.
      if (child === undefined) return place(located.keyOffset);
      located = child;
    }
    return place(at === 'key' ? located.keyOffset : located.offset);
  };
}

function leaf(value: unknown, offset: number, keyOffset: number): Located {
  return { value, offset, keyOffset, children: none, size: 1, depth: 0 };
}

// Object.fromEntries defines properties, so that __proto__ becomes an own one instead of setting the prototype.
function plainMap(children: ReadonlyMap<string, Located>): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...children].map(([key, child]) => [key, child.value]));
}

function extent(children: ReadonlyMap<string, Located>): { size: number; depth: number } {
  let size = 1;
  let depth = 0;
  for (const child of children.values()) {
    size += child.size;
    depth = Math.max(depth, child.depth);
  }
  return { size, depth: depth + 1 };
}
