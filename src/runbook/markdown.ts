import { blocksOfLong } from './long-markdown.ts';
import { blocksOfShort } from './short-markdown.ts';
import { lineOf, type SourceText } from './source-text.ts';

/** A line of a block, and where its own text starts, after the marks of the list or quote in which the block stands. */
export interface BlockLine {
  readonly line: number;
  readonly start: number;
  /** It begins with blanks that the source does not have where a tab was split by an indentation. */
  readonly text: string;
}

/** A block of the Markdown that can matter to a runbook; lines count from 0. */
export type MarkdownBlock =
  | { readonly kind: 'front-matter'; readonly start: number; readonly first: number; readonly last: number }
  | { readonly kind: 'heading'; readonly start: number; readonly end: number; readonly level: number }
  | { readonly kind: 'html'; readonly lines: readonly BlockLine[] }
  | Fence;

/** A fenced block; its lines without its fences. */
export interface Fence {
  readonly kind: 'fence';
  /** Where its first backtick or tilde stands, and the line in which it does. */
  readonly start: number;
  readonly first: number;
  readonly marker: string;
  readonly lines: readonly BlockLine[];
  /** The line of its closing fence; `undefined` when the document, list or quote ends before. */
  readonly closing: number | undefined;
}

/** What remark reads in a moment, whatever it is: its time grows with the square of a list's lines, and of its depth. */
const SHORT = { lines: 400, characters: 65_536, deep: 8 } as const;

/** Marks of lists and quotes at the begin of a line, and its indentation. */
const NESTED = new RegExp(
  `^(?:[ \\t]*(?:>|[-+*]|\\d{1,9}[.)])){${SHORT.deep}}|^[ \\t]{${4 * SHORT.deep},}(?:>|[-+*]|\\d)`,
  'm',
);

/**
 * The blocks of a document, in order. remark reads it, but for a long one, which markdown-it reads: in two places that no
 * runbook should depend on they are of another mind (test/runbook/document.test.ts).
 */
export function* markdownBlocks(text: SourceText): Generator<MarkdownBlock> {
  const front = frontMatter(text);
  if (front !== undefined) yield front;
  const skipped = front === undefined ? 0 : front.last + 2;
  yield* isShort(text) ? blocksOfShort(text, skipped) : blocksOfLong(text, skipped);
}

function isShort({ source, lineStarts }: SourceText): boolean {
  return lineStarts.length <= SHORT.lines && source.length <= SHORT.characters && !NESTED.test(source);
}

/** What stands between two lines of dashes at the begin of the document. */
function frontMatter({ source, ...rest }: SourceText): Extract<MarkdownBlock, { kind: 'front-matter' }> | undefined {
  const start = source.startsWith('\uFEFF') ? 1 : 0;
  if (!/^---[ \t]*[\r\n]/.test(source.slice(start, start + 100))) return undefined;
  const closing = /[\r\n]---[ \t]*(?=[\r\n]|$)/g;
  closing.lastIndex = start + 3;
  const found = closing.exec(source);
  if (found === null) return undefined;
  const line = lineOf({ source, ...rest }, found.index + 1);
  return { kind: 'front-matter', start, first: 1, last: line - 1 };
}
