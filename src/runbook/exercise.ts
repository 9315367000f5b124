import type { Attributes } from './attributes.ts';
import { commentsIn, type Details, findDetails, withoutFolding } from './details.ts';
import type { Block } from './document.ts';
import { replaceEnclosed } from './enclosed.ts';
import { type ExpectWords, readExpectations, readExpectBlock } from './expect.ts';
import type { CodeBlock } from './expected-output.ts';
import type { Problems } from './problems.ts';
import { readRun } from './run-block.ts';
import { readOutputBlock } from './script.ts';
import { lineOf, spanOf, startOfLine } from './source-text.ts';
import { addStep, type StepContext, type StepDraft } from './step.ts';
import { findTasks, type TaskPlace } from './tasks.ts';
import type { Exercise, Hint, Task } from './types.ts';

/** The parts of a task that are run, each apart from the others. */
const PARTS = ['setup', 'break', 'solution', 'check'] as const;

type Part = (typeof PARTS)[number];

/** A task that its blocks still add to. */
export interface TaskReading extends Record<Part, StepContext> {
  readonly place: TaskPlace;
  readonly hints: Hint[];
  /** Parts of the source that are not the brief. */
  readonly cuts: { readonly start: number; readonly end: number }[];
  readonly descriptions: Map<StepDraft, string>;
}

/** An exercise that is being read. */
export interface ExerciseReading {
  readonly tasks: readonly TaskReading[];
  readonly details: readonly Details[];
  /** Parts of the source above the first task that are not the introduction. */
  readonly cuts: { readonly start: number; readonly end: number }[];
}

/** Finds a document's tasks; `undefined` when it has none. */
export function openExercise(
  blocks: readonly Block[],
  { whole }: { readonly whole: boolean },
  context: StepContext,
): ExerciseReading | undefined {
  const places = findTasks(blocks, whole, context.problems);
  if (places.length === 0) return undefined;
  const part = (): StepContext => ({ ...context, steps: [], levels: new Map(), blocks: 0 });
  const tasks = places.map((place): TaskReading => {
    const parts = { setup: part(), break: part(), solution: part(), check: part() };
    return { place, ...parts, hints: [], cuts: [], descriptions: new Map() };
  });
  return { tasks, details: findDetails(blocks, context.problems), cuts: [] };
}

/** The task in which an offset stands. */
export function taskAt(exercise: ExerciseReading, offset: number): TaskReading | undefined {
  return exercise.tasks.find(({ place }) => place.heading.start <= offset && offset < place.end);
}

/**
 * Reads a block of a task; `before` is the step that an output or expect block is about, and the result that of the next
 * one.
 */
export function readTaskBlock(
  block: CodeBlock,
  attributes: Attributes,
  { task, words, before }: BlockReading,
): StepDraft | undefined {
  const { problems } = task.check;
  const roles = rolesOf(attributes);
  const [role, second] = roles;
  if (second !== undefined) {
    const hint = 'Give each of them a block of its own.';
    problems.error(
      'two-roles',
      attributes.at.get(second) ?? block.start,
      `a block is either ${role} or ${second}`,
      hint,
    );
    return undefined;
  }
  if (role === 'hint') {
    const text = block.lines
      .map((line) => line.text)
      .join('\n')
      .trim();
    task.hints.push({ text, span: spanOf(problems.text, block.start, block.closing) });
    return undefined;
  }
  if (role === undefined) return readFollowing(block, attributes, { task, words, before });
  const context = task[role];
  const count = context.steps.length;
  readRun(block, attributes, context);
  const added = context.steps.slice(count);
  const [first] = added;
  if (role === 'check' && first !== undefined) {
    const description = attributes.description ?? (attributes.training['check'] || undefined);
    if (description !== undefined) task.descriptions.set(first, description);
  } else refuseDescription(attributes, problems);
  return added.at(-1);
}

interface BlockReading {
  readonly task: TaskReading;
  readonly words: ExpectWords;
  readonly before: StepDraft | undefined;
}

