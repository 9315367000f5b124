import type { StepResult } from '../events.ts';
import type { PlannedStep } from '../runbook/plan.ts';
import type { Output } from '../shell/types.ts';
import type { Judged } from './run-step.ts';

/** The status by which a document of cram's or scrut's says that it is not for this machine. */
const skipStatus = 80;

/** Whether a step has ended with the status that leaves out the rest of its document, and is to be skipped itself. */
export function leavesRest({ skipsAt80, exit }: PlannedStep['step'], output: Pick<Output, 'exit' | 'ending'>): boolean {
  if (skipsAt80 === undefined || output.exit !== skipStatus || exit === skipStatus) return false;
  return skipsAt80 === 'command' || output.ending === 'shell-ended';
}

/** Whether a step was skipped because of that. */
export function hasLeftRest({ status, exit }: StepResult): boolean {
  return status === 'skipped' && exit === skipStatus;
}

/** Whether a step of a `.t` file has ended the shell: cram runs nothing after it. */
export function hasEndedDocument({ step }: PlannedStep, { output }: Judged): boolean {
  return step.skipsAt80 === 'shell' && output?.ending === 'shell-ended';
}

/** Why the main steps after one are skipped, in a phrase; `undefined` when they are not. */
export function whyNoFurther({ step }: PlannedStep, result: StepResult, keepGoing: boolean): string | undefined {
  if (result.status === 'passed') return undefined;
  if (hasLeftRest(result)) return `line ${result.line} ended with status ${skipStatus}, which skips the rest`;
  return step.continue || keepGoing ? undefined : `line ${result.line} did not pass`;
}
