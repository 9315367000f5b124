import { basename } from 'node:path';
import { plan } from '../runbook/plan.ts';
import { readDocument } from './read-document.ts';

/** One thing that a run of a document will tell about: a step in the order of running, or a task of an exercise. */
export interface OutlineEntry {
  /** Unique within the document. */
  readonly name: string;
  /** 1-based, of the command or of the task's heading. */
  readonly line: number;
  readonly column: number;
  /** As in reports; of a task: its place among the tasks. */
  readonly index: number;
  /** What the selection of steps knows a task by; `undefined` for steps. */
  readonly task: string | undefined;
  /** It runs at the end, whatever happened. */
  readonly teardown: boolean;
}

/** What a document will be run as, known without running it. */
export interface Outline {
  readonly title: string;
  readonly entries: readonly OutlineEntry[];
}

/** Lays out what will be told of a document, before anything is run. Throws a `ParseError` for what is wrong in it. */
export function outline(source: string, path: string): Outline {
  const runbook = readDocument(source, path);
  const { title, exercise } = runbook;
  const found = exercise
    ? exercise.tasks.map((task, index) => ({ ...task, name: task.title, index, task: task.name, teardown: false }))
    : plan(runbook).steps.map(({ step }) => ({ ...step, task: undefined, teardown: step.phase === 'teardown' }));
  const names = found.map(({ name }) => name);
  const entries = found.map(({ name, span: { start }, ...more }): OutlineEntry => {
    const twice = names.indexOf(name) !== names.lastIndexOf(name);
    const { index, task, teardown } = more;
    const unique = twice ? `${name} (line ${start.line})` : name;
    return { name: unique, line: start.line, column: start.column, index, task, teardown };
  });
  return { title: title === '' ? basename(path) : title, entries };
}
