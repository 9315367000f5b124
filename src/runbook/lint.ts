import type { Diagnostic } from '../errors.ts';
import { nearest } from './did-you-mean.ts';
import { capturedNames, inOrderOfRun } from './pattern-check.ts';
import { isChecked, plan } from './plan.ts';
import { byPlace, collectProblems, type Problems } from './problems.ts';
import { sourceText } from './source-text.ts';
import type { Runbook, Step } from './types.ts';

const USE = /\{\{\s*([A-Za-z_]\w*)\s*\}\}/g;

/** Finds what is allowed but probably not meant, in order of place; the runbook's own `warnings` are not repeated. */
export function lint(runbook: Runbook): readonly Diagnostic[] {
  const problems = collectProblems(runbook.path, sourceText(runbook.source));
  for (const step of runbook.steps) lintStep(step, problems);
  lintSteps(runbook, problems);
  lintCaptures(runbook, problems);
  lintSessions(runbook, problems);
  return problems.warnings.toSorted(byPlace);
}

function lintStep(step: Step, problems: Problems): void {
  const at = step.span.start.offset;
  if (step.phase === 'main' && step.background === undefined && !isChecked(step)) {
    const hint = 'Add expected output or a "yaml expect" block, or mark it as setup.';
    problems.warn('unchecked-step', at, `nothing but the status of "${step.name}" is checked`, hint);
  }
  const { expected } = step;
  const lines = expected?.lines ?? [];
  const isOpen =
    lines.length > 1 && lines.every((line) => /^\s*(?:\.\.\.|\[\.\.\]|\{\{any\}\}|\{\{\w+:any\}\})\s*$/.test(line));
  if (expected !== undefined && isOpen && step.match !== 'ignore') {
    const hint = 'Write out a line that shows that it worked.';
    problems.warn('matches-anything', expected.span.start.offset, 'this expected output matches anything', hint);
  }
}

function lintSteps(runbook: Runbook, problems: Problems): void {
  if (runbook.exercise) return;
  const main = runbook.steps.filter((step) => step.phase === 'main');
  const isUnrun = main.length > 0 && main.every((step) => step.skip !== undefined);
  if (main.length > 0 && !isUnrun) return;
  const message = isUnrun ? 'every step is marked as skipped' : 'this document has no step';
  problems.warn('empty-runbook', 0, message, 'Add a console, sh, js or ts block that is run.');
}

/** Captures that nothing uses. (A `{{name}}` that was never captured is a bad pattern already.) */
function lintCaptures(runbook: Runbook, problems: Problems): void {
  const order = inOrderOfRun(runbook.steps);
  for (const [index, step] of order.entries()) {
    const names = new Set(capturedNames(patternText(step)));
    for (const name of names) {
      const isUsed = order.slice(index).some((later) => uses(later, name, later !== step));
      if (isUsed) continue;
      const hint = `Use it later as {{${name}}} or $${name}, or leave the name out.`;
      const at = step.expected?.span.start.offset ?? step.span.start.offset;
      problems.warn('unused-capture', at, `"${name}" is captured and never used`, hint);
    }
  }
}

function uses(step: Step, name: string, isLater: boolean): boolean {
  if ([...patternText(step).matchAll(USE)].some((match) => match[1] === name)) return true;
  const inCommand = new RegExp(`\\b${name}\\b`);
  // A program sees captures as variables of the environment, however it writes them.
  return isLater && inCommand.test(step.command);
}

function patternText(step: Step): string {
  const values = step.expectations.map(({ value }) => JSON.stringify(value));
  return [...(step.expected?.lines ?? []), ...values].join('\n');
}

/** A session that one step has and whose name is nearly another's; a stream apart where there is only a terminal. */
function lintSessions(runbook: Runbook, problems: Problems): void {
  const sessions = runbook.steps.map((step) => step.session);
  for (const step of runbook.steps) {
    const isLone = sessions.indexOf(step.session) === sessions.lastIndexOf(step.session);
    if (!isLone || step.background !== undefined) continue;
    const near = nearest(
      step.session,
      sessions.filter((other) => other !== step.session),
    );
    if (near === undefined) continue;
    const hint = `Did you mean session=${near}? State is kept within one session only.`;
    problems.warn('lone-session', step.span.start.offset, `"${step.session}" is the session of one step`, hint);
  }
  for (const { step, sessionKind } of plan(runbook).steps) {
    if (sessionKind !== 'terminal' || step.stream === 'both') continue;
    const hint = 'Run it in a session of its own, without a nested shell or tty.';
    const message = 'a terminal shows stdout and stderr as one: they cannot be compared apart';
    problems.warn('stream-in-terminal', step.span.start.offset, message, hint);
  }
}
