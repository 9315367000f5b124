import { SessionError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { type Bash, endBash, startBash } from './bash.ts';
import type { Collector } from './collect.ts';
import { type Commands, openCommands } from './commands.ts';
import { notBegun, waitFor } from './ending.ts';
import { type Fifo, openFifo, type Reader } from './fifo.ts';
import { onLine } from './interrupt.ts';
import { handFd, newFifos } from './new-fifos.ts';
import { interruptBelow } from './processes.ts';
import { privateFd, reporting } from './step-line.ts';
import type { SessionInput } from './types.ts';

/** A bash, and the two FIFOs through which its steps' output comes; a FIFO that a step still holds is not used again. */
export interface Shell {
  readonly bash: Bash;
  readonly commands: Commands;
  output: Fifo | undefined;
  errors: Fifo | undefined;
}

/** A shell has not answered in time, or before the run was stopped. */
export class CutShort extends Error {
  readonly ending: 'timed-out' | 'aborted';

  constructor(ending: 'timed-out' | 'aborted') {
    super(ending);
    this.ending = ending;
  }
}

/** Starts a bash, and has it read its commands from a FIFO. */
export async function startShell(node: LabNode, signal: AbortSignal): Promise<Shell> {
  const argv = ['bash', '--norc', '--noprofile', '-s'] as const;
  const fifos = newFifos(node, [handFd, privateFd.output]);
  const pipes = { commands: 0, extraPipes: 1, env: node.env, setUp: fifos.opening } as const;
  const bash = await startBash(node, [...argv], pipes, signal);
  try {
    const [commands, output] = fifos.hostPaths;
    const writer = openCommands(commands);
    bash.execute(`exec 0</proc/self/fd/${handFd} ${handFd}>&-\n`);
    return { bash: { ...bash, execute: writer.write }, commands: writer, output: openFifo(output), errors: undefined };
  } catch (error) {
    await endBash(bash, node, 0);
    throw error;
  }
}

/** What a step's output is read for. */
interface Reading {
  readonly into: Collector;
  readonly node: LabNode;
  readonly input: SessionInput;
  readonly signal: AbortSignal;
}

/** A reader on the shell's FIFO of that name, which is made first when there is none that is free: by a shell that may not answer. */
export async function reader(
  shell: Shell,
  name: 'output' | 'errors',
  { into, node, input, signal }: Reading,
): Promise<Reader> {
  const { bash } = shell;
  if (!shell[name]) {
    const { opening, hostPaths } = newFifos(node, [privateFd[name]]);
    const key = bash.nextKey();
    const made = bash.report(key);
    bash.execute(`${opening}; ${reporting(key)}\n`);
    const waited = await waitFor(made, input.timeoutMs, signal);
    if ('ending' in waited) throw new CutShort(waited.ending);
    const status = waited.value;
    if (status === undefined) throw notBegun(node, await bash.exited);
    if (status !== '0') throw new SessionError(`cannot open ${hostPaths[0]}`, { hint: bash.complaint() });
    shell[name] = openFifo(hostPaths[0]);
  }
  const at = input.interrupt && 'at' in input.interrupt ? input.interrupt.at : undefined;
  const watch = onLine(at, () => interruptBelow(bash.child.pid ?? 0));
  const onData = (chunk: Buffer): void => {
    into.add(chunk);
    watch(chunk);
    input.onOutput?.(chunk);
  };
  return shell[name].read(onData, input.onOutput !== undefined || input.interrupt !== undefined, input.onLate);
}

/** After a step: a FIFO that something it left behind still has open gets no other step's output. */
export function retire(shell: Shell, output: Reader, errors: Reader | undefined): void {
  if (output.held) {
    shell.output?.close();
    shell.output = undefined;
  }
  if (errors?.held) {
    shell.errors?.close();
    shell.errors = undefined;
  }
}
