import type { RunEvent } from '../events.ts';

/** Where a reporter writes. `columns` and `colour` describe the terminal, when there is one. */
export interface ReportTarget {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly colour: boolean;
  readonly columns: number;
}

/** Told of everything in order; `end` is called once, after `run:end`, and also after an error. */
export interface Reporter {
  event(event: RunEvent): void;
  end?(): void;
}

export interface ReporterDefinition {
  readonly name: string;
  /** One line, for `--help`. */
  readonly summary: string;
  create(target: ReportTarget): Reporter;
}
