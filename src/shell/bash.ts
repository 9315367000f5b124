import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SessionError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { exitOf } from './ending.ts';
import { killTree } from './processes.ts';
import { opening } from './step-line.ts';

/** A running bash that executes the lines which are written to it, and reports on a channel of its own. */
export interface Bash {
  readonly child: ChildProcess;
  /** The status of its process, once that has ended. */
  readonly exited: Promise<number>;
  execute(line: string): void;
  /** Its next report; `undefined` when it can make no more. Ask before it can have been made. */
  report(): Promise<string | undefined>;
}

/** Starts bash on a node. `commands` says which of the child's pipes it reads, `reports` on which it answers. */
export async function startBash(
  node: LabNode,
  argv: readonly [string, ...string[]],
  pipes: { readonly commands: 0 | 4; readonly extraPipes: number; readonly env: Readonly<Record<string, string>> },
): Promise<Bash> {
  const child = node.spawn({ argv, env: pipes.env, extraPipes: pipes.extraPipes });
  const commands = child.stdio[pipes.commands] as NodeJS.WritableStream;
  const reports = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
  const waiting: ((line: string | undefined) => void)[] = [];
  const come: (string | undefined)[] = [];
  const give = (line: string | undefined): void => {
    const next = waiting.shift();
    if (next) next(line);
    else come.push(line);
  };
  reports.on('line', give);
  // A shell that dies with unread commands resets its pipes; that it is gone is told by the end of its reports.
  reports.on('error', () => {});
  child.stdio[3]?.on('error', () => {});
  reports.once('close', () => {
    for (const next of waiting.splice(0)) next(undefined);
    come.push(undefined);
  });
  // A shell that has just ended no longer reads; that it ended is told by its exit.
  commands.on('error', () => {});
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2000);
  });
  const bash: Bash = {
    child,
    exited: exitOf(child),
    execute: (line) => void commands.write(line),
    report: () =>
      come.length > 0
        ? Promise.resolve(come[0] === undefined ? undefined : come.shift())
        : new Promise((next) => waiting.push(next)),
  };
  bash.execute(opening(node.cwd));
  const first = await bash.report();
  if (first !== 'ready')
    throw new SessionError(`the shell on ${node.name} did not start: ${errors.trim() || 'no reason given'}`);
  return bash;
}

/**
 * Kills a session's shell with all that hangs on it, and waits until it has gone. With `sinceTicks` above 0 also what it
 * has left to the node's PID 1 since then.
 */
export async function endBash({ child, exited }: Bash, node: LabNode, sinceTicks: number): Promise<void> {
  await killTree(child.pid, sinceTicks > 0 ? node.pid : undefined, sinceTicks);
  await exited;
  for (const stream of child.stdio) stream?.destroy();
}
