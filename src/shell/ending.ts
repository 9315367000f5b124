import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** How a wait ended: with a value, at its limit, or because the run is being stopped. */
export type Waited<T> =
  | { readonly value: T }
  | { readonly value?: undefined; readonly ending: 'timed-out' | 'aborted' };

/** Waits for `done`, for at most `timeoutMs`, and no longer than until `signal` aborts. */
export async function waitFor<T>(done: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<Waited<T>> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const cut = new Promise<Waited<T>>((resolve) => {
    timer = setTimeout(() => resolve({ ending: 'timed-out' }), timeoutMs);
    onAbort = () => resolve({ ending: 'aborted' });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([done.then((value) => ({ value })), cut]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

/** The exit status of a child as a shell would say it: 128 + n after signal n. */
export function exitOf(child: ChildProcess): Promise<number> {
  const status = (code: number | null, signal: NodeJS.Signals | null): number =>
    code ?? 128 + (signal ? constants.signals[signal] : 0);
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve(status(child.exitCode, child.signalCode));
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(status(code, signal)));
    child.once('error', () => resolve(127));
  });
}

/** In a sentence: what it means that the session's own shell has ended. */
export function shellEndedNote(status: number): string {
  return `the step ended its shell (status ${status}); the next step starts in a new one`;
}
