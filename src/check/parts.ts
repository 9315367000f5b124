import type { Element } from './elements.ts';
import { compileLine, escapeBytes, escapeLine, type LinePattern } from './pattern.ts';
import { CheckProblem } from './problem.ts';
import { hasStrayBytes } from './stray-bytes.ts';

/** A part of a proposed line. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** `[..]` */
  | { readonly kind: 'any' }
  /** A value that is not the same in each run; `values` has one for each. */
  | { readonly kind: 'value'; readonly type: string; readonly values: readonly string[] }
  /** A placeholder that the document had there. */
  | { readonly kind: 'old'; readonly element: Element };

/** The name under which a value is captured (`first`) or asked for again; `undefined`: it is not named. */
export type Naming = (
  part: Extract<Part, { kind: 'value' }>,
) => { readonly name: string; readonly first: boolean } | undefined;

/** A proposed line, and another spelling for a place where the document would not take the first for output. */
export interface WrittenLine {
  readonly text: string;
  readonly armoured: string;
}

/** Types of values that stand for a thing: where they come again, it is the same thing. */
export const identities: readonly string[] = ['mac', 'id', 'uuid', 'ipv4', 'ipv6', 'ip'];

const unnamed: Naming = () => undefined;

/** The expected line that matches these parts and nothing else. */
export function writeLine(parts: readonly Part[], naming: Naming = unnamed): WrittenLine {
  const elements = merge(parts.map((part) => elementOf(part, naming)));
  const [only] = elements;
  if (only === undefined) return { text: '', armoured: '' };
  if (elements.length === 1 && only.kind === 'text') {
    return { text: escapeLine(only.text), armoured: escapeFully(only.text) };
  }
  const text = elements.map(sourceOf).join('');
  const regex = regexOf(elements);
  return { text: means(text, elements) ? text : regex, armoured: regex };
}

/** A proposed line that stands for itself. */
export function literal(text: string): readonly Part[] {
  return text === '' ? [] : [{ kind: 'text', text }];
}

/** The other spelling of a line that a document has; the line itself where there is none. */
export function armour(line: string): string {
  const { kind, text, elements, min, max, noEol } = compileLine(line, new Set(line.match(/\w+/g)));
  if (kind === 'regex' || kind === 'gap' || min !== 1 || max !== 1 || noEol) return line;
  if (kind === 'text') return writeLine(literal(text)).armoured;
  return writeLine(elements.map((element) => (element.kind === 'text' ? element : { kind: 'old', element }))).armoured;
}

function elementOf(part: Part, naming: Naming): Element {
  if (part.kind === 'text') return part;
  if (part.kind === 'any') return { kind: 'gap' };
  if (part.kind === 'old') return part.element;
  const named = naming(part);
  if (named === undefined) return { kind: 'value', type: part.type, name: undefined };
  return named.first ? { kind: 'value', type: part.type, name: named.name } : { kind: 'same', name: named.name };
}

/** Texts that meet become one, and so do wildcards. */
function merge(elements: readonly Element[]): readonly Element[] {
  const merged: Element[] = [];
  for (const element of elements) {
    const last = merged.at(-1);
    if (element.kind === 'text' && last?.kind === 'text') {
      merged[merged.length - 1] = { kind: 'text', text: last.text + element.text };
    } else if (element.kind !== 'gap' || last?.kind !== 'gap') {
      merged.push(element);
    }
  }
  return merged;
}

/** An element as a document has it. */
function sourceOf(element: Element): string {
  switch (element.kind) {
    case 'text':
      return element.text;
    case 'value':
      return element.name === undefined ? `{{${element.type}}}` : `{{${element.name}:${element.type}}}`;
    case 'same':
      return `{{${element.name}}}`;
    default:
      return '[..]';
  }
}

/** Whether the line is read as these elements: its texts may look like patterns, its end like a suffix. */
function means(text: string, elements: readonly Element[]): boolean {
  const names = elements.flatMap((element) => (element.kind === 'same' ? [element.name] : []));
  let read: LinePattern;
  try {
    read = compileLine(text, new Set(names));
  } catch (error) {
    if (error instanceof CheckProblem) return false;
    throw error;
  }
  if (read.kind !== 'elements' || read.min !== 1 || read.max !== 1 || read.noEol || read.text !== text) return false;
  return JSON.stringify(merge(read.elements)) === JSON.stringify(elements);
}

/** Values become wildcards here: it is the way out for lines that nothing else can say. */
function regexOf(elements: readonly Element[]): string {
  const body = elements.map((element) => {
    if (element.kind === 'gap') return '.*';
    return element.kind === 'text'
      ? element.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('-->', '--\\x3e')
      : '.+';
  });
  return `${body.join('').replace(/^[^\\.]/u, hex)} (re)`;
}

/** A line in which nothing at the beginning looks like a prompt, a fence or a quote, and nothing ends a comment. */
function escapeFully(text: string): string {
  const plain = hasStrayBytes(text) ? escapeBytes(text) : text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t');
  return `${plain.replaceAll('-->', '--\\x3e').replace(/^[^\\]/u, hex)} (esc)`;
}

function hex(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : character;
}
