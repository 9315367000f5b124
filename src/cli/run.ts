import type { CliCommand } from './command.ts';
import { namesOfSteps } from './names.ts';
import { addReportOptions, reportOffers } from './report-options.ts';
import type { RunCommandOptions } from './run-command.ts';
import { addRunOptions } from './run-options.ts';

/** Its options are in run-options.ts; what it does is in run-command.ts, and a page of help needs nothing of that. */
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
  run: async (paths: readonly string[], options: RunCommandOptions) =>
    (await import('./run-command.ts')).runCommand(paths, options),
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
    0: 'at least one runbook passed, none failed or errored; or nothing was chosen, with --pass-with-no-runbooks',
    1: 'a check failed, or a step timed out',
    2: 'something could not be run or judged, or nothing at all was chosen or checked',
    129: 'its terminal was closed',
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
