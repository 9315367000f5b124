import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod';
import type { Exercise, Runbook, Task } from '../runbook/types.ts';
import type { Words } from './words.ts';

/** How far somebody is with one task. `shown`: solved, after the solution was shown. */
export type TaskState = 'open' | 'solved' | 'shown' | 'skipped';

/** What is remembered of a task, under its name. `seconds` are those during which it was before the learner. */
export interface TaskProgress {
  readonly fingerprint: string;
  readonly title: string;
  state: TaskState;
  seconds: number;
  hints: number;
  checks: number;
  resets: number;
  solution_shown: boolean;
}

const taskSchema: z.ZodType<TaskProgress> = z.object({
  fingerprint: z.string(),
  title: z.string(),
  state: z.enum(['open', 'solved', 'shown', 'skipped']),
  seconds: z.number().nonnegative(),
  hints: z.number().int().nonnegative(),
  checks: z.number().int().nonnegative(),
  resets: z.number().int().nonnegative(),
  solution_shown: z.boolean(),
});

const progressSchema = z.object({ version: z.literal(1), path: z.string(), tasks: z.record(z.string(), taskSchema) });

/** What is remembered of a document. */
export interface Progress {
  /** Of the task of that name; a new record for one that is not known. */
  of(task: Task): TaskProgress;
  save(): void;
  /** Begins anew with every task. */
  forget(): void;
  /** What somebody who comes back should know: what has changed since, or that the file was damaged. One sentence each. */
  readonly news: readonly string[];
}

/** Where the progress with a document is kept: by the document's place. */
function progressPath(document: string): string {
  const base = process.env['XDG_STATE_HOME'];
  const state = base !== undefined && isAbsolute(base) ? base : join(homedir(), '.local/state');
  return join(state, 'netlab/learn', `${hash(resolve(document))}.json`);
}

/** Reads the progress with an exercise, and takes back what the document has changed since. Never throws. */
export function readProgress(runbook: Runbook, exercise: Exercise, words: Words): Progress {
  const path = progressPath(runbook.path);
  const news: string[] = [];
  const before = readFile(path, news, words);
  const tasks: Record<string, TaskProgress> = {};
  for (const task of exercise.tasks) {
    const known = before[task.name];
    const fingerprint = fingerprintOf(task, runbook);
    tasks[task.name] = known?.fingerprint === fingerprint ? known : newRecord(task, fingerprint);
    if (known && known.fingerprint !== fingerprint) news.push(words.changed(task.title));
    if (!known && Object.keys(before).length > 0) news.push(words.isNew(task.title));
  }
  const gone = Object.entries(before).filter(([name]) => !tasks[name]);
  news.push(...gone.map(([, { title }]) => words.gone(title)));
  return {
    news,
    of: (task) => (tasks[task.name] ??= newRecord(task, fingerprintOf(task, runbook))),
    forget() {
      for (const task of exercise.tasks) tasks[task.name] = newRecord(task, fingerprintOf(task, runbook));
    },
    save() {
      mkdirSync(dirname(path), { recursive: true });
      const partial = `${path}.${process.pid}`;
      writeFileSync(partial, `${JSON.stringify({ version: 1, path: resolve(runbook.path), tasks }, null, 2)}\n`);
      renameSync(partial, path);
    },
  };
}

/** A file that cannot be read is kept beside the new one: it may be worth more to its owner than to us. */
function readFile(path: string, news: string[], words: Words): Record<string, TaskProgress> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  try {
    return progressSchema.parse(JSON.parse(text)).tasks;
  } catch {
    const aside = `${path}.damaged-${Date.now()}`;
    renameSync(path, aside);
    news.push(words.damaged(aside));
    return {};
  }
}

function newRecord({ title }: Task, fingerprint: string): TaskProgress {
  return { fingerprint, title, state: 'open', seconds: 0, hints: 0, checks: 0, resets: 0, solution_shown: false };
}

/** Changes when the task does, or the lab in which it is done; not when another task of the document does. */
function fingerprintOf(task: Task, { lab }: Runbook): string {
  const topology = JSON.stringify(lab, (key, value: unknown) => (key === 'span' ? undefined : value));
  return hash(`${task.source}\0${topology}`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
