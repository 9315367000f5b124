import type { TestContext } from 'vitest';
import type { Diagnostic } from '../errors.ts';
import { refusalsOf } from './failures.ts';
import type { OpenedDocument } from './options.ts';
import { shareRun } from './shared-run.ts';
import { runTask } from './task-run.ts';

export { describe, test, vi } from 'vitest';

/** What a Vitest test does. */
type TestFunction = (context: TestContext) => Promise<void>;

/** What the tests of a document do. */
export interface DocumentTests {
  /** The step of this number, in the one run that all steps of the document share. */
  step(index: number, teardown: boolean): TestFunction;
  /** A task of an exercise, in labs of its own. */
  task(name: string): TestFunction;
  /** There is nothing to run. */
  readonly nothing: (context: TestContext) => void;
}

/** Opens a document in the suite that is being collected: the tests of Markdown files and `test.runbook` begin here. */
export function openDocument(document: OpenedDocument): DocumentTests {
  let shared: ((index: number, teardown: boolean) => TestFunction) | undefined;
  return {
    step(index, teardown) {
      shared ??= shareRun(document);
      return shared(index, teardown);
    },
    task: (name) => (context) => runTask(document, name, context),
    nothing: ({ skip }) => skip('the document has nothing to run'),
  };
}

/** Refuses a document: the file fails with each finding at its place. */
export function refuse(path: string, source: string, diagnostics: readonly Diagnostic[]): never {
  throw new AggregateError(refusalsOf({ path, source }, diagnostics), `${path} cannot be read`);
}
