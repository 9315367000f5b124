import type { Diagnostic } from '../errors.ts';
import { isOwn } from './attributes.ts';
import type { Block, Fence } from './document.ts';
import { readAttributes, readLanguage } from './info.ts';
import { runLanguage, saysOutputOrExpect } from './languages.ts';
import { isChecked } from './plan.ts';
import { collectProblems, type Problems } from './problems.ts';
import type { Step } from './types.ts';

/** A pattern of expected output that no terminal prints. */
const PATTERN = /\[\.\.\]|\{\{\s*[a-z_]\w*\s*(?::\s*[a-z\d]+\s*)?\}\}/i;

/**
 * Whether a document says nothing to netlab, as a README does that was never written for it: no attribute, hidden comment,
 * output block, expectation, exercise or pattern. `ownFrontMatter`: its front matter has keys of netlab's alone.
 */
export function isPlain(blocks: readonly Block[], ownFrontMatter: boolean, problems: Problems): boolean {
  // What is wrong with an attribute is told where it is read for good.
  const scratch = collectProblems('', problems.text);
  return !ownFrontMatter && !blocks.some((block) => speaks(block, scratch));
}

function speaks(block: Block, scratch: Problems): boolean {
  switch (block.kind) {
    case 'fence':
      return fenceSpeaks(block, scratch);
    case 'html':
      return block.lines.some(({ text }) => /<!--[ \t]*netlab(?=[\s{]|-->|$)/.test(text));
    case 'heading':
      return block.exercise !== undefined;
    default:
      return false;
  }
}

function fenceSpeaks(fence: Fence, scratch: Problems): boolean {
  const { language, end } = readLanguage(fence.info);
  if (saysOutputOrExpect(language, fence.info)) return true;
  if (runLanguage(language) === undefined) return false;
  const attributes = readAttributes(fence.info.slice(end), 0, false, scratch);
  return attributes.some(isOwn) || fence.lines.some(({ text }) => PATTERN.test(text));
}

/** What a verdict on a plain document does not rest on, in a phrase; `undefined` when there is nothing to add. */
export function noteOnPlain(steps: readonly Step[], warnings: readonly Diagnostic[]): string | undefined {
  const unchecked = steps.filter((step) => !isChecked(step)).length;
  const leftAlone = warnings.filter(({ rule }) => rule === 'left-alone').length;
  const parts = [
    ...(unchecked > 0 ? [`of ${unchecked} of ${steps.length} steps only the status is checked`] : []),
    ...(leftAlone > 0 ? [`${leftAlone} ${leftAlone === 1 ? 'block is' : 'blocks are'} left alone`] : []),
  ];
  return parts.length === 0 ? undefined : `not written for netlab: ${parts.join(', ')}`;
}
