import type { Counts, RunbookResult, RunStatus, StepResult } from '../events.ts';

/** How many steps ended in each way. */
export function countSteps(steps: readonly Pick<StepResult, 'status'>[]): Counts {
  const of = (status: StepResult['status']): number => steps.filter((step) => step.status === status).length;
  return {
    passed: of('passed'),
    failed: of('failed'),
    skipped: of('skipped'),
    timed_out: of('timed_out'),
    errored: of('errored'),
  };
}

/** The counts of several runbooks together. */
export function addCounts(all: readonly Counts[]): Counts {
  const sum = (key: keyof Counts): number => all.reduce((total, counts) => total + counts[key], 0);
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    timed_out: sum('timed_out'),
    errored: sum('errored'),
  };
}

/** What its steps make of a runbook. Nothing passes by default: with no check that held, it is empty. */
export function runbookStatus(steps: readonly StepResult[]): RunStatus {
  const counts = countSteps(steps);
  if (counts.errored > 0) return 'errored';
  if (counts.failed + counts.timed_out > 0) return 'failed';
  if (steps.some((step) => step.status === 'passed' && step.checks.length > 0)) return 'passed';
  return counts.skipped > 0 && counts.passed === 0 ? 'skipped' : 'empty';
}

/** What its runbooks make of a run, and why in a phrase where that is not plain. `strict`: a skip is a failure. */
export function runStatus(
  runbooks: readonly RunbookResult[],
  { interrupted, strict }: { readonly interrupted: boolean; readonly strict: boolean },
): { readonly status: RunStatus; readonly reason: string | null } {
  const any = (status: RunStatus): boolean => runbooks.some((runbook) => runbook.status === status);
  if (interrupted) return { status: 'interrupted', reason: 'stopped before the end' };
  if (any('errored')) return { status: 'errored', reason: null };
  if (any('failed')) return { status: 'failed', reason: null };
  if (!any('passed')) return { status: 'empty', reason: 'nothing was checked' };
  const skipped = any('empty') || any('skipped') || runbooks.some((runbook) => runbook.counts.skipped > 0);
  const unchecked = runbooks.flatMap(({ path, steps }) =>
    steps.filter(({ status, checked }) => status === 'passed' && !checked).map(({ line }) => `${path}:${line}`),
  );
  const flaky = runbooks.filter((runbook) => runbook.flaky).map(({ path }) => path);
  if (strict && flaky.length > 0) return { status: 'failed', reason: `strict: flaky: ${flaky.join(', ')}` };
  if (strict && skipped) return { status: 'failed', reason: 'strict: something was skipped or empty' };
  if (strict && unchecked.length > 0) {
    return { status: 'failed', reason: `strict: nothing was checked of the steps at ${unchecked.join(', ')}` };
  }
  return { status: 'passed', reason: null };
}

/** The command's exit status: 0 all passed, 1 a check failed, 2 could not run or checked nothing, 130 interrupted. */
export function exitStatus(status: RunStatus): number {
  return { passed: 0, failed: 1, skipped: 2, empty: 2, errored: 2, interrupted: 130 }[status];
}
