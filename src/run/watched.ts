import type { RunbookResult, RunEvent, RunStatus, StepResult } from '../events.ts';
import { withNetworkHint } from './closed-network.ts';
import { wholeOf } from './fit.ts';
import { carryAll, choose, firstChanged, layOut, placeText } from './go-on.ts';
import type { Prepared } from './prepare.ts';
import { describeLab, resultOf } from './run-runbook.ts';
import { type Aside, type LastPass, type Preparing, prepareSpares } from './spare-labs.ts';
import { openStand, type Stand } from './stand.ts';
import { createStands } from './stands.ts';
import { explain, skipStep } from './step-result.ts';
import { runbookStatus } from './tally.ts';

/** A document whose labs stay up between its runs: only what a change touched is run again. */
export interface Watched {
  /** Runs it as it is now. Rejects with what `emit` throws, and nothing else. */
  pass(prepared: Prepared, options: PassOptions): Promise<RunbookResult>;
  /** Whether what is being run would be run by the document as it is now, too. */
  wouldGoOn(prepared: Prepared): boolean;
  /** While nothing is asked for: brings up labs for what will probably be changed next, and confirms what has passed. */
  prepareAhead(aside: Aside): void;
  /** Lets the labs go; what was run is forgotten. */
  close(): Promise<void>;
}

export interface PassOptions {
  /** Which run this is, in words: `run 2`. */
  readonly run: string;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
  readonly keepGoing: boolean;
  /** In a lab where nothing was run yet, whatever has changed. */
  readonly fresh: boolean;
  /** Asked before each step: the document was saved once more. */
  readonly halted: () => boolean;
  /** Told, in a sentence, what is run where, and why. */
  readonly tell: (sentence: string) => void;
}

export function watchedRunbook(): Watched {
  const stands = createStands();
  let preparing: Preparing | undefined;
  let last: LastPass | undefined;
  let startMs = 0;
  /** What passed when it was last run at one go. */
  let confirmed: string | undefined;

  const freshStand = async ({ runbook }: Prepared, { emit, signal }: PassOptions): Promise<Stand> => {
    emit({ type: 'lab:start', path: runbook.path, lab: describeLab(runbook) });
    // On the machine's own network, two labs would meet.
    if (runbook.lab.network === 'host') await stands.close();
    const started = performance.now();
    const stand = await openStand(runbook, signal);
    startMs = performance.now() - started;
    emit({ type: 'lab:ready', path: runbook.path, duration_ms: Math.round(startMs), ...unlimitedOf(stand) });
    return stand;
  };

  const pass = async (prepared: Prepared, options: PassOptions): Promise<RunbookResult> => {
    const { runbook, plan } = prepared;
    const { emit, signal, run, keepGoing, halted } = options;
    const started = performance.now();
    const results = new Map<number, StepResult>();
    let where: Stand | undefined;
    const finish = (status: RunStatus, why: string | null): RunbookResult => {
      const log = where?.stage.late?.text();
      const result: RunbookResult = {
        ...resultOf(runbook, [...results.values()], { status, why, started }),
        ...(log !== undefined && { log }),
        ...(where && unlimitedOf(where)),
      };
      emit({ type: 'runbook:end', runbook: result });
      return result;
    };
    const add = (step: StepResult): void => {
      // It had gone on in the background before a step ahead of it did not pass any more: a whole run would not start it.
      if (results.get(step.index)?.status === 'skipped') return;
      const told = withNetworkHint(step, runbook.lab);
      results.set(step.index, told);
      emit({ type: 'step:end', path: runbook.path, step: told });
    };
    const { path, title, source } = runbook;
    const begin = (): void =>
      emit({ type: 'runbook:start', path, title, lab: describeLab(runbook), steps: plan.steps.length, source });
    if (plan.skipReason !== undefined || plan.steps.every(({ skipReason }) => skipReason !== undefined)) {
      begin();
      for (const planned of plan.steps) add(skipStep(planned, plan.skipReason ?? planned.skipReason ?? ''));
      const status = plan.steps.length === 0 ? 'empty' : 'skipped';
      return finish(status, plan.skipReason ?? 'nothing was checked');
    }
    try {
      const misfits = new Set<Stand>();
      while (true) {
        const { stand, why } = choose(stands, prepared, { fresh: options.fresh, not: misfits });
        const carried = stand && (await carryAll(stand, prepared, signal));
        if (stand && !carried) {
          misfits.add(stand);
          continue;
        }
        const before = stand === undefined ? undefined : stand === stands.current ? 'current' : 'spare';
        options.tell(placeText(before, stand?.done.length ?? 0, why));
        begin();
        const here = stand ?? (await freshStand(prepared, options));
        stands.use(here, runbook);
        where = here;
        const { told, rest, stop, captures } = layOut(plan, carried ?? [], keepGoing);
        for (const step of told) add(step);
        for (const [index, each] of (carried ?? []).entries()) here.done[index] = each.done;
        const at = firstChanged(last?.prepared.plan, plan);
        const teardown = plan.steps.filter(({ step }) => step.phase === 'teardown');
        const left = { captures, stop };
        await here.go({ ...plan, steps: rest }, { emit, signal, keepGoing, run, teardown, halted }, add, left);
        const passed = !signal.aborted && !halted() && runbookStatus([...results.values()]) === 'passed';
        const whole = wholeOf(runbook, plan);
        if (passed && !carried?.length) confirmed = whole;
        last = { prepared, keepGoing, at, startMs, isToConfirm: passed && confirmed !== whole };
        break;
      }
    } catch (error) {
      if (signal.aborted) return finish('interrupted', 'stopped before the end');
      return finish('errored', explain(error));
    }
    if (signal.aborted || halted()) return finish('interrupted', 'stopped before the end');
    return finish(runbookStatus([...results.values()]), null);
  };

  return {
    async pass(prepared, options) {
      // A lab that is being prepared, and that this run needs, is waited for; else nothing is.
      const fits = (stand: Stand | undefined): boolean => {
        const fit = stand?.fit(prepared.runbook, prepared.plan);
        return fit !== undefined && 'done' in fit && fit.done > 0;
      };
      const needed =
        !options.fresh && !fits(stands.current) && stands.spares.some((spare) => spare.running && fits(spare));
      await preparing?.stop(needed ? 'after the step' : 'now');
      preparing = undefined;
      return pass(prepared, options);
    },
    wouldGoOn({ runbook, plan }) {
      return stands.current === undefined || 'done' in stands.current.fit(runbook, plan);
    },
    prepareAhead(aside) {
      // It goes on until a run stops it: a save that touched nothing asks once more.
      if (!last) return;
      const whole = wholeOf(last.prepared.runbook, last.prepared.plan);
      const confirm = (): void => {
        confirmed = whole;
      };
      preparing ??= prepareSpares(stands, last, { ...aside, confirm });
    },
    async close() {
      await preparing?.stop('now');
      await stands.close();
    },
  };
}

function unlimitedOf({ lab: { unlimited } }: Stand): Pick<RunbookResult, 'unlimited'> {
  return unlimited.length > 0 ? { unlimited } : {};
}
