import { formatPatch, structuredPatch } from 'diff';
import { findResource } from '../check/resources/index.ts';
import type { Captures, Check } from '../check/types.ts';
import { NetlabError } from '../errors.ts';
import type { DocumentUpdate, RunbookResult, RunEvent, RunStatus, StepResult } from '../events.ts';
import { inOrderOfRun } from '../runbook/pattern-check.ts';
import type { Plan } from '../runbook/plan.ts';
import type { Runbook, Step } from '../runbook/types.ts';
import { hasLeftRest } from './go-no-further.ts';
import { verdict } from './judge.ts';
import {
  capturesAnyway,
  judgeOutput,
  type Recorded,
  type Recording,
  reviseDocument,
  withOutput,
  withState,
} from './revise-document.ts';
import { rewriteFile } from './rewrite-file.ts';
import { runRunbook } from './run-runbook.ts';
import type { Judged } from './run-step.ts';
import { countSteps, runbookStatus } from './tally.ts';

export interface UpdateOptions {
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** A whole run of a document, with what each of its steps printed. */
interface WholeRun {
  readonly result: RunbookResult;
  readonly recording: Recording;
}

/**
 * Runs a runbook to its end, and rewrites its expected output where it is not what came. Then it has been run twice, each
 * time in a fresh lab, so that what differs between the two is known to be volatile. What is told of the steps is how they
 * stand with the document as it is afterwards.
 */
export async function updateRunbook(runbook: Runbook, given: Plan, options: UpdateOptions): Promise<RunbookResult> {
  const { emit } = options;
  const plan = { ...given, steps: given.steps.map((planned) => ({ ...planned, step: withOutput(planned.step) })) };
  const finish = (result: RunbookResult): RunbookResult => {
    for (const step of result.steps) emit({ type: 'step:end', path: result.path, step });
    emit({ type: 'runbook:end', runbook: result });
    return result;
  };
  const started = performance.now();
  const first = await record(runbook, plan, options, emit);
  if (!needsUpdate(first)) return finish(first.result);
  const leave = (reason: string, status = first.result.status): RunbookResult => {
    const update = { written: false, reason, changed: [], statuses: [], diff: '' };
    return finish({ ...first.result, status, duration_ms: Math.round(performance.now() - started), update });
  };
  const obstacle = obstacleIn(first);
  if (obstacle !== undefined) return leave(obstacle);
  const runs = [first];
  // The machine itself is no fresh lab: there, the form of a value has to tell.
  if (runbook.lab.kind !== 'none') {
    const second = await record(runbook, plan, options, (event) => {
      if (event.type === 'step:start') emit(event);
    });
    const again = obstacleIn(second);
    if (again !== undefined) return leave(`in the second run, ${again}`, second.result.status);
    runs.push(second);
  }
  const recordings = runs.map(({ recording }) => recording);
  try {
    const { runbook: revised, changed } = await reviseDocument(runbook, recordings, new Date());
    if (changed.length === 0) return finish(first.result);
    const steps = await judgeAgain(revised, runs, options.signal);
    const errored = steps.find(({ status }) => status === 'errored');
    if (errored) return leave(`line ${errored.line} could not be judged: ${errored.reason ?? ''}`, 'errored');
    const problem = await rewriteFile(runbook.path, runbook.source, revised.source);
    if (problem !== undefined) return leave(problem, 'errored');
    const update = describe(runbook, revised, changed);
    return finish({ ...first.result, ...outcome(steps, update), duration_ms: Math.round(performance.now() - started) });
  } catch (error) {
    if (error instanceof NetlabError) return leave(error.message, 'errored');
    throw error;
  }
}

/** One run in a lab of its own. Only its progress is told: how its steps end is not known before the document is revised. */
async function record(
  runbook: Runbook,
  plan: Plan,
  { signal }: UpdateOptions,
  tell: (event: RunEvent) => void,
): Promise<WholeRun> {
  const recording = new Map<number, Recorded>();
  const result = await runRunbook(runbook, plan, {
    emit: (event) => {
      if (event.type !== 'step:end' && event.type !== 'runbook:end') tell(event);
    },
    signal,
    keepGoing: true,
    afterStep: async ({ step }, { output, result: { status }, captures: judged }, before) => {
      // The steps after it run as they will when the document is right.
      const anyway = status !== 'passed' && output !== undefined && !isCutOff(output);
      const captures = anyway ? await capturesAnyway(step, output, before) : judged;
      recording.set(step.index, { step, output, captures });
      return captures;
    },
  });
  return { result, recording };
}

function isCutOff({ ending }: NonNullable<Judged['output']>): boolean {
  return ending === 'timed-out' || ending === 'aborted';
}

function isOfDocument({ kind }: Check): boolean {
  return kind === 'output' || kind === 'exit';
}

/** Whether something is wrong that other expected output would mend. */
function needsUpdate({ result }: WholeRun): boolean {
  return result.steps.some(({ checks }) => checks.some((check) => !check.ok && isOfDocument(check)));
}

/** Why this run says nothing that a document should repeat: it broke, or went where the document does not go. */
function obstacleIn({ result, recording }: WholeRun): string | undefined {
  if (result.status === 'interrupted') return 'it was interrupted';
  if (result.status === 'errored' && result.reason !== null) return result.reason;
  for (const step of result.steps) {
    const output = recording.get(step.index)?.output;
    if (step.status === 'errored' && (output?.droppedBytes ?? 0) > 0) {
      return `line ${step.line} could not be judged: ${step.reason ?? ''}`;
    }
    if (step.status === 'errored' && !step.checks.some(({ errored }) => errored)) {
      return `line ${step.line} could not be run: ${step.reason ?? ''}`;
    }
    if (output?.limited && step.status !== 'passed')
      return `line ${step.line}: ${output.note ?? 'a limit was reached'}`;
    // Everything after it came from a world that the document does not speak of.
    if (hasLeftRest(step)) return `line ${step.line} says with status 80 that the document is not for this machine`;
    if (step.status === 'timed_out') return `line ${step.line} timed out`;
    const astray = step.checks.find((check) => check.kind === 'prompt' && !check.ok);
    if (astray) return `line ${step.line}: ${astray.message}`;
  }
  return undefined;
}

function describe(before: Runbook, after: Runbook, changed: readonly number[]): DocumentUpdate {
  const patch = structuredPatch(before.path, before.path, before.source, after.source, undefined, undefined, {
    context: 2,
  });
  const statuses = changed.flatMap((index) => {
    const [old, fresh] = [before.steps[index], after.steps[index]];
    if (!old || !fresh || old.exit === fresh.exit) return [];
    return [{ line: fresh.span.start.line, name: fresh.name, before: old.exit, after: fresh.exit }];
  });
  const lines = changed.map((index) => after.steps[index]?.span.start.line ?? 0);
  const diff = formatPatch(patch).replace(/^Index: .*\n=+\n/, '');
  return { written: true, reason: null, changed: lines, statuses, diff };
}

/** The steps as the new document judges what each run printed: where one of the runs fails, that is told. */
async function judgeAgain(
  revised: Runbook,
  runs: readonly WholeRun[],
  signal: AbortSignal,
): Promise<readonly StepResult[]> {
  const captures: Captures[] = runs.map(() => new Map());
  const judged = new Map<number, StepResult>();
  for (const step of inOrderOfRun(revised.steps)) {
    for (const [run, { result, recording }] of runs.entries()) {
      const before = result.steps.find(({ index }) => index === step.index);
      const recorded = recording.get(step.index);
      if (before === undefined) continue;
      const known = captures[run] ?? new Map();
      const now = recorded
        ? await judgeOne(step, before, recorded, known, signal)
        : { result: before, captures: known };
      captures[run] = withState(now.captures, step, recorded);
      const told = judged.get(step.index);
      if (told !== undefined && (told.status !== 'passed' || now.result.status === 'passed')) continue;
      judged.set(step.index, { ...now.result, line: step.span.start.line });
    }
  }
  return [...judged.values()];
}

/** A step of a run by what the new document says of its output; its checks of the lab's state are as they were. */
async function judgeOne(
  step: Step,
  before: StepResult,
  { step: planned, output }: Recorded,
  captures: Captures,
  signal: AbortSignal,
): Promise<{ readonly result: StepResult; readonly captures: Captures }> {
  const lines = new Map(
    planned.expectations.map(({ span }, index) => [span.start.line, step.expectations[index]?.span]),
  );
  const moved = before.checks.map((check) => ({ ...check, line: lines.get(check.line)?.start.line ?? check.line }));
  if (output === undefined) return { result: { ...before, checks: moved }, captures };
  // How it was planned (its streams) stays.
  const judged = await judgeOutput({ step: { ...step, stream: planned.stream }, output }, {}, captures);
  const checks = [...judged.checks, ...moved.filter(({ kind }) => findResource(kind) !== undefined)];
  return { result: { ...before, ...verdict(step, output, checks, signal), checks }, captures: judged.captures };
}

/** A command that fails now is written down as that, but it does not pass without being looked at. */
function outcome(
  steps: readonly StepResult[],
  update: DocumentUpdate,
): Pick<RunbookResult, 'status' | 'reason' | 'counts' | 'steps' | 'update'> {
  const failing = update.statuses.filter(({ after }) => after !== 0);
  const status: RunStatus = runbookStatus(steps);
  const fallen = status === 'passed' && failing.length > 0;
  const lines = failing.map(({ line }) => line).join(', ');
  const reason = fallen ? `now documented as failing: the command at line ${lines}; is that meant?` : null;
  return { status: fallen ? 'failed' : status, reason, counts: countSteps(steps), steps, update };
}
