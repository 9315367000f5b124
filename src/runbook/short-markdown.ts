import type { Nodes, Root } from 'mdast';
import remarkParse from 'remark-parse';
import { type Data, type Processor, unified } from 'unified';
import type { BlockLine, Fence, MarkdownBlock } from './markdown.ts';
import { endOfLine, lineOf, type SourceText, startOfLine } from './source-text.ts';

/** One line's part of a code or HTML block, or one of its fences. */
interface LineToken {
  readonly isFence: boolean;
  readonly start: number;
  readonly end: number;
  /** It has more characters than the source where a tab was split by an indentation. */
  readonly text: string;
}

/** What micromark saw of a block's lines: the syntax tree itself has them without their places. */
const tokensByNode = new WeakMap<object, LineToken[]>();

const INLINE_CONSTRUCTS = [
  ...['attention', 'autolink', 'characterEscape', 'characterReference', 'codeText', 'hardBreakEscape', 'htmlText'],
  ...['labelEnd', 'labelStartImage', 'labelStartLink'],
];

const markdown: Pick<Processor<Root>, 'parse'> = unified().use(remarkParse).use(blocksOnly).freeze();

/** The blocks from a line on, in order. */
export function* blocksOfShort(text: SourceText, skipped: number): Generator<MarkdownBlock> {
  const from = startOfLine(text, skipped);
  // micromark drops a byte order mark without counting it.
  const root = markdown.parse(text.source.slice(from).replace(/^\uFEFF/, ' '));
  for (const node of walk(root)) {
    const start = (node.position?.start.offset ?? 0) + from;
    const last = lineOf(text, (node.position?.end.offset ?? 0) + from);
    const tokens = tokensOf(node, from);
    if (node.type === 'heading') yield { kind: 'heading', start, end: endOfLine(text, last), level: node.depth };
    if (node.type === 'html') yield { kind: 'html', lines: linesOf(text, lineOf(text, start), last, tokens) };
    if (node.type === 'code' && tokens[0]?.isFence) yield toFence(text, start, last, tokens);
  }
}

/** Every node that can hold a block or be one, parents first. */
function* walk(node: Nodes): Generator<Nodes> {
  yield node;
  if (node.type !== 'root' && node.type !== 'list' && node.type !== 'listItem' && node.type !== 'blockquote') return;
  for (const child of node.children) yield* walk(child);
}

function tokensOf(node: Nodes, from: number): LineToken[] {
  const tokens = tokensByNode.get(node) ?? [];
  return tokens.map((token) => ({ ...token, start: token.start + from, end: token.end + from }));
}

function toFence(text: SourceText, start: number, last: number, tokens: readonly LineToken[]): Fence {
  const [opening, closing] = tokens.filter(({ isFence }) => isFence);
  const first = lineOf(text, start);
  const closed = closing && lineOf(text, closing.start);
  const body = tokens.filter(({ isFence }) => !isFence);
  const lines = linesOf(text, first + 1, closed === undefined ? last : closed - 1, body);
  return { kind: 'fence', start, first, marker: opening?.text ?? '', lines, closing: closed };
}

/** The lines `first` to `last`, each cut to what the tokens say is its text. */
function linesOf(text: SourceText, first: number, last: number, tokens: readonly LineToken[]): BlockLine[] {
  const places = new Map(tokens.map((token) => [lineOf(text, token.start), token]));
  const lines: BlockLine[] = [];
  for (let line = first; line <= last; line += 1) {
    const token = places.get(line);
    lines.push({ line, start: token?.start ?? endOfLine(text, line), text: token?.text ?? '' });
  }
  return lines;
}

type MarkdownExtension = Exclude<NonNullable<Data['fromMarkdownExtensions']>[number], unknown[]>;
type Handle = NonNullable<MarkdownExtension['enter']>[string];

/** A unified plugin: what stands within lines matters to no runbook; where the lines of a block stand does. */
function blocksOnly(this: Processor): void {
  const data = this.data();
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push({ disable: { null: INLINE_CONSTRUCTS } });
  const keep: Handle = function (token) {
    const owner = this.stack.findLast((node) => node.type === 'code' || node.type === 'html');
    if (owner === undefined) return;
    const tokens = tokensByNode.get(owner) ?? [];
    const isFence = token.type === 'codeFencedFenceSequence';
    tokens.push({ isFence, start: token.start.offset, end: token.end.offset, text: this.sliceSerialize(token) });
    tokensByNode.set(owner, tokens);
  };
  data.fromMarkdownExtensions ??= [];
  data.fromMarkdownExtensions.push({
    enter: { codeFencedFenceSequence: keep, codeFlowValue: keep, htmlFlowData: keep },
    exit: { codeFlowValue: () => {}, htmlFlowData: () => {} },
  });
}
