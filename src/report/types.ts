import type { RunEvent } from '../events.ts';

/** Where a reporter writes. The getters describe the terminal as it is now, when there is one. */
export interface ReportTarget {
  write(text: string): void;
  /** Lines can be redrawn in place. */
  readonly isTerminal: boolean;
  readonly colour: boolean;
  /** Symbols beyond ASCII can be shown. */
  readonly unicode: boolean;
  readonly columns: number;
  /** The reader asked for a table of the slowest steps. */
  readonly timings?: boolean;
}

/** Told of everything in order; `end` is called once, after `run:end`, and also after an error, and is waited for. */
export interface Reporter {
  event(event: RunEvent): void;
  end?(): void | Promise<void>;
}

/** One line of the registry. `load` keeps the code of the reporters that are not used out of memory. */
export interface ReporterDefinition {
  readonly name: string;
  /** One line, for `--help`. */
  readonly summary: string;
  /** What it writes to standard output may stand between another reporter's lines. */
  readonly sharesOutput?: boolean;
  load(): Promise<ReporterModule>;
}

/** What each reporter's file exports. */
export interface ReporterModule {
  readonly createReporter: (target: ReportTarget) => Reporter;
}
