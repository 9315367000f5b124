import { setTimeout as sleep } from 'node:timers/promises';
import { type AwaitedLine, awaitedLine } from '../check/awaited-line.ts';
import { evaluate } from '../check/evaluate.ts';
import { checkState } from '../check/state.ts';
import type { Captures, Check, Prober } from '../check/types.ts';
import { SessionError } from '../errors.ts';
import type { StepResult } from '../events.ts';
import type { PlannedStep } from '../runbook/plan.ts';
import type { Output, Session, SessionInput } from '../shell/types.ts';
import { trace, tracing } from '../trace.ts';
import { judgement, stopped, verdict } from './judge.ts';
import { explain, nothing, printed, stepResult, type Verdict } from './step-result.ts';

/** What a step came to, and the captures that the steps after it see. */
export interface Judged {
  readonly result: StepResult;
  readonly captures: Captures;
  /** `undefined`: the step has none, or the engine could not get it. */
  readonly output: Output | undefined;
}

/** What the runner knows when it comes to a step. */
export interface StepContext {
  readonly captures: Captures;
  readonly signal: AbortSignal;
  /** Asks the step's node, or another one, about its state. */
  readonly probe: Prober;
  /** Keeps what the step leaves behind prints later. */
  readonly onLate?: ((chunk: Buffer) => void) | undefined;
}

/** How long to wait before a step that is to hold `eventually` is run again. */
const retryMs = 100;

/** Runs one step, again and again while it may still come true, and judges what it printed. Never rejects. */
export async function runStep(planned: PlannedStep, session: Session, context: StepContext): Promise<Judged> {
  const started = performance.now();
  const deadline = started + (planned.step.eventuallyMs ?? 0);
  for (let tries = 1; ; tries += 1) {
    const judged = await attempt(planned, session, context);
    const { status } = judged.result;
    const over = performance.now() + retryMs > deadline || context.signal.aborted;
    const settled = status === 'passed' || status === 'skipped' || over;
    if (settled) return tries === 1 ? judged : tellTries(judged, tries, performance.now() - started);
    if (tracing.hasSubscribers) {
      trace('run', `line ${judged.result.line} ${judged.result.status} at try ${tries}: again in ${retryMs} ms`);
    }
    await sleep(retryMs);
  }
}

/** A reader of the verdict must know that the step was run more than once. */
function tellTries(judged: Judged, tries: number, elapsed: number): Judged {
  const { result } = judged;
  const told = `run ${tries} times in ${(elapsed / 1000).toFixed(1)} s`;
  // What an errored step says is told as its error.
  const reason = result.reason === null ? told : `${result.reason} (${told})`;
  return { ...judged, result: { ...result, reason } };
}

async function attempt(planned: PlannedStep, session: Session, context: StepContext): Promise<Judged> {
  const { interrupt } = planned.step;
  const awaited = interrupt && 'pattern' in interrupt ? awaitedLine(interrupt.pattern) : undefined;
  const input = inputFor(planned, context);
  const coming = session.run(awaited ? { ...input, interrupt: { at: awaited.isAmong } } : input, context.signal);
  return settle(planned, coming, context, awaited);
}

/**
 * Judges a step by its output when that comes, for at most the step's own limit. No output at all is that of a background
 * step which has said that it is ready. `awaited`: the line for which it was watched.
 */
export async function settle(
  planned: PlannedStep,
  coming: Promise<Output | undefined>,
  context: StepContext,
  awaited?: AwaitedLine,
): Promise<Judged> {
  const started = performance.now();
  const sinceStart = (): number => Math.round((performance.now() - started) * 10) / 10;
  let output: Output | undefined;
  try {
    output = await coming;
    if (awaited?.problem !== undefined) throw new SessionError(awaited.problem);
    if (!output) {
      const running = { ...nothing, duration_ms: sinceStart() };
      const ready: Verdict = { status: 'passed', reason: 'runs in the background' };
      return { result: stepResult(planned, ready, running, readiness(planned)), captures: context.captures, output };
    }
    // A step that was cut off has nothing to be judged by.
    const whole = output.ending !== 'timed-out' && output.ending !== 'aborted';
    const { checks, captures } = whole
      ? await evaluate(planned.step, output, context.captures, context)
      : { checks: [], captures: context.captures };
    const judged = verdict(planned.step, output, checks, context.signal);
    // What is skipped was not looked at.
    const result = stepResult(planned, judged, printed(output, planned), judged.status === 'skipped' ? [] : checks);
    return { result, captures: judged.status === 'passed' ? captures : context.captures, output };
  } catch (error) {
    const seen = output ? printed(output, planned) : { ...nothing, duration_ms: sinceStart() };
    const why: Verdict = context.signal.aborted
      ? stopped(context.signal)
      : { status: 'errored', reason: explain(error) };
    const result = stepResult(planned, why, seen, []);
    return { result, captures: context.captures, output };
  }
}

/** Judges a step that runs nothing, by the state in which the lab is. Never rejects. */
export async function runState(planned: PlannedStep, context: StepContext): Promise<Judged> {
  const started = performance.now();
  const { step } = planned;
  const { checks, captures } = await checkState(step.expectations, context.captures, context.probe, context.signal);
  const duration = Math.round((performance.now() - started) * 10) / 10;
  const judged = context.signal.aborted ? stopped(context.signal) : judgement(checks);
  const result = stepResult(planned, judged, { ...nothing, duration_ms: duration }, checks);
  return { result, captures: judged.status === 'passed' ? captures : context.captures, output: undefined };
}

/** What a background step has shown by being ready: that a line came which its document waits for. */
function readiness({ step }: PlannedStep): readonly Check[] {
  const pattern = step.background?.ready;
  if (pattern === undefined) return [];
  const message = `ready: printed a line that matches /${pattern}/`;
  return [
    { kind: 'ready', path: 'ready', expected: pattern, actual: null, ok: true, message, line: step.span.start.line },
  ];
}

/**
 * A script that ends with the status of the first of its commands that failed and was not asked whether it would. What
 * comes before `&&` is not told to the trap: of the last command, the status tells.
 */
function failingAtOnce(command: string): string {
  const keepFirst = 'netlab_failed=${netlab_failed/#0/$?}';
  return `netlab_failed=0; trap '${keepFirst}' ERR\n${command}\n${keepFirst}; trap - ERR; (exit "$netlab_failed")`;
}

/** What the session is asked to run for a step. */
export function inputFor({ step }: PlannedStep, { captures, onLate }: StepContext): SessionInput {
  const command = step.statusOnly && step.kind === 'script' ? failingAtOnce(step.command) : step.command;
  const {
    language,
    stream,
    timeoutMs,
    env,
    stdin,
    cwd,
    interrupt,
    prompt,
    nextPrompt,
    leavesNested,
    depth,
    nextDepth,
  } = step;
  const shown = { prompt, nextPrompt, leavesNested, depth, nextDepth };
  const variables = Object.fromEntries(captures);
  return {
    command,
    language,
    stream,
    timeoutMs,
    variables,
    env,
    stdin,
    cwd,
    interrupt: interrupt && 'afterMs' in interrupt ? interrupt : undefined,
    repeatable: step.eventuallyMs !== undefined,
    onOutput: undefined,
    onLate,
    ...shown,
  };
}
