import type { Captures } from '../check/types.ts';
import { LabError } from '../errors.ts';
import type { StepResult } from '../events.ts';
import { startLab } from '../lab/start.ts';
import type { Lab } from '../lab/types.ts';
import { type PlannedStep, plan } from '../runbook/plan.ts';
import type { Criterion, Exercise, Runbook, Step, Task } from '../runbook/types.ts';
import type { Prepared } from './prepare.ts';
import { proberOf } from './probe-lab.ts';
import { endWithLab, openSessions, runPlanned } from './sessions.ts';
import { loseStep, skipStep } from './step-result.ts';
import { teardownSignal } from './teardown-signal.ts';

/** Steps that are run one after the other in the same shells, and what reports call them. */
export interface StepGroup {
  /** `setup`, `fault`, `solution`, `check`, …: also the name of their session, so that groups do not share shells. */
  readonly label: string;
  readonly steps: readonly Step[];
}

/** A lab in which a task is done. Disposing of it runs the document's teardown steps and takes the lab away. */
export interface TaskLab extends AsyncDisposable {
  readonly lab: Lab;
  /** Lays out a group: which node, which kind of shell. */
  plan(group: StepGroup): readonly PlannedStep[];
  /** Runs one step of a plan. `judged` is what it came to, with the index and name that the caller wants it to have. */
  run(planned: PlannedStep): Promise<StepResult>;
  /** Whether a criterion holds. */
  judge(criterion: Criterion, how?: Judgement): Promise<StepResult>;
  /** Steps that came to another end than they were told with: see `Sessions`. */
  deadInBackground(): Promise<readonly StepResult[]>;
  /** Runs the document's teardown steps, unless that was done, and tells of each; disposing of the lab tells nobody. */
  tearDown(tell?: Telling): Promise<void>;
}

/** Who is told of a step, before it is run and after. */
export interface Telling {
  readonly start: (planned: PlannedStep) => void;
  readonly end: (planned: PlannedStep, result: StepResult) => void;
}

/** How a criterion is judged. */
export interface Judgement {
  /** For as long as its `eventually` says, it may still come true; else it is looked at once. */
  readonly patient?: boolean;
  /** Criteria that are judged at the same time need sessions of their own. */
  readonly session?: string;
  readonly signal?: AbortSignal;
}

/** Brings up a lab for a task of a prepared exercise, and nothing else yet. Rejects with a `LabError`. */
export async function openTaskLab({ runbook, lacks }: Prepared, signal: AbortSignal): Promise<TaskLab> {
  const lab = await startLab(runbook, signal);
  const sessions = openSessions(lab, runbook.env);
  const captures = new Map<string, Captures>();
  const runIn = async (planned: PlannedStep, within: AbortSignal): Promise<StepResult> => {
    const lost = lab.broken.aborted && lab.broken.reason instanceof LabError ? lab.broken.reason.message : undefined;
    const skip = planned.skipReason ?? (within.aborted ? 'interrupted' : undefined);
    if (skip !== undefined) return skipStep(planned, skip);
    if (lost !== undefined) return loseStep(planned, lost);
    const known = captures.get(planned.session) ?? new Map();
    const probe = proberOf(lab, runbook.env, planned.node);
    const context = { captures: known, signal: AbortSignal.any([within, lab.broken]), probe };
    const judged = await runPlanned(planned, sessions, context);
    captures.set(planned.session, judged.captures);
    return judged.result;
  };
  const planGroup = ({ label, steps }: StepGroup): readonly PlannedStep[] => {
    const own = steps.map(
      (step, index): Step => ({ ...step, index, phase: 'main', session: `${label} ${step.session}` }),
    );
    return plan({ ...runbook, steps: own }, { capabilities: lacks }).steps;
  };
  let isTornDown = false;
  const tearDown = async (tell?: Telling): Promise<void> => {
    if (isTornDown) return;
    isTornDown = true;
    // Where nobody is told, nobody waits for long, as after a stop.
    using limit = teardownSignal(tell ? signal : AbortSignal.abort(), lab.broken);
    for (const planned of planGroup({ label: 'teardown', steps: teardownSteps(runbook) })) {
      tell?.start(planned);
      const result = await runIn(planned, limit.signal);
      tell?.end(planned, result);
    }
  };
  return {
    lab,
    plan: planGroup,
    run: (planned) => runIn(planned, signal),
    async judge({ step }, { patient = false, session = 'check', signal: own } = {}) {
      const [planned] = planGroup({ label: session, steps: [patient ? step : impatient(step)] });
      if (!planned) throw new LabError(`the criterion at line ${step.span.start.line} cannot be planned`);
      return runIn(planned, own ? AbortSignal.any([signal, own]) : signal);
    },
    deadInBackground: async () => (await sessions.deadInBackground()).map(({ result }) => result),
    tearDown,
    async [Symbol.asyncDispose]() {
      try {
        await tearDown();
      } finally {
        await endWithLab(sessions, lab);
      }
    },
  };
}

/** The step as it is judged now or never. */
function impatient(step: Step): Step {
  const expectations = step.expectations.map((each) => ({ ...each, eventuallyMs: undefined }));
  return { ...step, expectations, eventuallyMs: undefined };
}

/** What every task of the document ends with. */
export function teardownSteps({ steps }: Runbook): readonly Step[] {
  return steps.filter(({ phase }) => phase === 'teardown');
}

/**
 * What brings a fresh lab to where a task begins: the document's own setup, every task that it requires, solved, and then
 * its own setup and fault.
 */
export function groupsToStart(runbook: Runbook, exercise: Exercise, task: Task): readonly StepGroup[] {
  const shared = runbook.steps.filter(({ phase }) => phase === 'setup');
  return [
    { label: 'setup', steps: shared },
    ...requiredTasks(exercise, task).flatMap((earlier) => [
      ...ownGroups(earlier),
      { label: `solution of ${earlier.name}`, steps: earlier.solution },
    ]),
    ...ownGroups(task),
  ].filter(({ steps }) => steps.length > 0);
}

/** What turns a lab in which the required tasks are done into the start of this one. */
export function ownGroups({ name, setup, break: fault }: Task): readonly StepGroup[] {
  return [
    { label: `setup of ${name}`, steps: setup },
    { label: `fault of ${name}`, steps: fault },
  ];
}

/** The tasks that must be done before this one, in document order. */
export function requiredTasks({ tasks }: Exercise, task: Task): readonly Task[] {
  const names = new Set<string>();
  const open = [...task.requires];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    open.push(...(tasks.find((each) => each.name === name)?.requires ?? []));
  }
  return tasks.filter(({ name }) => names.has(name));
}
