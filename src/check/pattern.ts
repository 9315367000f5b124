import { type Element, matchElements } from './elements.ts';
import { checkPlaceholder, placeholder } from './placeholders.ts';
import { CheckProblem } from './problem.ts';
import { checkRegex } from './regex.ts';
import { sanitize } from './sanitize.ts';
import { decodeBytes, encodeBytes, hasStrayBytes, strayByte } from './stray-bytes.ts';
import type { Captures } from './types.ts';

/** One line of expected output, read. */
export interface LinePattern {
  /** As the document has it, without trailing blanks. */
  readonly source: string;
  /** How many lines of the output it stands for. */
  readonly min: 0 | 1;
  readonly max: 1 | typeof Number.POSITIVE_INFINITY;
  /** `gap`: any lines at all, the fewest that let the rest match. */
  readonly kind: 'gap' | 'text' | 'elements' | 'regex';
  /** The line itself, or the source of the regular expression. */
  readonly text: string;
  readonly elements: readonly Element[];
  /** Of `(esc)`: what it stands for to the byte, control sequences included. */
  readonly exact?: string;
  /** Only the last line of an output that does not end in a line break. */
  readonly noEol: boolean;
}

const suffix = /^(.*) \((re|regex|glob|gl|esc|escaped|eq|equal|no-eol)?([?*+]?)\)$/s;

/** Text without its trailing blanks. */
export function trimLine(line: string): string {
  return line.trimEnd();
}

/** Reads one expected line. `known` holds the names captured before it; throws a `CheckProblem` when it is wrong. */
export function compileLine(line: string, known: ReadonlySet<string>): LinePattern {
  const source = trimLine(line);
  const base = { source, min: 1, max: 1, text: source, elements: [], noEol: false } as const;
  if (source === '...') return { ...base, kind: 'gap', min: 0, max: Number.POSITIVE_INFINITY };
  const [, whole = '', kind = '', repeat = ''] = (source.endsWith(')') && suffix.exec(source)) || [];
  if (kind === '' && repeat === '') return compileText(base, source, known, false);
  // cram says first that there is no line break, then how the line is written: `\xff (no-eol) (esc)`.
  const isCut = /^(?:esc|escaped|glob|gl)$/.test(kind) && whole.endsWith(' (no-eol)');
  const body = isCut ? whole.slice(0, -' (no-eol)'.length) : whole;
  const counted = {
    ...base,
    noEol: isCut,
    min: repeat === '?' || repeat === '*' ? 0 : 1,
    max: repeat === '*' || repeat === '+' ? Number.POSITIVE_INFINITY : 1,
  } as const;
  switch (kind) {
    case 're':
    case 'regex':
      return { ...counted, kind: 'regex', text: regexSource(body) };
    case 'glob':
    case 'gl':
      return compileText(counted, body, known, true);
    case 'esc':
    case 'escaped': {
      const exact = decode(body);
      return { ...counted, kind: 'text', text: trimLine(sanitize(exact)), exact };
    }
    case 'eq':
    case 'equal':
      return { ...counted, kind: 'text', text: trimLine(body) };
    case 'no-eol':
      return { ...compileText(counted, body, known, false), noEol: true };
    default:
      return compileText(counted, body, known, false);
  }
}

/** Says what is wrong with an expected line and what to try; `undefined` when nothing is. */
export function checkPattern(line: string, known: ReadonlySet<string> = new Set()): string | undefined {
  try {
    compileLine(line, known);
    return undefined;
  } catch (error) {
    if (error instanceof CheckProblem) return error.message;
    throw error;
  }
}

/** The names that an expected line captures, in order; empty when the line is wrong. */
export function capturedNames(line: string, known: ReadonlySet<string> = new Set()): readonly string[] {
  if (checkPattern(line, known) !== undefined) return [];
  return namesOf(compileLine(line, known).elements);
}

/** An expected line that matches this text and no other. */
export function escapeLine(text: string): string {
  const line = trimLine(text);
  const plain =
    line !== '...' && !suffix.test(line) && !line.includes('[..]') && !/\{\{\s*[\w-]+\s*(?::|\}\})/.test(line);
  if (hasStrayBytes(line)) return `${escapeBytes(line)} (esc)`;
  return plain ? line : `${line} (eq)`;
}

