/**
 * Listens to the signals by which a person or a machine ends a run. Returns what ends it. That a terminal was closed is told by
 * the kernel and by the shell in it: once is enough.
 */
export function onStopSignal(handle: (signal: NodeJS.Signals) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let hungUp = false;
  const hear = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGHUP' && hungUp) return;
    hungUp ||= signal === 'SIGHUP';
    handle(signal);
  };
  for (const signal of signals) process.on(signal, hear);
  return () => {
    for (const signal of signals) process.off(signal, hear);
  };
}
