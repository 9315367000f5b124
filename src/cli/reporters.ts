import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import type { RunEvent } from '../events.ts';
import { findReporter } from '../report/index.ts';
import { printable } from '../report/printable.ts';
import { type OutputStream, streamTarget } from '../report/target.ts';
import type { Reporter, ReportTarget } from '../report/types.ts';
import { bufferedOutput } from './buffered-output.ts';

/** All reporters of a run, told as one. */
export interface Reporters {
  event(event: RunEvent): void;
  /** Writes what is to be written; resolves to whether all of them told everything. What went wrong is said on standard error. */
  end(): Promise<boolean>;
}

/**
 * Opens the reporters of `--reporter`: `name` writes to standard output, `name=file` to a file that appears whole at the
 * end. One that throws is told nothing more, and the others go on. Rejects with a `UsageError` for a name that is not
 * there and for a file that cannot be written.
 */
export async function openReporters(texts: readonly string[]): Promise<Reporters> {
  const open = new Map<string, Reporter>();
  const output = bufferedOutput(process.stdout);
  for (const text of texts) open.set(text, await openReporter(text, output));
  const broken: string[] = [];
  const give = (text: string, error: unknown): void => {
    open.delete(text);
    const message = error instanceof Error ? error.message : String(error);
    broken.push(`netlab: the reporter ${text} failed: ${message}`);
  };
  return {
    event: (event) => {
      for (const [text, reporter] of open) {
        try {
          reporter.event(event);
        } catch (error) {
          give(text, error);
        }
      }
    },
    end: async () => {
      for (const [text, reporter] of open) {
        try {
          await reporter.end?.();
        } catch (error) {
          give(text, error);
        }
      }
      output.flush();
      for (const line of broken) process.stderr.write(`${printable(line)}\n`);
      return broken.length === 0;
    },
  };
}

async function openReporter(text: string, output: OutputStream): Promise<Reporter> {
  const at = text.indexOf('=');
  const definition = findReporter(at < 0 ? text : text.slice(0, at));
  const { createReporter } = await definition.load();
  if (at < 0) return createReporter(streamTarget(output, process.env));
  const file = fileTarget(text.slice(at + 1));
  const reporter = createReporter(file.target);
  return {
    event: (event) => reporter.event(event),
    end: async () => {
      await reporter.end?.();
      file.save();
    },
  };
}

/** Keeps what is written until it is whole: half a report would look like one. */
function fileTarget(name: string): { readonly target: ReportTarget; readonly save: () => void } {
  const file = resolve(name);
  const refuse = (reason: string): never => {
    throw new UsageError(`cannot write the report ${name}: ${reason}`);
  };
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) refuse('it is a folder');
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    refuse((error as Error).message);
  }
  const parts: string[] = [];
  const write = (more: string): void => void parts.push(more);
  const save = (): void => {
    // Nothing to say: the run never began, and an empty report would look like one.
    if (parts.length === 0) return;
    const partial = `${file}.partial-${process.pid}`;
    try {
      writeFileSync(partial, '');
      // Part by part: all of them as one string may be more than a string can hold.
      for (const part of parts) appendFileSync(partial, part);
      renameSync(partial, file);
    } catch (error) {
      rmSync(partial, { force: true });
      refuse((error as Error).message);
    }
  };
  return { target: { write, isTerminal: false, colour: false, unicode: true, columns: 100 }, save };
}
