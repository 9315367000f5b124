import type { Check } from '../check/types.ts';
import type { StepResult, StepStatus } from '../events.ts';
import { diffText } from './diff-text.ts';
import { formatDuration } from './duration.ts';
import type { Palette } from './palette.ts';
import { cutLine, printable, printableLines } from './printable.ts';
import { fitWidth, textWidth } from './width.ts';

/** Below this a step took no time that a reader would care about. */
const notableMs = 100;
/** Lines of output shown with a failure that has no diff. */
const tail = 12;
/** Passed typed checks that are told one by one. */
const toldChecks = 8;
/** Columns that the line number of a step takes, at least. */
const numberWidth = 4;

/** A step and everything that is to be said about it; only its name is cut, and not when `columns` is infinite. */
export function stepText(step: StepResult, path: string, palette: Palette, columns: number): string[] {
  const duration = step.duration_ms > notableMs ? `  ${formatDuration(step.duration_ms)}` : '';
  const indent = ' '.repeat(nameColumn(palette));
  const room = Math.max(20, columns - indent.length - textWidth(duration));
  const name = fitWidth(printable(step.name), room, palette.ellipsis);
  const shown = step.status === 'passed' ? name : palette.bold(name);
  const head = `${start(step.status, String(step.line), palette)}${shown}${duration === '' ? '' : palette.dim(duration)}`;
  const carried =
    step.carried === undefined ? [] : [indent + palette.dim(`of ${printable(step.carried)}, not run again`)];
  return [head, ...carried, ...stepDetails(step, path, palette).map((line) => indent + line)];
}

/** Steps that were skipped one after the other for the same reason, told in one line. */
export function skippedText(steps: readonly [StepResult, ...StepResult[]], palette: Palette): string[] {
  const [first] = steps;
  const last = steps.at(-1) ?? first;
  const lines = last.line === first.line ? String(first.line) : `${first.line}${palette.to}${last.line}`;
  const what = steps.length > 1 ? `${steps.length} steps` : fitWidth(printable(first.name), 40, palette.ellipsis);
  const [reason = '', ...more] = printableLines(first.reason ?? 'no reason given');
  const indent = ' '.repeat(nameColumn(palette));
  const head = `${start('skipped', lines, palette)}${palette.dim(`${what} ${palette.dash} skipped: ${reason}`)}`;
  return [head, ...more.map((line) => indent + palette.dim(line))];
}

/** Steps that were not run again and had passed, one after the other, told in one line. */
export function carriedText(steps: readonly [StepResult, ...StepResult[]], palette: Palette): string[] {
  const [first] = steps;
  const last = steps.at(-1) ?? first;
  const lines = last.line === first.line ? String(first.line) : `${first.line}${palette.to}${last.line}`;
  const what = steps.length > 1 ? `${steps.length} steps` : fitWidth(printable(first.name), 40, palette.ellipsis);
  const where = printable(first.carried ?? '');
  return [
    `${start('passed', lines, palette)}${palette.dim(`${what} ${palette.dash} passed in ${where}, not run again`)}`,
  ];
}

/** The mark and the line number, up to where the name stands. */
function start(status: StepStatus, lines: string, palette: Palette): string {
  return `  ${palette.mark(status)} ${palette.dim(lines.padStart(numberWidth))}  `;
}

function nameColumn(palette: Palette): number {
  return 2 + palette.markWidth + 1 + numberWidth + 2;
}

/** What is to be said about a step beside its name: what it failed by and what it printed, or what was checked. */
export function stepDetails(step: StepResult, path: string, palette: Palette): string[] {
  if (step.status === 'passed') return [...passedChecks(step, palette), ...reasonLines(step.reason, palette.dim)];
  const failed = step.checks.filter((check) => !check.ok);
  const lines = [...blame(step, palette), ...failed.flatMap((check) => failedCheck(check, path, palette))];
  const told = failed.some((check) => check.diff !== undefined);
  return told ? lines : [...lines, ...outputTail(step, palette)];
}

/** What is not a matter of a check: a limit that passed, or an engine that could not do its part. */
function blame(step: StepResult, palette: Palette): string[] {
  const lines = reasonLines(step.reason, (text) => text);
  if (step.status === 'timed_out') return paintFirst(lines, 'timed out', (text) => palette.status('timed_out', text));
  if (step.status !== 'errored') return lines;
  const note = palette.dim('netlab could not run or judge this step: it did not fail a check');
  const told = step.checks.some((check) => check.errored === true && (step.reason ?? check.message) === check.message);
  if (told) return [note];
  return [...paintFirst(lines, 'no reason given', (text) => palette.status('errored', `error: ${text}`)), note];
}

function paintFirst([first, ...more]: readonly string[], otherwise: string, paint: (text: string) => string): string[] {
  return [paint(first ?? otherwise), ...more];
}

function failedCheck(check: Check, path: string, palette: Palette): string[] {
  const place = `${path}:${check.line}`;
  const [first = '', ...more] = printableLines(check.message);
  const status = check.errored === true ? 'errored' : 'failed';
  const message = [palette.status(status, check.errored === true ? `error: ${first}` : first), ...more];
  if (check.diff === undefined) return [...message, palette.dim(`at ${printable(place)}`)];
  return [...message, ...diffText(check.diff, place, palette)];
}

function passedChecks(step: StepResult, palette: Palette): string[] {
  const typed = step.checks.filter((check) => check.kind !== 'output' && check.kind !== 'exit');
  const told = typed.slice(0, toldChecks).map((check) => palette.dim(printable(check.message)));
  const rest = typed.length - told.length;
  return rest === 0 ? told : [...told, palette.dim(`${palette.ellipsis} and ${rest} more checks passed`)];
}

function reasonLines(reason: string | null, paint: (text: string) => string): string[] {
  return reason === null || reason === '' ? [] : printableLines(reason).map((line) => paint(line));
}

/** What the step printed last: the first thing that one asks after a failure. */
function outputTail(step: StepResult, palette: Palette): string[] {
  const text = [step.stdout, step.stderr].filter((part) => part.trim() !== '').join('\n');
  if (text === '') return step.exit === null ? [] : [palette.dim('it printed nothing')];
  const lines = printableLines(text);
  const shown = lines.slice(-tail).map((line) => palette.dim(`| ${cutLine(line, palette.ellipsis)}`));
  const hidden = lines.length - shown.length;
  const label = hidden === 0 ? 'it printed:' : `it printed ${lines.length} lines, at the end:`;
  return [palette.dim(label), ...shown];
}
