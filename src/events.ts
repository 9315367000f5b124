import type { Check } from './check/types.ts';

/** How a step ended. `errored`: the engine could not run or judge it. */
export type StepStatus = 'passed' | 'failed' | 'skipped' | 'timed_out' | 'errored';

/** Whether something went wrong in a step; what was skipped is told of by whoever skipped it. */
export function isProblem({ status }: { readonly status: StepStatus }): boolean {
  return status !== 'passed' && status !== 'skipped';
}

/** How a runbook or a run ended. `empty`: nothing was checked, so nothing can be said to pass. */
export type RunStatus = 'passed' | 'failed' | 'skipped' | 'errored' | 'interrupted' | 'empty';

/** Everything about a step that was run or skipped; field names are those of the JSON report. */
export interface StepResult {
  readonly index: number;
  readonly name: string;
  /** 1-based line of the command in the document. */
  readonly line: number;
  readonly node: string;
  readonly session: string;
  readonly command: string;
  readonly status: StepStatus;
  readonly duration_ms: number;
  readonly exit: number | null;
  /** Sanitised: no control sequences. With the default stream, everything the terminal showed. */
  readonly stdout: string;
  readonly stderr: string;
  /** In base64, what was printed to the byte, where that text does not say it all: see `lostBytes`. */
  readonly stdout_bytes?: string;
  readonly stderr_bytes?: string;
  /** Why it was skipped, timed out or errored, or what is worth knowing about a pass. */
  readonly reason: string | null;
  readonly checks: readonly Check[];
  /** Whether a pass says more than that it ended with status 0. */
  readonly checked: boolean;
  /** While watching: it was not run again, and what it printed is that of an earlier run, or of a lab prepared ahead. */
  readonly carried?: string;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly timed_out: number;
  readonly errored: number;
}

export interface RunbookResult {
  readonly path: string;
  readonly title: string;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly duration_ms: number;
  readonly counts: Counts;
  readonly steps: readonly StepResult[];
  /** What its steps have left behind printed after their end: no step's output, and nothing that is checked. */
  readonly log?: string;
  /** Limits of its lab that this machine cannot keep: `memory`, `pids`, `cpu`. */
  readonly unlimited?: readonly string[];
  /** It passed, but not at once. */
  readonly flaky?: true;
  /** What came of it before it was run again, each time in a fresh lab. */
  readonly retried?: readonly RunbookResult[];
  /** While watching: nothing of it was run again; this is what came of it in an earlier run. */
  readonly carried?: string;
  /** With `--update`, where the document does not say what happened. */
  readonly update?: DocumentUpdate;
}

/** What an update made of a document. The steps are judged by the document as it is now. */
export interface DocumentUpdate {
  readonly written: boolean;
  /** Why the document was left as it is. */
  readonly reason: string | null;
  /** 1-based lines of the steps whose expected output or status is another one now. */
  readonly changed: readonly number[];
  /** Commands whose documented status is another one now. */
  readonly statuses: readonly StatusChange[];
  /** A unified diff of the document; empty when nothing would change. */
  readonly diff: string;
}

export interface StatusChange {
  readonly line: number;
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** The JSON report. `version` is that of this form. */
export interface RunResult {
  readonly version: 1;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly duration_ms: number;
  readonly counts: Counts;
  readonly runbooks: readonly RunbookResult[];
  /** This is one part of a run: the parts `1` to `of` have `total` runbooks together, and none of them twice. */
  readonly shard?: { readonly index: number; readonly of: number; readonly total: number };
}

/** All that leaves the runner: JSON-safe, and each `*:end` complete in itself. */
export type RunEvent =
  | { readonly type: 'run:start'; readonly runbooks: readonly string[] }
  | {
      readonly type: 'runbook:start';
      readonly path: string;
      readonly title: string;
      readonly lab: string;
      readonly steps: number;
      /** The document as it was run: a report can show it when the file is no longer there, or has changed. */
      readonly source: string;
    }
  | { readonly type: 'lab:start'; readonly path: string; readonly lab: string }
  | {
      readonly type: 'lab:ready';
      readonly path: string;
      readonly duration_ms: number;
      /** Limits that this machine cannot keep: `memory`, `pids`, `cpu`. */
      readonly unlimited?: readonly string[];
    }
  | {
      readonly type: 'step:start';
      readonly path: string;
      readonly index: number;
      readonly name: string;
      readonly line: number;
      readonly node: string;
      readonly session: string;
      readonly command: string;
    }
  | { readonly type: 'step:end'; readonly path: string; readonly step: StepResult }
  | { readonly type: 'runbook:end'; readonly runbook: RunbookResult }
  | { readonly type: 'run:end'; readonly run: RunResult };