/** A text in printable characters, as `(esc)` has it. */
export function escapeBytes(text: string): string {
  const latin = encodeBytes(text)
    .toString('latin1')
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r');
  return latin.replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The names that elements capture, in order. */
export function namesOf(elements: readonly Element[]): readonly string[] {
  return elements.flatMap((element) => (element.kind === 'value' && element.name !== undefined ? [element.name] : []));
}

/** Reads `[..]` and `{{…}}` in a text without suffixes; throws a `CheckProblem` when a placeholder is wrong. */
export function compileElements(text: string, known: ReadonlySet<string>, glob = false): readonly Element[] {
  const elements: Element[] = [];
  // Not a copy of all that is known: a document may have captured thousands of names.
  const own = new Set<string>();
  const names = { has: (name: string) => own.has(name) || known.has(name), add: (name: string) => void own.add(name) };
  for (const part of text.split(/(\[\.\.\]|\{\{\s*[\w-]+\s*(?::\s*(?:[\w-]+|(?=\}\}))\s*)?\}\})/)) {
    if (part === '[..]') elements.push({ kind: 'gap' });
    else if (placeholder.test(part)) elements.push(readPlaceholder(part, names));
    else if (glob) elements.push(...globElements(part));
    else if (part !== '') elements.push({ kind: 'text', text: part });
  }
  return elements;
}

/** Matches a line against a pattern that is not a regular expression. */
export function matchLine(pattern: LinePattern, line: string, captures: Captures, loose = false): Captures | undefined {
  if (pattern.kind === 'text') return line === pattern.text ? captures : undefined;
  return matchElements(pattern.elements, line, captures, loose);
}

type Counted = Pick<LinePattern, 'source' | 'min' | 'max' | 'text' | 'elements' | 'noEol'>;

function compileText(base: Counted, body: string, known: ReadonlySet<string>, glob: boolean): LinePattern {
  const text = trimLine(body);
  if (!glob && !text.includes('[..]') && !text.includes('{{')) return { ...base, kind: 'text', text };
  const elements = compileElements(text, known, glob);
  const literal = elements.every((element) => element.kind === 'text');
  if (!literal) return { ...base, kind: 'elements', text, elements };
  return { ...base, kind: 'text', text: elements.map((element) => ('text' in element ? element.text : '')).join('') };
}

interface Names {
  has(name: string): boolean;
  add(name: string): void;
}

function readPlaceholder(part: string, names: Names): Element {
  const [, name = '', type] = placeholder.exec(part) ?? [];
  const problem = checkPlaceholder({ name, type }, names);
  if (problem !== undefined) throw new CheckProblem(problem);
  if (type !== undefined) {
    names.add(name);
    return { kind: 'value', type, name };
  }
  // A captured name wins over a type of the same name: `{{ip:ipv4}}` is often followed by `{{ip}}`.
  return names.has(name) ? { kind: 'same', name } : { kind: 'value', type: name, name: undefined };
}

function globElements(text: string): readonly Element[] {
  return (text.match(/\\[*?\\]|[*?]|[^*?\\]+|\\/g) ?? []).map((part): Element => {
    if (part === '*') return { kind: 'gap' };
    if (part === '?') return { kind: 'one' };
    return { kind: 'text', text: /^\\[*?\\]$/.test(part) ? part.slice(1) : part };
  });
}

/** cram's are Python's: anchored at both ends, groups named `(?P<…>)`. */
function regexSource(body: string): string {
  const source = `^(?:${body.replaceAll('(?P<', '(?<')})$`;
  const problem = checkRegex(source);
  if (problem !== undefined) throw new CheckProblem(problem);
  return source;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** Escapes of bytes are bytes: those of a row that are UTF-8 together are its characters. */
function decode(body: string): string {
  const text = body.replace(
    /\\(?:x([\da-fA-F]{2})|u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|([0-7]{1,3})|(.))/g,
    (all: string, ...groups) => {
      const [hex, braced, unicode, octal, letter] = groups as (string | undefined)[];
      if (hex !== undefined) return byteOf(Number.parseInt(hex, 16));
      if (octal !== undefined) return byteOf(Number.parseInt(octal, 8) & 0xff);
      const code = braced ?? unicode;
      if (code === undefined) return escapes[letter ?? ''] ?? all;
      const point = Number.parseInt(code, 16);
      return point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? all : String.fromCodePoint(point);
    },
  );
  return text.replace(/[\udc80-\udcff]+/gu, (row) => decodeBytes(encodeBytes(row)));
}

function byteOf(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : strayByte(byte);
}
