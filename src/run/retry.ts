import { isProblem, type RunbookResult, type RunEvent } from '../events.ts';
import type { Task } from './in-turn.ts';

export interface RetryOptions {
  /** How often at most it is run again. */
  readonly retries: number;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a runbook again while it does not pass, each time whole and in a fresh lab: its steps build on one another. With
 * retries, its events are told at its end, those of the last attempt alone: nobody who is told of steps has to take them
 * back. The result has the others as `retried`, and is `flaky` when it passed after all.
 */
export async function withRetries(
  attempt: Task<RunbookResult>,
  { retries, emit, signal }: RetryOptions,
): Promise<RunbookResult> {
  if (retries === 0) return attempt(emit);
  const retried: RunbookResult[] = [];
  while (true) {
    const events: RunEvent[] = [];
    const last = await attempt((event) => void events.push(event));
    if (isWorthIt(last) && retried.length < retries && !signal.aborted) {
      retried.push(last);
      continue;
    }
    const result = retried.length === 0 ? last : withHistory(last, retried);
    for (const event of events) emit(event.type === 'runbook:end' ? { ...event, runbook: result } : event);
    return result;
  }
}

/** A lab that did not come up may come up the next time; what was skipped will be skipped again. */
function isWorthIt({ status }: RunbookResult): boolean {
  return status === 'failed' || status === 'errored';
}

function withHistory(last: RunbookResult, retried: readonly RunbookResult[]): RunbookResult {
  if (last.status !== 'passed') return { ...last, retried };
  const bad = retried.at(-1)?.steps.find(isProblem);
  const where = bad ? `: before, line ${bad.line} did not pass` : '';
  const reason = `flaky: passed at attempt ${retried.length + 1}${where}`;
  return { ...last, reason, flaky: true, retried };
}
