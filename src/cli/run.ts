import { availableParallelism } from 'node:os';
import { UsageError } from '../errors.ts';
import { run } from '../run.ts';
import { exitStatus } from '../tally.ts';
import { openReporters } from './reporters.ts';
import { selectFiles } from './select-files.ts';

interface RunCommandOptions {
  readonly reporter: readonly string[];
  readonly step: readonly string[];
  readonly keepGoing?: boolean;
  readonly strict?: boolean;
  readonly jobs?: string;
  readonly allowHost?: boolean;
  readonly network?: string;
}

/** `netlab run`: the exit status of FORMAT.md, "Verdicts". */
export async function runCommand(paths: readonly string[], options: RunCommandOptions): Promise<number> {
  if (options.network !== undefined && options.network !== 'closed' && options.network !== 'host') {
    throw new UsageError(`--network ${options.network}: closed or host`);
  }
  const reporters = await openReporters(options.reporter.length > 0 ? options.reporter : ['pretty']);
  const files = selectFiles(paths);
  const stop = new AbortController();
  const stopListening = onStopSignal((signal) => {
    // Twice: at once. The labs hang on this process's lifelines, so they go with it.
    if (stop.signal.aborted) process.exit(130);
    stop.abort(signal);
  });
  let status = 2;
  let told = false;
  try {
    const result = await run({
      paths: files,
      steps: options.step,
      keepGoing: options.keepGoing ?? false,
      strict: options.strict ?? false,
      jobs: jobsOf(options.jobs, files.length),
      allowHost: options.allowHost ?? false,
      network: options.network,
      signal: stop.signal,
      onEvent: reporters.event,
    });
    status = exitStatus(result.status);
  } finally {
    stopListening();
    told = await reporters.end();
  }
  // A report that is not there must not look like one that says that all is well.
  return told || status === 130 ? status : 2;
}

/** As many as there are processors, unless it is said. */
function jobsOf(text: string | undefined, files: number): number {
  if (text === undefined) return Math.min(availableParallelism(), files);
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new UsageError(`--jobs ${text}: a number from 1 to 999`);
  return Number(text);
}

function onStopSignal(handle: (signal: NodeJS.Signals) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}
