import { setImmediate } from 'node:timers/promises';
import type { Captures } from '../check/types.ts';
import type { RunbookResult, RunEvent, RunStatus, StepResult } from '../events.ts';
import { startLab } from '../lab/start.ts';
import type { Lab } from '../lab/types.ts';
import type { Plan, PlannedStep } from '../runbook/plan.ts';
import type { Runbook } from '../runbook/types.ts';
import { environmentOf, withNetworkHint } from './closed-network.ts';
import { hasEndedDocument, whyNoFurther } from './go-no-further.ts';
import { type LateLog, lateLog } from './late-log.ts';
import { proberOf } from './probe-lab.ts';
import type { Judged } from './run-step.ts';
import { endWithLab, openSessions, runPlanned, type Sessions } from './sessions.ts';
import type { Bystander } from './shell-on-failure.ts';
import { explain, loseStep, skipStep } from './step-result.ts';
import { countSteps, runbookStatus } from './tally.ts';
import { teardownSignal } from './teardown-signal.ts';

/** What a runbook is run with. */
export interface RunbookOptions {
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
  readonly keepGoing: boolean;
  /** Called once, after the last main step, before teardown: a visit to the lab as it then is. Its time is not the runbook's. */
  readonly visit?: (lab: Lab) => Promise<void>;
  /** Told of the steps, and waited for; the time that it takes is not the runbook's. */
  readonly bystander?: Bystander | undefined;
  /** Asked before each step: nothing more is run, nor told of what was not. */
  readonly halted?: () => boolean;
  /** Told of each step that was run; resolves to the captures that the steps after it see. */
  readonly afterStep?: (planned: PlannedStep, judged: Judged, before: Captures) => Promise<Captures>;
}

/** Brings up a runbook's lab, runs its steps in it, and takes it away. Rejects only with what `emit` throws. */
export async function runRunbook(runbook: Runbook, plan: Plan, options: RunbookOptions): Promise<RunbookResult> {
  const { emit, signal, bystander } = options;
  const started = performance.now();
  const results = new Map<number, StepResult>();
  const late = lateLog();
  let visitedMs = 0;
  const visit = async (lab: Lab): Promise<void> => {
    const since = performance.now();
    await options.visit?.(lab);
    visitedMs += performance.now() - since;
  };
  let unlimited: Pick<RunbookResult, 'unlimited'> = {};
  const finish = (status: RunStatus, why: string | null): RunbookResult => {
    const log = late.text();
    const began = started + (bystander?.spentMs ?? 0) + visitedMs;
    const judged = resultOf(runbook, [...results.values()], { status, why, started: began });
    const result: RunbookResult = { ...judged, ...(log !== undefined && { log }), ...unlimited };
    emit({ type: 'runbook:end', runbook: result });
    return result;
  };
  const add = (step: StepResult): void => {
    // A background step is told of again when it dies.
    const told = withNetworkHint(step, runbook.lab);
    results.set(step.index, told);
    emit({ type: 'step:end', path: runbook.path, step: told });
  };
  const lab = describeLab(runbook);
  const { path, title, source } = runbook;
  emit({ type: 'runbook:start', path, title, lab, steps: plan.steps.length, source });
  if (plan.skipReason !== undefined) {
    for (const planned of plan.steps) add(skipStep(planned, plan.skipReason));
    return finish('skipped', plan.skipReason);
  }
  if (!options.visit && plan.steps.every((planned) => planned.skipReason !== undefined)) {
    for (const planned of plan.steps) add(skipStep(planned, planned.skipReason ?? ''));
    return finish(plan.steps.length === 0 ? 'empty' : 'skipped', 'nothing was checked');
  }
  emit({ type: 'lab:start', path: runbook.path, lab });
  const env = environmentOf(runbook);
  try {
    const up = await startLab(runbook, signal);
    const sessions = openSessions(up, env);
    try {
      if (up.unlimited.length > 0) unlimited = { unlimited: up.unlimited };
      const readyMs = Math.round(performance.now() - started);
      emit({ type: 'lab:ready', path: runbook.path, duration_ms: readyMs, ...unlimited });
      await runSteps(plan, { lab: up, env, sessions, late }, { ...options, ...(options.visit && { visit }) }, add);
    } finally {
      await endWithLab(sessions, up);
    }
  } catch (error) {
    if (signal.aborted) return finish('interrupted', 'stopped before the end');
    return finish('errored', explain(error));
  }
  return signal.aborted
    ? finish('interrupted', 'stopped before the end')
    : finish(runbookStatus([...results.values()]), null);
}

/** What is told of a runbook at its end. */
export function resultOf(
  runbook: Runbook,
  steps: readonly StepResult[],
  { status, why, started }: { readonly status: RunStatus; readonly why: string | null; readonly started: number },
): RunbookResult {
  const judged = status === 'passed' || status === 'failed' || status === 'empty';
  const reason = [why, judged ? runbook.note : undefined].filter(Boolean).join('; ') || null;
  const duration = Math.round(performance.now() - started);
  const { path, title } = runbook;
  return { path, title, status, reason, duration_ms: duration, counts: countSteps(steps), steps };
}

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
    if (bystander && isBad(judged.result) && !signal.aborted) {
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

function isBad({ status }: StepResult): boolean {
  return status !== 'passed' && status !== 'skipped';
}

function lostLab(lab: Lab): string | undefined {
  return lab.broken.aborted ? explain(lab.broken.reason) : undefined;
}

/** A lab in one line: its nodes and their kinds. */
export function describeLab({ lab }: Runbook): string {
  if (lab.kind === 'none') return 'this machine';
  return lab.nodes.map((node) => `${node.name} (${node.kind})`).join(', ');
}
