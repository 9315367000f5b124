import type { Point, Span } from './types.ts';

/** A document's text with its lines counted, so that any offset can be told as line and column. */
export interface SourceText {
  readonly source: string;
  /** Offset of the first character of each line; lines end in CRLF, LF or a lone CR, as in CommonMark. */
  readonly lineStarts: readonly number[];
}

/** Counts the lines of `source` once; every position is then found in logarithmic time. */
export function sourceText(source: string): SourceText {
  const lineStarts = [0];
  for (const ending of source.matchAll(/\r\n|\n|\r/g)) lineStarts.push(ending.index + ending[0].length);
  return { source, lineStarts };
}

/** The 0-based number of the line that holds `offset`. */
export function lineOf(text: SourceText, offset: number): number {
  let low = 0;
  let high = text.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startOfLine(text, middle) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Offset of the first character of 0-based `line`; the document's end for a line after the last. */
export function startOfLine(text: SourceText, line: number): number {
  return text.lineStarts[line] ?? text.source.length;
}

/** Offset just after the last character of 0-based `line`, before its line ending. */
export function endOfLine(text: SourceText, line: number): number {
  let end = startOfLine(text, line + 1);
  if (line + 1 >= text.lineStarts.length) return end;
  if (text.source[end - 1] === '\n') end -= 1;
  else return end - 1;
  return text.source[end - 1] === '\r' ? end - 1 : end;
}

/** Offset as line and column, both from 1. An offset outside the document is moved to its nearer end. */
export function pointAt(text: SourceText, offset: number): Point {
  const inside = Math.max(0, Math.min(offset, text.source.length));
  const line = lineOf(text, inside);
  return { line: line + 1, column: inside - startOfLine(text, line) + 1, offset: inside };
}

/** From offset `start` up to, not including, `end`. */
export function spanOf(text: SourceText, start: number, end: number): Span {
  return { start: pointAt(text, start), end: pointAt(text, Math.max(start, end)) };
}
