/** One thing that was checked, told in the field's words. JSON-safe; reporters print it as it is. */
export interface Check {
  /** `output`, `exit`, or the key of the expectation: `ping`, `resolv_conf`, … */
  readonly kind: string;
  /** Where in the structure: `resolv_conf.nameservers`; equal to `kind` at its top. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly ok: boolean;
  /** True when the check could not be made (unreadable text): then the step is errored, not failed. */
  readonly errored?: boolean;
  /** One sentence, complete in itself. */
  readonly message: string;
  /** 1-based line of the document that asked for it. */
  readonly line: number;
  /** `output` checks that failed: the differences, a line that matched by pattern counting as equal. */
  readonly diff?: readonly DiffLine[];
}

/** `expected`: asked for, not there. `actual`: there, not asked for. `same`: there as asked for. */
export interface DiffLine {
  readonly kind: 'same' | 'expected' | 'actual';
  readonly text: string;
}

/** Values captured by `{{name:type}}`, in order of capture. */
export type Captures = ReadonlyMap<string, string>;

export interface CheckResult {
  readonly checks: readonly Check[];
  /** The captures given, and those that this step added. Unchanged when a check failed. */
  readonly captures: Captures;
}

/** A question put to a node of the lab: a script for the node's own bash. */
export interface ProbeRequest {
  readonly script: string;
  /** After this it is ended, and has no answer. */
  readonly timeoutMs: number;
}

/** What a node answered. */
export interface ProbeAnswer {
  readonly stdout: string;
  readonly stderr: string;
  /** 0–255; `null` when there was no answer. */
  readonly exit: number | null;
  /** Why there was none: the node was not reached, or the limit passed. */
  readonly problem: string | undefined;
}

/**
 * Puts questions to a node and resolves to its answers, in the same order. No node: the one that the prober is for. Never
 * rejects: what could not be asked has a `problem`.
 */
export type Prober = (
  node: string | undefined,
  requests: readonly ProbeRequest[],
  signal: AbortSignal,
) => Promise<readonly ProbeAnswer[]>;
