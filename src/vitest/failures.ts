import type { Check } from '../check/types.ts';
import type { Diagnostic, NetlabError } from '../errors.ts';
import { isProblem, type RunbookResult, type StepResult } from '../events.ts';

/** A document, for errors that point into it. */
export interface Source {
  readonly path: string;
  readonly source: string;
}

interface Texts {
  readonly expected: string;
  readonly actual: string;
}

/**
 * An error as Vitest reports it: `name` says what kind of failure it is, and its only stack frame is a place in the
 * document, which Vitest shows. With `texts`, Vitest shows how they differ.
 */
export function failureAt(
  { path, source }: Source,
  at: { readonly line: number; readonly column?: number },
  name: string,
  message: string,
  texts?: Texts,
): Error {
  const error = new Error(message);
  error.name = name;
  // What a program printed must not be taken for a frame of the stack.
  const told = message.replace(/^(?=\s*at )/gm, '|');
  error.stack = `${name}: ${told}\n    at ${path}:${at.line}:${at.column ?? columnOf(source, at.line)}`;
  return texts ? Object.assign(error, texts) : error;
}

/**
 * What went wrong in a step, as errors of three names: a failed check, a limit that passed, an engine that could not.
 * `before` is what each message begins with.
 */
export function failuresOf(step: StepResult, document: Source, before = ''): readonly Error[] {
  const { status, reason, line } = step;
  const failed = step.checks.filter(({ ok, errored }) => !ok && !errored);
  const checks = failed.map((check) => {
    const message = reason === null ? check.message : `${check.message}\n${reason}`;
    return failureAt(document, check, 'AssertionError', before + message, textsOf(check));
  });
  if (status === 'timed_out') {
    return [
      failureAt(document, { line }, 'TimeoutError', `${before}timed out: ${reason ?? 'it did not end'}`),
      ...checks,
    ];
  }
  if (status === 'errored') {
    return [failureAt(document, placeOfError(step), 'NetlabError', before + couldNot(reason)), ...checks];
  }
  return checks.length > 0 ? checks : [failureAt(document, { line }, 'AssertionError', before + (reason ?? status))];
}

/** Why a runbook as a whole did not pass where none of its steps says so. */
export function failureOfRun(
  { status, reason, steps }: Pick<RunbookResult, 'status' | 'reason' | 'steps'>,
  document: Source,
): Error | undefined {
  if (steps.some(isProblem)) return undefined;
  if (status === 'errored')
    return failureAt(document, { line: 1 }, 'NetlabError', reason ?? 'the run did not end well');
  if (status === 'empty') return failureAt(document, { line: 1 }, 'EmptyError', nothingChecked);
  return undefined;
}

const nothingChecked = 'nothing was checked: every step may do as it likes, so that nothing can be said to pass';

/** What is wrong in a document that cannot be read. */
export function refusalsOf(document: Source, diagnostics: readonly Diagnostic[]): readonly Error[] {
  return diagnostics.map(({ rule, message, hint, position }) => {
    const told = `${message} [${rule}]${hint === undefined ? '' : `\ntry: ${hint}`}`;
    return failureAt(document, position, 'ParseError', told);
  });
}

/** Why netlab refused to run a document, with what to try in the words of an option of this package. */
export function refusalOf({ name, message, hint = '', position }: NetlabError, document: Source): Error {
  const tip = hint.replace('netlab run --allow-host, or allowHost: true in a program', 'set allowHost: true');
  return failureAt(document, position ?? { line: 1 }, name, tip === '' ? message : `${message}\ntry: ${tip}`);
}

function couldNot(reason: string | null): string {
  return `netlab could not run or judge this step, no check failed: ${reason ?? 'no reason given'}`;
}

/** The check that could not be made stands nearer to the cause than the command. */
function placeOfError({ checks, line }: StepResult): { readonly line: number } {
  return { line: checks.find(({ errored }) => errored)?.line ?? line };
}

/** Expected and actual output such that lines which match by pattern are alike. */
function textsOf({ diff }: Check): Texts | undefined {
  if (diff === undefined) return undefined;
  const side = (other: 'expected' | 'actual'): string =>
    diff.flatMap(({ kind, text }) => (kind === other ? [] : [text])).join('\n');
  return { expected: side('actual'), actual: side('expected') };
}

/** Where the text of a line begins. */
function columnOf(source: string, line: number): number {
  const text = source.split('\n', line)[line - 1] ?? '';
  return Math.max(0, text.search(/\S/)) + 1;
}
