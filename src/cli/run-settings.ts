import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { NetlabConfig } from '../config.ts';
import { UsageError } from '../errors.ts';
import type { Shard } from '../run/shard.ts';
import type { RunOptions } from '../run.ts';
import type { Records } from './records.ts';
import { selectFiles } from './select-files.ts';

/** The options of `netlab run` that say what is run and how, as Commander reads them: texts, not yet checked. */
export interface RunChoices {
  readonly step?: readonly string[];
  readonly grep?: string;
  readonly tags?: readonly string[];
  readonly changed?: string;
  readonly lastFailed?: boolean;
  readonly shard?: string;
  readonly passWithNoRunbooks?: boolean;
  readonly jobs?: string;
  readonly bail?: string;
  readonly retry?: string;
  readonly keepGoing?: boolean;
  readonly strict?: boolean;
  readonly update?: boolean;
  readonly allowHost?: boolean;
  readonly network?: 'closed' | 'host';
}

/**
 * What to run and how: the command line, else the configuration, else the default. Rejects with a `UsageError` for whatever in
 * it cannot be, before anything is run.
 */
export async function runSettings(
  paths: readonly string[],
  choices: RunChoices,
  config: NetlabConfig,
  records: Records,
): Promise<RunOptions> {
  const jobs = wholeNumber('jobs', choices.jobs, 1, 999) ?? config.jobs;
  const bail = wholeNumber('bail', choices.bail, 0, 9999) ?? config.bail ?? 0;
  const retry = wholeNumber('retry', choices.retry, 0, 99) ?? config.retry ?? 0;
  const tags = choices.tags?.flatMap((text) => text.split(',')) ?? config.tags ?? [];
  const passWithNoRunbooks = choices.passWithNoRunbooks ?? config.passWithNoRunbooks ?? false;
  const files = await filesToRun(paths, { ...choices, passWithNoRunbooks }, config, records);
  return {
    paths: files,
    steps: choices.step,
    grep: choices.grep ?? config.grep,
    tags: tags.map((tag) => tag.trim()),
    changed: choices.changed,
    shard: shardFrom(choices.shard, files, records),
    passWithNoRunbooks,
    jobs: jobs ?? Math.max(1, Math.min(availableParallelism(), files.length)),
    bail,
    retry,
    keepGoing: choices.keepGoing ?? config.keepGoing ?? false,
    strict: choices.strict ?? config.strict ?? false,
    update: choices.update ?? false,
    allowHost: choices.allowHost ?? false,
    network: choices.network ?? config.network,
  };
}

async function filesToRun(
  paths: readonly string[],
  { lastFailed, passWithNoRunbooks }: RunChoices,
  { files }: NetlabConfig,
  records: Records,
): Promise<readonly string[]> {
  const named = paths.length > 0 ? paths : (files ?? []);
  if (named.length === 0) {
    const hint = 'name files, folders or patterns, or put "files" into netlab.config.json';
    throw new UsageError('there is nothing to run', { hint });
  }
  const found = await selectFiles(named, passWithNoRunbooks);
  if (!lastFailed) return found;
  const failed = found.filter((path) => records.failed.has(resolve(path)));
  if (failed.length > 0) return failed;
  const hint = 'run without --last-failed; only what ran whole on this machine is remembered';
  const some = found.length === 1 ? '1 runbook' : `${found.length} runbooks`;
  // What was remembered may be gone, or could not be kept: that is not to have passed.
  const known = found.some((path) => records.durations.has(resolve(path)));
  if (passWithNoRunbooks && (known || found.length === 0)) return [];
  const why = known ? `none of ${some} failed when it last ran` : `nothing is remembered of ${some}`;
  throw new UsageError(`nothing to run: ${why}`, { hint });
}

/** `2/3`, with what is remembered of how long the runbooks took. */
function shardFrom(text: string | undefined, files: readonly string[], records: Records): Shard | undefined {
  if (text === undefined) return undefined;
  const [, index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) {
    const hint = 'write PART/PARTS, such as 1/3, with a part from 1 to the number of parts';
    throw new UsageError(`--shard ${text}: there is no such part`, { hint });
  }
  const timed = files.map((path) => [path, records.durations.get(resolve(path))] as const);
  const durations = new Map(timed.flatMap(([path, ms]) => (ms === undefined ? [] : [[path, ms] as const])));
  return { index, of, durations };
}

function wholeNumber(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  throw new UsageError(`--${name} ${text}: it cannot be that`, {
    hint: `write a whole number from ${least} to ${most}`,
  });
}
