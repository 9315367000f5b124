import { UsageError } from '../errors.ts';
import { findReporter } from '../report/index.ts';
import { streamTarget } from '../report/target.ts';
import { visit } from '../run/visit.ts';

interface ShellCommandOptions {
  readonly after?: string;
  readonly node?: string;
}

/** `netlab shell`: a runbook's lab to walk about in. 0 when it came up and every step before the visit passed. */
export async function shellCommand(path: string, { after, node }: ShellCommandOptions): Promise<number> {
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
  const result = await visit({
    path,
    after,
    node,
    signal: stop.signal,
    onEvent: (event) => {
      reporter.event(event);
      if (event.type === 'lab:ready')
        process.stderr.write('  The lab goes away when you leave its shell (exit, or Ctrl-D).\n');
    },
  });
  await reporter.end?.();
  return result.status === 'passed' || result.status === 'empty' ? 0 : 1;
}
