import type { Captures } from '../../src/check/types.ts';
import type { Done } from '../../src/run/fit.ts';
import { readDocument } from '../../src/run/read-document.ts';
import { stepResult } from '../../src/run/step-result.ts';
import { type Plan, type PlannedStep, plan } from '../../src/runbook/plan.ts';
import type { Runbook } from '../../src/runbook/types.ts';
import { output } from '../check/example.ts';

/** A document: its first block is fenced in line 7. */
export function read(body: string, front = 'lab: sandbox'): Runbook {
  return readDocument(`---\n${front}\n---\n\n# Written\n\n${body}`, 'written.md');
}

export function planOf(runbook: Runbook): Plan {
  return plan(runbook);
}

export function at({ steps }: Plan, index: number): PlannedStep {
  const step = steps[index];
  if (!step) throw new Error(`no step ${index}`);
  return step;
}

/** Its setup and main steps as if each had been run and passed, after 12 ms. */
export function doneOf({ steps }: Plan, printed: readonly string[] = [], captures: Captures = new Map()): Done[] {
  return steps
    .filter(({ step, skipReason }) => step.phase !== 'teardown' && skipReason === undefined)
    .map((planned, index) => {
      const told = {
        status: 'passed',
        reason: null,
        checks: [],
        duration_ms: 12,
        exit: 0,
        stdout: '',
        stderr: '',
      } as const;
      const printedBy = planned.step.kind === 'state' ? undefined : output(printed[index] ?? '');
      const judged = {
        result: stepResult(planned, { status: 'passed', reason: null }, told, []),
        captures,
        output: printedBy,
      };
      return { planned, ran: planned, judged, before: new Map(), run: 'run 1' };
    });
}
