import type { RunbookResult, RunStatus } from '../events.ts';
import { formatElapsed } from './duration.ts';
import type { Palette } from './palette.ts';
import { printable, printableLines } from './printable.ts';
import { fitWidth, textWidth } from './width.ts';

const labels: Readonly<Partial<Record<RunStatus, string>>> = {
  errored: 'error: ',
  skipped: 'skipped: ',
};

/** The line above a runbook's steps. */
export function runbookHead(path: string, title: string, palette: Palette): string {
  return palette.bold(printable(path)) + (title === '' ? '' : ` ${palette.dash} ${printable(title)}`);
}

/** What is to be said about a runbook as a whole: why it did not run, or not to its end. */
export function runbookReason(runbook: RunbookResult, palette: Palette): string[] {
  const [first = '', ...more] = printableLines(runbook.reason ?? '');
  const label = labels[runbook.status] ?? '';
  const head = `  ${palette.mark(runbook.status)} ${palette.status(runbook.status, label + first)}`;
  return [head, ...more.map((line) => `    ${line}`)];
}

/** That a runbook was run again and did not pass then either; of one that did, the reason tells. */
export function attemptsText({ status, retried }: RunbookResult, palette: Palette): string[] {
  if (!retried || status === 'passed') return [];
  return [`  ${palette.dim(`none of ${retried.length + 1} attempts passed: these are the steps of the last`)}`];
}

/** What is going on, and for how long, frame by frame; only `text` gives way when the terminal is narrow. */
export function progressText(
  text: string,
  count: string,
  palette: Palette,
): (frame: number, columns: number) => string {
  const start = performance.now();
  return (frame, columns) => {
    const spinner = palette.spinner[frame % palette.spinner.length] ?? '';
    const after = `${count === '' ? '' : `  ${count}`}  ${formatElapsed(performance.now() - start)}`;
    const room = columns - textWidth(`  ${spinner} ${after}`);
    if (room < 4) return fitWidth(`${spinner}${after}`, columns, '');
    return `  ${palette.cyan(spinner)} ${fitWidth(printable(text), room, palette.ellipsis)}${palette.dim(after)}`;
  };
}
