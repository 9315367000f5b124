import { UsageError } from '../errors.ts';
import { findReporter } from '../report/index.ts';
import { streamTarget } from '../report/target.ts';
import { exitStatus } from '../run/tally.ts';
import { visit } from '../run/visit.ts';
import type { CliCommand } from './command.ts';
import { namesOfNodes, namesOfSteps } from './names.ts';

interface ShellCommandOptions {
  readonly after?: string;
  readonly node?: string;
}

export const command: CliCommand = {
  description: [
    'Brings up the lab of a runbook, runs its setup steps, and gives the terminal to a shell in it. The lab goes away when you leave that shell.',
  ],
  define: (command) => {
    command
      .argument('<file>', 'a Markdown file')
      .option('--after <step>', 'first run the steps up to this one, by name or number')
      .option('--node <name>', 'the node of the shell');
  },
  offers: { file: 'markdown', after: namesOfSteps, node: namesOfNodes },
  run: shellCommand,
  examples: [['netlab shell --after resolv --node node1 dns.md', 'Look about where a step has just run.']],
  exitStatus: {
    0: 'the lab came up, and every step before the visit passed',
    1: 'a step before the visit did not pass',
    2: 'the lab could not be brought up, or there is no terminal',
    130: 'interrupted',
  },
  seeAlso: ['netlab run', 'netlab learn', 'docs/cli.md'],
};

/** `netlab shell`: a runbook's lab to walk about in. 0 when it came up and every step before the visit passed. */
async function shellCommand(path: string, { after, node }: ShellCommandOptions): Promise<number> {
  if (!process.stdin.isTTY) {
    throw new UsageError('netlab shell needs a terminal', {
      hint: 'start it in one, or give the commands to netlab run',
    });
  }
  const { createReporter } = await (await findReporter('pretty')).load();
  const reporter = createReporter(streamTarget(process.stderr, process.env));
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  process.on('SIGHUP', () => stop.abort());
  let up = false;
  const { status } = await visit({
    path,
    after,
    node,
    signal: stop.signal,
    onEvent: (event) => {
      reporter.event(event);
      if (event.type !== 'lab:ready') return;
      up = true;
      process.stderr.write('  The lab goes away when you leave its shell (exit, or Ctrl-D).\n');
    },
  });
  await reporter.end?.();
  if (!up || status === 'interrupted') return exitStatus(status);
  return status === 'passed' || status === 'empty' ? 0 : 1;
}
