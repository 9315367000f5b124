import type { StepResult } from '../events.ts';
import type { TaskLab } from '../run/task-lab.ts';
import type { Criterion } from '../runbook/types.ts';

/** What is known of one criterion; `unknown` before it was judged for the first time. */
export interface Standing {
  readonly criterion: Criterion;
  readonly state: 'unknown' | 'open' | 'holds' | 'errored';
  readonly result: StepResult | undefined;
}

/** Judges a task's criteria again whenever something may have changed. */
export interface Watch {
  readonly standings: readonly Standing[];
  /** All hold, as far as is known. */
  readonly done: boolean;
  /** Something may have changed now. Resolves when every criterion has been judged since. */
  poke(): Promise<void>;
  stop(): void;
}

/** A judgement that has taken this long, in milliseconds, is about a state that is no more: it is begun anew. */
const staleMs = 150;

/** Times after a change, in milliseconds, at which what does not hold yet is looked at again: some things take a while. */
const laterMs = [400, 1200, 3000];

/** Each criterion is judged by itself, in a shell of its own, so that a slow one (a ping to nowhere) holds up no other. */
export function watchCriteria(lab: TaskLab, criteria: readonly Criterion[], changed: () => void): Watch {
  const standings: Standing[] = criteria.map((criterion) => ({ criterion, state: 'unknown', result: undefined }));
  const ending = new AbortController();
  const judges = criteria.map((criterion, index) => {
    let running: { readonly since: number; readonly stop: AbortController } | undefined;
    let again = false;
    let done: Promise<void> = Promise.resolve();
    const loop = async (): Promise<void> => {
      do {
        again = false;
        const stop = new AbortController();
        running = { since: performance.now(), stop };
        const signal = AbortSignal.any([stop.signal, ending.signal]);
        const result = await lab.judge(criterion, { session: `check ${index}`, signal });
        running = undefined;
        if (ending.signal.aborted) return;
        if (stop.signal.aborted) continue;
        const before = standings[index];
        standings[index] = { criterion, state: stateOf(result, criterion), result };
        if (before?.state !== standings[index].state) changed();
      } while (again);
    };
    return (): Promise<void> => {
      if (!running) done = loop();
      else {
        again = true;
        if (performance.now() - running.since > staleMs) running.stop.abort();
      }
      return done;
    };
  });
  const judgeAll = async (onlyOpen: boolean): Promise<void> => {
    const chosen = judges.filter((_, index) => !onlyOpen || standings[index]?.state !== 'holds');
    await Promise.all(chosen.map((judge) => judge()));
  };
  let timers: NodeJS.Timeout[] = [];
  return {
    standings,
    get done() {
      return standings.every(({ state }) => state === 'holds');
    },
    async poke() {
      for (const timer of timers) clearTimeout(timer);
      timers = laterMs.map((ms) => setTimeout(() => void judgeAll(true), ms).unref());
      await judgeAll(false);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      ending.abort();
    },
  };
}

function stateOf({ status }: StepResult, { step }: Criterion): Standing['state'] {
  // What this machine cannot check is no reason not to go on; what a dead lab cannot answer is.
  const excused = status === 'skipped' && (step.if ?? step.skip) !== undefined;
  if (status === 'passed' || excused) return 'holds';
  return status === 'errored' || status === 'skipped' ? 'errored' : 'open';
}
