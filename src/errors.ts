/** A place in a document: 1-based line and column, as editors count them. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One finding about a document. `rule` is a stable kebab-case name. */
export interface Diagnostic {
  readonly rule: string;
  readonly message: string;
  readonly position: Position;
  /** What to try, in a sentence. */
  readonly hint?: string;
}

/** `file:line:column`, the form that editors and terminals make clickable. */
export function formatPosition(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/** What an error can say beside its message. */
export interface ErrorDetails extends ErrorOptions {
  readonly hint?: string | undefined;
  readonly position?: Position | undefined;
}

/** What every error thrown on purpose is: the engine could not do its job. A failed check is never one. */
export abstract class NetlabError extends Error {
  /** Stable, for programs: `NETLAB_…`. */
  abstract readonly code: string;
  readonly hint: string | undefined;
  readonly position: Position | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.name = new.target.name;
    this.hint = details.hint;
    this.position = details.position;
  }
}

/** The document is not a runbook: everything found wrong with it, in order of place. */
export class ParseError extends NetlabError {
  readonly code = 'NETLAB_PARSE';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly [Diagnostic, ...Diagnostic[]]) {
    const [first] = diagnostics;
    super(first.message, { hint: first.hint, position: first.position });
    this.diagnostics = diagnostics;
  }
}

/** The command line, or a file that it names, cannot be used as it is. */
export class UsageError extends NetlabError {
  readonly code = 'NETLAB_USAGE';
}

/** A lab could not be brought up, or broke while it was used. */
export class LabError extends NetlabError {
  readonly code = 'NETLAB_LAB';
  /** The last lines of the log of what broke; empty when there is none. */
  readonly log: string;

  constructor(message: string, details: ErrorDetails & { readonly log?: string } = {}) {
    super(message, details);
    this.log = details.log ?? '';
  }
}

/** The engine lost touch with a shell that should have answered. */
export class SessionError extends NetlabError {
  readonly code = 'NETLAB_SESSION';
}

/** A text that a parser was asked to read is not of its kind. `line` is 1-based, within that text. */
export class UnreadableError extends NetlabError {
  readonly code = 'NETLAB_UNREADABLE';
  readonly line: number;
  readonly text: string;

  constructor(kind: string, line: number, text: string) {
    super(`not the output of ${kind}: stopped at line ${line}: ${JSON.stringify(text.slice(0, 120))}`);
    this.line = line;
    this.text = text;
  }
}
