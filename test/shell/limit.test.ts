import { describe, expect, it } from 'vitest';
import { waitFor } from '../../src/shell/ending.ts';

const never = new Promise<never>(() => {});
const later = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(resolve, ms, 'done'));

describe('a wait', () => {
  const { signal } = new AbortController();

  it('ends with what was waited for, or at its own limit, whichever others wait', async () => {
    const long = waitFor(later(120), 10_000, signal);
    const short = waitFor(never, 40, signal);
    const shorter = waitFor(never, 20, signal);
    const ended: string[] = [];
    void long.then(() => ended.push('long'));
    void short.then(() => ended.push('short'));
    void shorter.then(() => ended.push('shorter'));
    expect(await shorter).toEqual({ ending: 'timed-out' });
    expect(await short).toEqual({ ending: 'timed-out' });
    expect(await long).toEqual({ value: 'done' });
    expect(ended).toEqual(['shorter', 'short', 'long']);
  });

  it('is cut no sooner when one before it had a shorter limit and was over in time', async () => {
    expect(await waitFor(later(1), 30, signal)).toEqual({ value: 'done' });
    expect(await waitFor(later(60), 10_000, signal)).toEqual({ value: 'done' });
    const started = performance.now();
    expect(await waitFor(never, 50, signal)).toEqual({ ending: 'timed-out' });
    expect(performance.now() - started).toBeGreaterThanOrEqual(49);
  });

  it('is cut by its own signal alone, also one that has aborted already', async () => {
    const mine = new AbortController();
    const cut = waitFor(never, 10_000, mine.signal);
    const second = waitFor(never, 10_000, mine.signal);
    const other = waitFor(later(20), 10_000, signal);
    mine.abort();
    expect(await Promise.all([cut, second, other])).toEqual([
      { ending: 'aborted' },
      { ending: 'aborted' },
      { value: 'done' },
    ]);
    expect(await waitFor(never, 10_000, mine.signal)).toEqual({ ending: 'aborted' });
  });

  it('rejects with what was waited for', async () => {
    await expect(waitFor(Promise.reject(new Error('broken')), 10_000, signal)).rejects.toThrow('broken');
  });
});
