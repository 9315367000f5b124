import MarkdownIt, { type MarkdownIt as Markdown, type Token } from 'markdown-it';
import type { BlockLine, Fence, MarkdownBlock } from './markdown.ts';
import { endOfLine, type SourceText, startOfLine } from './source-text.ts';

/** Lists nested deeper than this are read as text, and quotes twice as deep: each depth is gone through once more. */
const MAX_LISTS = 24;

const KEPT = ['fence', 'html_block', 'heading_open', 'inline'];

/** What markdown-it sees of a document, without all that says nothing of a runbook: a long document has much of it. */
class Blocks extends MarkdownIt.StateBlock {
  override push(...[type, tag, nesting]: Parameters<InstanceType<typeof MarkdownIt.StateBlock>['push']>): Token {
    const token = super.push(type, tag, nesting);
    const isText = type === 'inline' && this.tokens.at(-2)?.type !== 'heading_open';
    if (isText || !KEPT.includes(type)) this.tokens.pop();
    return token;
  }
}

let loaded: Markdown | undefined;

/** CommonMark's blocks; what stands within a line is never looked at. */
function commonMark(): Markdown {
  if (loaded !== undefined) return loaded;
  loaded = new MarkdownIt('commonmark', { maxNesting: Number.POSITIVE_INFINITY });
  loaded.block.State = Blocks;
  loaded.block.ruler.before('code', 'too_deep', (state, line) => {
    if (state.level <= 2 * MAX_LISTS) return false;
    state.line = line + 1;
    return true;
  });
  return loaded;
}

/** The blocks from a line on, in order. What is nested too deeply is read as text. */
export function* blocksOfLong(text: SourceText, skipped: number): Generator<MarkdownBlock> {
  const from = startOfLine(text, skipped);
  const tokens: Token[] = [];
  const markdown = commonMark();
  // All line endings become LF, and a byte order mark a blank, without moving anything.
  const source = text.source
    .slice(from)
    .replace(/^\uFEFF/, ' ')
    .replace(/\r\n/g, ' \n')
    .replace(/\r/g, '\n');
  markdown.block.parse(`${source}\n`, markdown, {}, tokens);
  for (const [index, { type, map, tag, markup, content }] of tokens.entries()) {
    const [first, after] = [(map?.[0] ?? 0) + skipped, (map?.[1] ?? 0) + skipped];
    if (type === 'fence') yield toFence(text, first, after, tokens[index] as Token);
    if (type === 'html_block') yield { kind: 'html', lines: linesOf(text, first, content) };
    if (type !== 'heading_open') continue;
    const start = headingStart(text, first, markup, tokens[index + 1]?.content ?? '');
    yield { kind: 'heading', start, end: endOfLine(text, after - 1), level: Number(tag.slice(1)) };
  }
}

function toFence(text: SourceText, first: number, after: number, { info, markup, content }: Token): Fence {
  const lines = linesOf(text, first + 1, content);
  const closing = lines.length === after - first - 1 ? undefined : after - 1;
  const start = endOfLine(text, first) - withoutCr(text, first, info).length - markup.length;
  return { kind: 'fence', start, first, marker: markup, lines, closing };
}

/** Where a heading's `#`, or the text above its underline, starts: lists and quotes have other marks. */
function headingStart(text: SourceText, line: number, markup: string, content: string): number {
  const whole = text.source.slice(startOfLine(text, line), endOfLine(text, line));
  const [firstLine = ''] = content.split('\n', 1);
  const column = markup.startsWith('#') ? whole.indexOf('#') : whole.lastIndexOf(firstLine.trimEnd());
  return startOfLine(text, line) + column;
}

/** The lines of a block's content, from the source's line `first` on. */
function linesOf(text: SourceText, first: number, content: string): BlockLine[] {
  if (content === '') return [];
  const lines = content.replace(/\n$/, '').split('\n');
  return lines.map((seen, index) => {
    const line = first + index;
    const cut = withoutCr(text, line, seen);
    const end = endOfLine(text, line);
    // What an indentation leaves of a tab are up to three blanks, which the source does not have.
    const padding = [0, 1, 2, 3].find((blanks) => text.source.endsWith(cut.slice(blanks), end)) ?? 0;
    return { line, start: end - cut.length + padding, text: cut };
  });
}

/** A line's text without the blank that its CR has become. */
function withoutCr({ source, lineStarts }: SourceText, line: number, seen: string): string {
  const next = lineStarts[line + 1] ?? 0;
  return source[next - 2] === '\r' && source[next - 1] === '\n' ? seen.slice(0, -1) : seen;
}
