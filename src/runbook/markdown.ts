import type { Nodes, Root, RootContent } from 'mdast';
import remarkFrontmatter from 'remark-frontmatter';
import remarkParse from 'remark-parse';
import { type Data, type Processor, unified } from 'unified';
import { cheapMarkdown } from './bounds.ts';
import type { Problems } from './problems.ts';

/** The most lines that one list or block quote may have: parsing it takes time in the square of them. */
export const MAX_LIST_LINES = 1000;

/** The most lines that are parsed for all lists and quotes together that are longer than what is parsed at a time. */
const MAX_LONG_LISTS = 5000;

/** Lines that are parsed at a time. Each list that ends costs time in proportion to the lines parsed with it. */
const LINES_AT_ONCE = 250;

/** A node of the document's top level; its offsets count from `shift`. */
export interface TopLevelNode {
  readonly node: RootContent;
  readonly shift: number;
}

/** One line's part of a code or HTML block, or one of its fences, with its offsets in the document. */
export interface LineToken {
  readonly isFence: boolean;
  readonly start: number;
  readonly end: number;
  /** The token's text; it has more characters than the source where a tab was split by an indentation. */
  readonly text: string;
}

const INLINE_CONSTRUCTS = [
  ...['attention', 'autolink', 'characterEscape', 'characterReference', 'codeText', 'definition', 'hardBreakEscape'],
  ...['htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink'],
];

/** What micromark saw of a block's lines: the syntax tree itself has them without their places. */
const tokensByNode = new WeakMap<object, LineToken[]>();

type Parser = Pick<Processor<Root>, 'parse'>;

const blocks: Parser = unified().use(remarkParse).use(blocksOnly).freeze();
const frontMatterAndBlocks: Parser = unified()
  .use(remarkParse)
  .use(remarkFrontmatter, ['yaml'])
  .use(blocksOnly)
  .freeze();

/**
 * Parses the document a few hundred lines at a time: of each part all nodes but the last are done, since nothing that
 * follows can change a block that is closed. A list too long to be parsed in bounded time is reported, and ends it.
 */
export function* topLevelNodes(problems: Problems): Generator<TopLevelNode> {
  const source = cheapMarkdown(problems.text);
  // micromark drops a byte order mark without counting it, so that every offset after it would be one too small.
  const start = source.startsWith('\uFEFF') ? 1 : 0;
  let from = start;
  let lines = LINES_AT_ONCE;
  let ofLongLists = 0;
  while (from < source.length) {
    const end = Math.max(afterLines(source, from, lines), from === start ? afterFrontMatter(source, start) : 0);
    const parser = from === start ? frontMatterAndBlocks : blocks;
    const nodes = parser.parse(source.slice(from, end)).children;
    const shift = from;
    const last = end === source.length ? undefined : nodes.pop();
    for (const node of nodes) yield { node, shift };
    if (last === undefined) {
      from = end;
    } else if (nodes.length > 0) {
      from = shift + (last.position?.start.offset ?? 0) - ((last.position?.start.column ?? 1) - 1);
      lines = LINES_AT_ONCE;
    } else {
      lines *= 2;
      if (last.type !== 'list' && last.type !== 'blockquote') continue;
      ofLongLists += lines;
      const tooLong =
        lines > MAX_LIST_LINES
          ? `this list or quote has more than ${MAX_LIST_LINES} lines`
          : `lists and quotes of more than ${LINES_AT_ONCE} lines, of which this is one, are too long together`;
      if (lines <= MAX_LIST_LINES && ofLongLists <= MAX_LONG_LISTS) continue;
      const hint = 'Split it with headings, or shorten long expected output with "...".';
      problems.error('list-too-long', shift, tooLong, hint);
      return;
    }
  }
}

/** What is known of a block's lines, in order. */
export function lineTokens(node: Nodes, shift: number): LineToken[] {
  const tokens = tokensByNode.get(node) ?? [];
  return tokens.map((token) => ({ ...token, start: token.start + shift, end: token.end + shift }));
}

/** Offset after the next `count` lines. */
function afterLines(source: string, from: number, count: number): number {
  const ending = /\r\n|\n|\r/g;
  ending.lastIndex = from;
  for (let line = 0; line < count; line += 1) if (!ending.test(source)) return source.length;
  return ending.lastIndex;
}

/** Offset after the front matter, which must be parsed in one go to be seen; 0 when there is none. */
function afterFrontMatter(source: string, start: number): number {
  if (!/^---[ \t]*[\r\n]/.test(source.slice(start, start + 100))) return 0;
  const closing = /[\r\n]---[ \t]*(?:\r\n|\n|\r|$)/g;
  closing.lastIndex = start + 3;
  return closing.test(source) ? closing.lastIndex : 0;
}

type MarkdownExtension = Exclude<NonNullable<Data['fromMarkdownExtensions']>[number], unknown[]>;
type Handle = NonNullable<MarkdownExtension['enter']>[string];

/** A unified plugin: turns off what can make parsing slow and matters to no runbook, and keeps the places of lines. */
function blocksOnly(this: Processor): void {
  const data = this.data();
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push({ disable: { null: INLINE_CONSTRUCTS } });
  const keep: Handle = function (token) {
    const owner = this.stack.findLast((node) => node.type === 'code' || node.type === 'html');
    if (owner === undefined) return;
    const tokens = tokensByNode.get(owner) ?? [];
    const [start, end] = [token.start.offset, token.end.offset];
    tokens.push({ isFence: token.type === 'codeFencedFence', start, end, text: this.sliceSerialize(token) });
    tokensByNode.set(owner, tokens);
  };
  data.fromMarkdownExtensions ??= [];
  data.fromMarkdownExtensions.push({
    enter: { codeFencedFence: keep, codeFlowValue: keep, htmlFlowData: keep },
    exit: { codeFlowValue: () => {}, htmlFlowData: () => {} },
  });
}
