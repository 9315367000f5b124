import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError, SessionError } from '../../src/errors.ts';
import { stopped } from '../../src/run/judge.ts';
import { teardownSignal } from '../../src/run/teardown-signal.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the signal of teardown steps', () => {
  it('never ends them while the run is not stopped: their own limits do', () => {
    using teardown = teardownSignal(new AbortController().signal, new AbortController().signal);
    vi.advanceTimersByTime(3_600_000);
    expect(teardown.signal.aborted).toBe(false);
  });

  it.each(['before', 'during'])(
    'ends all of them 20 seconds after a stop %s teardown, and that is an error',
    (when) => {
      const stop = new AbortController();
      if (when === 'before') stop.abort();
      using teardown = teardownSignal(stop.signal, new AbortController().signal);
      if (when === 'during') stop.abort();
      vi.advanceTimersByTime(19_999);
      expect(teardown.signal.aborted).toBe(false);
      vi.advanceTimersByTime(1);
      expect(teardown.signal.reason).toBeInstanceOf(SessionError);
      expect(stopped(teardown.signal)).toEqual({
        status: 'errored',
        reason: 'teardown took longer than 20 s after the run was stopped',
      });
    },
  );

  it('ends them at once when the lab breaks, with its reason', () => {
    const [broken, late] = [new AbortController(), new AbortController()];
    const why = new LabError('the lab ended');
    using teardown = teardownSignal(new AbortController().signal, broken.signal);
    broken.abort(why);
    late.abort(why);
    using second = teardownSignal(new AbortController().signal, late.signal);
    expect([teardown.signal.reason, second.signal.reason]).toEqual([why, why]);
  });

  it('leaves no timer behind', () => {
    const stop = new AbortController();
    {
      using _ = teardownSignal(stop.signal, new AbortController().signal);
      stop.abort();
      expect(vi.getTimerCount()).toBe(1);
    }
    expect(vi.getTimerCount()).toBe(0);
  });
});
