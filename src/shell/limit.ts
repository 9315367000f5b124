/** Somebody who waits, but not for ever. */
export interface Wait {
  /** When it is cut, as `performance.now()` tells the time. */
  readonly deadline: number;
  cut(ending: 'timed-out' | 'aborted'): void;
}

/** What waits now. Each step does, and a timer and a listener of its own would cost it as much as its check. */
const waits = new Set<Wait>();

/** Rings at or before the first deadline; it does not keep this process alive when nothing waits. */
let alarm: { readonly timer: NodeJS.Timeout; readonly at: number } | undefined;

/** Those whose end is one signal's. */
const bySignal = new WeakMap<AbortSignal, Set<Wait>>();

/** Cuts a wait at its deadline or when the signal aborts, whichever comes first. Returns what lets go of it. */
export function limit(wait: Wait, signal: AbortSignal): () => void {
  const same = bySignal.get(signal) ?? listen(signal);
  same.add(wait);
  waits.add(wait);
  if (alarm === undefined || alarm.at > wait.deadline) setAlarm(wait.deadline);
  else if (waits.size === 1) alarm.timer.ref();
  return () => {
    same.delete(wait);
    letGo(wait);
  };
}

function listen(signal: AbortSignal): Set<Wait> {
  const same = new Set<Wait>();
  bySignal.set(signal, same);
  const onAbort = (): void => {
    cut([...same], 'aborted');
    same.clear();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return same;
}

function setAlarm(at: number): void {
  clearTimeout(alarm?.timer);
  alarm = { at, timer: setTimeout(ring, Math.max(1, Math.ceil(at - performance.now()))) };
}

function ring(): void {
  alarm = undefined;
  const now = performance.now();
  cut(
    [...waits].filter(({ deadline }) => deadline <= now),
    'timed-out',
  );
  const next = Math.min(...[...waits].map(({ deadline }) => deadline));
  if (waits.size > 0) setAlarm(next);
}

function cut(those: readonly Wait[], ending: 'timed-out' | 'aborted'): void {
  for (const wait of those) {
    letGo(wait);
    wait.cut(ending);
  }
}

function letGo(wait: Wait): void {
  waits.delete(wait);
  if (waits.size === 0) alarm?.timer.unref();
}
