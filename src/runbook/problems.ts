import { type Diagnostic, ParseError } from '../errors.ts';
import { pointAt, type SourceText } from './source-text.ts';

/** The most errors that are told of one document; the rest is counted. */
export const MAX_ERRORS = 100;

/** The most warnings that the parser keeps of one document. */
const MAX_WARNINGS = 1000;

/** Where the pieces of the parser put what they find wrong; parsing goes on, so that all is told at once. */
export interface Problems {
  readonly text: SourceText;
  /** Adds what stops the document from being run. `hint` says what to try. */
  error(rule: string, offset: number, message: string, hint: string): void;
  /** Adds what is only worth knowing. */
  warn(rule: string, offset: number, message: string, hint: string): void;
  readonly warnings: readonly Diagnostic[];
  /** Whether more findings would only be counted: what looks for many of the same kind may stop. */
  readonly isFull: boolean;
  /** Throws a `ParseError` with all errors in order of place, if there are any. */
  throwIfAny(): void;
}

/** An empty list of problems for the document `text`, called `path` in messages. */
export function collectProblems(path: string, text: SourceText): Problems {
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  let omitted: { readonly count: number; readonly first: Diagnostic } | undefined;
  const finding = (rule: string, offset: number, message: string, hint: string): Diagnostic => {
    const { line, column } = pointAt(text, offset);
    return { rule, message, position: { file: path, line, column }, hint };
  };
  return {
    text,
    warnings,
    get isFull() {
      return errors.length >= MAX_ERRORS || warnings.length >= MAX_WARNINGS;
    },
    error: (...found) => {
      if (errors.length < MAX_ERRORS) errors.push(finding(...found));
      else omitted = { count: (omitted?.count ?? 0) + 1, first: omitted?.first ?? finding(...found) };
    },
    warn: (...found) => {
      if (warnings.length < MAX_WARNINGS) warnings.push(finding(...found));
    },
    throwIfAny: () => {
      const [first, ...rest] = errors.toSorted(byPlace);
      if (first === undefined) return;
      throw new ParseError([first, ...rest, ...(omitted ? [andMore(omitted.count, omitted.first)] : [])]);
    },
  };
}

/** What stands for findings that are not told one by one. */
export function andMore(count: number, first: Diagnostic): Diagnostic {
  const hint = 'Mend the first ones; then the rest is told.';
  return { rule: 'and-more', message: `and ${count} more`, position: first.position, hint };
}

/** Orders findings by line, then column. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.position.line - b.position.line || a.position.column - b.position.column;
}
