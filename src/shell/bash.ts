import type { ChildProcess } from 'node:child_process';
import { readSync } from 'node:fs';
import { SessionError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { inLines } from '../lines.ts';
import { trace, tracing } from '../trace.ts';
import { exitOf, waitFor } from './ending.ts';
import { nonce } from './nonce.ts';
import { killTree } from './processes.ts';
import { asTyped, opening } from './step-line.ts';

/** A running bash that executes the lines which are written to it, and reports on a channel of its own. */
export interface Bash {
  readonly child: ChildProcess;
  /** The status of its process, once that has ended. */
  readonly exited: Promise<number>;
  execute(line: string): void;
  /** A key for the next line: its report comes under it, and nothing that a step writes is taken for one. */
  nextKey(): string;
  /** What is reported under a key; `undefined` when the shell has ended without. */
  report(key: string): Promise<string | undefined>;
  /** Takes what has been reported by now, instead of when its turn comes: true when there was something. */
  look(): boolean;
  /** The last thing that the shell itself, not a step, has said on its standard error. */
  complaint(): string;
  /** No report comes any more. */
  close(): void;
}

/** A child left behind may hold the channel of a shell that has ended: its end is waited for no longer than this. */
const graceMs = 200;

/** A shell is there in a hundredth of this, in milliseconds, also on a busy machine. */
const startMs = 30_000;
const whenCut = { 'timed-out': `within ${startMs / 1000} s`, aborted: 'before the run was stopped' } as const;

/** Starts bash on a node. `commands` says which of the child's pipes it reads; it answers on the fourth. `setUp` is run first. */
export async function startBash(
  node: LabNode,
  argv: readonly [string, ...string[]],
  pipes: {
    readonly commands: 0 | 4;
    readonly extraPipes: number;
    readonly env: Readonly<Record<string, string>>;
    readonly setUp?: string;
  },
  signal: AbortSignal,
): Promise<Bash> {
  const started = performance.now();
  const child = node.spawn({ argv, env: pipes.env, extraPipes: pipes.extraPipes });
  const commands = child.stdio[pipes.commands] as NodeJS.WritableStream;
  const reports = child.stdio[3] as NodeJS.ReadableStream;
  const waiting = new Map<string, (report: string | undefined) => void>();
  let over = false;
  const close = (): void => {
    over = true;
    for (const tell of waiting.values()) tell(undefined);
    waiting.clear();
  };
  const take = inLines((line) => {
    const [key = '', report] = line.split(' ');
    if (report === undefined) return;
    waiting.get(key)?.(report);
    waiting.delete(key);
  });
  reports.on('data', take);
  // A shell that dies with unread commands resets its pipes; that it is gone is told by the end of its reports.
  reports.on('error', () => {});
  reports.once('end', close);
  reports.once('close', close);
  child.once('exit', () => setTimeout(close, graceMs).unref());
  // A shell that has just ended no longer reads; that it ended is told by its exit.
  commands.on('error', () => {});
  const prefix = nonce();
  let count = 0;
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2000);
  });
  const bash: Bash = {
    child,
    exited: exitOf(child),
    execute: (line) => void commands.write(line),
    nextKey: () => `${prefix}.${count++}`,
    look: () => readNow(reports, take),
    report: (key) => (over ? Promise.resolve(undefined) : new Promise((tell) => void waiting.set(key, tell))),
    complaint: () => asTyped(errors).trim().split('\n').at(-1) ?? '',
    close,
  };
  const key = bash.nextKey();
  const ready = bash.report(key);
  bash.execute(opening(node.cwd, key, pipes.setUp ?? ':'));
  const isReady = ready.then((status) => status === '0');
  const waited = await waitFor(isReady, startMs, signal);
  if (!waited.value) {
    const inTime = waited.value === undefined ? ` ${whenCut[waited.ending]}` : '';
    await endBash(bash, node, 0);
    throw new SessionError(`the shell on ${node.name} did not start${inTime}: ${errors.trim() || 'no reason given'}`);
  }
  if (tracing.hasSubscribers) trace('shell', `${node.name}: ${argv[0]} is ready, process ${child.pid}`, started);
  return bash;
}

const block = Buffer.allocUnsafe(4096);

/**
 * What has come through a pipe already, past the stream that reads it too: the event loop takes longer to come to it than
 * bash to run a short step.
 */
function readNow(stream: NodeJS.ReadableStream, take: (chunk: Buffer) => void): boolean {
  // Where Node.js no longer has it so, it comes in its turn. Asked each time: of a pipe that is closed, it is gone.
  const fd = (stream as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd ?? -1;
  if (fd < 0) return false;
  try {
    const length = readSync(fd, block);
    if (length > 0) take(block.subarray(0, length));
    return length > 0;
  } catch {
    // Nothing yet (EAGAIN). Whatever else it is, the stream tells.
    return false;
  }
}

/**
 * Kills a session's shell with all that hangs on it, and waits until it has gone. With `sinceTicks` above 0 also what it
 * has left to the node's PID 1 since then.
 */
export async function endBash({ child, exited, close }: Bash, node: LabNode, sinceTicks: number): Promise<void> {
  // Of one that has ended, the number may be another's by now.
  const launcher = child.exitCode === null && child.signalCode === null ? child.pid : undefined;
  await killTree(launcher, sinceTicks > 0 ? node.pid : undefined, sinceTicks);
  await exited;
  close();
  for (const stream of child.stdio) stream?.destroy();
  if (tracing.hasSubscribers) trace('shell', `${node.name}: process ${child.pid} and what it started have gone`);
}
