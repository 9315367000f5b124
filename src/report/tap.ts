import { stringify } from 'yaml';
import { isProblem, type RunbookResult, type RunResult, type StepResult } from '../events.ts';
import { createPalette } from './palette.ts';
import { printable, printableLines } from './printable.ts';
import { problemMessage, runbookProblem, runProblem } from './problems.ts';
import { stepDetails } from './step-text.ts';
import type { Reporter, ReportTarget } from './types.ts';

const palette = createPalette({ colour: false, unicode: true });

/** The Test Anything Protocol, version 14: a test point for each runbook, whose subtests are its steps. */
export function createReporter(target: ReportTarget): Reporter {
  let count = 0;
  const tell = (lines: readonly string[]): void => target.write(lines.map((line) => `${line}\n`).join(''));
  return {
    event(event) {
      if (event.type === 'run:start') {
        tell(['TAP version 14']);
      } else if (event.type === 'runbook:end') {
        count += 1;
        tell(runbookPoint(event.runbook, count));
      } else if (event.type === 'run:end') {
        const own = runPoint(event.run, count + 1);
        tell([...own, `1..${count + (own.length > 0 ? 1 : 0)}`]);
      }
    },
  };
}

function runbookPoint(runbook: RunbookResult, number: number): string[] {
  const { path, status, steps, reason, duration_ms } = runbook;
  const title = `${path}${runbook.title === '' || runbook.title === path ? '' : ` - ${runbook.title}`}`;
  const points = steps.flatMap((step, index) => stepPoint(step, index + 1, path));
  const subtest = [
    `# Subtest: ${description(title)}`,
    ...[`1..${steps.length}`, ...points].map((line) => `    ${line}`),
  ];
  const point = `${number} - ${description(title)}`;
  if (status === 'skipped') return [...subtest, `ok ${point} # SKIP ${description(reason ?? '')}`.trimEnd()];
  // A pass has a reason when it came only at another attempt.
  if (status === 'passed')
    return [...subtest, `ok ${point}`, ...(reason === null ? [] : diagnostics({ message: reason }))];
  const why = runbookProblem(runbook);
  return [
    ...subtest,
    `not ok ${point}`,
    ...diagnostics({ status, ...(why !== null && { message: why }), duration_ms }),
  ];
}

function stepPoint(step: StepResult, number: number, path: string): string[] {
  const point = `${number} - ${description(step.name)}`;
  if (step.status === 'skipped') return [`ok ${point} # SKIP ${description(step.reason ?? '')}`.trimEnd()];
  const about = { at: `${path}:${step.line}`, duration_ms: step.duration_ms };
  if (!isProblem(step)) return [`ok ${point}`, ...diagnostics(about)];
  const message = problemMessage(step);
  const details = stepDetails(step, path, palette).filter((line) => line !== message);
  const { status, command, exit } = step;
  return [`not ok ${point}`, ...diagnostics({ status, message, ...about, exit, command, details: details.join('\n') })];
}

/** Skips are passes in TAP: a run that did not pass all the same says so in a point of its own. */
function runPoint(run: RunResult, number: number): string[] {
  const problem = runProblem(run);
  if (problem === null) return [];
  return [`not ok ${number} - the run`, ...diagnostics({ status: run.status, message: problem })];
}

/** One line, in which nothing is taken for a directive. */
function description(text: string): string {
  return wellFormed(printable(text)).replace(/[\\#]/g, '\\$&').trim();
}

function diagnostics(values: Readonly<Record<string, unknown>>): string[] {
  const clean = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === 'string' ? wellFormed(printableLines(value).join('\n')) : value,
  ]);
  const yaml = stringify(Object.fromEntries(clean), {
    lineWidth: 0,
    defaultStringType: 'PLAIN',
    blockQuote: 'literal',
  });
  return [
    '  ---',
    ...yaml
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
    '  ...',
  ];
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
