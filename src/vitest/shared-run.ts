import { afterAll, beforeAll, type TestContext } from 'vitest';
import { isProblem, type StepResult } from '../events.ts';
import { type DocumentRun, startRun } from './document-run.ts';
import { failureOfRun, failuresOf } from './failures.ts';
import type { OpenedDocument } from './options.ts';
import { showOutput } from './show-output.ts';

/**
 * Runs a document once for all tests of the suite that is being collected: its steps build on one another. The lab comes
 * up before the first test and goes after the last, and each test waits for its step. A test that is run again gets a new
 * run, in a fresh lab. Steps before those that were chosen are run as well, those after them are not.
 */
export function shareRun(
  document: OpenedDocument,
): (index: number, teardown: boolean) => (context: TestContext) => Promise<void> {
  /** The steps that have a test, in the order of the tests. */
  const order: number[] = [];
  const teardowns = new Set<number>();
  /** The tests of the current run that know what came of their steps. */
  const judged = new Set<number>();
  /** The steps whose tests have failed. */
  const blamed = new Set<number>();
  let wanted: ReadonlySet<number> | undefined;
  let run: DocumentRun | undefined;
  /** The run of which it is told what is wrong with all of it. */
  let told: DocumentRun | undefined;
  let up = false;

  async function start(): Promise<DocumentRun> {
    judged.clear();
    up = false;
    const started = startRun({ ...document, told: ({ index }) => stopAfter(index) });
    run = started;
    await started.ready;
    up = true;
    return started;
  }

  /** Nobody asks for what comes after the last chosen step; teardown steps run all the same. */
  function stopAfter(index: number): void {
    if (!wanted || wanted.size === order.length) return;
    if (index === order.findLast((each) => wanted?.has(each) && !teardowns.has(each))) run?.stop();
  }

  async function again(): Promise<DocumentRun> {
    run?.stop();
    await run?.ended.catch(() => {});
    return start();
  }

  /** A skipped step is told as one, unless what it was skipped for is told nowhere. */
  function skipOrFail(step: StepResult, results: ReadonlyMap<number, StepResult>, { skip }: TestContext): void {
    const cause = [...results.values()].find(
      (each) => isProblem(each) && step.reason === `line ${each.line} did not pass`,
    );
    if (!cause || blamed.has(cause.index)) skip(step.reason ?? '');
    else throw new AggregateError(failuresOf(cause, document, 'a step before this one did not pass: '));
  }

  // Vitest's limits are not for a run whose steps have limits of their own.
  beforeAll(async () => {
    // The first test tells why there is no lab.
    await start().catch(() => {});
  }, 0);
  afterAll(async () => {
    if (told !== run) await judgeRun();
  }, 0);

  /** What is wrong with the run as a whole, or went wrong after it was told. */
  async function judgeRun(): Promise<void> {
    if (!run || !up) return;
    told = run;
    // Without a limit on hooks, a test that was never run must not keep the run going.
    if ([...(wanted ?? [])].some((index) => !run?.results.has(index))) run.stop();
    const result = await run.ended;
    const late = [...run.results.values()].filter(
      (step) => isProblem(step) && wanted?.has(step.index) && !blamed.has(step.index),
    );
    if (late.length > 0)
      throw new AggregateError(late.flatMap((step) => failuresOf(step, document, `after its test, ${step.name}: `)));
    const failure = failureOfRun(result, document);
    if (failure) throw failure;
  }

  return (index, teardown) => {
    order.push(index);
    if (teardown) teardowns.add(index);
    return async (context) => {
      wanted ??= chosen(context, order);
      const current = judged.has(index) || !run ? await again() : run;
      const first = judged.size === 0;
      judged.add(index);
      await current.ready.catch((error: Error) => {
        if (first) throw error;
        context.skip(error.message.split('\n', 1)[0]);
      });
      context.signal.addEventListener('abort', current.stop, { once: true });
      const step = await current.result(index);
      if (step?.status === 'passed') {
        blamed.delete(index);
        // Counts as an assertion, where a project requires one of each test.
        context.expect(step.status).toBe('passed');
        // The last test tells it where it can, because not every reporter has errors of suites.
        if (judged.size === wanted.size) await judgeRun();
        return;
      }
      if (step?.status === 'skipped') return skipOrFail(step, current.results, context);
      blamed.add(index);
      if (!step) throw failureOfRun(await current.ended, document) ?? new Error('the run ended before this step');
      showOutput(step);
      throw new AggregateError(failuresOf(step, document));
    };
  };
}

/** The steps whose tests Vitest runs: all, or those that a filter leaves. */
function chosen({ task }: TestContext, order: readonly number[]): ReadonlySet<number> {
  const tests = task.suite?.tasks ?? [];
  return new Set(order.filter((_, place) => tests[place]?.mode === 'run' || tests[place]?.mode === 'queued'));
}
