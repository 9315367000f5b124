import { isProblem, type RunResult, type RunStatus, type StepStatus } from '../events.ts';
import { formatDuration } from './duration.ts';
import { createPalette } from './palette.ts';
import { printable } from './printable.ts';
import { runbookProblem, runProblem } from './problems.ts';
import { stepDetails } from './step-text.ts';
import { countsText } from './summary-text.ts';
import { slowestSteps } from './timings.ts';
import type { Reporter, ReportTarget } from './types.ts';

/** What a comment on GitHub may have, in characters. */
const commentLimit = 65_536;
/** Kept free for what is said at the end about what was left out. */
const reserve = 200;
/** Of one step's output; the rest would push out what else went wrong. */
const detailLines = 60;
const detailWidth = 400;

const palette = createPalette({ colour: false, unicode: true });

const marks: Readonly<Record<RunStatus | StepStatus, string>> = {
  passed: '✅',
  failed: '❌',
  timed_out: '⏱️',
  skipped: '⏭️',
  errored: '💥',
  interrupted: '✋',
  empty: '⚠️',
};

/** A table for a comment on a pull request, with what went wrong folded away below it. */
export function createReporter(target: ReportTarget): Reporter {
  return {
    event(event) {
      if (event.type === 'run:end') target.write(markdownReport(event.run, commentLimit, target.timings ?? false));
    },
  };
}

/** The report, of at most `limit` UTF-16 units: what does not fit is counted. */
export function markdownReport(run: RunResult, limit: number, timings: boolean): string {
  const counts = countsText(run.counts, palette) || 'no steps';
  const problem = runProblem(run);
  const rows = [...run.runbooks]
    .sort((a, b) => Number(a.status === 'passed') - Number(b.status === 'passed'))
    .map(({ path, status, flaky, counts: { passed, failed, timed_out, errored, skipped }, duration_ms }) => {
      const numbers = [passed, failed + timed_out + errored, skipped].map((number) => ` ${number} |`).join('');
      return `| ${marks[status]} | ${code(path)}${flaky ? ' (flaky)' : ''} |${numbers} ${formatDuration(duration_ms)} |\n`;
    });
  const parts = [
    `### ${marks[run.status]} netlab: ${counts} in ${formatDuration(run.duration_ms)}\n\n`,
    ...(problem === null ? [] : [`${text(problem)}\n\n`]),
    '| | runbook | passed | failed | skipped | time |\n| --- | --- | --: | --: | --: | --: |\n',
    ...rows,
    ...run.runbooks.flatMap(problemParts),
    ...(timings ? timingParts(run) : []),
  ];
  let report = '';
  for (const [index, part] of parts.entries()) {
    if (report.length + part.length > limit - reserve) {
      return `${report}\n\n_${parts.length - index} more entries do not fit here: see another report of this run._\n`;
    }
    report += part;
  }
  return report;
}

function problemParts(runbook: RunResult['runbooks'][number]): string[] {
  const whole = runbookProblem(runbook);
  const steps = runbook.steps.filter(isProblem).map((step) => {
    const title = `${marks[step.status]} ${code(`${runbook.path}:${step.line}`)} ${code(step.name)}`;
    return folded(title, stepDetails(step, runbook.path, palette));
  });
  if (whole === null) return steps;
  return [...steps, folded(`${marks[runbook.status]} ${code(runbook.path)}`, whole.split('\n'))];
}

function folded(title: string, lines: readonly string[]): string {
  const shown = lines.slice(0, detailLines).map((line) => printable(cut(line)));
  const more = lines.length - shown.length;
  if (more > 0) shown.push(`… ${more} more lines`);
  const longest = Math.max(2, ...shown.flatMap((line) => line.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `\n<details><summary>${title}</summary>\n\n${fence}diff\n${shown.join('\n')}\n${fence}\n\n</details>\n`;
}

function timingParts(run: RunResult): string[] {
  const rows = slowestSteps(run).map(
    ({ path, step }) =>
      `| ${formatDuration(step.duration_ms)} | ${code(`${path}:${step.line}`)} | ${code(step.name)} |\n`,
  );
  return rows.length === 0 ? [] : ['\n| time | slowest steps | |\n| --: | --- | --- |\n', ...rows];
}

function cut(line: string): string {
  return line.length > detailWidth ? `${line.slice(0, detailWidth)}…` : line;
}

/** As code, where neither Markdown nor a mention (`@somebody`) is read; in HTML's spelling, because tables end at a bar. */
function code(value: string): string {
  return `<code>${text(cut(value))}</code>`;
}

/** On one line, with nothing in it that Markdown or HTML would act upon. */
function text(value: string): string {
  return printable(value)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[!"#$&'()*+<=>@[\\\]^_`{|}~]/g, (character) => `&#${character.charCodeAt(0)};`);
}
