import { createHash } from 'node:crypto';
import type { RunbookResult, RunResult } from '../events.ts';
import { formatDuration } from './duration.ts';
import { documentHtml } from './html/document.ts';
import { escapeHtml } from './html/escape.ts';
import { stepHtml } from './html/step.ts';
import { style } from './html/style.ts';
import { createPalette } from './palette.ts';
import { runbookProblem, runProblem } from './problems.ts';
import { countsText } from './summary-text.ts';
import { slowestSteps } from './timings.ts';
import type { Reporter, ReportTarget } from './types.ts';

const palette = createPalette({ colour: false, unicode: true });

/** One page that shows the documents themselves, with what came of each step below its lines; it needs no script. */
export function createReporter(target: ReportTarget): Reporter {
  const sources = new Map<string, string>();
  return {
    event(event) {
      if (event.type === 'runbook:start') sources.set(event.path, event.source);
      else if (event.type === 'run:end') target.write(page(event.run, sources, target.timings ?? false));
    },
  };
}

function page(run: RunResult, sources: ReadonlyMap<string, string>, timings: boolean): string {
  const counts = countsText(run.counts, palette) || 'no steps';
  const problem = runProblem(run);
  const articles = run.runbooks.map((runbook, index) => article(runbook, index, sources.get(runbook.path) ?? ''));
  const hash = createHash('sha256').update(style).digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${run.status}: ${escapeHtml(counts)} · netlab</title>
<style>${style}</style>
</head>
<body>
<header class="${run.status}">
<p><span class="status">${run.status}</span> ${escapeHtml(counts)} in ${formatDuration(run.duration_ms)}</p>
${problem === null ? '' : `<p class="why">${escapeHtml(problem)}</p>`}
</header>
<div class="controls">
${choice('show', 'Show', ['all', 'problems', 'skipped'])}
${choice('theme', 'Colours', ['auto', 'light', 'dark'])}
</div>
${contents(run)}${timings ? slowest(run) : ''}
<main>
${articles.join('\n')}
</main>
</body>
</html>
`;
}

/** Radio buttons that the style sheet looks at; the first is chosen. */
function choice(name: string, legend: string, values: readonly string[]): string {
  const buttons = values.map((value, index) => {
    const checked = index === 0 ? ' checked' : '';
    return `<label><input type="radio" name="${name}" id="${name}-${value}"${checked}> ${value}</label>`;
  });
  return `<fieldset><legend>${legend}</legend>${buttons.join('')}</fieldset>`;
}

function contents(run: RunResult): string {
  if (run.runbooks.length < 2) return '';
  const items = run.runbooks.map(({ status, path, title, counts }, index) => {
    const about = `${title === path ? '' : `${title}: `}${countsText(counts, palette) || 'no steps'}`;
    return `<li class="${status}"><span class="status">${status}</span> <a href="#r${index + 1}">${escapeHtml(path)}</a> <span class="about">${escapeHtml(about)}</span></li>`;
  });
  return `<nav aria-label="runbooks"><ul>\n${items.join('\n')}\n</ul></nav>`;
}

function slowest(run: RunResult): string {
  const items = slowestSteps(run).map(({ path, step }) => {
    const runbook = run.runbooks.findIndex((one) => one.path === path && one.steps.includes(step));
    const link = `<a href="#r${runbook + 1}-s${step.index}">${escapeHtml(`${path}:${step.line}`)}</a>`;
    return `<li>${formatDuration(step.duration_ms)} ${link} ${escapeHtml(step.name)}</li>`;
  });
  return `<details><summary>slowest steps</summary><ol>\n${items.join('\n')}\n</ol></details>`;
}

/** Control characters of a document: a page has no use for them, and who reads it in a terminal would feel them. */
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

function article(runbook: RunbookResult, index: number, source: string): string {
  const { path, reason, counts, duration_ms, steps } = runbook;
  const status = escapeHtml(runbook.status);
  const id = `r${index + 1}`;
  const why = reason ?? runbookProblem(runbook);
  const about = `${path} · ${countsText(counts, palette) || 'no steps'} · ${formatDuration(duration_ms)}`;
  return `<article class="${status}" id="${id}">
<p class="about"><span class="status">${status}</span> <a href="#${id}">#</a> ${escapeHtml(about)}</p>
${why === null ? '' : `<p class="why">${escapeHtml(why)}</p>`}
<div class="document">
${documentHtml(source.replace(invisible, '\ufffd'), steps, `${id}.`, (step) => stepHtml(step, `${id}-s${Number(step.index)}`))}
</div>
</article>`;
}
