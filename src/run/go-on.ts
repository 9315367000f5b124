import type { Captures } from '../check/types.ts';
import type { StepResult } from '../events.ts';
import type { Plan, PlannedStep } from '../runbook/plan.ts';
import { carry, sameCaptures } from './carry.ts';
import { judgedBy, runnable } from './fit.ts';
import { whyNoFurther } from './go-no-further.ts';
import type { Prepared } from './prepare.ts';
import { proberOf } from './probe-lab.ts';
import type { Stand } from './stand.ts';
import type { Stands } from './stands.ts';
import { skipStep } from './step-result.ts';

/** Where a document is gone on with. */
export interface Choice {
  /** `undefined`: in none of the labs that are up. */
  readonly stand: Stand | undefined;
  /** Why the lab that was used before cannot be; `undefined` when it can, or there was none. */
  readonly why: string | undefined;
}

/** Of the labs that are up, the one where most of what a document would run has been run; `fresh`: where nothing has. */
export function choose(
  { current, spares }: Stands,
  { runbook, plan }: Prepared,
  { fresh, not }: { readonly fresh: boolean; readonly not: ReadonlySet<Stand> },
): Choice {
  const all = [...(current ? [current] : []), ...spares].filter((stand) => !not.has(stand));
  const fitting = all.flatMap((stand) => {
    const fit = stand.fit(runbook, plan);
    return 'done' in fit && (!fresh || fit.done === 0) ? [{ stand, done: fit.done }] : [];
  });
  const [best] = fitting.sort((a, b) => b.done - a.done || Number(b.stand === current) - Number(a.stand === current));
  const misfit = current?.fit(runbook, plan);
  const why = fresh || !misfit || 'done' in misfit ? undefined : whyText(misfit);
  return { stand: best?.stand, why };
}

type AllCarried = readonly Awaited<ReturnType<typeof carry>>[];

/** What was run in a lab, judged as the document is now; `undefined` where later steps were run with other captures. */
export async function carryAll(stand: Stand, { plan }: Prepared, signal: AbortSignal): Promise<AllCarried | undefined> {
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

/** What is told at once, and what is to be run after that. */
export function layOut(
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
      stop ??= whyNoFurther(planned, each.result, keepGoing);
      next += 1;
    } else rest.push(planned);
  }
  return { told, rest, stop, captures: carried.at(-1)?.captures ?? new Map() };
}

/** Which of the steps is not as it was in the plan before; infinite where all are. */
export function firstChanged(before: Plan | undefined, now: Plan): number {
  const text = ({ step, node }: PlannedStep): string => JSON.stringify([node, step.command, judgedBy(step)]);
  const was = before === undefined ? undefined : runnable(before).map(text);
  const at = was === undefined ? -1 : runnable(now).findIndex((planned, index) => text(planned) !== was[index]);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

function whyText({ line, why }: { readonly line: number | undefined; readonly why: string }): string {
  return line === undefined ? why : `line ${line}: ${why}`;
}

/** In a sentence, where steps are run. */
export function placeText(where: 'current' | 'spare' | undefined, done: number, why: string | undefined): string {
  const before = why === undefined ? '' : `${why}; `;
  const steps = done === 1 ? '1 step' : `${done} steps`;
  if (where === 'current' && done === 0) return `${before}in the same lab, where nothing has run yet`;
  if (where === 'current') return `${before}goes on in the same lab, where ${steps} had run`;
  if (where === 'spare' && done > 0) return `${before}a spare lab, where ${steps} had run ahead`;
  return `${before}a fresh lab`;
}
