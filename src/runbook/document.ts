import { withinBounds } from './bounds.ts';
import { type BlockLine, type MarkdownBlock, markdownBlocks } from './markdown.ts';
import type { Problems } from './problems.ts';
import { endOfLine, type SourceText, startOfLine } from './source-text.ts';

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
  for (const seen of markdownBlocks(problems.text)) {
    const block = toBlock(seen, problems);
    if (block !== undefined) blocks.push(block);
  }
  return blocks;
}

function toBlock(block: MarkdownBlock, problems: Problems): Block | undefined {
  const { text } = problems;
  switch (block.kind) {
    case 'front-matter': {
      const lines: TextLine[] = [];
      for (let line = block.first; line <= block.last; line += 1) {
        const [start, end] = [startOfLine(text, line), endOfLine(text, line)];
        lines.push(textLine(text, { line, start, text: text.source.slice(start, end) }));
      }
      return { kind: 'front-matter', start: block.start, lines };
    }
    case 'heading':
      return toHeading(text.source.slice(block.start, block.end), block.start, block.level);
    case 'html': {
      const lines = block.lines.map((line) => textLine(text, line));
      return { kind: 'html', start: lines[0]?.start ?? 0, end: lines.at(-1)?.end ?? 0, lines };
    }
    case 'fence':
      return toFence(block, problems);
  }
}

/** A fenced block; `undefined` for one that is never closed, which is reported. */
function toFence(block: Extract<MarkdownBlock, { readonly kind: 'fence' }>, problems: Problems): Fence | undefined {
  const { text } = problems;
  const { start, marker } = block;
  if (block.closing === undefined) {
    const hint = `Close it with a line of ${marker.slice(0, 20)}, indented like the opening one.`;
    problems.error('unclosed-fence', start, 'this code fence is never closed', hint);
    return undefined;
  }
  const lines = block.lines.map((line) => textLine(text, line));
  const closing = startOfLine(text, block.closing);
  const sample = lines.find((line) => line.start < line.end);
  const prefix = sample
    ? text.source.slice(sample.lineStart, sample.start)
    : /^[^`~]*/.exec(text.source.slice(closing, endOfLine(text, block.closing)))?.[0];
  const infoStart = start + marker.length;
  const info = text.source.slice(infoStart, endOfLine(text, block.first));
  return { kind: 'fence', start, info, infoStart, lines, closing, prefix: prefix ?? '' };
}

function textLine(source: SourceText, { line, start, text }: BlockLine): TextLine {
  const [lineStart, next] = [startOfLine(source, line), startOfLine(source, line + 1)];
  return { text, start, end: endOfLine(source, line), lineStart, next };
}

/** Braces at the end of a heading are ours if they say that it opens an exercise; other tools have anchors there. */
const BRACES = /\{([^{}\n]*)\}(?=[ \t]*(?:#+[ \t]*)?(?:\r?\n|$))/g;

function toHeading(source: string, start: number, level: number): Heading {
  const braces = [...source.matchAll(BRACES)].find(([, text = '']) => /\bexercise\b/.test(text));
  const heading = { kind: 'heading', start, end: start + source.length, level } as const;
  if (braces === undefined) return { ...heading, text: headingText(source), exercise: undefined };
  const { 0: whole, 1: text = '', index } = braces;
  const rest = source.slice(0, index).trimEnd() + source.slice(index + whole.length);
  return { ...heading, text: headingText(rest), exercise: { text, start: start + index + 1 } };
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
