import type { RunbookResult, RunEvent, RunResult } from './events.ts';
import type { Lab } from './lab/types.ts';
import { checkRunOptions } from './run/check-options.ts';
import { inTurn, type Task } from './run/in-turn.ts';
import type { KeepLab, KeptLab } from './run/keep-lab.ts';
import type { KeptDocuments } from './run/kept-documents.ts';
import { load } from './run/load.ts';
import { type Prepared, prepare, type Wishes } from './run/prepare.ts';
import { withRetries } from './run/retry.ts';
import { type RunbookOptions, runRunbook } from './run/run-runbook.ts';
import { type Selection, select } from './run/select.ts';
import { addCounts, runStatus } from './run/tally.ts';
import { tellLater } from './run/tell-later.ts';
import { tracedDocument } from './trace.ts';

/** `steps` empty: all. `network`: instead of what the documents say. `allowHost`: run those with `lab: none`, too. */
export interface RunOptions extends Wishes, Selection {
  /** Markdown files. */
  readonly paths: readonly string[];
  readonly keepGoing?: boolean;
  /** Rewrite the expected output of the documents in place; goes on after mismatches, and does not retry. */
  readonly update?: boolean;
  /** How many runbooks run at the same time, each in its own lab; 1 unless given. Their events do not mix. */
  readonly jobs?: number;
  /** Start no further runbook after this many that did not pass; the others are reported as skipped. 0: run all. */
  readonly bail?: number;
  /** How often a runbook that did not pass is run again, whole and in a fresh lab; 0 unless given. */
  readonly retry?: number;
  /** Skipped and unchecked steps, and runbooks that passed only when they were run again, fail the run. */
  readonly strict?: boolean;
  /** Keeps the lab of the one runbook up when its steps have run, before teardown; does not retry. */
  readonly keepLab?: KeepLab;
  /** Stops the run: the running step is ended, teardown steps run, and the result says `interrupted`. */
  readonly signal?: AbortSignal;
  /** Where documents that were read before are found. */
  readonly kept?: KeptDocuments | undefined;
  readonly onEvent?: (event: RunEvent) => void;
}

export type RunOneOptions = RunOptions & Pick<RunbookOptions, 'emit' | 'signal' | 'bystander'>;

/**
 * Runs runbooks, each in a lab of its own, and resolves to what came of it. Nothing is run before every document has been
 * read; rejects with a `ParseError` for what is wrong in them, with a `UsageError` for what is wrong in the options,
 * and with what `onEvent` throws, once every lab has gone.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  checkRunOptions(options ?? {});
  return runBy(runOne, options);
}

/** The same, each runbook run by `one`: by somebody who keeps its lab, or takes time that is not the run's. */
export async function runBy(one: typeof runOne, options: RunOptions, spentMs = () => 0): Promise<RunResult> {
  const started = performance.now();
  const { onEvent = () => {}, bail = 0, retry = 0, shard } = options;
  // Ends the other runbooks when one cannot be told. It is used to the end: on Node 20, `any` does not keep it.
  const broken = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, broken.signal]) : broken.signal;
  const { emit, flush } = tellLater(onEvent);
  const { runbooks, total, nothing } = await select(await load(options.paths, options.kept), options);
  const prepared = await prepare(runbooks, options);
  if (options.keepLab) (await import('./run/keep-lab.ts')).mustBeKeepable(prepared);
  let keptMs = 0;
  const until = async (lab: KeptLab): Promise<void> => {
    const since = performance.now();
    await options.keepLab?.until(lab);
    keptMs += performance.now() - since;
  };
  const keepLab = options.keepLab && { keepLab: { until } };
  // Whoever looks around in the lab wants the report of it at once, and no second lab after it.
  const retries = options.update || keepLab ? 0 : retry;
  emit({ type: 'run:start', runbooks: prepared.map(({ runbook }) => runbook.path) });
  let bad = 0;
  const tasks = prepared.map(
    (each): Task<RunbookResult> =>
      async (tell) => {
        if (signal.aborted) return runOne(leftOut(each, 'not run: interrupted'), { ...options, emit: tell, signal });
        const now = bail > 0 && bad >= bail ? leftOut(each, `not run: ${bad} did not pass before (bail)`) : each;
        const attempt: Task<RunbookResult> = (emit) =>
          tracedDocument.runStores(now.runbook.path, () => one(now, { ...options, ...keepLab, emit, signal }));
        const result = await withRetries(attempt, { retries, emit: tell, signal });
        if (result.status === 'failed' || result.status === 'errored') bad += 1;
        return result;
      },
  );
  const results = await inTurn(tasks, options.jobs ?? 1, emit, () => broken.abort());
  const { status, reason } =
    nothing !== undefined && !signal.aborted
      ? ({ status: 'passed', reason: nothing } as const)
      : runStatus(results, { interrupted: signal.aborted, strict: options.strict ?? false });
  const counts = addCounts(results.map((result) => result.counts));
  const duration = Math.round(performance.now() - started - spentMs() - keptMs);
  const part = shard && { shard: { index: shard.index, of: shard.of, total } };
  const result: RunResult = { version: 1, status, reason, duration_ms: duration, counts, runbooks: results, ...part };
  emit({ type: 'run:end', run: result });
  flush();
  return result;
}

function leftOut({ plan, ...more }: Prepared, skipReason: string): Prepared {
  return { ...more, plan: { ...plan, skipReason } };
}

/** A runbook's steps in their turn, or the author's test of an exercise. */
export async function runOne(
  prepared: Prepared,
  { emit, signal, keepGoing = false, update = false, steps = [], keepLab, bystander }: RunOneOptions,
): Promise<RunbookResult> {
  const { runbook, plan } = prepared;
  if (!runbook.exercise && update) {
    const { updateRunbook } = await import('./run/update.ts');
    return updateRunbook(runbook, plan, { emit, signal });
  }
  if (!runbook.exercise) {
    const visit = keepLab && (async (lab: Lab) => (await import('./run/keep-lab.ts')).keepLab(lab, runbook, keepLab));
    return runRunbook(runbook, plan, { emit, signal, keepGoing, bystander, ...(visit && { visit }) });
  }
  const { runExercise } = await import('./run/run-exercise.ts');
  return runExercise(prepared, runbook.exercise, { emit, signal, tasks: steps });
}
