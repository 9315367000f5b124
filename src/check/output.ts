import type { Step } from '../runbook/types.ts';
import type { Output } from '../shell/types.ts';
import { type Difference, diffLines, diffUnordered } from './diff.ts';
import { compileLines, dropTrailingEmpty, endsInBreak, matchLines, toLines } from './lines.ts';
import { escapeBytes, type LinePattern, trimLine } from './pattern.ts';
import { sanitize } from './sanitize.ts';
import { decodeBytes, hasStrayBytes, withoutStrayBytes } from './stray-bytes.ts';
import { createTester, type Tester } from './tester.ts';
import type { Captures, Check, CheckResult, DiffLine } from './types.ts';

/** Characters of an output that a check keeps. */
const maxActual = 65_536;

const greeting =
  /(^|\n)\n*BusyBox v[^\n]* built-in shell \((?:ash|msh|hush)\)\nEnter 'help' for a list of built-in commands\.\n*$/;

/** The text of a step's output that its checks are about, sanitised. */
export function textOf(step: Step, output: Output): string {
  return sanitize(step.stream === 'stderr' ? output.stderr : output.stdout);
}

/**
 * What is compared with the document: the same, bytes that are no UTF-8 told apart, as `decodeBytes` does. Of a `.t` file
 * as it came. Not what BusyBox says to whoever opens a shell: that is the shell's, unless the document shows it.
 */
export function comparedText(step: Step, output: Output): string {
  const stream = step.stream === 'stderr' ? 'stderr' : 'stdout';
  const came = output.bytes ? decodeBytes(output.bytes[stream]) : output[stream];
  if (step.asCame) return came;
  const text = sanitize(came);
  const greeted = output.ending === 'opened' && !step.expected?.lines.some((line) => line.startsWith('BusyBox v'));
  return greeted ? text.replace(greeting, '$1') : text;
}

/** Compares a step's output with what the document shows; `undefined` when the document shows nothing to compare. */
export function checkOutput(step: Step, output: Output, captures: Captures): CheckResult | undefined {
  if (step.match === 'ignore' || step.statusOnly) return undefined;
  if (step.expected === undefined && step.kind !== 'command') return undefined;
  const asked = step.expected?.lines ?? [];
  // Nothing occurs in everything: asked for nothing, any mode asks for just that.
  const mode = dropTrailingEmpty(asked.map(trimLine)).length === 0 ? 'exact' : step.match;
  const text = comparedText(step, output);
  const actual = toLines(text, step.asCame);
  const shown = shorten(sanitize(withoutStrayBytes(text)));
  const at = (index: number) =>
    step.expected === undefined ? step.span.start.line : step.expected.span.start.line + index;
  const base = { kind: 'output', path: 'output', expected: asked.join('\n'), actual: shown, line: at(0) };

  const patterns = compileLines(asked, captures.keys());
  if ('message' in patterns) {
    return {
      checks: [{ ...base, ok: false, errored: true, line: at(patterns.index), message: patterns.message }],
      captures,
    };
  }
  const test = createTester(patterns, actual, endsInBreak(text), step.asCame);
  const found = matchLines(patterns, actual, test, mode, captures);
  // With output missing from its middle, only a match that leaves room for it says anything.
  if (output.droppedBytes > 0 && !(found && (mode === 'contains' || patterns.some(({ kind }) => kind === 'gap')))) {
    const message = `output: ${output.droppedBytes} bytes were dropped from its middle, so it cannot be compared; print less, or into a file`;
    return { checks: [{ ...base, ok: false, errored: true, message }], captures };
  }
  if (found)
    return { checks: [{ ...base, ok: true, message: passMessage(patterns, actual.length, mode) }], captures: found };
  const differ = mode === 'unordered' ? diffUnordered : mode === 'contains' ? diffContains : diffLines;
  const { lines, first } = differ(patterns, actual, test, captures);
  const difference = { first, lines: lines.map(showBytes) };
  const message = failMessage(patterns, actual, difference, mode);
  const line = at(Math.max(0, Math.min(difference.first, patterns.length - 1)));
  return { checks: [{ ...base, ok: false, line, message, diff: difference.lines }], captures };
}

