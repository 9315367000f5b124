import { evaluate } from '../check/evaluate.ts';
import { checkState } from '../check/state.ts';
import type { Captures, Check, CheckResult, Prober } from '../check/types.ts';
import type { StepResult } from '../events.ts';
import { capturedNames } from '../runbook/pattern-check.ts';
import type { PlannedStep } from '../runbook/plan.ts';
import type { Step } from '../runbook/types.ts';
import type { Output } from '../shell/types.ts';
import { asksAnew, type Done, isOfState } from './fit.ts';
import { died, uncompared } from './in-background.ts';
import { judgement, verdict } from './judge.ts';
import { judgeOutput } from './revise-document.ts';
import { stepResult } from './step-result.ts';

/** How a step that was run before stands with the document as it is now. */
export interface Carried {
  readonly done: Done;
  readonly result: StepResult;
  readonly captures: Captures;
}

/**
 * Judges what a step printed when it was run by what the document says of it now. What it expects of the lab's state is as
 * it was found then, or, where that is another thing now, asked of the lab; `fitOf` has seen to it that this is sound.
 */
export async function carry(
  done: Done,
  planned: PlannedStep,
  captures: Captures,
  { probe, signal }: { readonly probe: Prober; readonly signal: AbortSignal },
): Promise<Carried> {
  const { step } = uncompared(planned);
  const { result: before, output } = done.judged;
  const judged = asksAnew(done, step)
    ? await judgeAnew(step, output, captures, { probe, signal })
    : await judgeAgain(done, step, captures);
  const ready = output ? [] : before.checks.filter(({ kind }) => kind === 'ready');
  const checks = [...ready.map((check) => ({ ...check, line: step.span.start.line })), ...judged.checks];
  const { status, reason } = output ? verdict(planned.step, output, checks, signal) : judgement(checks);
  // How often it was run, or that it runs in the background, is not judged.
  const kept = before.status === status && (reason === null || step.eventuallyMs !== undefined);
  const now = step.background && output && status === 'failed' ? died : reason;
  const told = stepResult(
    planned,
    { status, reason: kept ? before.reason : now },
    before,
    status === 'skipped' ? [] : checks,
  );
  return { done, result: { ...told, carried: done.run }, captures: status === 'passed' ? judged.captures : captures };
}

/** All of it, and its state asked of the lab as it is. */
function judgeAnew(
  step: Step,
  output: Output | undefined,
  captures: Captures,
  { probe, signal }: { readonly probe: Prober; readonly signal: AbortSignal },
): Promise<CheckResult> {
  if (output) return evaluate(step, output, captures, { probe, signal });
  return checkState(step.expectations.filter(isOfState), captures, probe, signal);
}

/** What was printed, with the state as it was found then. */
async function judgeAgain(done: Done, step: Step, captures: Captures): Promise<CheckResult> {
  const { output } = done.judged;
  const known = new Map([...captures, ...capturedByState(done, step)]);
  if (!output) return { checks: stateChecks(done, step), captures: known };
  const judged = await judgeOutput({ step, output }, step.statusOnly ? { statusOnly: true } : {}, known);
  // In the order of the document, as a whole run tells them.
  const places = new Set(step.expectations.map(({ span }) => span.start.line));
  const isOwn = ({ line }: Check): boolean => !places.has(line);
  const expected = [...judged.checks.filter((check) => !isOwn(check)), ...stateChecks(done, step)];
  const inOrder = expected.toSorted((a, b) => a.line - b.line);
  return { checks: [...judged.checks.filter(isOwn), ...inOrder], captures: judged.captures };
}

function capturedByState({ judged }: Done, step: Step): readonly (readonly [string, string])[] {
  const names = capturedNames(JSON.stringify(step.expectations.filter(isOfState).map(({ value }) => value)));
  return names.flatMap((name) => {
    const value = judged.captures.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
}

/** The checks of the lab's state as they came out then, at the lines where they stand now. */
function stateChecks({ planned, judged }: Done, step: Step): readonly Check[] {
  const lines = new Map<number, number>();
  const now = step.expectations.filter(isOfState);
  for (const [index, { span }] of planned.step.expectations.filter(isOfState).entries()) {
    lines.set(span.start.line, now[index]?.span.start.line ?? span.start.line);
  }
  const keys = new Set(now.map(({ key }) => key));
  return judged.result.checks
    .filter(({ kind }) => keys.has(kind))
    .map((check) => ({ ...check, line: lines.get(check.line) ?? check.line }));
}

/** Whether captures are the same: later steps have been run with them. */
export function sameCaptures(a: Captures, b: Captures): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}
