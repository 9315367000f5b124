import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import type { Prepared } from '../run/prepare.ts';
import { groupsToStart, openTaskLab, ownGroups, requiredTasks, type StepGroup, type TaskLab } from '../run/task-lab.ts';
import type { Exercise, Task } from '../runbook/types.ts';
import { type Desk, type DeskOptions, openDesk } from './desk.ts';
import type { Progress, TaskProgress } from './progress.ts';
import { type Standing, type Watch, watchCriteria } from './watch.ts';

export interface LessonOptions extends Omit<DeskOptions, 'lab' | 'path' | 'history' | 'changed'> {
  readonly prepared: Prepared;
  readonly exercise: Exercise;
  readonly progress: Progress;
  /** A criterion has come to hold, or holds no more. */
  readonly judged: () => void;
  /** The lab has died, which nobody had asked it to. */
  readonly died: (reason: unknown) => void;
}

/** The task that is being done, the lab in which it is, and what is known of both. */
export interface Lesson {
  readonly task: Task;
  readonly record: TaskProgress;
  readonly standings: readonly Standing[];
  /** The task has been done, since it was begun. */
  readonly solved: boolean;
  readonly desk: Desk | undefined;
  readonly nodes: readonly LabNode[];
  /** The task that comes next: the first after this one that is open, or else the first before it. */
  next(): Task | undefined;
  /** Whether a task goes on where the learner is now: all that it requires was done in this lab. */
  goesOn(task: Task): boolean;
  /** Begins a task, in a fresh lab unless it goes on in this one. Rejects with a `LabError`. */
  begin(task: Task, anew: boolean): Promise<void>;
  /** Brings the learner to a shell of the lab: the one that they have, or one on the task's own node. */
  goToShell(): Promise<void>;
  /** Something may have changed: resolves once all criteria have been judged since, at the latest after `ms`. */
  look(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** A criterion that takes longer is told of when it is known. */
const firstLookMs = 900;
/** What the kernel tells comes in bursts. */
const burstMs = 60;

export function createLesson(options: LessonOptions): Lesson {
  const { prepared, exercise, progress } = options;
  const { tasks } = exercise;
  const { runbook } = prepared;
  const stop = new AbortController();
  const unfinished = new Set<Promise<unknown>>();
  const isOpen = (task: Task): boolean => progress.of(task).state === 'open';
  const isSkipped = (task: Task): boolean => progress.of(task).state === 'skipped';
  let task = (tasks.find(isOpen) ?? tasks.find(isSkipped) ?? tasks[0]) as Task;
  let desk: Desk | undefined;
  let watch: Watch | undefined;
  let since = performance.now();
  let solved = false;
  let burst: NodeJS.Timeout | undefined;

  const addTime = (): void => {
    if (!solved && watch) progress.of(task).seconds += (performance.now() - since) / 1000;
    since = performance.now();
  };

  const judged = (): void => {
    if (!solved && watch?.done) {
      addTime();
      solved = true;
      const record = progress.of(task);
      record.state = record.solution_shown ? 'shown' : 'solved';
      desk?.did.add(task.name);
      progress.save();
    }
    options.judged();
  };

  const look = async (ms: number): Promise<void> => {
    if (watch) await Promise.race([watch.poke(), sleep(ms, undefined, { ref: false })]);
  };

  const changed = (): void => {
    if (burst) return;
    burst = setTimeout(() => {
      burst = undefined;
      void watch?.poke();
    }, burstMs);
  };

  const clearDesk = (): void => {
    watch?.stop();
    watch = undefined;
    const old = desk;
    desk = undefined;
    if (old) track(old.clear());
  };

  const track = (work: Promise<unknown>): void => {
    const settled = work.catch(() => {}).finally(() => unfinished.delete(settled));
    unfinished.add(settled);
  };

  const runGroups = async (lab: TaskLab, groups: readonly StepGroup[]): Promise<void> => {
    for (const group of groups) {
      for (const planned of lab.plan(group)) {
        const { status, line, checks, reason, stdout } = await lab.run(planned);
        stop.signal.throwIfAborted();
        lab.lab.broken.throwIfAborted();
        if (status === 'passed' || status === 'skipped' || planned.step.continue) continue;
        const why = reason ?? checks.find(({ ok }) => !ok)?.message ?? status;
        const hint = `netlab run ${runbook.path} tells more`;
        throw new LabError(`the task cannot be prepared: line ${line}: ${why}`, { log: stdout, hint });
      }
    }
  };

  const freshDesk = async (): Promise<Desk> => {
    const history = desk?.history() ?? '';
    clearDesk();
    const lab = await openTaskLab(prepared, stop.signal);
    const fresh = openDesk({ ...options, path: resolve(runbook.path), lab, history, changed });
    for (const { name } of requiredTasks(exercise, task)) fresh.did.add(name);
    lab.lab.broken.addEventListener('abort', () => {
      if (desk !== fresh) return;
      watch?.stop();
      options.died(lab.lab.broken.reason);
    });
    try {
      await runGroups(lab, groupsToStart(runbook, exercise, task));
      return fresh;
    } catch (error) {
      await fresh.clear();
      throw error;
    }
  };

  const goesOn = (chosen: Task): boolean => {
    const required = requiredTasks(exercise, chosen);
    return required.length > 0 && required.every(({ name }) => desk?.did.has(name));
  };

  const begin = async (chosen: Task, anew: boolean): Promise<void> => {
    addTime();
    const here = !anew && goesOn(chosen) ? desk : undefined;
    task = chosen;
    solved = false;
    watch?.stop();
    if (here) await runGroups(here.lab, ownGroups(task));
    desk = here ?? (await freshDesk());
    watch = watchCriteria(desk.lab, task.criteria, judged);
    since = performance.now();
    await look(firstLookMs);
  };

  return {
    get task() {
      return task;
    },
    get record() {
      return progress.of(task);
    },
    get standings() {
      return watch?.standings ?? [];
    },
    get solved() {
      return solved;
    },
    get desk() {
      return desk;
    },
    get nodes() {
      return [...(desk?.lab.lab.nodes.values() ?? [])];
    },
    next() {
      const at = tasks.indexOf(task);
      return [...tasks.slice(at + 1), ...tasks.slice(0, at)].find(isOpen);
    },
    goesOn,
    begin(chosen, anew) {
      const work = begin(chosen, anew);
      track(work);
      return work;
    },
    async goToShell() {
      // Where its effect is looked at: the node of the solution may be what is to be found out.
      const named = task.criteria[0]?.step.node ?? task.solution[0]?.node;
      const hosts = ['host', 'docker', 'router'];
      const node =
        desk?.node ??
        this.nodes.find(({ name }) => name === named) ??
        this.nodes.find(({ kind }) => hosts.includes(kind)) ??
        this.nodes[0];
      if (!desk || !node) throw new LabError('the lab has no node with a shell');
      await desk.goTo(node);
    },
    look,
    async close() {
      addTime();
      progress.save();
      stop.abort(new LabError('stopped'));
      clearTimeout(burst);
      clearDesk();
      while (unfinished.size > 0) await Promise.all(unfinished);
    },
  };
}
