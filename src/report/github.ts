import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { isProblem, type RunResult } from '../events.ts';
import { markdownReport } from './markdown.ts';
import { createPalette } from './palette.ts';
import { printable } from './printable.ts';
import { runbookProblem, runProblem } from './problems.ts';
import { stepDetails } from './step-text.ts';
import { countsText } from './summary-text.ts';
import type { Reporter, ReportTarget } from './types.ts';

const palette = createPalette({ colour: false, unicode: true });

/** GitHub takes a mebibyte for a summary; a character has at most four bytes. */
const summaryLimit = 250_000;
/** Of a message: what is longer belongs in the summary. */
const messageLimit = 4000;

/**
 * GitHub Actions: an annotation on each line that went wrong, and the job's summary in `$GITHUB_STEP_SUMMARY`. While
 * the run goes on, GitHub is told to take no commands, so that no reporter beside this one can pass on those that a step
 * prints: the word that ends it is random.
 */
export function createReporter(target: ReportTarget): Reporter {
  const token = randomUUID();
  let stopped = false;
  let run: RunResult | undefined;
  return {
    event(event) {
      if (event.type === 'run:start') {
        stopped = true;
        target.write(`::stop-commands::${token}\n`);
      } else if (event.type === 'run:end') {
        run = event.run;
      }
    },
    // Only now: reporters that come after this one have told of the end of the run as well.
    end() {
      if (stopped) target.write(`\n::${token}::\n`);
      if (run === undefined) return;
      target.write(annotations(run).join(''));
      const summary = process.env['GITHUB_STEP_SUMMARY'];
      if (summary) appendFileSync(summary, `${markdownReport(run, summaryLimit, target.timings ?? false)}\n`);
    },
  };
}

function annotations(run: RunResult): string[] {
  const lines: string[] = [];
  for (const runbook of run.runbooks) {
    const file = inRepository(runbook.path);
    for (const step of runbook.steps.filter(isProblem)) {
      const line = step.checks.find((check) => !check.ok)?.line ?? step.line;
      const message = stepDetails(step, runbook.path, palette).join('\n');
      lines.push(command('error', { file, line: String(line), title: `${step.name}: ${step.status}` }, message));
    }
    const problem = runbookProblem(runbook);
    if (problem !== null) lines.push(command('error', { file, title: runbook.status }, problem));
    else if (runbook.flaky) lines.push(command('warning', { file, title: 'flaky' }, runbook.reason ?? ''));
    else if (runbook.status === 'skipped')
      lines.push(command('notice', { file, title: 'skipped' }, runbook.reason ?? ''));
  }
  const problem = runProblem(run);
  if (problem !== null) lines.push(command('error', { title: `netlab: ${run.status}` }, problem));
  const verdict = command(
    'notice',
    { title: 'netlab' },
    `${run.status}: ${countsText(run.counts, palette) || 'no steps'}`,
  );
  return run.status === 'passed' ? [...lines, verdict] : lines;
}

/** Paths in annotations are those of the repository, wherever in it netlab was started. */
function inRepository(path: string): string {
  const root = process.env['GITHUB_WORKSPACE'];
  return root ? relative(root, resolve(path)) : path;
}

function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  const short = message.length > messageLimit ? `${message.slice(0, messageLimit)}…` : message;
  return `::${name} ${written.join(',')}::${escapeData(short)}\n`;
}

function escapeData(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split(/(\r?\n)/)
    .map((part) => (/^\r?\n$/.test(part) ? part : printable(part)))
    .join('')
    .replace(/%/g, '%25')
    .replace(/\r/g, '%0D')
    .replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