/** What no document can show as it is, as `(esc)` has it. */
function showBytes({ kind, text }: DiffLine): DiffLine {
  const isShown = kind === 'expected' || !(hasStrayBytes(text) || /[\x00-\x08\x0b-\x1f\x7f]/.test(text));
  return { kind, text: isShown ? text : `${escapeBytes(text)} (esc)` };
}

const gap: LinePattern = {
  source: '...',
  min: 0,
  max: Number.POSITIVE_INFINITY,
  kind: 'gap',
  text: '...',
  elements: [],
  noEol: false,
};

/** The difference that is left when lines before and after do not count. */
function diffContains(
  patterns: readonly LinePattern[],
  actual: readonly string[],
  test: Tester,
  captures: Captures,
): Difference {
  const shifted: Tester = (index, line, known, loose) => {
    return index === 0 || index === patterns.length + 1 ? known : test(index - 1, line, known, loose);
  };
  const { lines, first } = diffLines([gap, ...patterns, gap], actual, shifted, captures);
  return { lines, first: first - 1 };
}

function passMessage(patterns: readonly LinePattern[], count: number, mode: string): string {
  if (patterns.length === 0) return 'output: nothing, as expected';
  if (patterns.every(({ kind }) => kind === 'gap')) return 'output: anything is accepted';
  return `output: ${count} ${count === 1 ? 'line' : 'lines'}, as expected${mode === 'exact' ? '' : ` (${mode})`}`;
}

/** Says the first difference, as the lines of the difference show it. */
function failMessage(
  patterns: readonly LinePattern[],
  actual: readonly string[],
  { lines }: Difference,
  mode: string,
): string {
  const [came = ''] = actual;
  if (patterns.length === 0) {
    return `output: expected nothing, got ${actual.length} ${actual.length === 1 ? 'line' : 'lines'}: ${quote(came)}`;
  }
  if (actual.length === 0) return `output: expected ${quote(patterns[0]?.source ?? '')}, got nothing`;
  const change = lines.slice(
    Math.max(
      0,
      lines.findIndex(({ kind }) => kind !== 'same'),
    ),
  );
  const end = change.findIndex(({ kind }) => kind === 'same');
  const hunk = end === -1 ? change : change.slice(0, end);
  const asked = hunk.find(({ kind }) => kind === 'expected')?.text;
  const got = hunk.find(({ kind }) => kind === 'actual')?.text;
  const how = mode === 'exact' ? '' : ` (${mode})`;
  if (asked !== undefined && got !== undefined) return `output: expected ${quote(asked)}, got ${quote(got)}${how}`;
  if (asked !== undefined) return `output: expected ${quote(asked)}, which is not there${how}`;
  if (got !== undefined) return `output: ${quote(got)} is not expected${how}`;
  return `output: each line is there, but they do not fit together${how}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 160 ? `${text.slice(0, 160)}…` : text);
}

function shorten(text: string): string {
  return text.length > maxActual ? `${text.slice(0, maxActual)}\n… ${text.length - maxActual} more characters` : text;
}

/** The exit status check; `undefined` when a nested shell was opened, whose command goes on. */
export function checkExit(step: Step, output: Output): Check | undefined {
  if (output.exit === null && output.ending === 'opened') return undefined;
  const base = { kind: 'exit', path: 'exit', expected: step.exit, actual: output.exit, line: step.span.start.line };
  if (output.exit === null) {
    const why = output.note ? `: ${output.note}` : '';
    return { ...base, ok: false, errored: true, message: `exit: the status is not known${why}` };
  }
  const ok = output.exit === step.exit;
  const message = ok
    ? `exit: status ${output.exit}, as expected`
    : `exit: expected status ${step.exit}, got ${output.exit}${meaning(output.exit)}`;
  return { ...base, ok, message };
}

function meaning(exit: number): string {
  if (exit === 126) return ' (found, but cannot be executed)';
  if (exit === 127) return ' (command not found)';
  const signals: Readonly<Record<number, string>> = {
    129: 'SIGHUP',
    130: 'SIGINT',
    134: 'SIGABRT',
    137: 'SIGKILL',
    139: 'SIGSEGV',
    141: 'SIGPIPE',
    143: 'SIGTERM',
  };
  return signals[exit] === undefined ? '' : ` (${signals[exit]})`;
}
