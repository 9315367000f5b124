import type { RunbookResult, RunEvent, StepResult } from '../events.ts';
import { formatDuration } from './duration.ts';
import { createLiveLine } from './live.ts';
import { createPalette } from './palette.ts';
import { printable } from './printable.ts';
import { attemptsText, progressText, runbookHead, runbookReason } from './runbook-text.ts';
import { carriedText, skippedText, stepText } from './step-text.ts';
import { countsText, summaryText } from './summary-text.ts';
import { timingsText } from './timings.ts';
import type { Reporter, ReportTarget } from './types.ts';
import { updateText } from './update-text.ts';

/** A report to read while it happens: live progress on a terminal, plain lines in a pipe. */
export function createReporter(target: ReportTarget): Reporter {
  const palette = createPalette(target);
  const live = createLiveLine(target);
  let runbooks = 0;
  let lab = '';
  let steps = 0;
  let stepsDone = 0;
  let shownPath: string | undefined;
  let toldReason: string | null = null;
  let skipped: StepResult[] = [];
  let carried: StepResult[] = [];

  function print(lines: readonly string[]): void {
    if (lines.length > 0) live.write(`${lines.join('\n')}\n`);
  }

  function startRunbook(path: string, title: string): void {
    print([...(shownPath === undefined ? [] : ['']), runbookHead(path, title, palette)]);
    shownPath = path;
    stepsDone = 0;
  }

  function endStep(path: string, step: StepResult): void {
    stepsDone += 1;
    const isCarried = step.carried !== undefined && step.status === 'passed';
    if (!isCarried || carried[0]?.carried !== step.carried) tellCarried();
    if (step.status !== 'skipped' || skipped[0]?.reason !== step.reason) tellSkipped();
    if (step.status === 'skipped') skipped.push(step);
    else if (isCarried) carried.push(step);
    else print(stepText(step, path, palette, target.isTerminal ? target.columns : Number.POSITIVE_INFINITY));
  }

  /** Skipped steps wait here until one comes that was not skipped for the same reason. */
  function tellSkipped(): void {
    const [first, ...more] = skipped;
    if (first === undefined) return;
    print(skippedText([first, ...more], palette));
    toldReason = first.reason;
    skipped = [];
  }

  /** What was not run again waits here, too. */
  function tellCarried(): void {
    const [first, ...more] = carried;
    if (first !== undefined) print(carriedText([first, ...more], palette));
    carried = [];
  }

  function endRunbook(runbook: RunbookResult): void {
    tellCarried();
    tellSkipped();
    // A runbook that could not even be started has no `runbook:start`.
    if (shownPath !== runbook.path) startRunbook(runbook.path, runbook.title);
    if (runbook.reason !== null && runbook.reason !== toldReason) print(runbookReason(runbook, palette));
    toldReason = runbook.reason ?? toldReason;
    print(attemptsText(runbook, palette));
    if (runbook.update !== undefined) print(updateText(runbook.update, palette));
    const counts = countsText(runbook.counts, palette);
    if (runbooks > 1 && counts !== '') print([`  ${counts} in ${formatDuration(runbook.duration_ms)}`]);
  }

  function event(event: RunEvent): void {
    if (event.type === 'run:start') {
      runbooks = event.runbooks.length;
    } else if (event.type === 'runbook:start') {
      steps = event.steps;
      lab = event.lab;
      startRunbook(event.path, event.title);
    } else if (event.type === 'lab:start') {
      live.show(progressText(`starting the lab: ${event.lab}`, '', palette));
    } else if (event.type === 'lab:ready') {
      const loose = event.unlimited ? `; not limited here: ${event.unlimited.join(', ')}` : '';
      print([palette.dim(`  lab: ${printable(lab)}, ready in ${formatDuration(event.duration_ms)}${loose}`)]);
    } else if (event.type === 'step:start') {
      tellCarried();
      live.show(progressText(event.name, steps === 0 ? '' : `${stepsDone + 1}/${steps}`, palette));
    } else if (event.type === 'step:end') {
      endStep(event.path, event.step);
    } else if (event.type === 'runbook:end') {
      endRunbook(event.runbook);
    } else {
      const timings = target.timings === true ? timingsText(event.run, palette) : [];
      print([...timings, ...summaryText(event.run, toldReason, palette)]);
    }
  }

  return {
    event,
    end() {
      tellCarried();
      tellSkipped();
      live.clear();
    },
  };
}