/** What a block says that it is; `solution`, `check`, `hint`, `break` and `setup` exclude each other. */
function rolesOf({ training, phase }: Attributes): (Part | 'hint')[] {
  const named = (['solution', 'check', 'hint', 'break'] as const).filter((role) => Object.hasOwn(training, role));
  return phase === 'setup' ? ['setup', ...named] : named;
}

/** A block without a role: output of the step before, or expectations of it or of the lab. */
function readFollowing(
  block: CodeBlock,
  attributes: Attributes,
  { task, words, before }: BlockReading,
): StepDraft | undefined {
  const context = task.check;
  const { problems } = context;
  if (attributes.isOutput) {
    readOutputBlock(block, attributes, before, context);
    return before;
  }
  if (attributes.isExpect) {
    if (isAboutState(block, words.stateKeys ?? [])) {
      readCriteria(block, attributes, task, words);
      return undefined;
    }
    refuseDescription(attributes, problems);
    readExpectBlock(block, attributes, before, words, context);
    return before;
  }
  const what = attributes.phase === 'teardown' ? 'a teardown step' : 'this block';
  const hint = 'Say what it is: {setup}, {break}, {check} or {solution}; a block that is only to be read is `text`.';
  problems.error('block-without-role', block.start, `${what} has no part in the task "${task.place.title}"`, hint);
  return undefined;
}

