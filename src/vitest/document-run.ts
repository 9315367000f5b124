import { vi } from 'vitest';
import { NetlabError } from '../errors.ts';
import type { RunbookResult, RunEvent, StepResult } from '../events.ts';
import { createMask, findSecrets } from '../report/mask.ts';
import { run } from '../run.ts';
import { stoppedBeforeEnd } from './before-end.ts';
import { failureAt, refusalOf } from './failures.ts';
import type { OpenedDocument } from './options.ts';

/** What tests know of a run that has ended. */
export type Outcome = Pick<RunbookResult, 'status' | 'reason' | 'steps'>;

/** One run of a document, which tests watch. */
export interface DocumentRun {
  /** Resolves when the lab is up, or when the run has ended without needing one. Rejects where there will be none. */
  readonly ready: Promise<void>;
  /**
   * What came of it: `interrupted`, without steps, where it was stopped before it began. Rejects where netlab refused
   * to run it.
   */
  readonly ended: Promise<Outcome>;
  /** What is known now: a step in the background can still go wrong after it was told. */
  readonly results: ReadonlyMap<number, StepResult>;
  /**
   * What came of a step, as soon as it is known; `undefined` where the run ended without saying. Rejects once fake timers
   * were on.
   */
  readonly result: (index: number) => Promise<StepResult | undefined>;
  /** Ends it: the running step is stopped, teardown steps run. */
  readonly stop: () => void;
}

/** What a run is made with: the document as its tests were made, which steps or tasks, and who is told of each step. */
export interface RunRequest extends OpenedDocument {
  readonly steps?: readonly string[];
  readonly told?: (step: StepResult) => void;
}

const noContexts = "labs cannot be made in Vitest's pools vmThreads and vmForks\ntry: pool: 'forks', Vitest's default";

const noFakes = 'fake timers are on, and with them no limit of a step holds\ntry: call vi.useRealTimers() before it';

/** Starts a run of one document. Secrets are masked in all that leaves it. */
export function startRun(request: RunRequest): DocumentRun {
  const { path, source, options, steps, told } = request;
  const { keepGoing = false, network, allowHost = false, mask = [] } = options;
  const hide = createMask(findSecrets(mask, process.env));
  const stop = new AbortController();
  const results = new Map<number, StepResult>();
  const waiting = new Map<number, (() => void)[]>();
  let outcome: Outcome | undefined;
  let other = false;
  let over = false;
  let begun = false;
  let faked: Error | undefined;
  /** Whatever is known of a run that has met fake timers is worth nothing. */
  const lookForFakes = (): void => {
    if (!vi.isFakeTimers()) return;
    faked = failureAt(request, { line: 1 }, 'UsageError', noFakes);
    // What was begun needs real ones to come to its end.
    if (begun) vi.useRealTimers();
    stop.abort();
  };
  const mustBeReal = (): void => {
    lookForFakes();
    if (faked) throw faked;
  };
  let tellUp: (nothing: undefined) => void = () => {};
  const up = new Promise<undefined>((resolve) => {
    tellUp = resolve;
  });
  const wake = (index: number): void => {
    for (const tell of waiting.get(index)?.splice(0) ?? []) tell();
  };
  const onEvent = (given: RunEvent): void => {
    lookForFakes();
    const event = hide(given);
    if (event.type === 'lab:ready') tellUp(undefined);
    // A run of anything else than what the tests were made of would be told under wrong names.
    if (given.type === 'runbook:start' && given.source !== source) {
      other = true;
      stop.abort();
    }
    if (event.type === 'runbook:end') outcome = event.runbook;
    if (event.type !== 'step:end') return;
    results.set(event.step.index, event.step);
    wake(event.step.index);
    told?.(event.step);
  };
  const wishes = { keepGoing, network, allowHost, ...(steps && { steps }) };
  const finish = async (): Promise<Outcome> => {
    try {
      if (Symbol.asyncDispose === undefined) throw failureAt(request, { line: 1 }, 'UsageError', noContexts);
      mustBeReal();
      begun = true;
      const running = (): ReturnType<typeof run> => run({ paths: [path], ...wishes, signal: stop.signal, onEvent });
      const { status, reason } = await stoppedBeforeEnd(running, () => stop.abort());
      mustBeReal();
      if (other) throw failureAt(request, { line: 1 }, 'NetlabError', 'was changed after its tests were collected');
      return outcome ?? { status, reason, steps: [] };
    } catch (error) {
      throw error instanceof NetlabError ? refusalOf(error, request) : error;
    } finally {
      over = true;
      for (const index of waiting.keys()) wake(index);
    }
  };
  const ended = finish();
  const lost = ended.then((result) => {
    if (result.steps.length === 0 && result.status === 'errored') {
      throw failureAt(request, { line: 1 }, 'LabError', result.reason ?? 'the lab did not come up');
    }
  });
  const ready = Promise.race([up, lost]);
  ready.catch(() => {});
  return {
    ready,
    ended,
    results,
    stop: () => stop.abort(),
    result: async (index) => {
      mustBeReal();
      await new Promise<void>((resolve) => {
        if (over || results.has(index)) resolve();
        else waiting.set(index, [...(waiting.get(index) ?? []), resolve]);
      });
      mustBeReal();
      return results.get(index);
    },
  };
}
