import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Captures } from '../check/types.ts';
import type { StepResult } from '../events.ts';
import { startLab } from '../lab/start.ts';
import type { Lab } from '../lab/types.ts';
import type { Plan, PlannedStep } from '../runbook/plan.ts';
import type { Runbook } from '../runbook/types.ts';
import { usedBy } from './changed.ts';
import { environmentOf } from './closed-network.ts';
import { type Done, type Fit, fitOf, stageOf } from './fit.ts';
import { lateLog } from './late-log.ts';
import type { RunbookOptions } from './run-runbook.ts';
import { type Left, runSteps, type Stage } from './run-steps.ts';
import { endWithLab, openSessions } from './sessions.ts';

/** A lab that stays up from one run of a document to the next, and all that was run in it. */
export interface Stand extends AsyncDisposable {
  readonly lab: Lab;
  readonly stage: Stage;
  /** Setup and main steps, in order. */
  readonly done: Done[];
  /** Why nothing more can be run in it; `undefined` when it can. */
  spoiled: string | undefined;
  /** What is being run in it. */
  readonly running: PlannedStep | undefined;
  /** How a document as it is now stands to it. */
  fit(runbook: Runbook, plan: Plan): Fit;
  /** Runs the steps of a plan that come after those that are done. */
  go(plan: Plan, options: GoOptions, add: (step: StepResult) => void, left: Left): Promise<void>;
}

export interface GoOptions extends Pick<RunbookOptions, 'emit' | 'signal' | 'keepGoing'> {
  /** Which run this is, in words. */
  readonly run: string;
  /** Those of the whole plan: run when the lab goes, unless they were before. */
  readonly teardown: readonly PlannedStep[];
  readonly halted?: () => boolean;
}

/** Brings up a lab for a document, in which nothing has been run. Rejects with a `LabError`. */
export async function openStand(runbook: Runbook, signal: AbortSignal): Promise<Stand> {
  // The kernel's clock of files is a coarse one.
  const since = Date.now() - 20;
  const found = existing(runbook);
  const lab = await startLab(runbook, signal);
  const env = environmentOf(runbook);
  const done: Done[] = [];
  const started = openSessions(lab, env);
  const now = (ran: PlannedStep): PlannedStep => done.find((each) => each.ran === ran)?.planned ?? ran;
  const sessions = { ...started, deadInBackground: () => started.deadInBackground(now) };
  const stage: Stage = { lab, env, sessions, late: lateLog() };
  const made = stageOf(runbook);
  let due: Plan | undefined;
  let running: PlannedStep | undefined;
  let ended = 0;
  let over: Promise<void> | undefined;
  const stand: Stand = {
    lab,
    stage,
    done,
    spoiled: undefined,
    get running() {
      return running;
    },
    fit(now, plan) {
      if (lab.broken.aborted) return { line: undefined, why: 'its lab broke' };
      if (stand.spoiled !== undefined) return { line: undefined, why: stand.spoiled };
      if (!running && sessions.endedInBackground() !== ended) {
        return { line: undefined, why: 'a step in the background ended while nothing was run' };
      }
      if (stageOf(now) !== made)
        return { line: undefined, why: 'what its lab is made of, or its environment, changed' };
      const file = [...existing(now), ...found].find((path) => newestChange(path) >= since);
      if (file !== undefined) return { line: undefined, why: `${file} changed, which it uses` };
      const underway = running && { planned: running, judged: undefined };
      return fitOf(underway ? [...done, underway] : done, plan);
    },
    async go(plan, { emit, signal, keepGoing, run, teardown, halted }, add, left) {
      due = { ...plan, steps: teardown };
      let before: Captures = left.captures;
      await runSteps(
        plan,
        stage,
        {
          emit(event) {
            if (event.type === 'step:start') running = plan.steps.find(({ step }) => step.index === event.index);
            emit(event);
          },
          signal,
          keepGoing,
          ...(halted && { halted }),
          afterStep: async (planned, judged) => {
            running = undefined;
            if (planned.step.phase === 'teardown') {
              due = undefined;
              stand.spoiled ??= 'its teardown steps have run';
            } else done.push({ planned, ran: planned, judged, before, run });
            before = judged.captures;
            return judged.captures;
          },
        },
        add,
        left,
      );
      ended = sessions.endedInBackground();
      // A step that was stopped half way has left nobody knows what.
      if (signal.aborted) stand.spoiled = 'a step was stopped half way';
    },
    [Symbol.asyncDispose]() {
      over ??= (async () => {
        try {
          // As after a stop: nobody waits for long.
          const quietly = { emit: () => {}, signal: AbortSignal.abort(), keepGoing: true };
          if (due && done.length > 0) await runSteps(due, stage, quietly, () => {}, leftBy(done));
        } finally {
          await endWithLab(sessions, lab);
        }
      })();
      return over;
    },
  };
  return stand;
}

function leftBy(done: readonly Done[]): Left {
  return { captures: done.at(-1)?.judged.captures ?? new Map(), stop: undefined };
}

/** Files and folders of the document's project that it uses, besides itself, where they are there. */
export function existing(runbook: Runbook): readonly string[] {
  const [itself = '', ...used] = usedBy(runbook);
  const folder = dirname(itself);
  const images = runbook.lab.nodes.flatMap((node) => node.images.flatMap(({ build }) => build ?? []));
  const built = new Set(images.map((build) => resolve(folder, build)));
  const root = projectOf(folder);
  const named = used.filter(
    (path) =>
      (path.startsWith(`${root}/`) || built.has(path)) &&
      !path.includes('/node_modules') &&
      lstatSync(path, quiet) !== undefined,
  );
  // Whoever watches a link must watch what it leads to.
  return [...new Set(named.flatMap((path) => [path, realOf(path) ?? path]))];
}

const quiet = { throwIfNoEntry: false } as const;

/** The nearest folder upwards with `.git`, else the folder itself. */
function projectOf(folder: string): string {
  for (let at = folder; at !== dirname(at); at = dirname(at)) if (lstatSync(join(at, '.git'), quiet)) return at;
  return resolve(folder);
}

/** As many entries of a folder are looked at: a larger one counts as never changed, or every save would have to wait. */
const mostEntries = 5000;

/** Where a path leads, through links; `undefined`: nowhere. */
function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** When a file, or anything in a folder, was last changed or put there, in milliseconds; now, when it has gone. */
export function newestChange(path: string): number {
  const followed = new Set<string>();
  let newest = 0;
  let seen = 0;
  const look = (at: string): void => {
    if (seen++ > mostEntries) return;
    const stat = lstatSync(at, quiet);
    newest = Math.max(newest, stat?.ctimeMs ?? Date.now());
    const target = stat?.isSymbolicLink() ? realOf(at) : undefined;
    if (target !== undefined && !followed.has(target)) look(target);
    if (target !== undefined) followed.add(target);
    if (!stat?.isDirectory()) return;
    for (const name of readdirSync(at)) if (name !== 'node_modules' && name !== '.git') look(join(at, name));
  };
  look(path);
  return newest;
}
