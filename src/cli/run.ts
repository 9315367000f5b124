import { accessSync, constants, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { findReporter } from '../report/index.ts';
import { streamTarget } from '../report/target.ts';
import type { Reporter } from '../report/types.ts';
import { run } from '../run.ts';
import { exitStatus } from '../tally.ts';
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
  const reporters = await Promise.all((options.reporter.length > 0 ? options.reporter : ['pretty']).map(openReporter));
  const files = selectFiles(paths);
  const stop = new AbortController();
  const stopListening = onStopSignal((signal) => {
    // Twice: at once. The labs hang on this process's lifelines, so they go with it.
    if (stop.signal.aborted) process.exit(130);
    stop.abort(signal);
  });
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
      onEvent: (event) => {
        for (const reporter of reporters) reporter.event(event);
      },
    });
    return exitStatus(result.status);
  } finally {
    stopListening();
    for (const reporter of reporters) reporter.end?.();
  }
}

/** As many as there are processors, unless it is said. */
function jobsOf(text: string | undefined, files: number): number {
  if (text === undefined) return Math.min(availableParallelism(), files);
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new UsageError(`--jobs ${text}: a number from 1 to 999`);
  return Number(text);
}

/** `name` writes to standard output, `name=file` to a file that appears whole at the end. */
async function openReporter(text: string): Promise<Reporter> {
  const at = text.indexOf('=');
  const definition = findReporter(at < 0 ? text : text.slice(0, at));
  const { createReporter } = await definition.load();
  if (at < 0) return createReporter(streamTarget(process.stdout, process.env));
  const file = resolve(text.slice(at + 1));
  const refuse = (reason: string): never => {
    throw new UsageError(`cannot write the report ${text.slice(at + 1)}: ${reason}`);
  };
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) refuse('it is a folder');
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    refuse((error as Error).message);
  }
  let content = '';
  const reporter = createReporter({
    write: (more) => {
      content += more;
    },
    isTerminal: false,
    colour: false,
    unicode: true,
    columns: 100,
  });
  return {
    event: (event) => reporter.event(event),
    end: () => {
      reporter.end?.();
      // Nothing to say: the run never began, and an empty report would look like one.
      if (content === '') return;
      const partial = `${file}.partial-${process.pid}`;
      try {
        writeFileSync(partial, content);
        renameSync(partial, file);
      } catch (error) {
        rmSync(partial, { force: true });
        refuse((error as Error).message);
      }
    },
  };
}

function onStopSignal(handle: (signal: NodeJS.Signals) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}
