import type { Check } from '../check/types.ts';
import { isProblem, type StepResult, type StepStatus } from '../events.ts';
import type { Criterion, Step, Task } from '../runbook/types.ts';
import type { StepGroup, TaskLab } from './task-lab.ts';

/** A step as it is told, before it has the number that it gets in the report. */
export type Told = Omit<StepResult, 'index'>;

/** What a task is tested with. */
export interface Test {
  readonly up: TaskLab;
  readonly task: Task;
  /** `index`: that of a step which was told otherwise before. */
  readonly tell: (told: Told, index?: number) => StepResult;
  readonly start: (name: string, line: number, command: string) => void;
  /** Steps that may still come to another end than they were told with: see `keyOf`. */
  readonly known: Map<string, StepResult>;
}

/**
 * That a task is not solved at the start, that its solution makes every criterion hold, and that the solution may be done
 * twice: true when all of it is so.
 */
export async function testTask(test: Test, toStart: readonly StepGroup[]): Promise<boolean> {
  const begun = (await runGroups(test, toStart)) && (await testUnsolved(test));
  // From here on, what was started for the task may be ended: by its solution, or by doing that again.
  if (!(await tellDead(test)) || !begun) return false;
  const solution = { label: 'solution', steps: test.task.solution };
  const solved = (await runGroup(test, solution)) && (await testSolved(test));
  return (await tellDead(test)) && solved && testTwice(test);
}

/** Tells anew of the steps that died in the background, or failed after their end; false when there are any. */
async function tellDead({ up, tell, known }: Test): Promise<boolean> {
  let alive = true;
  for (const result of await up.deadInBackground()) {
    const before = known.get(keyOf(result));
    if (!before) continue;
    const { name, checked, index } = before;
    tell({ ...result, name, checked }, index);
    alive = false;
  }
  known.clear();
  return alive;
}

/** Groups have sessions of their own, and in each a line is one step. */
function keyOf({ session, line }: StepResult): string {
  return `${session} ${line}`;
}

/** The document's teardown steps, as they are judged in a runbook. */
export function tearDown({ up, task, tell, start }: Test): Promise<void> {
  const nameOf = ({ name }: Step): string => `${task.name}: teardown: ${name}`;
  return up.tearDown({
    start: ({ step }) => start(nameOf(step), step.span.start.line, step.command),
    end: ({ step }, result) => tell({ ...result, name: nameOf(step) }),
  });
}

async function runGroups(test: Test, groups: readonly StepGroup[]): Promise<boolean> {
  for (const group of groups) if (!(await runGroup(test, group))) return false;
  return true;
}

/** Each criterion, which must hold now. */
async function testSolved({ up, task, tell, start, known }: Test): Promise<boolean> {
  let holds = true;
  for (const criterion of task.criteria) {
    const name = `${task.name}: ${criterion.description}`;
    start(name, criterion.step.span.start.line, criterion.step.command);
    const result = await up.judge(criterion, { patient: true });
    known.set(keyOf(result), tell({ ...result, name, checked: true }));
    if (isProblem(result)) holds = false;
  }
  return holds;
}

/** Runs steps as a runbook does; false at the first that does not pass. */
async function runGroup({ up, task, tell, start, known }: Test, group: StepGroup): Promise<boolean> {
  for (const planned of up.plan(group)) {
    const { step } = planned;
    const label = group.label.replace(` of ${task.name}`, '');
    const name = `${task.name}: ${label}: ${step.name}`;
    start(name, step.span.start.line, step.command);
    const result = await up.run(planned);
    // What a solution does is checked by the criteria.
    known.set(keyOf(result), tell({ ...result, name, checked: result.checked || group.steps === task.solution }));
    if (isProblem(result) && !step.continue) return false;
  }
  return true;
}

/**
 * A task whose criteria all hold before anything was done asks for nothing. Where one that was not judged decides,
 * nobody knows: false, if none was judged, as then nothing can be said of the solution either.
 */
