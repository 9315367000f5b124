import type { Block, TextLine } from './document.ts';
import type { Problems } from './problems.ts';
import { endOfLine, lineOf } from './source-text.ts';

/** A `<!-- netlab … -->` comment. */
export interface HiddenComment {
  /** Offset of `<!--`. */
  readonly start: number;
  /** The rest of its first line, and where that starts. */
  readonly head: string;
  readonly headStart: number;
  /** The lines after the first; none when they say nothing. */
  readonly lines: readonly TextLine[];
  /** Offset of the line on which the comment ends. */
  readonly closing: number;
}

const OPENING = /<!--[ \t]*netlab(?=[\s{]|-->|$)/g;

/** The netlab comments of an HTML block. One that is never closed is reported. */
export function hiddenComments(block: Extract<Block, { kind: 'html' }>, problems: Problems): HiddenComment[] {
  const { text } = problems;
  const html = text.source.slice(block.start, block.end);
  const comments: HiddenComment[] = [];
  const firstLine = lineOf(text, block.start);
  for (const opening of html.matchAll(OPENING)) {
    const start = block.start + opening.index;
    const headStart = start + opening[0].length;
    const close = html.indexOf('-->', opening.index + opening[0].length);
    if (close === -1) {
      problems.error('unclosed-comment', start, 'this comment is never closed', 'Close it with "-->".');
      break;
    }
    const end = block.start + close;
    const head = text.source.slice(headStart, Math.min(end, endOfLine(text, lineOf(text, start))));
    const [from, to] = [lineOf(text, headStart) + 1 - firstLine, lineOf(text, end) + 1 - firstLine];
    const lines = block.lines
      .slice(from, to)
      .filter((line) => line.start <= end)
      .map((line) => cut(line, end));
    if (lines.at(-1)?.text.trim() === '') lines.pop();
    const says = lines.some((line) => line.text.trim() !== '');
    const closing = lines.at(-1)?.next ?? end;
    comments.push({ start, head, headStart, lines: says ? lines : [], closing });
  }
  return comments;
}

/** The line up to the comment's end, which may stand on it. */
function cut(line: TextLine, end: number): TextLine {
  if (end >= line.end) return line;
  return { ...line, text: line.text.slice(0, Math.max(0, line.text.length - (line.end - end))), end, next: end };
}
