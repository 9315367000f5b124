import type { Step } from '../runbook/types.ts';
import type { Output } from '../shell/types.ts';
import { diffLines, diffUnordered } from './diff.ts';
import { compileLines, matchLines, toLines } from './lines.ts';
import type { LinePattern } from './pattern.ts';
import { sanitize } from './sanitize.ts';
import { createTester, type Tester } from './tester.ts';
import type { Captures, Check, CheckResult, DiffLine } from './types.ts';
import { assign } from './unordered.ts';

/** Characters of an output that a check keeps. */
const maxActual = 65_536;

const greeting =
  /(^|\n)\n*BusyBox v[^\n]* built-in shell \((?:ash|msh|hush)\)\nEnter 'help' for a list of built-in commands\.\n*$/;

/** The text of a step's output that its checks are about, sanitised. */
export function textOf(step: Step, output: Output): string {
  return sanitize(step.stream === 'stderr' ? output.stderr : output.stdout);
}

/** Compares a step's output with what the document shows; `undefined` when the document shows nothing to compare. */
export function checkOutput(step: Step, output: Output, captures: Captures): CheckResult | undefined {
  if (step.match === 'ignore' || (step.expected === undefined && step.kind !== 'command')) return undefined;
  const mode = step.expected === undefined ? 'exact' : step.match;
  const asked = step.expected?.lines ?? [];
  const raw = textOf(step, output);
  // What BusyBox says to whoever opens a shell is the shell's, unless the document shows it.
  const greeted = output.ending === 'opened' && !asked.some((line) => line.startsWith('BusyBox v'));
  const text = greeted ? raw.replace(greeting, '$1') : raw;
  const actual = toLines(text);
  const at = (index: number) =>
    step.expected === undefined ? step.span.start.line : step.expected.span.start.line + index;
  const base = { kind: 'output', path: 'output', expected: asked.join('\n'), actual: shorten(text), line: at(0) };

  const patterns = compileLines(asked, captures.keys());
  if ('message' in patterns) {
    return {
      checks: [{ ...base, ok: false, errored: true, line: at(patterns.index), message: patterns.message }],
      captures,
    };
  }
  const test = createTester(patterns, actual, text.endsWith('\n'));
  const found = matchLines(patterns, actual.length, test, mode, captures);
  // With output missing from its middle, only a match that leaves room for it says anything.
  if (output.droppedBytes > 0 && !(found && (mode === 'contains' || patterns.some(({ kind }) => kind === 'gap')))) {
    const message = `output: ${output.droppedBytes} bytes were dropped from its middle, so it cannot be compared; print less, or into a file`;
    return { checks: [{ ...base, ok: false, errored: true, message }], captures };
  }
  if (found)
    return { checks: [{ ...base, ok: true, message: passMessage(patterns, actual.length, mode) }], captures: found };
  const diff =
    mode === 'unordered'
      ? diffUnordered(patterns, actual, test, assign(patterns, actual.length, test, captures))
      : orderedDiff(patterns, actual, test, captures, mode);
  const { message, index } = failMessage(patterns, actual, diff, mode);
  return { checks: [{ ...base, ok: false, line: at(index), message, diff }], captures };
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

function orderedDiff(
  patterns: readonly LinePattern[],
  actual: readonly string[],
  test: Tester,
  captures: Captures,
  mode: string,
): readonly DiffLine[] {
  if (mode !== 'contains') return diffLines(patterns, actual, test, captures);
  const shifted: Tester = (index, line, known, loose) => {
    return index === 0 || index === patterns.length + 1 ? known : test(index - 1, line, known, loose);
  };
  return diffLines([gap, ...patterns, gap], actual, shifted, captures);
}

function passMessage(patterns: readonly LinePattern[], count: number, mode: string): string {
  if (patterns.length === 0) return 'output: nothing, as expected';
  if (patterns.every(({ kind }) => kind === 'gap')) return 'output: anything is accepted';
  return `output: ${count} ${count === 1 ? 'line' : 'lines'}, as expected${mode === 'exact' ? '' : ` (${mode})`}`;
}

/** Says the first difference, and which of the expected lines it is about. */
function failMessage(
  patterns: readonly LinePattern[],
  actual: readonly string[],
  diff: readonly DiffLine[],
  mode: string,
): { readonly message: string; readonly index: number } {
  if (patterns.length === 0) {
    const [first = ''] = actual;
    return {
      message: `output: expected nothing, got ${actual.length} ${actual.length === 1 ? 'line' : 'lines'}: ${quote(first)}`,
      index: 0,
    };
  }
  const at = diff.findIndex(({ kind }) => kind !== 'same');
  const change = diff.slice(at);
  const until = change.findIndex(({ kind }) => kind === 'same');
  const hunk = at === -1 ? [] : until === -1 ? change : change.slice(0, until);
  const expected = hunk.find(({ kind }) => kind === 'expected')?.text;
  const came = hunk.find(({ kind }) => kind === 'actual')?.text;
  const index = Math.max(
    0,
    patterns.findIndex(({ source }) => source === expected),
  );
  if (actual.length === 0)
    return { message: `output: expected ${quote(patterns[0]?.source ?? '')}, got nothing`, index: 0 };
  if (expected === undefined && came === undefined)
    return { message: 'output: the lines match, but not in a way that fits together', index: 0 };
  if (expected === undefined) return { message: `output: ${quote(came ?? '')} is not expected`, index };
  if (came === undefined) return { message: `output: expected ${quote(expected)}, which is not there`, index };
  const where = mode === 'exact' ? '' : ` (${mode})`;
  return { message: `output: expected ${quote(expected)}, got ${quote(came)}${where}`, index };
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
