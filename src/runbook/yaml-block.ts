import { type Document, isAlias, isNode, isScalar, type Node, parseDocument, visit } from 'yaml';
import type { TextLine } from './document.ts';
import type { Problems } from './problems.ts';

/** YAML that stands in a document, whose nodes can be found there. */
export interface YamlBlock {
  readonly document: Document.Parsed;
  /** The plain value, keys that are no strings made some. */
  readonly value: unknown;
  /** Offset in the document of an offset in the YAML text. */
  toSource(offset: number): number;
  /** Offset in the document of the value at `path`, or of the nearest thing above it. */
  valueAt(path: readonly PropertyKey[]): number;
  /** Offset in the document of the key that `path` ends in, or of the nearest thing above it. */
  keyAt(path: readonly PropertyKey[]): number;
}

const MAX_PROBLEMS = 20;

/** The largest YAML of one block, in characters: a lab of a thousand nodes. */
export const MAX_YAML_LENGTH: number = 64 * 1024;

/** How deep brackets and braces may stand in each other. */
const MAX_YAML_DEPTH = 64;

/** Reads the YAML in `lines`; `what` names it in messages. `undefined`: it cannot be read, and `problems` says why. */
export function readYaml(
  lines: readonly TextLine[],
  start: number,
  what: string,
  problems: Problems,
): YamlBlock | undefined {
  const starts: number[] = [];
  let length = 0;
  for (const line of lines) {
    starts.push(length);
    length += line.text.length + 1;
  }
  const toSource = (offset: number): number => {
    const index = Math.max(0, lastAtMost(starts, offset));
    const line = lines[index];
    if (line === undefined) return start;
    // Counted from the end, since the text may begin with blanks that the source has as part of a tab.
    return Math.max(line.start, line.end - Math.max(0, line.text.length - (offset - (starts[index] ?? 0))));
  };
  const text = lines.map((line) => line.text).join('\n');
  const refuse = (offset: number, message: string): void => {
    problems.error('bad-yaml', toSource(offset), `${what}: ${message}`, 'Correct the YAML; nothing is run before.');
  };
  const hint = 'Say it in fewer words, or split it.';
  if (text.length > MAX_YAML_LENGTH) {
    const message = `${what}: ${text.length} characters of YAML; the limit is ${MAX_YAML_LENGTH}`;
    problems.error('yaml-too-large', start, message, hint);
    return undefined;
  }
  const deep = tooDeep(text);
  if (deep !== undefined) {
    const message = `${what}: YAML nested more than ${MAX_YAML_DEPTH} deep`;
    problems.error('yaml-too-deep', toSource(deep), message, hint);
    return undefined;
  }
  try {
    // The library compares each key with each: `wrongKey` does it in linear time.
    const document = parseDocument(text, { logLevel: 'error', prettyErrors: false, uniqueKeys: false });
    for (const error of document.errors.slice(0, MAX_PROBLEMS)) refuse(error.pos[0], error.message);
    const alias = /[&*]/.test(text) ? firstAlias(document) : undefined;
    if (alias !== undefined) {
      const hint = 'Write the value out where it is needed.';
      problems.error('yaml-alias', toSource(alias), `${what}: YAML anchors and aliases are refused`, hint);
    }
    const wrong = wrongKey(document);
    if (wrong !== undefined) refuse(wrong.at, wrong.message);
    if (document.errors.length > 0 || alias !== undefined || wrong !== undefined) return undefined;
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    const place = (path: readonly PropertyKey[], wantKey: boolean): number =>
      toSource(findPath(document.contents, path, wantKey) ?? 0);
    return {
      document,
      value,
      toSource,
      valueAt: (path) => place(path, false),
      keyAt: (path) => place(path, true),
    };
  } catch (error) {
    // Nesting deep enough to exhaust the stack, above all.
    refuse(0, error instanceof RangeError ? 'nested too deeply' : `cannot be read (${String(error)})`);
    return undefined;
  }
}

/** Where brackets and braces are nested too deeply; those in texts count, which is rarely more than a few. */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > MAX_YAML_DEPTH) return index;
  }
  return undefined;
}

/** A key that is there already, or is no text: the library takes time in the power of their depth for lists and maps in keys. */
function wrongKey(document: Document): { readonly at: number; readonly message: string } | undefined {
  let found: { readonly at: number; readonly message: string } | undefined;
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<string>();
      for (const { key } of items) {
        const name = isNode(key) && !isScalar(key) ? undefined : String(isScalar(key) ? key.value : key);
        if (name !== undefined && !seen.has(name)) {
          seen.add(name);
          continue;
        }
        const message = name === undefined ? 'a key must be a text, not a list or a map' : 'a key is given twice';
        found = { at: (isNode(key) && key.range?.[0]) || 0, message };
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return found;
}

/** Index of the last of ascending `values` that is at most `limit`; -1 when none is. */
function lastAtMost(values: readonly number[], limit: number): number {
  let [low, high] = [-1, values.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function firstAlias(document: Document): number | undefined {
  let found: number | undefined;
  visit(document, (_, node) => {
    if (!isNode(node) || (!isAlias(node) && !('anchor' in node && node.anchor !== undefined))) return undefined;
    found = node.range?.[0] ?? 0;
    return visit.BREAK;
  });
  return found;
}

/** Offset in the YAML text of what `path` leads to, or of the last thing on the way that exists. */
function findPath(root: Node | null, path: readonly PropertyKey[], wantKey: boolean): number | undefined {
  let node: unknown = root;
  let offset = isNode(root) ? root.range?.[0] : undefined;
  for (const [index, part] of path.entries()) {
    if (!isNode(node) || !('items' in node)) break;
    const items: readonly unknown[] = node.items;
    const pair = pairsIn(items).get(String(part));
    const isLast = index === path.length - 1;
    const next: unknown = pair === undefined ? items[Number(part)] : pair.value;
    const target: unknown = pair !== undefined && ((isLast && wantKey) || !isNode(next)) ? pair.key : next;
    if (!isNode(target)) break;
    offset = target.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}

interface Pair {
  readonly key: unknown;
  readonly value: unknown;
}

const knownPairs = new WeakMap<readonly unknown[], ReadonlyMap<string, Pair>>();

/** The pairs of a mapping by their keys, found once: a mapping may have thousands of keys, and each be asked for. */
function pairsIn(items: readonly unknown[]): ReadonlyMap<string, Pair> {
  const known = knownPairs.get(items) ?? new Map(items.filter(isPair).map((pair) => [keyText(pair), pair]));
  knownPairs.set(items, known);
  return known;
}

function isPair(item: unknown): item is Pair {
  return typeof item === 'object' && item !== null && 'key' in item && 'value' in item;
}

function keyText({ key }: Pair): string {
  return String(isNode(key) && 'value' in key ? key.value : key);
}
