import type { TextLine } from './document.ts';
import type { CodeBlock } from './expected-output.ts';
import { runLanguage } from './languages.ts';
import type { StepContext } from './step.ts';

/** Which lines of a transcript with `$ ` prompts are comments between its commands, not prompts or output. */
export interface Comments {
  /** The first line that is no comment, from `index` on. */
  first(index: number): number;
  /** Where the comments before the prompt at `index` begin; not before `from`, where the output of a command does. */
  before(index: number, from: number): number;
}

/**
 * In a block that is fenced as a script, lines with `#` right before a prompt are comments. In a document that says nothing to
 * netlab they are, too, where an empty line or the begin of the block precedes them. Else they are output, or prompts.
 */
export function commentsOf({ language, lines }: CodeBlock, { plain }: StepContext): Comments {
  const isScript = runLanguage(language) !== 'transcript';
  if (!isScript && !plain) return { first: (index) => index, before: (index) => index };
  return {
    first: (index) => {
      if (lines[index]?.text.startsWith('#') !== true) return index;
      const next = lines.findIndex((line, at) => at > index && !isBlankOrComment(line));
      return isPrompt(lines[next]) ? next : index;
    },
    before: (index, from) => {
      if (!isPrompt(lines[index])) return index;
      let start = index;
      while (start > from && isBlankOrComment(lines[start - 1])) start -= 1;
      return isScript || lines[start]?.text.trim() === '' ? start : index;
    },
  };
}

function isPrompt(line: TextLine | undefined): boolean {
  return /^\$(?: |$)/.test(line?.text ?? '');
}

function isBlankOrComment(line: TextLine | undefined): boolean {
  return line !== undefined && (line.text.trim() === '' || line.text.startsWith('#'));
}
