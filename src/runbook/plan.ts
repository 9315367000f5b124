import type { SessionKind } from '../shell/types.ts';
import { defaultNode } from './lab-spec.ts';
import { inOrderOfRun } from './pattern-check.ts';
import { promptShape } from './prompt.ts';
import type { Runbook, Step } from './types.ts';

/** The name of the machine itself, for steps of a runbook with `lab: none`. */
const MACHINE_NODE = 'localhost';

/** A step with where it runs. */
export interface PlannedStep {
  /** As the document has it, but that `stream` is `stdout` when an expectation asks for `stdout` or `stderr` alone. */
  readonly step: Step;
  readonly node: string;
  /** Unique within its node; programs have one of their own, `main.zx`. */
  readonly session: string;
  readonly sessionKind: SessionKind;
  /** Why it is not run; `undefined` when it is. */
  readonly skipReason: string | undefined;
}

/** What is to be run, in order: setup, main, teardown. */
export interface Plan {
  readonly path: string;
  readonly steps: readonly PlannedStep[];
  /** Why nothing of the runbook is run: a capability that it requires is missing. */
  readonly skipReason: string | undefined;
}

export interface Selection {
  /** Names of steps, or numbers as reports have them, from 0; a block's name is that of all its steps. */
  readonly steps?: readonly string[];
  /** Why the machine has not a capability; `undefined` when it has. Absent: everything is there. */
  readonly capabilities?: (name: string) => string | undefined;
}

/** Lays out a run. Setup and teardown steps are part of it whatever is selected. Never throws. */
export function plan(runbook: Runbook, selection: Selection = {}): Plan {
  const missing = selection.capabilities ?? (() => undefined);
  const wanted = new Set(selection.steps ?? []);
  const chosen = chosenSteps(runbook, wanted);
  const terminals = terminalSessions(runbook);
  const steps = inOrderOfRun(runbook.steps)
    .filter((step) => wanted.size === 0 || step.phase !== 'main' || chosen.has(step.index))
    .map((step) => planStep(step, runbook, terminals, missing));
  const lacking = runbook.requires.flatMap((name) => missing(name) ?? []);
  return { path: runbook.path, steps, skipReason: lacking.length > 0 ? lacking.join('; ') : undefined };
}

/**
 * Whether a step's pass says more than that it ended with status 0: its output is compared with more than "anything", it
 * must print nothing, it must fail, become ready, or hold an expectation.
 */
export function isChecked(step: Step): boolean {
  if (step.expectations.length > 0 || step.exit !== 0 || step.background?.ready !== undefined) return true;
  if (step.match === 'ignore' || step.statusOnly || step.background !== undefined) return false;
  if (step.expected === undefined) return step.kind === 'command';
  return step.expected.lines.length === 0 || step.expected.lines.some((line) => line.trim() !== '...');
}

function planStep(
  step: Step,
  runbook: Runbook,
  terminals: ReadonlySet<string>,
  missing: (name: string) => string | undefined,
): PlannedStep {
  const isProgram = step.kind === 'program';
  const kind = isProgram ? 'program' : terminals.has(sessionKey(step, runbook)) ? 'terminal' : 'pipe';
  const needsApart =
    step.stream === 'both' && step.expectations.some(({ key }) => key === 'stdout' || key === 'stderr');
  return {
    step: needsApart ? { ...step, stream: 'stdout' } : step,
    node: nodeOf(step, runbook),
    session: isProgram ? `${step.session}.zx` : step.session,
    sessionKind: kind,
    skipReason: skipReason(step, missing),
  };
}

function skipReason(step: Step, missing: (name: string) => string | undefined): string | undefined {
  if (step.skip !== undefined) return step.skip === '' ? 'marked as skipped' : step.skip;
  return step.if === undefined ? undefined : missing(step.if);
}

/** The sessions that need a terminal: a step asks for one, or opens, leaves or is in a nested shell. */
function terminalSessions(runbook: Runbook): Set<string> {
  const terminals = new Set<string>();
  for (const step of runbook.steps) {
    if (step.kind === 'program') continue;
    const { prompt, nextPrompt } = step;
    const changes = prompt !== undefined && nextPrompt !== undefined && promptShape(prompt) !== promptShape(nextPrompt);
    if (step.tty || step.leavesNested || changes) terminals.add(sessionKey(step, runbook));
  }
  return terminals;
}

function chosenSteps(runbook: Runbook, wanted: ReadonlySet<string>): Set<number> {
  const named = runbook.steps.filter((step) => [...wanted].some((name) => isCalled(step, name)));
  return new Set(named.map((step) => step.index));
}

/** Whether a step or a task has that name or number: see `Selection`. */
export function hasStep({ steps, exercise }: Runbook, name: string): boolean {
  return exercise?.tasks.some((task) => task.name === name) || steps.some((step) => isCalled(step, name));
}

/** `name` is the step's own, its number, or that of its block (`name` for `name-2`). */
function isCalled(step: Step, name: string): boolean {
  return step.name === name || String(step.index) === name || step.blockName === name;
}

function sessionKey(step: Step, runbook: Runbook): string {
  return `${nodeOf(step, runbook)}\0${step.session}`;
}

function nodeOf(step: Step, { lab }: Runbook): string {
  return step.node ?? defaultNode(lab)?.name ?? MACHINE_NODE;
}
