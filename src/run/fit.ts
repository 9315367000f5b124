import { findResource } from '../check/resources/index.ts';
import type { Captures } from '../check/types.ts';
import type { Plan, PlannedStep } from '../runbook/plan.ts';
import type { Expectation, Runbook, Step } from '../runbook/types.ts';
import type { Judged } from './run-step.ts';

/** A step that was run in a lab, and what came of it. */
export interface Done {
  /** As the document has it now. */
  readonly planned: PlannedStep;
  /** As it was when it was run. */
  readonly ran: PlannedStep;
  readonly judged: Judged;
  /** What was captured before it. */
  readonly before: Captures;
  /** Which run that was, in words. */
  readonly run: string;
}

/** A step that was run, or is being run: then it has not been judged. */
export interface Underway extends Pick<Done, 'planned'> {
  readonly judged: Judged | undefined;
}

/** Whether a plan can go on in a lab where steps were run: from which step on; or where it differs, and how. */
export type Fit = { readonly done: number } | { readonly line: number | undefined; readonly why: string };

/**
 * Compares what was run in a lab with what a plan would run there. A step that was run cannot be undone: the lab fits only
 * where each of them is, in its place, what the plan would run. What is expected of their output may differ, since that can
 * be judged again; what is expected of the lab's state only of steps after which nothing was run.
 */
export function fitOf(done: readonly Underway[], plan: Plan): Fit {
  const wanted = runnable(plan);
  for (const [index, { planned, judged }] of done.entries()) {
    const next = wanted[index];
    const line = next?.step.span.start.line;
    if (!next) return { line: undefined, why: `a step that was run is gone: ${planned.step.name}` };
    if (!isSameRun(planned, next)) return { line, why: 'it was changed after it had run' };
    if (!judged) continue;
    const { status, duration_ms: duration } = judged.result;
    // What only could not be judged can be judged again.
    const unjudged = judged.result.checks.some(({ errored }) => errored);
    if (status === 'timed_out' || (status === 'errored' && !unjudged)) return { line, why: `it ${words[status]}` };
    if (duration >= next.step.timeoutMs) return { line, why: 'it took longer than its limit is now' };
    const after = done.slice(index + 1).some((each) => each.planned.step.kind !== 'state');
    if (after && asksAnew({ planned, judged }, next.step)) {
      return { line, why: 'what it expects of the state could only be asked right after it' };
    }
  }
  return { done: done.length };
}

const words = { errored: 'errored', timed_out: 'timed out' } as const;

/** The steps of a plan that are run before teardown, in order. */
export function runnable(plan: Plan): readonly PlannedStep[] {
  return plan.steps.filter(({ step, skipReason }) => step.phase !== 'teardown' && skipReason === undefined);
}

/** Whether running the one would do just what running the other has done. */
function isSameRun(a: PlannedStep, b: PlannedStep): boolean {
  return JSON.stringify(runPart(a)) === JSON.stringify(runPart(b));
}

function runPart({ step, node, session, sessionKind }: PlannedStep): unknown {
  const { kind, language, command, phase, stream, stdin, cwd, env, interrupt, background, statusOnly, tty } = step;
  const { eventuallyMs, timeoutMs, depth, nextDepth, leavesNested } = step;
  const place = { node, session, sessionKind, phase, depth, nextDepth, leavesNested };
  const what = { kind, language, command, stream, stdin, cwd, env, interrupt, background, statusOnly, tty };
  // Where the document goes on in the same shell, the prompt after it is only waited for.
  const prompts = sessionKind === 'terminal' && [step.prompt, nextDepth === depth ? undefined : step.nextPrompt];
  // How often it was run hung on what was expected of it; how long a daemon may take to be ready, on its limit.
  const patience = eventuallyMs !== undefined && [eventuallyMs, judgedBy(step)];
  return { place, what, prompts, patience, limit: background && timeoutMs };
}

/** All of a document that a whole run of it hangs on, but for files: as one text to compare. */
export function wholeOf(runbook: Runbook, { steps }: Plan): string {
  const all = steps.map((planned) => [
    runPart(planned),
    judgedBy(planned.step),
    planned.step.continue,
    planned.skipReason,
  ]);
  return JSON.stringify([stageOf(runbook), all]);
}

/** All by which a step's output and status are judged. */
export function judgedBy({ expected, exit, match, expectations, skipsAt80, asCame }: Step): unknown {
  return [expected?.lines, exit, match, expectations.map(plain), skipsAt80, asCame];
}

/**
 * Whether the lab must be asked for its state again to judge a step that was run: what is expected of it is another thing now,
 * or may hang, by what it captures and is given, on what the step printed.
 */
export function asksAnew({ planned, judged }: Pick<Done, 'planned' | 'judged'>, now: Step): boolean {
  const state = stateOf(now);
  if (stateOf(planned.step) !== state) return true;
  const isSame = JSON.stringify(judgedBy(planned.step)) === JSON.stringify(judgedBy(now));
  return state.includes('{{') && (judged.result.status !== 'passed' || !isSame);
}

/** All that a step expects of the lab's state, as one text to compare. */
function stateOf(step: Step): string {
  return JSON.stringify(step.expectations.filter(isOfState).map(plain));
}

export function isOfState({ key }: Expectation): boolean {
  return findResource(key) !== undefined;
}

function plain({ key, value, node, eventuallyMs }: Expectation): unknown {
  return [key, value, node, eventuallyMs];
}

/** All of a document that its lab is made of, and that every step sees, as one text to compare. */
export function stageOf({ lab, env, note }: Runbook): string {
  const bare = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'span' in value ? { ...value, span: undefined } : value;
  return JSON.stringify({ lab, env, plain: note !== undefined }, bare);
}
