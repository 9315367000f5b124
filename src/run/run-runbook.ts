import type { Captures } from '../check/types.ts';
import type { RunbookResult, RunEvent, RunStatus, StepResult } from '../events.ts';
import { startLab } from '../lab/start.ts';
import type { Lab } from '../lab/types.ts';
import type { Plan, PlannedStep } from '../runbook/plan.ts';
import type { Runbook } from '../runbook/types.ts';
import { environmentOf, withNetworkHint } from './closed-network.ts';
import { lateLog } from './late-log.ts';
import type { Judged } from './run-step.ts';
import type { Bystander } from './shell-on-failure.ts';
import { explain, skipStep } from './step-result.ts';
import { countSteps, runbookStatus } from './tally.ts';

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
    const loadSteps = (): Promise<typeof import('./run-steps.ts')> => import('./run-steps.ts');
    // Loaded while the lab comes up; whether that can be had is seen below.
    await using up = await startLab(runbook, signal, () => void loadSteps().catch(() => {}));
    const { runStepsOnce } = await loadSteps();
    if (up.unlimited.length > 0) unlimited = { unlimited: up.unlimited };
    const readyMs = Math.round(performance.now() - started);
    emit({ type: 'lab:ready', path: runbook.path, duration_ms: readyMs, ...unlimited });
    await runStepsOnce(plan, { lab: up, env, late }, { ...options, ...(options.visit && { visit }) }, add);
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

/** A lab in one line: its nodes and their kinds. */
export function describeLab({ lab }: Runbook): string {
  if (lab.kind === 'none') return 'this machine';
  return lab.nodes.map((node) => `${node.name} (${node.kind})`).join(', ');
}
