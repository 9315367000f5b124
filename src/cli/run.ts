import { UsageError } from '../errors.ts';
import type { KeptLab } from '../run/keep-lab.ts';
import { exitStatus } from '../run/tally.ts';
import { run } from '../run.ts';
import type { CliCommand } from './command.ts';
import { keptDocuments } from './kept-documents.ts';
import { loadConfig } from './load-config.ts';
import { namesOfSteps } from './names.ts';
import { onStopSignal } from './on-stop-signal.ts';
import { openRecords } from './records.ts';
import { addReportOptions, type ReportOptions, reportOffers } from './report-options.ts';
import { openReporters } from './reporters.ts';
import { addRunOptions } from './run-options.ts';
import { type RunChoices, runSettings } from './run-settings.ts';

interface RunCommandOptions extends RunChoices, ReportOptions {
  /** A file, or `false` for none. */
  readonly config?: string | boolean;
  readonly keepLab?: boolean;
  readonly watch?: boolean;
}

/** Its options are in run-options.ts. */
export const command: CliCommand = {
  description: [
    'Brings up a lab for each runbook, runs its steps in it, checks what they print, and takes the lab away, whatever happened. All documents are read before anything is run.',
    'A path is a Markdown file, a folder, or a pattern in quotes: of the latter two, all Markdown files with something to run. "!path" leaves out. Without paths, those of the configuration are run.',
  ],
  define: (command) => {
    addRunOptions(command);
    addReportOptions(command);
  },
  offers: { paths: 'markdown', step: namesOfSteps, ...reportOffers },
  run: runCommand,
  examples: [
    ['netlab run runbooks/docker-dns.md', 'One runbook, with a report to read.'],
    [
      "netlab run --tags '!slow' -j 4 docs/ README.md",
      'Whatever can be run there and has not the tag, four at a time.',
    ],
    ['netlab run --reporter dot --reporter junit=report.xml docs/', 'Dots to see, a file for the CI server.'],
    ['netlab run --update docs/first.md', 'Write what came in the place of expected output that does not match.'],
  ],
  exitStatus: {
    0: 'at least one runbook passed, none failed or errored',
    1: 'a check failed, or a step timed out',
    2: 'something could not be run or judged, or nothing at all was chosen or checked',
    130: 'interrupted',
  },
  environment: {
    NO_COLOR: 'no colours, if it is set',
    FORCE_COLOR: 'colours in pipes, too',
    XDG_STATE_HOME: 'where it is remembered what failed and how long it took; default: ~/.local/state',
    XDG_CACHE_HOME:
      'where documents are kept as they were read, so that the next run need not read them; default: ~/.cache',
    GITHUB_STEP_SUMMARY: 'the file to which the reporter github adds its summary',
  },
  files: {
    'netlab.config.ts': 'the configuration, or .js or .json: the nearest one, upwards',
    '.gitignore': 'what it names is no part of a folder or pattern',
  },
  seeAlso: ['netlab check', 'netlab merge', 'docs/cli.md', 'docs/format.md', 'docs/reports.md', 'docs/config.md'],
};

/** `netlab run`: the exit status of FORMAT.md, "Verdicts". */
async function runCommand(paths: readonly string[], options: RunCommandOptions): Promise<number> {
  if (options.watch) return (await import('./watch.ts')).watchCommand(paths, options);
  if (options.keepLab && options.update) {
    throw new UsageError('--keep-lab and --update do not go together', {
      hint: 'an update runs each document twice: give one of them',
    });
  }
  const config = await loadConfig(options.config);
  const records = openRecords(process.cwd(), process.env);
  const settings = runSettings(paths, options, config, records);
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
    // Twice: at once. The labs hang on this process's lifelines, so they go with it.
    if (stop.signal.aborted || (kept && !keeping)) process.exit(130);
    if (keeping) keeping();
    else stop.abort(signal);
    keeping = undefined;
  });
  let status = 2;
  let told = false;
  try {
    const result = await run({
      ...settings,
      kept: keptDocuments(process.env),
      signal: stop.signal,
      onEvent: reporters.event,
      ...(options.keepLab && { keepLab: { until } }),
    });
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

function keptText({ id, nodes }: KeptLab): string {
  const other = nodes.length > 1 ? ` (--node ${nodes.slice(1).join(', ')})` : '';
  return [
    '',
    `The lab stays up. netlab attach ${id}${other} opens a shell in it, in another terminal.`,
    'Ctrl-C takes it away: teardown steps run, and the report is written.',
    '',
  ].join('\n');
}
