import { sanitize } from '../check/sanitize.ts';
import type { Check } from '../check/types.ts';
import { NetlabError } from '../errors.ts';
import type { StepResult, StepStatus } from '../events.ts';
import { isChecked, type PlannedStep } from '../runbook/plan.ts';
import type { Output } from '../shell/types.ts';
import { lostBytes } from './lost-bytes.ts';

/** A status, and why where that is not plain. */
export interface Verdict {
  readonly status: StepStatus;
  readonly reason: string | null;
}

/** What a step printed, and how it ended. */
export type Printed = Pick<StepResult, 'duration_ms' | 'exit' | 'stdout' | 'stderr' | 'stdout_bytes' | 'stderr_bytes'>;

/** Of a step that was not run. */
export const nothing: Printed = { duration_ms: 0, exit: null, stdout: '', stderr: '' };

export function printed(output: Output, { sessionKind }: PlannedStep): Printed {
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

/** A step that is not run, and why. */
export function skipStep(planned: PlannedStep, reason: string): StepResult {
  return stepResult(planned, { status: 'skipped', reason }, nothing, []);
}

/** A step that cannot be run, and why: its lab is lost. Not skipped: what was to be checked was not, and nobody chose that. */
export function loseStep(planned: PlannedStep, reason: string): StepResult {
  return stepResult(planned, { status: 'errored', reason }, nothing, []);
}
