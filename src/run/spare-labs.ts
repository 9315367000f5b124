import { freemem } from 'node:os';
import { isProblem, type StepResult } from '../events.ts';
import type { PlannedStep } from '../runbook/plan.ts';
import { type Done, runnable } from './fit.ts';
import type { Prepared } from './prepare.ts';
import { openStand, type Stand } from './stand.ts';
import type { Stands } from './stands.ts';
import { runbookStatus } from './tally.ts';

/** How a document was run last. */
export interface LastPass {
  readonly prepared: Prepared;
  readonly keepGoing: boolean;
  /** Which of its steps was changed; infinite where none was. */
  readonly at: number;
  /** How long its lab took to start, in milliseconds. */
  readonly startMs: number;
  /** It passed, but not all of it was run at one go. */
  readonly isToConfirm: boolean;
}

/** Who is told of what comes to light while nobody waits. */
export interface Aside {
  /** In a sentence. */
  readonly tell: (sentence: string) => void;
  /** A whole run in a fresh lab has not passed, as the one before had. */
  readonly doubt: () => void;
}

/** Labs that are being prepared ahead. */
export interface Preparing {
  /** At once, or after the step that is being run. Resolves when the spare labs are as they stay. */
  stop(how: 'now' | 'after the step'): Promise<void>;
}

/** A lab that takes longer to start is kept ready, in milliseconds. */
const slowStartMs = 250;
/** Below so much free memory no lab is prepared ahead, in bytes. */
const leastMemory = 1.5 * 2 ** 30;
/** The run of steps that nobody has waited for. */
const ahead = 'a spare lab';

interface Work extends Aside {
  /** A whole run in a fresh lab has passed, too. */
  readonly confirm: () => void;
  readonly signal: AbortSignal;
  readonly halted: () => boolean;
}

/**
 * Brings a lab up to where the author is at work, and another one up, to begin anew in; then runs all of it in a fresh lab
 * where what it passed on was run bit by bit. Until it is stopped.
 */
export function prepareSpares(stands: Stands, last: LastPass, aside: Omit<Work, 'signal' | 'halted'>): Preparing {
  const { runbook } = last.prepared;
  // What is run twice must be closed in.
  if (runbook.lab.kind === 'none' || runbook.lab.network !== 'closed') return { stop: async () => {} };
  const now = new AbortController();
  const { signal } = now;
  let halted = false;
  const work = { ...aside, signal, halted: () => halted || signal.aborted || freemem() < leastMemory };
  const spares = prepare(stands, last, work).catch(() => {});
  if (last.isToConfirm) stands.waitFor(spares.then(() => confirm(stands, last, work)).catch(() => {}));
  return {
    stop(how) {
      if (how === 'now') now.abort();
      halted = true;
      return spares;
    },
  };
}

async function prepare(stands: Stands, { prepared, keepGoing, at, startMs }: LastPass, work: Work): Promise<void> {
  const { current } = stands;
  const { runbook, plan } = prepared;
  const { signal, halted } = work;
  if (!current) return;
  const steps = runnable(plan);
  const bad = current.done.findIndex(({ judged }) => judged.result.status !== 'passed');
  const target = Math.min(at, bad < 0 ? steps.length - 1 : bad, steps.length - 1);
  stands.keepSpares((spare) => {
    const fit = spare.fit(runbook, plan);
    return 'done' in fit && (fit.done === 0 || fit.done === target);
  });
  if (target > 0 && !stands.spares.some(({ done }) => done.length === target)) {
    if (halted()) return;
    const bare = stands.spares.find(({ done }) => done.length === 0);
    const spare = bare ?? (await openStand(runbook, signal));
    if (!bare) stands.addSpare(spare);
    const teardown = plan.steps.filter(({ step }) => step.phase === 'teardown');
    const options = { emit: () => {}, signal, keepGoing, run: ahead, halted, teardown };
    await spare.go({ ...plan, steps: steps.slice(0, target) }, options, () => {}, nothingLeft);
    const other = signal.aborted ? undefined : firstOther(current.done, spare);
    if (other !== undefined) {
      spare.spoiled = 'it went another way';
      stands.keepSpares((each) => each !== spare);
      work.tell(other);
    }
  }
  if (startMs > slowStartMs && !stands.spares.some(({ done }) => done.length === 0) && !halted()) {
    stands.addSpare(await openStand(runbook, signal));
  }
}

const nothingLeft = { captures: new Map(), stop: undefined } as const;

/** Says of the first step that came to another verdict in a spare lab. */
function firstOther(before: readonly Done[], { done }: Stand): string | undefined {
  for (const [index, { judged }] of done.entries()) {
    const [was, is] = [before[index]?.judged.result.status, judged.result.status];
    if (was === undefined || was === is) continue;
    return `line ${judged.result.line} ${is} in a spare lab, and had ${was} before: it hangs on more than the steps before it`;
  }
  return undefined;
}

/** Runs all of it, as a run does that knows nothing of those before. */
async function confirm(stands: Stands, { prepared, keepGoing }: LastPass, work: Work): Promise<void> {
  const { runbook, plan } = prepared;
  const { signal, halted } = work;
  if (halted()) return;
  const started = performance.now();
  const isTeardown = ({ step }: PlannedStep): boolean => step.phase === 'teardown';
  const teardown = plan.steps.filter(isTeardown);
  const main = plan.steps.filter((planned) => !isTeardown(planned));
  const results = new Map<number, StepResult>();
  const add = (step: StepResult): void => void results.set(step.index, step);
  const options = { emit: () => {}, signal, keepGoing, run: ahead, halted, teardown };
  const stand = await openStand(runbook, signal);
  try {
    await stand.go({ ...plan, steps: main }, options, add, nothingLeft);
    if (halted()) return;
    const left = { captures: stand.done.at(-1)?.judged.captures ?? new Map(), stop: undefined };
    if (teardown.length > 0) await stand.go({ ...plan, steps: teardown }, options, add, left);
  } finally {
    stands.letGo(stand);
  }
  if (halted()) return;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (runbookStatus([...results.values()]) === 'passed') {
    work.confirm();
    return work.tell(`confirmed: a whole run in a fresh lab passed, too, in ${seconds} s`);
  }
  const bad = [...results.values()].find(isProblem);
  const where = bad ? `line ${bad.line} ${bad.status}` : 'it did not pass';
  work.tell(
    `${where} in a whole run in a fresh lab: what it passed on hangs on earlier runs, or on time; all of it again`,
  );
  work.doubt();
}
