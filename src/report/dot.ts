import { isProblem, type StepResult, type StepStatus } from '../events.ts';
import { createPalette } from './palette.ts';
import { runbookProblem } from './problems.ts';
import { attemptsText, runbookHead, runbookReason } from './runbook-text.ts';
import { stepText } from './step-text.ts';
import { summaryText } from './summary-text.ts';
import type { Reporter, ReportTarget } from './types.ts';

const marks: Readonly<Record<StepStatus, string>> = {
  passed: '.',
  failed: 'F',
  skipped: 's',
  timed_out: 'T',
  errored: 'E',
};

/** One character a step while it runs; what went wrong, and the verdict, at the end. */
export function createReporter(target: ReportTarget): Reporter {
  const palette = createPalette(target);
  const told = new Set<string>();
  let column = 0;

  function mark(path: string, step: StepResult): void {
    const key = `${path}\n${step.index}\n${step.status}`;
    // A background step is told of again when it dies.
    if (told.has(key)) return;
    told.add(key);
    if (column === Math.min(target.columns, 100)) column = newLine();
    target.write(palette.status(step.status, marks[step.status]));
    column += 1;
  }

  function newLine(): 0 {
    target.write('\n');
    return 0;
  }

  return {
    event(event) {
      if (event.type === 'step:end') {
        mark(event.path, event.step);
      } else if (event.type === 'run:end') {
        if (column > 0) column = newLine();
        const columns = target.isTerminal ? target.columns : Number.POSITIVE_INFINITY;
        for (const runbook of event.run.runbooks) {
          const problem = runbookProblem(runbook) ?? (runbook.flaky ? runbook.reason : null);
          const bad = runbook.steps.filter(isProblem);
          if (problem === null && bad.length === 0) continue;
          const lines = bad.flatMap((step) => stepText(step, runbook.path, palette, columns));
          const why = problem === null ? [] : runbookReason({ ...runbook, reason: problem }, palette);
          const attempts = attemptsText(runbook, palette);
          target.write(
            `${['', runbookHead(runbook.path, runbook.title, palette), ...lines, ...why, ...attempts].join('\n')}\n`,
          );
        }
        target.write(`${summaryText(event.run, null, palette).join('\n')}\n`);
      }
    },
    end() {
      if (column > 0) column = newLine();
    },
  };
}
