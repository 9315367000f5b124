import type { Attributes } from './attributes.ts';
import { type CodeBlock, expectedLines } from './expected-output.ts';
import { runLanguage } from './languages.ts';
import { leaveNested, levelsOf } from './prompt-levels.ts';
import { pointAt, spanOf } from './source-text.ts';
import { addStep, checkPlace, type StepContext, type StepDraft } from './step.ts';

/** Adds the step that a script or program is. A block without any text is none. */
export function readScript(block: CodeBlock, attributes: Attributes, context: StepContext): void {
  const { problems } = context;
  const [first, last] = [block.lines[0], block.lines.at(-1)];
  const command = block.lines.map((line) => line.text).join('\n');
  if (first === undefined || last === undefined || command.trim() === '') {
    problems.warn('empty-block', block.start, 'this block has nothing to run', 'Write a command in it, or remove it.');
    return;
  }
  const known = runLanguage(block.language) ?? 'shell';
  const language = known === 'transcript' ? 'shell' : known;
  if (language === 'shell' && block.lines.every((line) => /^\s*(?:#|$)/.test(line.text))) {
    const hint = 'Commands after the prompt "# " are run in a console block.';
    const rule = context.plain ? 'left-alone' : 'empty-block';
    problems.warn(rule, block.start, 'this block is not run: it has nothing but comments', hint);
    return;
  }
  const kind = language === 'shell' ? 'script' : 'program';
  checkPlace(attributes, context);
  const span = spanOf(problems.text, first.start, last.end);
  const text = { kind, language, name: attributes.name, span, command, prompt: undefined } as const;
  const step = addStep({ ...text, expected: undefined, exit: undefined }, attributes, context);
  if (language === 'shell' && context.plain) step.statusOnly = true;
  if (language === 'shell') step.leavesNested = leaveNested(levelsOf(attributes, context));
  context.blocks += 1;
}

/** Gives an output block to the step before it; its `match`, `stream` and `exit` win over the step's own. */
export function readOutputBlock(
  block: CodeBlock,
  attributes: Attributes,
  step: StepDraft | undefined,
  context: StepContext,
): void {
  const { problems } = context;
  if (step === undefined) {
    const hint = 'Put it after the block that prints it, or remove the word "output".';
    problems.error('output-without-step', block.start, 'this expected output follows no step', hint);
    return;
  }
  if (step.expected !== undefined) {
    const { line } = pointAt(problems.text, step.expected.span.start.offset);
    const hint = `Its first expected output is at line ${line}: keep one of the two.`;
    problems.error('second-output', block.start, 'the step before has expected output already', hint);
    return;
  }
  for (const [key, at] of attributes.at) {
    if (['output', 'match', 'stream', 'exit'].includes(key)) continue;
    const hint = 'Write it at the block that is run; output blocks take match, stream and exit.';
    problems.error('misplaced-attribute', at, `"${key}" says nothing about expected output`, hint);
  }
  step.expected = expectedLines(block, 0, block.lines.length, context);
  step.match = attributes.match ?? step.match;
  step.stream = attributes.stream ?? step.stream;
  step.exit = attributes.exit ?? step.exit;
}
