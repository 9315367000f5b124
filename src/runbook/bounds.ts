import type { Problems } from './problems.ts';
import { endOfLine, type SourceText, startOfLine } from './source-text.ts';

/** The largest document that is read, in UTF-16 units: 1 MiB of plain English. */
export const MAX_DOCUMENT_LENGTH: number = 1024 * 1024;

/** The most lines that are read: with them, the worst document known takes less than two seconds. */
export const MAX_DOCUMENT_LINES = 26_000;

/** Lists and quotes nested deeper than this are read as text: their cost is cubic. */
const MAX_CONTAINERS_IN_LINE = 24;

/** The same for lists that are nested by their indentation, in columns. */
const MAX_INDENTATION = 48;

const CONTAINER = /[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))/y;
/** How a line may begin that is more than the text of the block it stands in. */
const BLOCK_START = /^(?:[<>#`~]|[-+*](?:[ \t]|$)|\d{1,9}[.)]|([-_*=])(?:\1|[ \t])*$)/;

/** Tells what makes the document too large to be read. True when it may be. */
export function withinBounds(problems: Problems): boolean {
  const { source, lineStarts } = problems.text;
  const split = 'Split it into several runbooks, or shorten long expected output with "...".';
  if (source.length > MAX_DOCUMENT_LENGTH) {
    const message = `the document has ${source.length} characters; the limit is ${MAX_DOCUMENT_LENGTH} (1 MiB)`;
    problems.error('document-too-large', 0, message, split);
    return false;
  }
  if (lineStarts.length > MAX_DOCUMENT_LINES) {
    const message = `the document has ${lineStarts.length} lines; the limit is ${MAX_DOCUMENT_LINES}`;
    problems.error('document-too-long', 0, message, split);
    return false;
  }
  return true;
}

/**
 * The document as the Markdown parser is given it: of the same length and with the same blocks, but cheap to parse. Plain
 * lines of one block are joined into one, absurdly deep nesting becomes text, and so do the marks within a line that only
 * matter to emphasis and links; all of them are read from the source later.
 */
export function cheapMarkdown(text: SourceText): string {
  const pieces: string[] = [];
  let previous: PlainLine | undefined;
  for (let line = 0; line < text.lineStarts.length; line += 1) {
    const end = endOfLine(text, line);
    const content = text.source.slice(startOfLine(text, line), end);
    const plain = plainLine(content);
    const ending = pieces.pop() ?? '';
    const joined = previous !== undefined && plain !== undefined && canJoin(previous, plain);
    pieces.push(joined ? ' '.repeat(ending.length) : ending, withoutInlineMarks(shallow(content)));
    pieces.push(text.source.slice(end, startOfLine(text, line + 1)));
    previous = plain;
  }
  return pieces.join('');
}

interface PlainLine {
  /** Its indentation and quote marks, or its list marker when it is a list item. */
  readonly lead: string;
  readonly closesHtml: boolean;
}

/** A line that is nothing but text, or an item with nothing but text; `undefined` for any other. */
function plainLine(content: string): PlainLine | undefined {
  const lead = /^[ \t]*(?:(?:>[ \t]*)+|(?:[-+*]|\d{1,9}[.)]) {1,4}(?=\S))?/.exec(content)?.[0] ?? '';
  const text = content.slice(lead.length);
  // A byte order mark hides how the first line begins.
  if (text.trim() === '' || BLOCK_START.test(text) || content.startsWith('\uFEFF')) return undefined;
  // Only a list that begins with 1 may interrupt a paragraph.
  return { lead: /(?<!\d)1[.)]/.test(lead) ? lead : lead.replace(/\d/g, '0'), closesHtml: text.includes('>') };
}

/**
 * Two lines of one block with the same indentation are one line for its structure, unless the first ends an HTML block; so
 * are two items of one list, since what follows them is indented alike.
 */
function canJoin(first: PlainLine, second: PlainLine): boolean {
  return first.lead === second.lead && !first.closesHtml;
}

const LEAD = /^(?:[ \t]|>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))*/;
/** Where marks decide what a block is: HTML, a heading's underline or a thematic break, a byte order mark. */
const MARKED = /^(?:<[!?/A-Za-z]|([-_*=])(?:\1|[ \t])*$|\uFEFF)/;
const FENCE = /^(?:`{3}|~{3})/;
/** All but what ends an HTML block wherever it stands: `]]>` and `</script>`. */
const INLINE_MARKS = /\](?!\]?>)|<(?!\/)|[[!*_\\&`]/g;

/** A link's definition, which is no paragraph: the dashes below it are no underline of a heading. */
const DEFINITION = /^\[[^\][\\]{1,99}\]:[ \t]*\S+[ \t]*$/;

/** The line with its inline marks made text, of the same length: each would be an event of the Markdown parser's. */
function withoutInlineMarks(content: string): string {
  const lead = LEAD.exec(content)?.[0].length ?? 0;
  const text = content.slice(lead);
  if (MARKED.test(text) || DEFINITION.test(text)) return content;
  return content.slice(0, lead) + text.replace(FENCE.test(text) ? /[\\&]/g : INLINE_MARKS, 'x');
}

/** The line with list and quote markers that are nested or indented too deeply made text, of the same length. */
function shallow(content: string): string {
  const indentation = /^[ \t]*/.exec(content)?.[0].length ?? 0;
  // Each blank is a step of the parser's: nothing but text begins so far to the right.
  if (indentation > MAX_INDENTATION + 8 && indentation < content.length) {
    return content.slice(0, MAX_INDENTATION + 8) + 'x'.repeat(content.length - MAX_INDENTATION - 8);
  }
  if (indentation > MAX_INDENTATION && (LEAD.exec(content)?.[0].length ?? 0) > indentation) {
    return `${content.slice(0, indentation)}x${content.slice(indentation + 1)}`;
  }
  const end = containersIn(content, MAX_CONTAINERS_IN_LINE);
  return end === 0 ? content : content.slice(0, end) + 'x'.repeat(content.length - end);
}

/** Where in the line its `count`-th list or quote marker ends; 0 when it has fewer. */
function containersIn(content: string, count: number): number {
  CONTAINER.lastIndex = 0;
  for (let found = 0; found < count; found += 1) if (!CONTAINER.test(content)) return 0;
  return CONTAINER.lastIndex;
}
