import type { RunbookResult, RunEvent, RunStatus, StepResult } from '../events.ts';
import type { Exercise, Task } from '../runbook/types.ts';
import type { Prepared } from './prepare.ts';
import { describeLab } from './run-runbook.ts';
import { explain } from './step-result.ts';
import { countSteps, runbookStatus } from './tally.ts';
import { groupsToStart, openTaskLab, requiredTasks, type StepGroup, teardownSteps } from './task-lab.ts';
import { blank, type Test, type Told, tearDown, testTask } from './test-task.ts';

/** What an exercise is tested with. `tasks` are their names; empty: all. */
export interface ExerciseOptions {
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
  readonly tasks: readonly string[];
}

/**
 * The author's test of an exercise: of each task, in a lab of its own, that it is not solved at the start, that its
 * solution makes every criterion hold, and that the solution may be done twice. What happens is told as steps that bear
 * the task's name. Rejects with what `emit` throws, and nothing else.
 */
export async function runExercise(
  prepared: Prepared,
  exercise: Exercise,
  options: ExerciseOptions,
): Promise<RunbookResult> {
  const { runbook, plan } = prepared;
  const { emit, signal } = options;
  const { path, title, source } = runbook;
  const started = performance.now();
  const steps: StepResult[] = [];
  const finish = (status: RunStatus, reason: string | null): RunbookResult => {
    const duration_ms = Math.round(performance.now() - started);
    const result: RunbookResult = { path, title, status, reason, duration_ms, counts: countSteps(steps), steps };
    emit({ type: 'runbook:end', runbook: result });
    return result;
  };
  const lab = describeLab(runbook);
  const chosen = exercise.tasks.filter(({ name }) => options.tasks.length === 0 || options.tasks.includes(name));
  const total = chosen.reduce(
    (sum, task) => sum + stepsIn(groupsToStart(runbook, exercise, task)) + ownSteps(task),
    chosen.length * teardownSteps(runbook).length,
  );
  emit({ type: 'runbook:start', path, title, lab, steps: total, source });
  const tell = (told: Told, index = steps.length): StepResult => {
    const step = { ...told, index };
    steps[index] = step;
    emit({ type: 'step:end', path, step });
    return step;
  };
  if (plan.skipReason !== undefined) {
    for (const task of chosen) tell(skipped(task, plan.skipReason));
    return finish('skipped', plan.skipReason);
  }
  const failed = new Set<string>();
  for (const task of chosen) {
    const lacking = requiredTasks(exercise, task).find(({ name }) => failed.has(name));
    if (lacking || signal.aborted) {
      const why = lacking && !signal.aborted ? `needs the task "${lacking.name}", which did not pass` : 'interrupted';
      tell(skipped(task, why));
      failed.add(task.name);
      continue;
    }
    const before = performance.now();
    emit({ type: 'lab:start', path, lab });
    try {
      await using up = await openTaskLab(prepared, signal);
      emit({ type: 'lab:ready', path, duration_ms: Math.round(performance.now() - before) });
      const test: Test = {
        up,
        task,
        tell,
        start: (name, line, command) => startStep(options, path, steps.length, { name, line, command }),
        known: new Map(),
      };
      if (!(await testTask(test, groupsToStart(runbook, exercise, task)))) failed.add(task.name);
      await tearDown(test);
    } catch (error) {
      if (signal.aborted) continue;
      tell({ ...blank(task, `${task.name}: its lab`), status: 'errored', reason: explain(error) });
      failed.add(task.name);
    }
  }
  return signal.aborted ? finish('interrupted', 'stopped before the end') : finish(runbookStatus(steps), null);
}

function skipped(task: Task, reason: string): Told {
  return { ...blank(task, task.name), status: 'skipped', reason, checked: false };
}

function startStep(
  { emit }: ExerciseOptions,
  path: string,
  index: number,
  step: { readonly name: string; readonly line: number; readonly command: string },
): void {
  emit({ type: 'step:start', path, index, ...step, node: '', session: '' });
}

function stepsIn(groups: readonly StepGroup[]): number {
  return groups.reduce((sum, { steps }) => sum + steps.length, 0);
}

/** What the test itself tells of a task: unsolved, its solution, its criteria, twice. */
function ownSteps({ solution, criteria }: Task): number {
  return 2 + solution.length + criteria.length;
}
