import type { Runbook, Step } from './types.ts';

/** All steps of a runbook: its own, and those of its tasks, in document order of the tasks. */
export function everyStep({ steps, exercise }: Pick<Runbook, 'steps' | 'exercise'>): readonly Step[] {
  const inTasks = (exercise?.tasks ?? []).flatMap(({ setup, break: fault, solution, criteria }) => {
    return [...setup, ...fault, ...solution, ...criteria.map(({ step }) => step)];
  });
  return [...steps, ...inTasks];
}
