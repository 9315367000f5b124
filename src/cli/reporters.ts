import { UsageError } from '../errors.ts';
import type { RunEvent } from '../events.ts';
import { realPath } from '../file-trouble.ts';
import { findReporter } from '../report/index.ts';
import { createMask, findSecrets } from '../report/mask.ts';
import { printable } from '../report/printable.ts';
import { type OutputStream, streamTarget } from '../report/target.ts';
import type { Reporter } from '../report/types.ts';
import { thrownText } from '../thrown.ts';
import { bufferedOutput, plainOutput } from './buffered-output.ts';
import { fileTarget } from './report-file.ts';
import type { ReportOptions } from './report-options.ts';
import { isModulePath, loadReporterModule } from './reporter-module.ts';

/** How long a reporter may take for its end, in milliseconds: one that sends its report somewhere needs a while. */
const endMs = 10_000;

/** All reporters of a run, told as one. */
export interface Reporters {
  event(event: RunEvent): void;
  /** Writes what waits: somebody else is about to write to the terminal. */
  flush(): void;
  /** Writes what is to be written; resolves to whether all of them told everything. What went wrong is said on standard error. */
  end(): Promise<boolean>;
}

/**
 * Opens the reporters that the command line names. One that throws is told nothing more, and the others go on; secrets
 * are masked before any of them sees an event. Rejects with a `UsageError` for a name that is not there, for a file that
 * cannot be written, and for two that would write to one place.
 */
export async function openReporters(options: ReportOptions): Promise<Reporters> {
  const { reporter: names = ['pretty'], mask: masked = [] } = options;
  refuseSamePlace(names);
  for (const name of masked) {
    if (process.env[name] === undefined) {
      const hint = 'set it, or leave this --mask out: a secret that is not there cannot show';
      throw new UsageError(`--mask ${name}: there is no such environment variable`, { hint });
    }
  }
  const mask = createMask(findSecrets(masked, process.env));
  const open = new Map<string, Reporter>();
  const output = options.trace ? plainOutput(process.stdout) : bufferedOutput(process.stdout);
  for (const name of names) open.set(name, await openReporter(name, options.timings ?? false, output));
  const failures: string[] = [];
  const giveUp = (name: string, error: unknown): void => {
    open.delete(name);
    failures.push(`netlab: the reporter ${name} failed: ${thrownText(error)}`);
  };
  return {
    event: (event) => {
      const told = mask(event);
      for (const [name, reporter] of open) {
        try {
          reporter.event(told);
        } catch (error) {
          giveUp(name, error);
        }
      }
    },
    flush: output.flush,
    end: async () => {
      // All at once: one that never comes to its end must not keep another from saving its file.
      const ends = [...open].map(async ([name, reporter]) => {
        try {
          await withinLimit(reporter.end?.());
        } catch (error) {
          giveUp(name, error);
        }
      });
      await Promise.all(ends);
      output.flush();
      for (const line of failures) process.stderr.write(`${printable(line)}\n`);
      return failures.length === 0;
    },
  };
}

/** The same, or a rejection once it has taken too long. */
async function withinLimit(end: void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it came to no end within ${endMs / 1000} s`)), endMs);
  });
  await Promise.race([end, limit]).finally(() => clearTimeout(timer));
}

async function openReporter(text: string, timings: boolean, output: OutputStream): Promise<Reporter> {
  const [name, file] = splitPlace(text);
  const { createReporter } = isModulePath(name) ? await loadReporterModule(name) : await findReporter(name).load();
  if (file === undefined) return createReporter(streamTarget(output, process.env, timings));
  const { target, save } = fileTarget(file);
  const reporter = createReporter({ ...target, timings });
  return {
    event: (event) => reporter.event(event),
    end: async () => {
      await reporter.end?.();
      save();
    },
  };
}

/**
 * Throws a `UsageError` where a report would take the place of what is run: `--reporter junit=tests.md`, the words in the wrong
 * order.
 */
export function refuseInputs(reporters: readonly string[] | undefined, inputs: readonly string[]): void {
  const kept = new Set(inputs.map(realPath));
  for (const text of reporters ?? []) {
    const [name, file] = splitPlace(text);
    if (!file || !kept.has(realPath(file))) continue;
    throw new UsageError(`the report ${file} would take the place of a document or configuration that is read`, {
      hint: `name another file: --reporter ${name}=FILE`,
    });
  }
}

function splitPlace(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Two documents in one place are none. */
function refuseSamePlace(texts: readonly string[]): void {
  const taken = new Map<string, string>();
  for (const text of texts) {
    const [name, file] = splitPlace(text);
    const shares = file === undefined && (isModulePath(name) || findReporter(name).sharesOutput === true);
    const place = file ?? 'standard output';
    const other = taken.get(place);
    if (other !== undefined && !shares) {
      throw new UsageError(`the reporters ${other} and ${name} would both write to ${place}`, {
        hint: `give one of them a file of its own: --reporter ${name}=FILE`,
      });
    }
    if (!shares) taken.set(place, name);
  }
}
