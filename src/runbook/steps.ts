import { type Attributes, interpret } from './attributes.ts';
import type { Block, Fence } from './document.ts';
import { closeExercise, type ExerciseReading, linesFrom, openExercise, readTaskBlock, taskAt } from './exercise.ts';
import { type ExpectWords, readExpectBlock } from './expect.ts';
import type { CodeBlock } from './expected-output.ts';
import { type HiddenComment, hiddenComments } from './hidden.ts';
import { type Attribute, readAttributes, readLanguage } from './info.ts';
import { runLanguage, saysOutputOrExpect } from './languages.ts';
import type { Problems } from './problems.ts';
import { readRun } from './run-block.ts';
import { readOutputBlock } from './script.ts';
import { spanOf } from './source-text.ts';
import type { StepContext, StepDraft } from './step.ts';
import type { Exercise, Step, TrainingBlock } from './types.ts';

/** Words of an info string that make a block of any language one of ours. */
const OWN_WORDS = ['output', 'expect'];

/** Attributes of blocks that belong to an exercise and are not run in their turn. `exercise` alone marks a step. */
const NOT_RUN = ['solution', 'check', 'hint', 'break'];

interface StepReading {
  readonly context: StepContext;
  readonly words: ExpectWords;
  readonly training: TrainingBlock[];
  /** `undefined` in a document without tasks. */
  readonly exercise: ExerciseReading | undefined;
  /** Attributes from a comment, for the block that comes next. */
  pending: { readonly attributes: Attribute[]; readonly start: number } | undefined;
  /** What mdx says of the block that comes next, as an attribute. */
  skippedByMdx: Attribute | undefined;
  /** The step that an output or expect block is about; `unrun` after a block that is kept but not run. */
  before: StepDraft | 'unrun' | undefined;
}

/** What else is known of a document: the words of expectations, and that all of it is a task. */
export interface StepVocabulary extends ExpectWords {
  readonly whole: boolean;
}

/** What a document's blocks come to. */
export interface ReadSteps {
  readonly steps: readonly Step[];
  readonly training: readonly TrainingBlock[];
  readonly exercise: Exercise | undefined;
}

/** Makes steps of a document's blocks, and tasks of an exercise. */
export function readSteps(blocks: readonly Block[], vocabulary: StepVocabulary, context: StepContext): ReadSteps {
  const { problems } = context;
  const exercise = openExercise(blocks, vocabulary, context);
  const reading: StepReading = {
    context,
    words: vocabulary,
    training: [],
    exercise,
    pending: undefined,
    skippedByMdx: undefined,
    before: undefined,
  };
  for (const block of blocks) {
    if (block.kind === 'fence') readFence(block, reading);
    if (block.kind !== 'html') continue;
    reading.skippedByMdx ??= mdxSkip(problems.text.source.slice(block.start, block.end), block.start);
    for (const comment of hiddenComments(block, problems)) readComment(comment, reading);
  }
  if (reading.pending !== undefined) {
    const hint = 'Put the comment right before the block that it is about, or give it a body.';
    problems.error('attributes-without-block', reading.pending.start, 'no block follows these attributes', hint);
  }
  for (const step of context.steps) refuseBackgroundOutput(step, context);
  const { steps } = context;
  return { steps, training: reading.training, exercise: exercise && closeExercise(exercise, blocks, problems) };
}

/** What runs on is judged by being ready and by not dying: nothing says where its output ends. */
function refuseBackgroundOutput(step: StepDraft, { problems }: StepContext): void {
  if (step.background === undefined || (step.expected === undefined && step.expectations.length === 0)) return;
  const hint = 'Wait for a line with ready=/…/, or write its output into a file and look at that in a later step.';
  const at = step.expected?.span.start.offset ?? step.expectations[0]?.span.start.offset ?? step.span.start.offset;
  problems.error('background-output', at, 'the output of a step in the background is not compared', hint);
}

function readFence(fence: Fence, reading: StepReading): void {
  const { problems } = reading.context;
  const { language, end } = readLanguage(fence.info);
  const { pending, skippedByMdx } = reading;
  [reading.pending, reading.skippedByMdx] = [undefined, undefined];
  const hasOwnWord = pending?.attributes.some(({ key }) => OWN_WORDS.includes(key));
  const isOurs = runLanguage(language) !== undefined || saysOutputOrExpect(language, fence.info);
  if (!isOurs && !hasOwnWord) {
    if (pending === undefined) return;
    const hint = 'The next block is one that netlab leaves alone: remove the comment, or change the language.';
    problems.error('attributes-without-block', pending.start, 'these attributes are for no block that is run', hint);
    return;
  }
  const first = OWN_WORDS.includes(language) ? 0 : end;
  // In a document that says nothing to netlab, what stands there is another tool's, whatever its form.
  const told = reading.context.plain ? asWarnings(problems) : problems;
  const written = readAttributes(fence.info.slice(first), fence.infoStart + first, false, told);
  const attributes = interpret([skippedByMdx ? [skippedByMdx] : [], pending?.attributes ?? [], written], told);
  const task = reading.exercise && taskAt(reading.exercise, fence.start);
  (task ?? reading.exercise)?.cuts.push(linesFrom(fence.start, fence.closing, problems));
  readBlock({ ...fence, language: first === 0 ? '' : language }, attributes, reading);
}

