import { exitStatus } from '../run/tally.ts';
import { run } from '../run.ts';
import { loadConfig } from './load-config.ts';
import { openRecords } from './records.ts';
import { openReporters, type ReportOptions } from './reporters.ts';
import { type RunChoices, runSettings } from './run-settings.ts';

interface RunCommandOptions extends RunChoices, ReportOptions {
  /** A file, or `false` for none. */
  readonly config?: string | boolean;
}

/** `netlab run`: the exit status of FORMAT.md, "Verdicts". */
export async function runCommand(paths: readonly string[], options: RunCommandOptions): Promise<number> {
  const config = await loadConfig(options.config);
  const records = openRecords(process.cwd(), process.env);
  const settings = runSettings(paths, options, config, records);
  const reporters = await openReporters({ reporter: config.reporters, ...options });
  const stop = new AbortController();
  const stopListening = onStopSignal((signal) => {
    // Twice: at once. The labs hang on this process's lifelines, so they go with it.
    if (stop.signal.aborted) process.exit(130);
    stop.abort(signal);
  });
  let status = 2;
  let told = false;
  try {
    const result = await run({ ...settings, signal: stop.signal, onEvent: reporters.event });
    // Of a runbook that was run in part, nothing is remembered.
    // The times wait until a run is whole: the next shard is to divide by the same ones.
    if (options.step === undefined) records.add(result.runbooks, { times: settings.shard === undefined });
    status = exitStatus(result.status);
  } finally {
    stopListening();
    told = await reporters.end();
  }
  // A report that is not there must not look like one that says that all is well.
  return told || status === 130 ? status : 2;
}

function onStopSignal(handle: (signal: NodeJS.Signals) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}
