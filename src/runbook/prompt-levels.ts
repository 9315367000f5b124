import type { Attributes } from './attributes.ts';
import { type KeyOf, lastStep } from './last-step.ts';
import type { Prompt } from './prompt.ts';
import { DEFAULT_SESSION, type StepContext, type StepDraft } from './step.ts';

/** One shell that a session is in, known by its prompt. */
export interface PromptLevel {
  readonly shape: string;
  readonly kind: Prompt['kind'];
}

/** How a prompt line stands to the shells that its session is in. */
export type Arrival = 'same' | 'nested' | 'returned';

/** The shells of a block's session, outermost first. */
export function levelsOf(attributes: Attributes, context: StepContext): PromptLevel[] {
  const key = sessionKey(attributes, context);
  const levels = context.levels.get(key) ?? [];
  context.levels.set(key, levels);
  return levels;
}

/** Moves to the shell whose prompt a line in the middle of a block shows. */
export function arrive(prompt: Prompt, levels: PromptLevel[]): Arrival {
  const depth = levels.findLastIndex((level) => level.shape === prompt.shape);
  if (depth === -1) {
    levels.push(prompt);
    return 'nested';
  }
  if (depth === levels.length - 1) return 'same';
  levels.length = depth + 1;
  return 'returned';
}

/**
 * Moves to the shell whose prompt begins a block. `last` is the session's last command: when the block begins with the
 * prompt of a container's shell (`/ # `, `sh-5.2$ `, a named one), that command opened it, and what came between is prose.
 * True when the block begins outside the nested shell that the session was left in.
 */
export function beginBlock(prompt: Prompt, levels: PromptLevel[], last: StepDraft | undefined): boolean {
  const wasNested = levels.length > 1;
  const isKnown = levels.some((level) => level.shape === prompt.shape);
  if (isKnown) return arrive(prompt, levels) === 'returned';
  const isOfShell = prompt.kind === 'shell' || prompt.kind === 'named';
  if (isOfShell && levels.length > 0 && last?.kind === 'command' && last.nextPrompt === undefined) {
    last.nextPrompt = prompt.text;
    levels.push(prompt);
    last.nextDepth = levels.length - 1;
    return false;
  }
  // Another way to write the outer prompt: `$ ` in one block, `user@host:~$ ` in the next.
  levels.splice(0, levels.length, prompt);
  return wasNested;
}

/** Goes back to the outermost shell, for a step without a prompt. True when the session was in a nested one. */
export function leaveNested(levels: PromptLevel[]): boolean {
  const wasNested = levels.length > 1;
  levels.length = Math.min(levels.length, 1);
  return wasNested;
}

/** The session's last step so far, in the block's own phase. */
export function lastInSession(attributes: Attributes, context: StepContext): StepDraft | undefined {
  return lastStep(context, typedIn, sessionKey(attributes, context));
}

const typedIn: KeyOf = (step, context) =>
  step.language === 'shell' && step.kind !== 'state' ? sessionKey(step, context) : undefined;

/** What tells sessions apart; setup and teardown have their own, since they run apart. */
function sessionKey(
  of: Partial<Record<'phase' | 'node' | 'session', string | undefined>>,
  { defaultNode }: StepContext,
): string {
  return [of.phase ?? 'main', of.node ?? defaultNode ?? '', of.session ?? DEFAULT_SESSION].join('\0');
}
