import type { Block } from './document.ts';
import { type Enclosed, enclosed, replaceEnclosed } from './enclosed.ts';
import type { Problems } from './problems.ts';

/** A `<details>` element of a document that is not inside another. Offsets in the source. */
export interface Details {
  readonly start: number;
  readonly end: number;
  /** The words of its summary. */
  readonly summary: string;
  /** What it hides, in Markdown. */
  readonly text: string;
}

const TAG = /<(\/?)details\b[^<>]*>/gi;

/** The HTML comments of a text. */
export function commentsIn(text: string): readonly Enclosed[] {
  return enclosed(text, /<!--/g, /-->/g);
}

/** The summaries of a text. */
function summariesIn(text: string): readonly Enclosed[] {
  return enclosed(text, /<summary\b[^<>]*>/gi, /<\/summary>/gi);
}

/** A text without the tags that fold a part of it, and without their summaries. */
export function withoutFolding(text: string): string {
  return replaceEnclosed(text, summariesIn(text), () => '').replace(TAG, '');
}

/** Finds the folded parts of a document, in order. One that is never closed is reported. */
export function findDetails(blocks: readonly Block[], problems: Problems): Details[] {
  const { source } = problems.text;
  const found: Details[] = [];
  const open: number[] = [];
  for (const block of blocks) {
    if (block.kind !== 'html') continue;
    const whole = source.slice(block.start, block.end);
    const html = replaceEnclosed(whole, commentsIn(whole), (length) => ' '.repeat(length));
    for (const tag of html.matchAll(TAG)) {
      const at = block.start + tag.index;
      if (tag[1] === '') {
        open.push(at);
        continue;
      }
      const start = open.pop();
      if (start !== undefined && open.length === 0) found.push(toDetails(source, start, at, at + tag[0].length));
    }
  }
  for (const start of open) {
    problems.error('unclosed-details', start, 'this <details> is never closed', 'Close it with </details>.');
  }
  return found;
}

function toDetails(source: string, start: number, closing: number, end: number): Details {
  const inside = source.slice(source.indexOf('>', start) + 1, closing);
  const summaries = summariesIn(inside).slice(0, 1);
  const summary = (summaries[0]?.inside ?? '').replace(/<[^<>]*>/g, '').trim();
  return { start, end, summary, text: replaceEnclosed(inside, summaries, () => '').trim() };
}
