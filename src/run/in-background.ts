import type { PlannedStep } from '../runbook/plan.ts';
import type { Judged } from './run-step.ts';

/** A step as it is judged: what one in the background prints is not compared, when it has died either. */
export function uncompared(planned: PlannedStep): PlannedStep {
  return planned.step.background ? { ...planned, step: { ...planned.step, match: 'ignore' } } : planned;
}

/** Why a step in the background has failed that did not fail to become ready. */
export const died = 'it ended in the background, before the document did';

/** A step in the background that has ended, with the reason that is told of it. */
export function tellDeath(judged: Judged): Judged {
  const { result, output } = judged;
  return result.status === 'failed' && output ? { ...judged, result: { ...result, reason: died } } : judged;
}