/** Whether an expect block asks for nothing that a step prints: then it is a criterion by itself. */
function isAboutState(block: CodeBlock, stateKeys: readonly string[]): boolean {
  const keys = block.lines.flatMap(({ text }) => /^(?:["']?)([\w-]+)(?:["']?)\s*:/.exec(text)?.[1] ?? []);
  return keys.some((key) => stateKeys.includes(key));
}

/** A criterion for the block if it is described, else one for each of its keys. */
function readCriteria(block: CodeBlock, attributes: Attributes, task: TaskReading, words: ExpectWords): void {
  const context = task.check;
  const keys = [...words.expectationKeys, 'description'];
  const all = readExpectations(block, attributes, { ...words, expectationKeys: keys }, context);
  const named = all.find(({ key }) => key === 'description');
  const expectations = all.filter((each) => each !== named);
  const description = attributes.description ?? (named && String(named.value));
  const groups = description === undefined ? expectations.map((each) => [each]) : [expectations];
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const name = description ?? `${first.key}: ${shortly(first.value)}`;
    const text = { kind: 'state', language: 'shell', command: '', prompt: undefined } as const;
    const step = addStep(
      { ...text, name, span: first.span, expected: undefined, exit: undefined },
      attributes,
      context,
    );
    step.expectations = group;
    // Each expectation has it for itself.
    step.eventuallyMs = undefined;
    task.descriptions.set(step, description ?? `${first.key}: ${shortly(first.value)}`);
  }
}

function shortly(value: unknown): string {
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(value)
          .replace(/["{}[\]]/g, '')
          .replace(/([:,])/g, '$1 ');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function refuseDescription({ at, description }: Attributes, problems: Problems): void {
  if (description === undefined) return;
  const hint = 'Put it at the {check} block or at the expectation that it describes.';
  problems.error('misplaced-attribute', at.get('description') ?? 0, '"description" is for what is checked', hint);
}

/** The exercise, once all blocks are read. What is promised and missing is reported. */
export function closeExercise(
  { tasks, details, cuts }: ExerciseReading,
  blocks: readonly Block[],
  problems: Problems,
): Exercise {
  const { text } = problems;
  const [first] = tasks;
  const title = blocks.find((block) => block.kind === 'heading');
  const introStart = title?.kind === 'heading' && title !== first?.place.heading ? title.end : 0;
  const intro = introStart === 0 ? '' : proseOf(text.source, introStart, first?.place.heading.start ?? 0, cuts);
  return { intro, tasks: tasks.map((task) => closeTask(task, details, problems)) };
}

function closeTask(task: TaskReading, details: readonly Details[], problems: Problems): Task {
  const { place, cuts } = task;
  const { text } = problems;
  const { heading } = place;
  for (const folded of details.filter(({ start }) => start >= heading.start && start < place.end)) {
    task.cuts.push(folded);
    readFolded(folded, task, problems);
  }
  if (task.check.steps.length === 0) {
    const hint = 'Add a "yaml expect" block or an "sh {check}" block that holds once it is done.';
    problems.error('no-criteria', heading.start, `nothing says when the task "${place.title}" is done`, hint);
  }
  if (task.solution.steps.length === 0) {
    const hint = 'Add an "sh {solution}" block inside <details>: it shows that the task can be done.';
    problems.error('no-solution', heading.start, `the task "${place.title}" has no solution`, hint);
  }
  return {
    name: place.name,
    title: place.title,
    span: spanOf(text, heading.start, heading.end),
    source: text.source.slice(heading.start, place.end),
    brief: proseOf(text.source, heading.end, place.end, cuts),
    requires: place.requires.map(({ name }) => name),
    hints: task.hints.toSorted((a, b) => a.span.start.offset - b.span.start.offset),
    setup: task.setup.steps,
    break: task.break.steps,
    solution: task.solution.steps,
    why: whyOf(task, details, problems),
    criteria: task.check.steps.map((step) => ({ description: task.descriptions.get(step) ?? step.name, step })),
  };
}

/** The prose beside a solution, where it is folded. */
function whyOf({ solution, cuts, place }: TaskReading, details: readonly Details[], { text }: Problems): string {
  const holds = ({ start, end }: Details): boolean =>
    start >= place.heading.start &&
    end <= place.end &&
    solution.steps.some(({ span }) => span.start.offset > start && span.start.offset < end);
  return details
    .filter(holds)
    .map(({ start, end }) => {
      const inside = cuts.filter((cut) => cut.start > start && cut.end < end);
      return withoutFolding(proseOf(text.source, start, end, inside)).trim();
    })
    .filter((prose) => prose !== '')
    .join('\n\n');
}

/** A folded part with a solution in it is that solution; any other is a hint. */
function readFolded({ start, end, summary, text }: Details, task: TaskReading, problems: Problems): void {
  const holds = ({ span }: StepDraft): boolean => span.start.offset > start && span.start.offset < end;
  if (task.solution.steps.some(holds)) return;
  const named = summary.slice(0, 60);
  if (/^(?:solution|answer|参考答案|答案|解答|解法)/iu.test(summary)) {
    const hint = 'Mark its block: "sh {solution}" or "console {solution}".';
    problems.error('missing-solution', start, `"${named}" is promised, and no block in it is a solution`, hint);
  } else if (text === '') {
    const hint = 'Write the hint between </summary> and </details>, or remove it.';
    problems.error('missing-hint', start, `"${named || 'a hint'}" is promised, and there is nothing in it`, hint);
  } else task.hints.push({ text, span: spanOf(problems.text, start, end) });
}

/** The source from `start` to `end` without what was cut, comments, and links that stand alone, as those to editions do. */
function proseOf(source: string, start: number, end: number, cuts: TaskReading['cuts']): string {
  let prose = '';
  let at = start;
  for (const cut of cuts.toSorted((a, b) => a.start - b.start)) {
    if (cut.end <= at || cut.start >= end) continue;
    prose += source.slice(at, Math.max(at, cut.start));
    at = cut.end;
  }
  prose += source.slice(Math.min(at, end), end);
  return replaceEnclosed(prose, commentsIn(prose), () => '')
    .replace(/^\[[^[\]]*\]\([^()\s]*\)[ \t]*$/gm, '')
    .replace(/(?<![ \t])(?:[ \t]*\r?\n){3,}/g, '\n\n')
    .trim();
}

/** Whole lines of the source, from the one that holds `start` to the one that holds `end`. */
export function linesFrom(start: number, end: number, { text }: Problems): TaskReading['cuts'][number] {
  return { start: startOfLine(text, lineOf(text, start)), end: startOfLine(text, lineOf(text, end) + 1) };
}
