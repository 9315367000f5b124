import { UsageError } from '../errors.ts';
import { createTextMask, findSecrets } from '../report/mask.ts';
import type { KeptLab } from '../run/keep-lab.ts';
import { exitStatus } from '../run/tally.ts';
import { type RunOptions, run } from '../run.ts';
import { endNow } from './ending.ts';
import { keptDocuments } from './kept-documents.ts';
import { configPath, loadConfig } from './load-config.ts';
import { onStopSignal } from './on-stop-signal.ts';
import { openRecords } from './records.ts';
import type { ReportOptions } from './report-options.ts';
import { openReporters, refuseInputs } from './reporters.ts';
import { type RunChoices, runSettings } from './run-settings.ts';

export interface RunCommandOptions extends RunChoices, ReportOptions {
  /** A file, or `false` for none. */
  readonly config?: string | boolean;
  readonly keepLab?: boolean;
  readonly watch?: boolean;
  readonly shellOnFailure?: boolean;
}

/** `netlab run`: the exit status of FORMAT.md, "Verdicts". */
export async function runCommand(paths: readonly string[], options: RunCommandOptions): Promise<number> {
  if (!options.trace) return runOrWatch(paths, options);
  const { printTrace } = await import('./trace.ts');
  const stop = printTrace({ stream: process.stderr, env: process.env, mask: maskOf(options) });
  try {
    return await runOrWatch(paths, options);
  } finally {
    stop();
  }
}

/** Takes secrets out of what is told beside the reports. */
function maskOf({ mask = [] }: RunCommandOptions): (text: string) => string {
  return createTextMask(findSecrets(mask, process.env));
}

async function runOrWatch(paths: readonly string[], options: RunCommandOptions): Promise<number> {
  if (options.shellOnFailure) (await import('./shell-on-failure.ts')).refuseWithoutTerminal(options);
  if (options.watch) return (await import('./watch.ts')).watchCommand(paths, options);
  if (options.keepLab && options.update) {
    throw new UsageError('--keep-lab and --update do not go together', {
      hint: 'an update runs each document twice: give one of them',
    });
  }
  const config = await loadConfig(options.config);
  const records = openRecords(process.cwd(), process.env);
  const settings = await runSettings(paths, options, config, records);
  refuseInputs(options.reporter ?? config.reporters, [...settings.paths, configPath(options.config) ?? []].flat());
  const reporters = await openReporters({ reporter: config.reporters, ...options });
  const stop = new AbortController();
  /** Set while a lab is kept: what ends that. The run has its verdict then, and is not interrupted. */
  let keeping: (() => void) | undefined;
  let kept = false;
  const until = async (lab: KeptLab): Promise<void> => {
    reporters.flush();
    process.stderr.write(keptText(lab));
    kept = true;
    await new Promise<void>((resolve) => {
      keeping = resolve;
    });
  };
  const stopListening = onStopSignal((signal) => {
    // Its terminal has told of that by its end before.
    if (signal === 'SIGHUP' && stop.signal.reason === signal) return;
    // Twice: at once. The labs hang on this process's lifelines, so they go with it.
    if (stop.signal.aborted || (kept && !keeping)) endNow(130);
    if (keeping) keeping();
    else stop.abort(signal);
    keeping = undefined;
  });
  let status = 2;
  let told = false;
  try {
    const asked: RunOptions = {
      ...settings,
      kept: keptDocuments(process.env),
      signal: stop.signal,
      onEvent: reporters.event,
      ...(options.keepLab && { keepLab: { until } }),
    };
    const result = options.shellOnFailure
      ? await (await import('./shell-on-failure.ts')).runWithShell({
          settings: asked,
          mask: maskOf(options),
          flush: reporters.flush,
          hangUp: () => stop.abort('SIGHUP'),
        })
      : await run(asked);
    // Of a runbook that was run in part, nothing is remembered.
    // The times wait until a run is whole: the next shard is to divide by the same ones.
    if (options.step === undefined) records.add(result.runbooks, { times: settings.shard === undefined });
    status = exitStatus(result.status);
    if (status === 130 && stop.signal.reason === 'SIGHUP') status = 129;
  } finally {
    stopListening();
    told = await reporters.end();
  }
  // A report that is not there must not look like one that says that all is well.
  return told || status >= 129 ? status : 2;
}

function keptText({ id, nodes }: KeptLab): string {
  const other = nodes.length > 1 ? ` (--node ${nodes.slice(1).join(', ')})` : '';
  return [
    '',
    `The lab stays up. netlab attach ${id}${other} opens a shell in it, in another terminal.`,
    'Ctrl-C takes it away: teardown steps run, and the report is written.',
    '',
  ].join('\n');
}
