import { describe, expect, it } from 'vitest';
import type { RunbookResult, RunEvent, RunStatus } from '../../src/events.ts';
import { withRetries } from '../../src/run/retry.ts';
import { runStatus } from '../../src/run/tally.ts';
import { runbook, step } from '../report/run-events.ts';

/** Runs something that ends so, then so, …; tells the result and the statuses that were told. */
async function retry(
  ends: readonly RunStatus[],
  retries: number,
  stop = new AbortController(),
): Promise<readonly [RunbookResult, string]> {
  const events: RunEvent[] = [];
  let next = 0;
  const result = await withRetries(
    async (emit) => {
      const status = ends[next++] ?? 'passed';
      const one = runbook([step({ line: next, status: status === 'passed' ? 'passed' : 'failed' })], { status });
      if (status === 'interrupted') stop.abort();
      emit({ type: 'runbook:end', runbook: one });
      return one;
    },
    { retries, emit: (event) => void events.push(event), signal: stop.signal },
  );
  return [result, events.map((event) => (event.type === 'runbook:end' ? event.runbook.status : '')).join(' ')];
}

describe('a runbook that is retried', () => {
  it.each([
    [['passed'], 2, 'passed', undefined, 0],
    [['failed', 'passed'], 2, 'passed', true, 1],
    [['errored', 'failed', 'passed'], 2, 'passed', true, 2],
    [['failed', 'failed', 'passed'], 1, 'failed', undefined, 1],
    [['skipped', 'passed'], 2, 'skipped', undefined, 0],
    [['empty', 'passed'], 2, 'empty', undefined, 0],
    [['failed', 'interrupted', 'passed'], 3, 'interrupted', undefined, 1],
    [['failed', 'passed'], 0, 'failed', undefined, 0],
  ] as const)('ending %j with %i retries', async (ends, retries, status, flaky, before) => {
    const [result, told] = await retry(ends, retries);
    expect([result.status, result.flaky, result.retried?.length ?? 0]).toEqual([status, flaky, before]);
    expect(told).toBe(status);
  });

  it('is flaky when it passed late, which --strict fails', async () => {
    const [result] = await retry(['failed', 'passed'], 1);
    expect(result.reason).toBe('flaky: passed at attempt 2: before, line 1 did not pass');
    expect(runStatus([result], { interrupted: false, strict: false }).status).toBe('passed');
    expect(runStatus([result], { interrupted: false, strict: true })).toEqual({
      status: 'failed',
      reason: `strict: flaky: ${result.path}`,
    });
  });
});
