import type { TestContext } from 'vitest';
import { isProblem } from '../events.ts';
import { startRun } from './document-run.ts';
import { failureOfRun, failuresOf } from './failures.ts';
import type { OpenedDocument } from './options.ts';
import { showOutput } from './show-output.ts';

/** The author's test of one task of an exercise: each task has labs of its own, so its test needs no other. */
export async function runTask(document: OpenedDocument, name: string, context: TestContext): Promise<void> {
  const run = startRun({ ...document, steps: [name] });
  context.signal.addEventListener('abort', run.stop, { once: true });
  const result = await run.ended;
  const bad = result.steps.filter(isProblem);
  bad.forEach(showOutput);
  if (bad.length > 0) throw new AggregateError(bad.flatMap((step) => failuresOf(step, document, `${step.name}: `)));
  const failure = failureOfRun(result, document);
  if (failure) throw failure;
  if (result.status !== 'passed') context.skip(result.reason ?? result.status);
  // Counts as an assertion, where a project requires one of each test.
  context.expect(result.status).toBe('passed');
}
