import type { Attributes } from './attributes.ts';
import type { CodeBlock } from './expected-output.ts';
import { isTyped, runLanguage } from './languages.ts';
import { readScript } from './script.ts';
import type { StepContext } from './step.ts';
import { readTranscript } from './transcript.ts';

/** Adds the steps of a block that is run. */
export function readRun(block: CodeBlock, attributes: Attributes, context: StepContext): void {
  const language = runLanguage(block.language);
  if (language === undefined) return;
  const prompt = language === 'shell' && context.plain ? otherPrompt(block) : undefined;
  if (prompt !== undefined) {
    readTranscript(block, { ...attributes, prompts: [prompt] }, context);
  } else if (language === 'transcript' || (language === 'shell' && isTyped(block.lines))) {
    readTranscript(block, attributes, context);
  } else if (context.plain && (language !== 'shell' || isOtherProgram(block))) {
    const what = language === 'shell' ? 'it is for another program than a shell' : 'it may be an example';
    const hint = 'To have it run, give it or another block of the document an attribute, such as {name=first}.';
    context.problems.warn('left-alone', block.start, `this ${language} block is not run: ${what}`, hint);
  } else {
    readScript(block, attributes, context);
  }
}

/** `> ` or `% `, where a README has it before its first command: no script begins so. */
function otherPrompt({ lines }: CodeBlock): string | undefined {
  return /^([>%]) +\S/.exec(lines.find(({ text }) => text.trim() !== '' && !text.startsWith('#'))?.text ?? '')?.[1];
}

/** The listing of a file that another program than a shell is to read. */
function isOtherProgram({ lines }: CodeBlock): boolean {
  return /^#!(?!.*\b(?:ba|da|k)?sh\b)/.test(lines[0]?.text ?? '');
}
