import { setImmediate } from 'node:timers/promises';
import type { Captures } from '../check/types.ts';
import { isProblem, type StepResult } from '../events.ts';
import type { Lab } from '../lab/types.ts';
import type { Plan, PlannedStep } from '../runbook/plan.ts';
import type { Runbook } from '../runbook/types.ts';
import { hasEndedDocument, whyNoFurther } from './go-no-further.ts';
import type { LateLog } from './late-log.ts';
import { proberOf } from './probe-lab.ts';
import type { RunbookOptions } from './run-runbook.ts';
import { endWithLab, openSessions, runPlanned, type Sessions } from './sessions.ts';
import { explain, loseStep, skipStep } from './step-result.ts';
import { teardownSignal } from './teardown-signal.ts';

/** Where steps are run. */
export interface Stage {
  readonly lab: Lab;
  readonly env: Runbook['env'];
  readonly sessions: Sessions;
  /** Keeps what steps leave behind prints later. */
  readonly late?: LateLog;
}

/** What earlier steps have left to those that are run now. */
export interface Left {
  readonly captures: Captures;
  /** Why main steps are skipped. */
  readonly stop: string | undefined;
}

/** Runs the steps of a plan in sessions of their own, which end with their lab. */
export async function runStepsOnce(
  plan: Plan,
  { lab, env, late }: Omit<Stage, 'sessions'> & { readonly late: LateLog },
  options: RunbookOptions,
  add: (step: StepResult) => void,
): Promise<void> {
  const sessions = openSessions(lab, env);
  try {
    await runSteps(plan, { lab, env, sessions, late }, options, add);
  } finally {
    await endWithLab(sessions, lab);
  }
}

/** Setup and main steps in order, until one does not pass; teardown steps whatever happened. */
export async function runSteps(
  plan: Plan,
  { lab, env, sessions, late }: Stage,
  { emit, signal, keepGoing, visit, afterStep, bystander, halted = () => false }: RunbookOptions,
  add: (step: StepResult) => void,
  left: Left = { captures: new Map(), stop: undefined },
): Promise<void> {
  let { captures, stop } = left;
  let over = false;
  let ended: string | undefined;
  const untilStopped = AbortSignal.any([lab.broken, signal]);
  using cleaning = teardownSignal(signal, lab.broken);
  const dead = new Map<number, StepResult>();
  const tellDead = async (): Promise<void> => {
    for (const { result } of await sessions.deadInBackground()) {
      if (!dead.has(result.index)) add(result);
      dead.set(result.index, result);
    }
  };
  /** Whoever wants to look at the lab does so when all main steps are through, and knows then what has died in it. */
  const visitOnce = async (): Promise<void> => {
    if (over) return;
    over = true;
    if (signal.aborted || !(visit || bystander)) return;
    await tellDead();
    for (const planned of plan.steps) {
      const step = dead.get(planned.step.index);
      if (step) await bystander?.failed(planned, { path: plan.path, step, captures, signal }, { lab, env, sessions });
    }
    // What has been emitted is told first.
    await setImmediate();
    if (!lab.broken.aborted) await visit?.(lab);
  };
  for (const planned of plan.steps) {
    if (halted()) return;
    const teardown = planned.step.phase === 'teardown';
    if (teardown) await visitOnce();
    const interrupted = signal.aborted ? 'interrupted' : undefined;
    const skip =
      planned.skipReason ??
      (teardown ? undefined : (interrupted ?? stop ?? (expectsSomething(planned) ? undefined : ended)));
    const lost = lostLab(lab) ?? (expectsSomething(planned) ? ended : undefined);
    if (skip !== undefined || lost !== undefined) {
      add(skip === undefined ? loseStep(planned, lost ?? '') : skipStep(planned, skip));
      if (skip === undefined && !teardown) stop ??= `line ${planned.step.span.start.line} could not be run`;
      continue;
    }
    const { step, node, session } = planned;
    emit({
      type: 'step:start',
      path: plan.path,
      index: step.index,
      name: step.name,
      line: step.span.start.line,
      node,
      session,
      command: step.command,
    });
    const probe = proberOf(lab, env, node);
    const context = { captures, signal: teardown ? cleaning.signal : untilStopped, probe, onLate: late?.of(planned) };
    await bystander?.before(planned, { lab, env, sessions });
    const judged = await runPlanned(planned, sessions, context);
    captures = (await afterStep?.(planned, judged, captures)) ?? judged.captures;
    add(judged.result);
    if (!teardown) stop ??= whyNoFurther(planned, judged.result, keepGoing);
    if (hasEndedDocument(planned, judged))
      ended = `line ${judged.result.line} ended the shell, and a .t file has only one`;
    if (bystander && isProblem(judged.result) && !signal.aborted) {
      // It may be why this one did not pass.
      await tellDead();
      await bystander.failed(
        planned,
        { path: plan.path, step: judged.result, captures, signal },
        { lab, env, sessions },
      );
      stop ??= `somebody was in the lab after line ${judged.result.line}`;
    }
  }
  await visitOnce();
  await tellDead();
}

/** In cram, what comes after the end of the shell prints nothing: wrong where something is expected, else right. */
function expectsSomething({ step }: PlannedStep): boolean {
  return step.expected !== undefined || step.exit !== 0;
}

function lostLab(lab: Lab): string | undefined {
  return lab.broken.aborted ? explain(lab.broken.reason) : undefined;
}
