import type { Check } from '../../check/types.ts';
import { isProblem, type StepResult, type StepStatus } from '../../events.ts';
import { formatDuration } from '../duration.ts';
import { escapeHtml } from './escape.ts';

/** Of an output, at its beginning and at its end, in UTF-16 units: a page is to be opened on a phone. */
const kept = 50_000;

const words: Readonly<Record<StepStatus, string>> = {
  passed: '✓ passed',
  failed: '✗ failed',
  skipped: '↷ skipped',
  timed_out: '✗ timed out',
  errored: '! error',
};

/** What came of a step, to stand below its lines in the document; `id` is its anchor. */
export function stepHtml(step: StepResult, id: string): string {
  const about = [
    // The lines above it say it already, unless it has a name of its own.
    step.name === step.command.split('\n', 1)[0] ? '' : step.name,
    step.status === 'skipped' ? '' : formatDuration(step.duration_ms),
    `line ${step.line}`,
    step.node === '' ? '' : `on ${step.node}`,
    step.exit === null || step.exit === 0 ? '' : `status ${step.exit}`,
  ];
  const head = `<p class="verdict"><a href="#${id}"><b>${words[step.status]}</b></a> <span>${escapeHtml(about.filter((text) => text !== '').join(' · '))}</span></p>`;
  const reason = step.reason ? `<p class="why">${escapeHtml(step.reason)}</p>` : '';
  const checks = step.checks.filter((check) =>
    check.ok ? check.kind !== 'output' && check.kind !== 'exit' : check.message !== step.reason,
  );
  const printed =
    outputHtml('printed', step.stdout, isProblem(step)) + outputHtml('standard error', step.stderr, isProblem(step));
  return `<section class="step ${escapeHtml(step.status)}" id="${id}">${head}${reason}${checks.map(checkHtml).join('')}${printed}</section>\n`;
}

function checkHtml(check: Check): string {
  const message = `<p class="check ${check.ok ? 'held' : 'why'}">${check.ok ? '✓' : '✗'} ${escapeHtml(check.message)}</p>`;
  if (check.diff === undefined) return message;
  const lines = check.diff.map(({ kind, text }) => {
    if (kind === 'expected') return `<del>- ${escapeHtml(text)}</del>`;
    if (kind === 'actual') return `<ins>+ ${escapeHtml(text)}</ins>`;
    return `<span>  ${escapeHtml(text)}</span>`;
  });
  return `${message}<pre class="diff" tabindex="0"><span>  - in the document, line ${escapeHtml(String(check.line))}   + printed</span>\n${lines.join('\n')}</pre>`;
}

function outputHtml(title: string, text: string, open: boolean): string {
  if (text.trim() === '') return '';
  const left = text.length - 2 * kept;
  const shown =
    left <= 0 ? text : `${text.slice(0, kept)}\n[${left} characters are left out here]\n${text.slice(-kept)}`;
  const lines = text.trimEnd().split('\n').length;
  const summary = `${title}: ${lines} ${lines === 1 ? 'line' : 'lines'}`;
  return `<details${open ? ' open' : ''}><summary>${summary}</summary><pre tabindex="0">${escapeHtml(shown)}</pre></details>`;
}
