import { SessionError } from '../errors.ts';

/** How long teardown steps may take together once the run has been stopped, in milliseconds. */
const teardownMs = 20_000;

/** What ends teardown steps. Disposing of it lets go of the signals it listens to. */
export interface TeardownSignal extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Teardown steps go on when the run is stopped, but not for ever: this aborts with a `SessionError` some time after
 * `stopped`, and with the lab's own reason when that breaks. Its controller is held here: `AbortSignal.any` would let go of
 * a time limit that nobody else knows.
 */
export function teardownSignal(stopped: AbortSignal, broken: AbortSignal): TeardownSignal {
  const controller = new AbortController();
  let clock: NodeJS.Timeout | undefined;
  const tooLong = new SessionError(`teardown took longer than ${teardownMs / 1000} s after the run was stopped`);
  const startClock = (): void => {
    clock = setTimeout(() => controller.abort(tooLong), teardownMs);
  };
  const onBreak = (): void => controller.abort(broken.reason);
  if (stopped.aborted) startClock();
  else stopped.addEventListener('abort', startClock, { once: true });
  if (broken.aborted) onBreak();
  else broken.addEventListener('abort', onBreak, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(clock);
      stopped.removeEventListener('abort', startClock);
      broken.removeEventListener('abort', onBreak);
    },
  };
}
