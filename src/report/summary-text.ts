import { type Counts, isProblem, type RunbookResult, type RunResult, type RunStatus } from '../events.ts';
import { formatDuration } from './duration.ts';
import type { Palette } from './palette.ts';
import { printable, printableLines } from './printable.ts';
import { fitWidth } from './width.ts';

/** Columns of a step's name, once more told at the end. */
const nameWidth = 60;

const words: Readonly<Record<RunStatus, string>> = {
  passed: 'PASSED',
  failed: 'FAILED',
  skipped: 'SKIPPED',
  errored: 'ERROR',
  interrupted: 'INTERRUPTED',
  empty: 'NOTHING CHECKED',
};

/** What a status means, where the reason that comes with it may not say. */
const explanations: Readonly<Partial<Record<RunStatus, string>>> = {
  errored: 'netlab could not do its part: there is no verdict on what it did not run or could not judge.',
  interrupted: 'There is no verdict on what was not run.',
  empty: 'What was not checked cannot pass: give a command its expected output, or see above why steps were skipped.',
};

/** The end of the report: the places to look at when there were several runbooks, the verdict, the counts. */
export function summaryText(run: RunResult, toldReason: string | null, palette: Palette): string[] {
  const verdict = palette.bold(palette.status(run.status, words[run.status]));
  const counts = countsText(run.counts, palette) || 'no steps';
  const lines = [`${verdict}  ${counts} in ${formatDuration(run.duration_ms)}`];
  if (run.reason !== null && run.reason !== toldReason) lines.push(...printableLines(run.reason));
  const explanation = explanations[run.status];
  if (explanation !== undefined) lines.push(palette.dim(explanation));
  return ['', ...(run.runbooks.length > 1 ? recap(run.runbooks, palette) : []), ...lines];
}

/** `11 passed, 1 failed, 2 skipped`: what did not occur is left out. */
export function countsText(counts: Counts, palette: Palette): string {
  const parts = [
    part(counts.passed, 'passed', 'passed', palette),
    part(counts.failed, 'failed', 'failed', palette),
    part(counts.timed_out, 'timed_out', 'timed out', palette),
    part(counts.errored, 'errored', 'errored', palette),
    part(counts.skipped, 'skipped', 'skipped', palette),
  ];
  return parts.filter((text) => text !== '').join(', ');
}

function part(count: number, status: keyof Counts, word: string, palette: Palette): string {
  return count === 0 ? '' : palette.status(status, `${count} ${word}`);
}

/** Every place where something went wrong, once more: in a long report it has scrolled away. */
function recap(runbooks: readonly RunbookResult[], palette: Palette): string[] {
  const lines: string[] = [];
  for (const runbook of runbooks) {
    const bad = runbook.steps.filter(isProblem);
    for (const step of bad) {
      lines.push(
        `${palette.mark(step.status)} ${printable(`${runbook.path}:${step.line}`)}  ${fitWidth(printable(step.name), nameWidth, palette.ellipsis)}`,
      );
    }
    if (runbook.flaky)
      lines.push(`${palette.mark('passed')} ${printable(runbook.path)}  ${printable(runbook.reason ?? '')}`);
    const unfinished = runbook.status === 'errored' || runbook.status === 'interrupted' || runbook.status === 'empty';
    if (bad.length === 0 && unfinished) {
      lines.push(`${palette.mark(runbook.status)} ${printable(runbook.path)}  ${words[runbook.status].toLowerCase()}`);
    }
  }
  return lines.length === 0 ? [] : [...lines, ''];
}
