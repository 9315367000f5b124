import { freemem } from 'node:os';
import { resolve } from 'node:path';
import type { Captures } from '../check/types.ts';
import type { RunbookResult, RunEvent, RunStatus, StepResult } from '../events.ts';
import type { Plan, PlannedStep } from '../runbook/plan.ts';
import { carry, sameCaptures } from './carry.ts';
import { withNetworkHint } from './closed-network.ts';
import { judgedBy, runnable } from './fit.ts';
import { receiveGuests } from './guests.ts';
import { welcomeTo } from './keep-lab.ts';
import type { Prepared } from './prepare.ts';
import { proberOf } from './probe-lab.ts';
import { describeLab, resultOf } from './run-runbook.ts';
import { explain, skipStep } from './run-step.ts';
import { openStand, type Stand } from './stand.ts';
import { runbookStatus } from './tally.ts';

/** A document whose labs stay up between its runs: only what a change touched is run again. */
export interface Watched {
  /** Runs it as it is now. Never rejects. */
  pass(prepared: Prepared, options: PassOptions): Promise<RunbookResult>;
  /** Whether what is being run would be run by the document as it is now, too. */
  wouldGoOn(prepared: Prepared): boolean;
  /** While nothing is asked for: brings up labs for what will probably be changed next. */
  prepareAhead(): void;
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

/** A lab that takes longer to start is kept ready, in milliseconds. */
const slowStartMs = 250;
/** Below so much free memory no lab is prepared ahead, in bytes. */
const leastMemory = 1.5 * 2 ** 30;
/** The run of steps that nobody has waited for. */
const ahead = 'a spare lab';

export function watchedRunbook(): Watched {
  let current: Stand | undefined;
  let spares: Stand[] = [];
  let closeDoor = (): void => {};
  let preparing: Preparing | undefined;
  let last: { readonly prepared: Prepared; readonly keepGoing: boolean; readonly at: number } | undefined;
  let startMs = 0;
  const going = new Set<Promise<void>>();

  const letGo = (stand: Stand | undefined): void => {
    if (!stand) return;
    const gone: Promise<void> = (async () => {
      try {
        await stand[Symbol.asyncDispose]();
      } catch {
        // It broke while it was taken away: the kernel has done the rest.
      }
    })().finally(() => going.delete(gone));
    going.add(gone);
  };

  const choose = ({ runbook, plan }: Prepared, fresh: boolean, not: ReadonlySet<Stand>): Choice => {
    const all = [...(current ? [current] : []), ...spares].filter((stand) => !not.has(stand));
    const fitting = all.flatMap((stand) => {
      const fit = stand.fit(runbook, plan);
      return 'done' in fit && (!fresh || fit.done === 0) ? [{ stand, done: fit.done }] : [];
    });
    const [best] = fitting.sort((a, b) => b.done - a.done || Number(b.stand === current) - Number(a.stand === current));
    const misfit = current?.fit(runbook, plan);
    const why = fresh || !misfit || 'done' in misfit ? undefined : whyText(misfit);
    return { stand: best?.stand, why };
  };

  const freshStand = async ({ runbook }: Prepared, { emit, signal }: PassOptions): Promise<Stand> => {
    emit({ type: 'lab:start', path: runbook.path, lab: describeLab(runbook) });
    const started = performance.now();
    const stand = await openStand(runbook, signal);
    startMs = performance.now() - started;
    emit({ type: 'lab:ready', path: runbook.path, duration_ms: Math.round(startMs) });
    return stand;
  };

  const become = (stand: Stand, { runbook }: Prepared): void => {
    if (current === stand) return;
    closeDoor();
    letGo(current);
    spares = spares.filter((spare) => spare !== stand);
    current = stand;
    const welcome = welcomeTo(stand.lab, runbook);
    closeDoor = receiveGuests(stand.lab, { kind: 'run', path: resolve(runbook.path) }, (guest, output) => {
      // Whoever was in it may have changed anything.
      stand.spoiled ??= 'somebody was in its lab (netlab attach)';
      return welcome(guest, output);
    });
  };

  const pass = async (prepared: Prepared, options: PassOptions): Promise<RunbookResult> => {
    const { runbook, plan } = prepared;
    const { emit, signal, run, keepGoing, halted } = options;
    const started = performance.now();
    const results = new Map<number, StepResult>();
    const finish = (status: RunStatus, why: string | null): RunbookResult => {
      const result = resultOf(runbook, [...results.values()], { status, why, started });
      emit({ type: 'runbook:end', runbook: result });
      return result;
    };
    const add = (step: StepResult): void => {
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
        const { stand, why } = choose(prepared, options.fresh, misfits);
        const carried = stand && (await carryAll(stand, prepared, signal));
        if (stand && !carried) {
          misfits.add(stand);
          continue;
        }
        const before = stand === undefined ? undefined : stand === current ? 'current' : 'spare';
        options.tell(placeText(before, stand?.done.length ?? 0, why));
        begin();
        const here = stand ?? (await freshStand(prepared, options));
        become(here, prepared);
        const { told, rest, stop, captures } = layOut(plan, carried ?? [], keepGoing);
        for (const step of told) add(step);
        for (const [index, each] of (carried ?? []).entries()) here.done[index] = each.done;
        const at = firstChanged(last?.prepared.plan, plan);
        const teardown = plan.steps.filter(({ step }) => step.phase === 'teardown');
        const left = { captures, stop };
        await here.go({ ...plan, steps: rest }, { emit, signal, keepGoing, run, teardown, halted }, add, left);
        last = { prepared, keepGoing, at };
        break;
      }
    } catch (error) {
      if (signal.aborted) return finish('interrupted', 'stopped before the end');
      return finish('errored', explain(error));
    }
    if (signal.aborted || halted()) return finish('interrupted', 'stopped before the end');
    return finish(runbookStatus([...results.values()]), null);
  };

