import { freemem } from 'node:os';
import { runnable } from './fit.ts';
import type { Prepared } from './prepare.ts';
import { openStand } from './stand.ts';
import type { Stands } from './stands.ts';

/** How a document was run last. */
export interface LastPass {
  readonly prepared: Prepared;
  readonly keepGoing: boolean;
  /** Which of its steps was changed; infinite where none was. */
  readonly at: number;
  /** How long its lab took to start, in milliseconds. */
  readonly startMs: number;
}

/** Labs that are being prepared ahead. */
export interface Preparing {
  /** Resolves when nothing is done any more; at once, or after the step that is being run. */
  stop(how: 'now' | 'after the step'): Promise<void>;
}

/** A lab that takes longer to start is kept ready, in milliseconds. */
const slowStartMs = 250;
/** Below so much free memory no lab is prepared ahead, in bytes. */
const leastMemory = 1.5 * 2 ** 30;
/** The run of steps that nobody has waited for. */
const ahead = 'a spare lab';

/** Brings a lab up to where the author is at work, and another one up, to begin anew in; until it is stopped. */
export function prepareSpares(stands: Stands, last: LastPass): Preparing {
  const now = new AbortController();
  let halted = false;
  const done = prepare(stands, last, { signal: now.signal, halted: () => halted || now.signal.aborted }).catch(
    () => {},
  );
  return {
    stop(how) {
      if (how === 'now') now.abort();
      halted = true;
      return done;
    },
  };
}

async function prepare(
  stands: Stands,
  { prepared, keepGoing, at, startMs }: LastPass,
  { signal, halted }: { readonly signal: AbortSignal; readonly halted: () => boolean },
): Promise<void> {
  const { current } = stands;
  const { runbook, plan } = prepared;
  // What is run twice must be closed in.
  if (!current || runbook.lab.kind === 'none' || runbook.lab.network !== 'closed') return;
  const steps = runnable(plan);
  const verdicts = current.done.map(({ judged }) => judged.result.status);
  const bad = verdicts.findIndex((status) => status !== 'passed');
  const target = Math.min(at, bad < 0 ? steps.length - 1 : bad, steps.length - 1);
  stands.keepSpares((spare) => {
    const fit = spare.fit(runbook, plan);
    return 'done' in fit && (fit.done === 0 || fit.done === target);
  });
  const enough = (): boolean => halted() || freemem() < leastMemory;
  if (target > 0 && !stands.spares.some(({ done }) => done.length === target)) {
    if (enough()) return;
    const bare = stands.spares.find(({ done }) => done.length === 0);
    const spare = bare ?? (await openStand(runbook, signal));
    if (!bare) stands.addSpare(spare);
    const teardown = plan.steps.filter(({ step }) => step.phase === 'teardown');
    const options = { emit: () => {}, signal, keepGoing, run: ahead, halted, teardown };
    const nothingLeft = { captures: new Map(), stop: undefined };
    await spare.go({ ...plan, steps: steps.slice(0, target) }, options, () => {}, nothingLeft);
    const asBefore = spare.done.every(({ judged }, index) => judged.result.status === verdicts[index]);
    if (!asBefore && !signal.aborted) spare.spoiled = 'it went another way';
  }
  if (startMs > slowStartMs && !stands.spares.some(({ done }) => done.length === 0) && !enough()) {
    stands.addSpare(await openStand(runbook, signal));
  }
}
