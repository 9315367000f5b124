import { textWidth } from '../report/width.ts';
import type { Exercise, Runbook } from '../runbook/types.ts';
import type { Progress, TaskState } from './progress.ts';
import type { Words } from './words.ts';

/** What a teacher gets: how far somebody is with an exercise. */
export interface LearnReport {
  readonly version: 1;
  readonly path: string;
  readonly title: string;
  readonly tasks: readonly {
    readonly name: string;
    readonly title: string;
    readonly state: TaskState;
    readonly seconds: number;
    readonly hints_used: number;
    readonly hints: number;
    readonly checks: number;
    readonly resets: number;
    readonly solution_shown: boolean;
  }[];
  readonly solved: number;
  readonly seconds: number;
}

export function reportOf({ path, title }: Runbook, exercise: Exercise, progress: Progress): LearnReport {
  const tasks = exercise.tasks.map((task) => {
    const { state, seconds, hints: hints_used, checks, resets, solution_shown } = progress.of(task);
    const { name, title: heading, hints } = task;
    const rounded = Math.round(seconds);
    return {
      name,
      title: heading,
      state,
      seconds: rounded,
      hints_used,
      hints: hints.length,
      checks,
      resets,
      solution_shown,
    };
  });
  const seconds = tasks.reduce((sum, task) => sum + task.seconds, 0);
  return { version: 1, path, title, tasks, solved: tasks.filter(({ state }) => isDone(state)).length, seconds };
}

/** Whether a task need not be done any more. */
export function isDone(state: TaskState): boolean {
  return state === 'solved' || state === 'shown';
}

/** The same for the learner, a line a task. */
export function summaryText({ title, tasks, solved, seconds }: LearnReport, words: Words): string {
  const room = Math.max(...tasks.map((task) => textWidth(words.states[task.state])));
  const lines = tasks.map((task) => {
    const state = words.states[task.state];
    const shown = task.seconds > 0 || isDone(task.state);
    const about = shown ? `  ${words.summaryOf(clock(task.seconds), task.hints_used, task.hints)}` : '';
    return `  ${state}${' '.repeat(room - textWidth(state))}  ${task.title}${about}`;
  });
  return [words.summary(title, solved, tasks.length, clock(seconds)), ...lines].join('\n');
}

/** `1:05`, as on a stopwatch. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
