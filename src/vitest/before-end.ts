/** What is under way in this worker of Vitest, and what stops it. */
const runs = new Map<Promise<unknown>, () => void>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const never = new Promise<never>(() => {});
let ending = false;

/**
 * What `run` comes to. A signal to this worker, or the end of Vitest, calls `stop` first, and ends the worker when all of its
 * runs have ended. Nobody is told then what came of them, so that no test goes on with it.
 */
export async function stoppedBeforeEnd<T>(run: () => Promise<T>, stop: () => void): Promise<T> {
  if (ending) return never;
  if (runs.size === 0) listen();
  const running = run();
  runs.set(running, stop);
  try {
    return await running;
  } finally {
    runs.delete(running);
    if (runs.size === 0) listenNoMore();
    if (ending) await never;
  }
}

async function end(signal: NodeJS.Signals): Promise<void> {
  ending = true;
  listenNoMore();
  // A listener of Vitest's ends the worker as soon as a message cannot be sent.
  process.removeAllListeners('error').on('error', () => {});
  for (const stop of runs.values()) stop();
  await Promise.allSettled(runs.keys());
  process.kill(process.pid, signal);
}

/** Vitest ends at once, and its workers outlive it. */
function endOrphaned(): void {
  void end('SIGTERM');
}

function listen(): void {
  for (const signal of signals) process.once(signal, end);
  process.once('disconnect', endOrphaned);
}

function listenNoMore(): void {
  for (const signal of signals) process.off(signal, end);
  process.off('disconnect', endOrphaned);
}