async function testUnsolved({ up, task, tell, start }: Test): Promise<boolean> {
  const name = `${task.name}: not solved at the start`;
  start(name, task.span.start.line, '');
  const before = performance.now();
  const { checks, errored, unjudged } = await judgeAll(up, task.criteria, false);
  const open = checks.filter(({ ok }) => !ok);
  const told = { ...blank(task, name), duration_ms: Math.round(performance.now() - before) };
  if (errored) tell({ ...told, status: 'errored', reason: errored });
  else if (open.length > 0) {
    tell({
      ...told,
      status: 'passed',
      checks: open.map((check) => ({ ...check, ok: true, message: `not yet: ${check.path}` })),
    });
  } else if (unjudged) {
    tell({ ...told, status: 'skipped', reason: unjudged, checked: false });
    return checks.length > 0;
  } else {
    const message = 'already solved at the start: every criterion holds before anything is done';
    const check = { ...solvedCheck(task), ok: false, message };
    tell({ ...told, status: 'failed', checks: [check] });
  }
  return open.length > 0 && !errored;
}

/** Doing a solution again may print errors (the link is there already), but must leave the task solved. */
async function testTwice({ up, task, tell, start }: Test): Promise<boolean> {
  const name = `${task.name}: still solved when the solution is done twice`;
  start(name, task.span.start.line, task.solution.map(({ command }) => command).join('\n'));
  const before = performance.now();
  let stuck: string | undefined;
  for (const planned of up.plan({ label: 'solution again', steps: task.solution })) {
    const { status, line, reason } = await up.run(planned);
    if (status === 'timed_out' || status === 'errored') stuck ??= `line ${line}: ${reason ?? status}`;
  }
  const { checks, errored, unjudged } = await judgeAll(up, task.criteria, true);
  const held = checks.every(({ ok }) => ok);
  const told = { ...blank(task, name), duration_ms: Math.round(performance.now() - before) };
  if (held && unjudged && !errored && !stuck) {
    tell({ ...told, status: 'skipped', reason: unjudged, checked: false });
    return true;
  }
  const status: StepStatus = errored || stuck ? 'errored' : held ? 'passed' : 'failed';
  tell({ ...told, status, reason: errored ?? stuck ?? null, checks });
  return status === 'passed';
}

/** Each judged criterion as one check, in its own words; why the first errored, and why the first was not judged. */
async function judgeAll(
  up: TaskLab,
  criteria: readonly Criterion[],
  patient: boolean,
): Promise<{
  readonly checks: readonly Check[];
  readonly errored: string | undefined;
  readonly unjudged: string | undefined;
}> {
  const checks: Check[] = [];
  let errored: string | undefined;
  let unjudged: string | undefined;
  for (const criterion of criteria) {
    const result = await up.judge(criterion, { patient });
    if (result.status === 'skipped') {
      unjudged ??= result.reason ?? 'skipped';
      continue;
    }
    const failing = result.checks.find(({ ok }) => !ok)?.message ?? result.reason;
    if (result.status === 'errored') errored ??= `${criterion.description}: ${failing ?? 'cannot be judged'}`;
    const ok = result.status === 'passed';
    const { description } = criterion;
    const message = ok ? description : `${description}: ${failing ?? result.status}`;
    checks.push({ kind: 'criterion', path: description, expected: null, actual: null, ok, message, line: result.line });
  }
  return { checks, errored, unjudged };
}

function solvedCheck(task: Task): Omit<Check, 'ok' | 'message'> {
  return { kind: 'start', path: 'start', expected: 'not solved', actual: 'solved', line: task.span.start.line };
}

/** What is told of a task as a whole. */
export function blank(task: Task, name: string): Told {
  const place = { name, line: task.span.start.line, node: '', session: '', command: '' };
  const nothing = { exit: null, stdout: '', stderr: '', duration_ms: 0, reason: null, checks: [] };
  return { ...place, ...nothing, status: 'passed', checked: true };
}