/** What mdx says before a block that it does not run: `<!-- $MDX skip -->`. */
function mdxSkip(html: string, offset: number): Attribute | undefined {
  const found = [...html.matchAll(/<!-- ?\$MDX ([^>\n]{1,200}?)-->/g)].find(([, labels = '']) => {
    return labels.split(/[\s,]+/).includes('skip');
  });
  if (found === undefined) return undefined;
  const start = offset + found.index;
  return { key: 'skip', value: 'mdx skips it', form: 'quoted', start, valueStart: start, strict: true };
}

/** Tells what is wrong with attributes as what is only worth knowing. */
function asWarnings(problems: Problems): Problems {
  const error: Problems['error'] = (_, ...found) => problems.warn('unknown-attribute', ...found);
  return { ...problems, error, warn: problems.warn };
}

function readComment(comment: HiddenComment, reading: StepReading): void {
  const { problems } = reading.context;
  const { language, end } = readLanguage(comment.head);
  const isBody = comment.lines.length > 0;
  const named = isBody && (runLanguage(language) !== undefined || ['yaml', 'yml', 'text'].includes(language));
  const from = named ? end : 0;
  const attributes = readAttributes(comment.head.slice(from), comment.headStart + from, true, problems);
  if (!isBody) {
    // A comment that says nothing (`<!-- netlab -->`) waits for no block.
    if (attributes.length === 0) return;
    reading.pending ??= { attributes: [], start: comment.start };
    reading.pending.attributes.push(...attributes);
    return;
  }
  const body = {
    language: named ? language : 'sh',
    start: comment.start,
    lines: comment.lines,
    closing: comment.closing,
  };
  const sample = comment.lines.find((line) => line.start < line.end);
  const prefix = sample === undefined ? '' : problems.text.source.slice(sample.lineStart, sample.start);
  readBlock({ ...body, prefix }, interpret([attributes], problems), reading);
}

/** Keeps what a block says about rules of `netlab check`. */
function keepLint(block: CodeBlock, attributes: Attributes, { problems, lint }: StepContext): void {
  for (const { rule, level, start } of attributes.lint) {
    const span = spanOf(problems.text, start, start + 'lint.'.length + rule.length);
    lint.push({ rule, level, span, block: spanOf(problems.text, block.start, block.closing) });
  }
}

/** Gives a block of ours to the reader of its kind. */
function readBlock(block: CodeBlock, attributes: Attributes, reading: StepReading): void {
  const { context, words, exercise } = reading;
  keepLint(block, attributes, context);
  const task = exercise && taskAt(exercise, block.start);
  if (exercise && task) {
    const before = reading.before === 'unrun' ? undefined : reading.before;
    reading.before = readTaskBlock(block, attributes, { task, words, before });
    return;
  }
  const isTraining = NOT_RUN.some((role) => Object.hasOwn(attributes.training, role));
  if (exercise && (isTraining || ((attributes.phase ?? 'main') === 'main' && runLanguage(block.language)))) {
    const hint = 'Move it below the heading of its task; {setup} and {teardown} may stand here, for all tasks.';
    context.problems.error('outside-task', block.start, 'this block of an exercise stands in none of its tasks', hint);
    return;
  }
  if (isTraining) {
    reading.training.push(trainingBlock(block, attributes, context));
    reading.before = 'unrun';
    return;
  }
  if (attributes.isOutput || attributes.isExpect) {
    // What is said of a block that is not run is kept with it: for the exercises.
    if (reading.before === 'unrun' && attributes.of === undefined) {
      reading.training.push(trainingBlock(block, attributes, context));
      return;
    }
    const before = reading.before === 'unrun' ? undefined : reading.before;
    const printed = before?.kind === 'state' ? undefined : before;
    if (attributes.isOutput) readOutputBlock(block, attributes, printed, context);
    else reading.before = readExpectBlock(block, attributes, before, words, context);
    return;
  }
  const count = context.steps.length;
  readRun(block, attributes, context);
  if (attributes.of !== undefined || context.steps.length > count) refuseOf(attributes, context);
  reading.before = context.steps.length > count ? context.steps.at(-1) : undefined;
}

function refuseOf(attributes: Attributes, { problems }: StepContext): void {
  const at = attributes.at.get('of');
  const hint = 'Only expect blocks take "of".';
  if (at !== undefined) problems.error('misplaced-attribute', at, '"of" says nothing about a block that is run', hint);
}

function trainingBlock(block: CodeBlock, { training }: Attributes, { problems }: StepContext): TrainingBlock {
  const [first, last] = [block.lines[0], block.lines.at(-1)];
  const span = spanOf(problems.text, first?.start ?? block.closing, last?.end ?? block.closing);
  return { roles: training, language: block.language, text: block.lines.map(({ text }) => text).join('\n'), span };
}
