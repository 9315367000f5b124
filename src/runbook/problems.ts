import { type Diagnostic, ParseError } from '../errors.ts';
import { pointAt, type SourceText } from './source-text.ts';

/** Where the pieces of the parser put what they find wrong; parsing goes on, so that all is told at once. */
export interface Problems {
  readonly text: SourceText;
  /** Adds what stops the document from being run. `hint` says what to try. */
  error(rule: string, offset: number, message: string, hint: string): void;
  /** Adds what is only worth knowing. */
  warn(rule: string, offset: number, message: string, hint: string): void;
  readonly warnings: readonly Diagnostic[];
  /** Throws a `ParseError` with all errors in order of place, if there are any. */
  throwIfAny(): void;
}

/** An empty list of problems for the document `text`, called `path` in messages. */
export function collectProblems(path: string, text: SourceText): Problems {
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const finding = (rule: string, offset: number, message: string, hint: string): Diagnostic => {
    const { line, column } = pointAt(text, offset);
    return { rule, message, position: { file: path, line, column }, hint };
  };
  return {
    text,
    warnings,
    error: (...found) => void errors.push(finding(...found)),
    warn: (...found) => void warnings.push(finding(...found)),
    throwIfAny: () => {
      const [first, ...rest] = errors.toSorted(byPlace);
      if (first !== undefined) throw new ParseError([first, ...rest]);
    },
  };
}

/** Orders findings by line, then column. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.position.line - b.position.line || a.position.column - b.position.column;
}
