import { setTimeout as sleep } from 'node:timers/promises';
import { evaluate } from '../check/evaluate.ts';
import { sanitize } from '../check/sanitize.ts';
import { checkState } from '../check/state.ts';
import type { Captures, Check, Prober } from '../check/types.ts';
import { NetlabError } from '../errors.ts';
import type { StepResult, StepStatus } from '../events.ts';
import { isChecked, type PlannedStep } from '../runbook/plan.ts';
import { mayEndShell } from '../shell/ending.ts';
import type { Output, Session, SessionInput } from '../shell/types.ts';
import { trace, tracing } from '../trace.ts';
import { leavesRest } from './go-no-further.ts';
import { lostBytes } from './lost-bytes.ts';

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
  return settle(planned, session.run(inputFor(planned, context), context.signal), context);
}

/**
 * Judges a step by its output when that comes, for at most the step's own limit. No output at all is that of a background
 * step which has said that it is ready.
 */
export async function settle(
  planned: PlannedStep,
  coming: Promise<Output | undefined>,
  context: StepContext,
): Promise<Judged> {
  const started = performance.now();
  const sinceStart = (): number => Math.round((performance.now() - started) * 10) / 10;
  let output: Output | undefined;
  try {
    output = await coming;
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
    const judged = verdict(planned, output, checks, context.signal);
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

/** A step that is not run, and why. */
export function skipStep(planned: PlannedStep, reason: string): StepResult {
  return stepResult(planned, { status: 'skipped', reason }, nothing, []);
}

/** A step that cannot be run, and why: its lab is lost. Not skipped: what was to be checked was not, and nobody chose that. */
export function loseStep(planned: PlannedStep, reason: string): StepResult {
  return stepResult(planned, { status: 'errored', reason }, nothing, []);
}

/** A script that ends with the status of the first of its commands that failed and was not asked whether it would. */
function watched(command: string): string {
  return `netlab_failed=0; trap 'netlab_failed=\${netlab_failed/#0/$?}' ERR\n${command}\ntrap - ERR; (exit "$netlab_failed")`;
}

/** What the session is asked to run for a step. */
export function inputFor({ step }: PlannedStep, { captures, onLate }: StepContext): SessionInput {
  const command = step.statusOnly && step.kind === 'script' ? watched(step.command) : step.command;
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
    interrupt,
    repeatable: step.eventuallyMs !== undefined,
    onOutput: undefined,
    onLate,
    ...shown,
  };
}

/** A status, and why where that is not plain. */
export interface Verdict {
  readonly status: StepStatus;
  readonly reason: string | null;
}

/** In doubt, errored: only a step that ended as documented, with every check made and held, has passed. */
export function verdict({ step }: PlannedStep, output: Output, checks: readonly Check[], signal: AbortSignal): Verdict {
  if (output.ending === 'aborted') return stopped(signal);
  if (output.ending === 'timed-out') {
    const waited = output.note === undefined ? '' : `: ${output.note}`;
    return { status: 'timed_out', reason: `no end within ${step.timeoutMs / 1000} s${waited}` };
  }
  if (leavesRest(step, output)) return { status: 'skipped', reason: 'status 80 skips the document from here on' };
  const judged = judgement(checks);
  // What the kernel has killed or refused is no pass, unless the document shows how that ends.
  if (output.limited && judged.status === 'passed' && step.exit === 0)
    return { status: 'errored', reason: output.note ?? null };
  // A trap of an earlier step ends the shell between two commands: then this one was not run, and its status is not its own.
  if (output.ending === 'shell-ended' && output.exit === 0 && judged.status === 'passed' && !mayEndShell(step.command))
    return { status: 'errored', reason: 'the shell ended (status 0), and not by this step: it may not have been run' };
  return { ...judged, reason: judged.reason ?? output.note ?? null };
}

/** What the checks of a step that came to its end make of it. */
export function judgement(checks: readonly Check[]): Verdict {
  if (checks.some((check) => !check.ok && !check.errored)) return { status: 'failed', reason: null };
  const unreadable = checks.find((check) => check.errored);
  return unreadable ? { status: 'errored', reason: unreadable.message } : { status: 'passed', reason: null };
}

/** What comes of a step during which the run was stopped, or its lab broke. */
function stopped({ reason }: AbortSignal): Verdict {
  const broken = reason instanceof NetlabError;
  return broken ? { status: 'errored', reason: explain(reason) } : { status: 'skipped', reason: 'interrupted' };
}

type Printed = Pick<StepResult, 'duration_ms' | 'exit' | 'stdout' | 'stderr' | 'stdout_bytes' | 'stderr_bytes'>;

const nothing: Printed = { duration_ms: 0, exit: null, stdout: '', stderr: '' };

function printed(output: Output, { sessionKind }: PlannedStep): Printed {
  const texts = { stdout: sanitize(output.stdout), stderr: sanitize(output.stderr) };
  return {
    duration_ms: Math.round(output.durationMs * 10) / 10,
    exit: output.exit,
    stdout: texts.stdout,
    stderr: texts.stderr,
    ...lostBytes(output, texts, sessionKind),
  };
}

/** What is told of a step: spelt out, because each step comes by here and copies of parts cost more than all else in it. */
export function stepResult(
  { step, node, session }: PlannedStep,
  { status, reason }: Verdict,
  { duration_ms, exit, stdout, stderr, stdout_bytes, stderr_bytes }: Printed,
  checks: readonly Check[],
): StepResult {
  return {
    index: step.index,
    name: step.name,
    line: step.span.start.line,
    node,
    session,
    command: step.command,
    checked: isChecked(step),
    status,
    duration_ms,
    exit,
    stdout,
    stderr,
    ...(stdout_bytes !== undefined && { stdout_bytes }),
    ...(stderr_bytes !== undefined && { stderr_bytes }),
    reason,
    checks,
  };
}

/** An error in one text: its message, what to try, and the log of what broke. */
export function explain(error: unknown): string {
  if (!(error instanceof NetlabError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const log = 'log' in error && typeof error.log === 'string' && error.log !== '' ? `\n${error.log}` : '';
  return `${error.message}${error.hint ? ` (${error.hint})` : ''}${log}`;
}
