import { isProblem, type RunbookResult, type RunResult, type StepResult } from '../events.ts';

/** What went wrong in a step, in one line; the rest of it is for reports with more room. */
export function problemMessage(step: StepResult): string {
  const message = step.reason ?? step.checks.find((check) => !check.ok)?.message ?? step.status;
  return message.split('\n', 1)[0] ?? '';
}

/** Why a runbook did not pass where none of its steps says so, as an engine that could not start its lab; else `null`. */
export function runbookProblem(runbook: RunbookResult): string | null {
  if (runbook.status === 'passed' || runbook.status === 'skipped' || runbook.steps.some(isProblem)) return null;
  return runbook.reason ?? (runbook.status === 'empty' ? 'nothing was checked' : runbook.status);
}

/** Why the run as a whole did not pass where its runbooks may not say so: nothing was checked, strictness, an interrupt. */
export function runProblem(run: RunResult): string | null {
  return run.status === 'passed' ? null : run.reason;
}

/** Whether what did not pass is the document's matter, or whether the engine could not do its part. */
export function isBroken(status: StepResult['status'] | RunbookResult['status']): boolean {
  return status === 'errored' || status === 'interrupted' || status === 'empty';
}
