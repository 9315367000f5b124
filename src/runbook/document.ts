import type { Nodes } from 'mdast';
import { withinBounds } from './bounds.ts';
import { type LineToken, lineTokens, topLevelNodes } from './markdown.ts';
import type { Problems } from './problems.ts';
import { endOfLine, lineOf, type SourceText, startOfLine } from './source-text.ts';

/** One line of a block, without the indentation or quote marks of the list or quote that the block stands in. */
export interface TextLine {
  readonly text: string;
  /** Offset of the text's first character. */
  readonly start: number;
  /** Offset after its last character, before the line ending. */
  readonly end: number;
  /** Offset of the first character of the source line: before any indentation. */
  readonly lineStart: number;
  /** Offset of the line after it. */
  readonly next: number;
}

/** A block that can matter to a runbook, with where it is in the source. */
export type Block =
  | { readonly kind: 'front-matter'; readonly start: number; readonly lines: readonly TextLine[] }
  | Heading
  | { readonly kind: 'html'; readonly start: number; readonly end: number; readonly lines: readonly TextLine[] }
  | Fence;

export interface Heading {
  readonly kind: 'heading';
  readonly start: number;
  readonly end: number;
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
  /** What stands in braces at its end with the word `exercise` among it, without the braces; and where. */
  readonly exercise: { readonly text: string; readonly start: number } | undefined;
}

export interface Fence {
  readonly kind: 'fence';
  /** Offset of the opening fence. */
  readonly start: number;
  /** What follows the opening backticks or tildes, as written, and where. */
  readonly info: string;
  readonly infoStart: number;
  readonly lines: readonly TextLine[];
  /** Offset of the line that holds the closing fence. */
  readonly closing: number;
  /** What each line of the source begins with before the block's own text: `  ` in a list, `> ` in a quote. */
  readonly prefix: string;
}

/** Reads the blocks of a document in order. What is wrong with them goes to `problems`. */
export function readBlocks(problems: Problems): Block[] {
  if (!withinBounds(problems)) return [];
  const blocks: Block[] = [];
  for (const top of topLevelNodes(problems)) {
    for (const node of walk(top.node)) {
      const block = toBlock(node, problems, top.shift);
      if (block !== undefined) blocks.push(block);
    }
  }
  return blocks;
}

/** `top` and every node below it that can hold a block, parents first, without recursion: nesting may be deep. */
function* walk(top: Nodes): Generator<Nodes> {
  const open: Nodes[] = [top];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    // A paragraph's text need not be visited.
    if (node.type === 'list' || node.type === 'listItem' || node.type === 'blockquote') {
      open.push(...node.children.toReversed());
    }
  }
}

function toBlock(node: Nodes, problems: Problems, shift: number): Block | undefined {
  const { text } = problems;
  const start = (node.position?.start.offset ?? 0) + shift;
  const end = (node.position?.end.offset ?? 0) + shift;
  switch (node.type) {
    case 'yaml': {
      const [first, last] = [lineOf(text, start) + 1, lineOf(text, end) - 1];
      return { kind: 'front-matter', start, lines: sourceLines(text, first, last) };
    }
    case 'heading':
      return toHeading(text.source.slice(start, end), start, node.depth);
    case 'html': {
      const lines = sourceLines(text, lineOf(text, start), lineOf(text, end), lineTokens(node, shift));
      return { kind: 'html', start, end, lines };
    }
    case 'code':
      return toFence(lineTokens(node, shift), start, problems);
    default:
      return undefined;
  }
}

/** A fenced block; `undefined` for code that is only indented, and for a fence that is never closed (reported). */
function toFence(tokens: readonly LineToken[], start: number, problems: Problems): Fence | undefined {
  const { text } = problems;
  const [opening, closing] = tokens.filter((token) => token.isFence);
  if (opening === undefined) return undefined;
  const infoStart = afterFence(text.source, start);
  const marker = text.source.slice(start, infoStart);
  if (closing === undefined) {
    const hint = `Close it with a line of ${marker.slice(0, 20)}, indented like the opening one.`;
    problems.error('unclosed-fence', start, 'this code fence is never closed', hint);
    return undefined;
  }
  const [firstLine, lastLine] = [lineOf(text, start), lineOf(text, closing.start)];
  const body = tokens.filter((token) => !token.isFence);
  const lines = sourceLines(text, firstLine + 1, lastLine - 1, body);
  const closingLine = startOfLine(text, lastLine);
  const sample = lines.find((line) => line.start < line.end);
  const prefix = sample
    ? text.source.slice(sample.lineStart, sample.start)
    : text.source.slice(closingLine, closing.start);
  return {
    kind: 'fence',
    start,
    info: text.source.slice(infoStart, endOfLine(text, firstLine)),
    infoStart,
    lines,
    closing: closingLine,
    prefix,
  };
}

/** Offset after the backticks or tildes at `start`. */
function afterFence(source: string, start: number): number {
  let end = start;
  while (end < source.length && source[end] === source[start]) end += 1;
  return end;
}

/** The source lines `first` to `last`, 0-based, each cut to what the tokens say is its text; whole without tokens. */
function sourceLines(text: SourceText, first: number, last: number, tokens?: readonly LineToken[]): TextLine[] {
  const places = new Map<number, { readonly start: number; readonly padding: number }>();
  for (const token of tokens ?? []) {
    const line = lineOf(text, token.start);
    const indent = token.start - startOfLine(text, line);
    const padding = token.text.length - (token.end - token.start);
    // Lines that were joined to be parsed have the same indentation.
    for (let each = line; each <= lineOf(text, token.end); each += 1) {
      places.set(each, { start: startOfLine(text, each) + indent, padding });
    }
  }
  const lines: TextLine[] = [];
  for (let line = first; line <= last; line += 1) {
    const [lineStart, end] = [startOfLine(text, line), endOfLine(text, line)];
    const place = places.get(line) ?? { start: tokens === undefined ? lineStart : end, padding: 0 };
    const content = ' '.repeat(Math.max(0, place.padding)) + text.source.slice(place.start, end);
    lines.push({ text: content, start: place.start, end, lineStart, next: startOfLine(text, line + 1) });
  }
  return lines;
}

/** Braces at the end of a heading are ours if they say that it opens an exercise; other tools have anchors there. */
const EXERCISE = /[ \t]*\{([^{}\n]*\bexercise\b[^{}\n]*)\}(?=[ \t]*#*[ \t]*(?:\r?\n|$))/;

function toHeading(source: string, start: number, level: number): Heading {
  const [whole, text = ''] = EXERCISE.exec(source) ?? [];
  const at = start + source.indexOf(`{${text}}`) + 1;
  return {
    kind: 'heading',
    start,
    end: start + source.length,
    level,
    text: headingText(whole === undefined ? source : source.replace(whole, '')),
    exercise: whole === undefined ? undefined : { text, start: at },
  };
}

/** A heading's words without its own marks and without the commonest inline ones. */
function headingText(source: string): string {
  const text = source.startsWith('#')
    ? source.replace(/^#+/, '').replace(/[ \t]#+[ \t]*$/, '')
    : source.replace(/\r?\n[^\n]*$/, '');
  return text
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