  /** Brings a lab up to where the author is at work, and another one up, to begin anew in. */
  const prepareSpares = async (work: Preparing): Promise<void> => {
    if (!last || !current) return;
    const { prepared, keepGoing, at } = last;
    const { runbook, plan } = prepared;
    const steps = runnable(plan);
    const verdicts = current.done.map(({ judged }) => judged.result.status);
    const bad = verdicts.findIndex((status) => status !== 'passed');
    const target = Math.min(at, bad < 0 ? steps.length - 1 : bad, steps.length - 1);
    spares = spares.filter((spare) => {
      const fit = spare.fit(runbook, plan);
      if ('done' in fit && (fit.done === 0 || fit.done === target)) return true;
      letGo(spare);
      return false;
    });
    const stop = work.stop.signal;
    const enough = (): boolean => stop.aborted || work.halted || freemem() < leastMemory;
    if (target > 0 && !spares.some(({ done }) => done.length === target)) {
      if (enough()) return;
      const bare = spares.find(({ done }) => done.length === 0);
      const spare = bare ?? (await openStand(runbook, stop));
      if (!bare) spares.push(spare);
      const options = {
        emit: () => {},
        signal: stop,
        keepGoing,
        run: ahead,
        halted: () => stop.aborted || work.halted,
      };
      const teardown = plan.steps.filter(({ step }) => step.phase === 'teardown');
      await spare.go({ ...plan, steps: steps.slice(0, target) }, { ...options, teardown }, () => {}, nothingLeft);
      const asBefore = spare.done.every(({ judged }, index) => judged.result.status === verdicts[index]);
      if (!asBefore && !stop.aborted) spare.spoiled = 'it went another way';
    }
    if (startMs > slowStartMs && !spares.some(({ done }) => done.length === 0) && !enough()) {
      spares.push(await openStand(runbook, stop));
    }
  };

  const stopPreparing = async (softly: boolean): Promise<void> => {
    if (preparing && softly) preparing.halted = true;
    else preparing?.stop.abort();
    await preparing?.done;
    preparing = undefined;
  };

  return {
    async pass(prepared, options) {
      // A lab that is being prepared, and that this run needs, is waited for; else nothing is.
      const fits = (stand: Stand | undefined): boolean => {
        const fit = stand?.fit(prepared.runbook, prepared.plan);
        return fit !== undefined && 'done' in fit && fit.done > 0;
      };
      const needed = !options.fresh && !fits(current) && spares.some((spare) => spare.running && fits(spare));
      await stopPreparing(needed);
      return pass(prepared, options);
    },
    wouldGoOn({ runbook, plan }) {
      return current === undefined || 'done' in current.fit(runbook, plan);
    },
    prepareAhead() {
      const lab = last?.prepared.runbook.lab;
      // What is run twice must be closed in.
      if (!lab || lab.kind === 'none' || lab.network !== 'closed') return;
      // It goes on until a run stops it: a save that touched nothing asks once more.
      if (preparing) return;
      const work: Preparing = { stop: new AbortController(), halted: false, done: Promise.resolve() };
      work.done = prepareSpares(work).catch(() => {});
      preparing = work;
    },
    async close() {
      await stopPreparing(false);
      closeDoor();
      for (const stand of [current, ...spares]) letGo(stand);
      current = undefined;
      spares = [];
      last = undefined;
      while (going.size > 0) await Promise.all(going);
    },
  };
}

