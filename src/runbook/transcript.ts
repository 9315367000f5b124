import type { Attributes } from './attributes.ts';
import { commandLines } from './command-lines.ts';
import type { TextLine } from './document.ts';
import { type CodeBlock, commandOutput } from './expected-output.ts';
import { type Prompt, promptOf } from './prompt.ts';
import { arrive, beginBlock, lastInSession, levelsOf, type PromptLevel } from './prompt-levels.ts';
import { spanOf } from './source-text.ts';
import { addStep, blockStepName, checkPlace, type StepContext, type StepDraft } from './step.ts';
import { type Comments, commentsOf } from './transcript-comments.ts';

/** Commands that end the shell they are typed into; only after one is `# ` or `$ ` in a nested shell not its output. */
const ENDS_SHELL = /^(?:exit|logout|quit|exec|poweroff|halt|reboot|shutdown|kill)\b/;

/** Attributes that say something of a single command. */
const FOR_ONE_COMMAND = ['background', 'ready', 'exit', 'stdin'];

/** Adds a step for each command of a transcript. Attributes hold for all of them, a name for the first. */
export function readTranscript(block: CodeBlock, attributes: Attributes, context: StepContext): void {
  const { problems } = context;
  const comments = commentsOf(block, context);
  const first = comments.first(block.lines.findIndex((line) => line.text.trim() !== ''));
  const opening = block.lines[first];
  if (opening === undefined) return;
  const prompt = promptOf(opening.text, attributes.prompts);
  if (prompt === undefined) {
    const message = 'a transcript begins with a prompt and a command';
    const hint =
      'Begin with "$ " or "# " and what is typed, name the prompt with {prompt="…"}, or make it a text block.';
    // A README may call its output `console`, or its commands: nobody can tell which.
    if (context.plain) problems.warn('left-alone', opening.start, `this block is not run: ${message}`, hint);
    else problems.error('no-prompt', opening.start, message, hint);
    return;
  }
  checkPlace(attributes, context);
  const levels = levelsOf(attributes, context);
  const leavesNested = beginBlock(prompt, levels, lastInSession(attributes, context));
  const before = context.steps.length;
  const steps = readCommands({ block, attributes, context, levels, comments }, { index: first, prompt }, leavesNested);
  if (steps > 0) context.blocks += 1;
  if (context.plain) checkStatusOnly(context.steps.slice(before));
  if (block.language === 'scrut') for (const step of context.steps.slice(before)) step.skipsAt80 = 'command';
  if (steps < 2) return;
  for (const key of FOR_ONE_COMMAND) {
    const at = attributes.at.get(key);
    const own = 'Put the command in a block of its own.';
    const hint = key === 'exit' ? 'Write [1] after the output of the command that fails.' : own;
    if (at !== undefined) problems.error('for-one-command', at, `"${key}" is for a block with one command`, hint);
  }
}

/** How many shells deep a transcript may go: a different prompt in each line is no transcript. */
const MAX_LEVELS = 32;

interface Reading {
  readonly block: CodeBlock;
  readonly attributes: Attributes;
  readonly context: StepContext;
  readonly levels: PromptLevel[];
  readonly comments: Comments;
}

interface PromptLine {
  readonly index: number;
  readonly prompt: Prompt;
}

/** Reads a block from its first prompt on; returns the number of commands. */
function readCommands(reading: Reading, first: PromptLine, beginsOutside: boolean): number {
  const { block, attributes, context, levels, comments } = reading;
  let previous: StepDraft | undefined;
  let leavesNested = beginsOutside;
  let count = 0;
  for (let at: PromptLine | undefined = first; at !== undefined; ) {
    const { index, prompt }: PromptLine = at;
    const line = block.lines[index] as TextLine;
    const arrival = arrive(prompt, levels);
    if (levels.length > MAX_LEVELS) {
      const message = `more than ${MAX_LEVELS} shells are nested here: each line has another prompt`;
      const hint = 'Write the same prompt for commands of the same shell, or make it a text block.';
      context.problems.error('nested-too-deeply', line.start, message, hint);
      return count;
    }
    // The prompt of the nested shell was shown again and nothing typed at it (Ctrl-D): the engine ends that shell.
    if (arrival === 'returned' && previous?.nextPrompt !== undefined) leavesNested = true;
    if (previous !== undefined) {
      previous.nextPrompt ??= prompt.text;
      if (!leavesNested) previous.nextDepth = levels.length - 1;
    }
    const typed = line.text.slice(prompt.length);
    const isBare = typed.trim() === '';
    const { command, next } = isBare
      ? { command: '', next: index + 1 }
      : commandLines(typed, block.lines, index + 1, attributes.prompts.includes('>'));
    at = nextPromptLine(reading, next, isBare || ENDS_SHELL.test(typed.trim()));
    const end = at ? comments.before(at.index, next) : block.lines.length;
    if (isBare) {
      refuseOutput(block.lines.slice(next, end), context);
      continue;
    }
    const span = spanOf(context.problems.text, line.end - typed.length, (block.lines[next - 1] ?? line).end);
    const name = blockStepName(attributes.name, count);
    const output = commandOutput(block, next, end, context);
    const text = { kind: 'command', language: 'shell', name, span, command, prompt: prompt.text, ...output } as const;
    previous = addStep(text, attributes, context);
    previous.leavesNested = leavesNested;
    previous.depth = levels.length - 1;
    previous.nextDepth = previous.depth;
    leavesNested = false;
    count += 1;
  }
  return count;
}

/** The next line from `from` on that begins with a prompt where one may stand. */
function nextPromptLine(reading: Reading, from: number, mayReturn: boolean): PromptLine | undefined {
  const { block, attributes, levels } = reading;
  for (let index = from; index < block.lines.length; index += 1) {
    const prompt = promptOf(block.lines[index]?.text ?? '', attributes.prompts);
    if (prompt !== undefined && mayStand(prompt, levels, mayReturn)) return { index, prompt };
  }
  return undefined;
}

/**
 * Whether a line that begins like a prompt is one. `# ` and `$ ` also begin comments (Docker's resolv.conf has some), so
 * that they count at the session's own level only, or when its nested shell may have ended.
 */
function mayStand(prompt: Prompt, levels: readonly PromptLevel[], mayReturn: boolean): boolean {
  if (prompt.kind !== 'bare') return true;
  const depth = levels.findLastIndex((level) => level.shape === prompt.shape);
  return depth !== -1 && (mayReturn || depth === levels.length - 1);
}

/** Where a plain document shows no output in a block, it says nothing of what is printed: only the statuses count. */
function checkStatusOnly(steps: readonly StepDraft[]): void {
  if (steps.some(({ expected }) => expected !== undefined)) return;
  for (const step of steps) step.statusOnly = true;
}

function refuseOutput(lines: readonly TextLine[], { problems }: StepContext): void {
  const stray = lines.find((line) => line.text.trim() !== '');
  if (stray === undefined) return;
  const hint = 'Write the command after the prompt, or remove the line.';
  problems.error('output-without-command', stray.start, 'this output follows a prompt without a command', hint);
}
