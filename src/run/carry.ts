import { checkState } from '../check/state.ts';
import type { Captures, Check, Prober } from '../check/types.ts';
import type { StepResult } from '../events.ts';
import { capturedNames } from '../runbook/pattern-check.ts';
import type { PlannedStep } from '../runbook/plan.ts';
import type { Step } from '../runbook/types.ts';
import { type Done, isOfState, stateOf } from './fit.ts';
import { judgeOutput } from './revise-document.ts';
import { judgement, stepResult } from './run-step.ts';

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
  const { step } = planned;
  const { result: before, output } = done.judged;
  const asksAnew = stateOf(done.planned.step) !== stateOf(step);
  let known = captures;
  const checks: Check[] = [];
  if (output) {
    const judged = await judgeOutput({ step, output }, step.statusOnly ? { statusOnly: true } : {}, known);
    checks.push(...judged.checks);
    known = judged.captures;
  } else checks.push(...before.checks.filter((check) => check.kind === 'ready').map((check) => movedTo(step, check)));
  if (asksAnew) {
    const state = await checkState(step.expectations.filter(isOfState), known, probe, signal);
    checks.push(...state.checks);
    known = state.captures;
  } else {
    checks.push(...stateChecks(done, step));
    known = new Map([...known, ...capturedByState(done, step)]);
  }
  const { status, reason } = judgement(checks);
  const otherwise = before.status === status ? before.reason : (output?.note ?? null);
  const told = stepResult(planned, { status, reason: reason ?? otherwise }, before, checks);
  const result = { ...told, carried: done.run };
  return { done, result, captures: status === 'passed' ? known : captures };
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

function movedTo(step: Step, check: Check): Check {
  return { ...check, line: step.span.start.line };
}

/** Whether captures are the same: later steps have been run with them. */
export function sameCaptures(a: Captures, b: Captures): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}