/** Labs that are being prepared ahead. */
interface Preparing {
  /** At once. */
  readonly stop: AbortController;
  /** After the step that is being run. */
  halted: boolean;
  done: Promise<void>;
}

interface Choice {
  readonly stand: Stand | undefined;
  /** Why the lab that was used before cannot be; `undefined` when it can, or there was none. */
  readonly why: string | undefined;
}

type AllCarried = readonly Awaited<ReturnType<typeof carry>>[];

/** What was run in a lab, judged as the document is now; `undefined` where later steps were run with other captures. */
async function carryAll(stand: Stand, { plan }: Prepared, signal: AbortSignal): Promise<AllCarried | undefined> {
  const wanted = runnable(plan);
  const all: Awaited<ReturnType<typeof carry>>[] = [];
  let captures: Captures = new Map();
  for (const [index, done] of stand.done.entries()) {
    const planned = wanted[index] as PlannedStep;
    const { lab, env } = stand.stage;
    const carried = await carry(done, planned, captures, { probe: proberOf(lab, env, planned.node), signal });
    captures = carried.captures;
    if (index < stand.done.length - 1 && !sameCaptures(captures, done.judged.captures)) return undefined;
    const { output } = done.judged;
    const judged = { result: carried.result, captures, output };
    all.push({ ...carried, done: { ...done, planned, judged } });
  }
  return all;
}

const nothingLeft = { captures: new Map(), stop: undefined } as const;

/** What is told at once, and what is to be run after that. */
function layOut(
  plan: Plan,
  carried: AllCarried,
  keepGoing: boolean,
): {
  readonly told: readonly StepResult[];
  readonly rest: readonly PlannedStep[];
  readonly stop: string | undefined;
  readonly captures: Captures;
} {
  const told: StepResult[] = [];
  const rest: PlannedStep[] = [];
  let next = 0;
  let stop: string | undefined;
  for (const planned of plan.steps) {
    const { step, skipReason } = planned;
    const each = carried[next];
    if (step.phase === 'teardown' || (!each && rest.length > 0)) rest.push(planned);
    else if (skipReason !== undefined) {
      if (each) told.push(skipStep(planned, skipReason));
      else rest.push(planned);
    } else if (each) {
      told.push(stop === undefined ? each.result : skipStep(planned, stop));
      if (each.result.status !== 'passed' && !step.continue && !keepGoing) {
        stop ??= `line ${each.result.line} did not pass`;
      }
      next += 1;
    } else rest.push(planned);
  }
  return { told, rest, stop, captures: carried.at(-1)?.captures ?? new Map() };
}

/** Which of the steps is not as it was in the plan before; infinite where all are. */
function firstChanged(before: Plan | undefined, now: Plan): number {
  const text = ({ step, node }: PlannedStep): string => JSON.stringify([node, step.command, judgedBy(step)]);
  const was = before === undefined ? undefined : runnable(before).map(text);
  const at = was === undefined ? -1 : runnable(now).findIndex((planned, index) => text(planned) !== was[index]);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

function whyText({ line, why }: { readonly line: number | undefined; readonly why: string }): string {
  return line === undefined ? why : `line ${line}: ${why}`;
}

/** In a sentence, where steps are run. */
function placeText(where: 'current' | 'spare' | undefined, done: number, why: string | undefined): string {
  const before = why === undefined ? '' : `${why}; `;
  const steps = done === 1 ? '1 step' : `${done} steps`;
  if (where === 'current' && done === 0) return `${before}in the same lab, where nothing has run yet`;
  if (where === 'current') return `${before}goes on in the same lab, where ${steps} had run`;
  if (where === 'spare' && done > 0) return `${before}a spare lab, where ${steps} had run ahead`;
  return `${before}a fresh lab`;
}
