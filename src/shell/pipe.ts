import { join } from 'node:path';
import { SessionError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { type Bash, endBash, startBash } from './bash.ts';
import { type Collector, collector } from './collect.ts';
import { shellEndedNote, waitFor } from './ending.ts';
import { type Fifo, openFifo, type Reader } from './fifo.ts';
import { onLine } from './interrupt.ts';
import { clockTicksAt, interruptBelow } from './processes.ts';
import { bytesAsTyped, noStatus, privateFd, statusOf, stepLine } from './step-line.ts';
import type { Ending, Output, Session, SessionInput } from './types.ts';
import { sentVariables } from './variables.ts';

/** A bash and the two FIFOs through which its steps' output comes; a FIFO that a step still holds is not used again. */
interface Shell {
  readonly bash: Bash;
  output: Fifo | undefined;
  errors: Fifo | undefined;
}

let fifos = 0;

/** A shell whose steps print into pipes, each step into its own: what a daemon says later is no part of another step. */
export function openPipe(node: LabNode): Session {
  let shell: Shell | undefined;
  let last = noStatus;
  let sent = sentVariables();

  const close = async (sinceTicks: number): Promise<void> => {
    const ended = shell;
    shell = undefined;
    last = noStatus;
    sent = sentVariables();
    if (!ended) return;
    ended.output?.close();
    ended.errors?.close();
    await endBash(ended.bash, node, sinceTicks);
  };

  return {
    kind: 'pipe',
    async run(input, signal): Promise<Output> {
      const started = performance.now();
      const out = collector();
      const err = collector();
      shell ??= { bash: await startPipeBash(node), output: undefined, errors: undefined };
      const current = shell;
      const { bash } = current;
      const apart = input.stream !== 'both';
      const readers = [await reader(current, 'output', out, node, bash, input)];
      if (apart) readers.push(await reader(current, 'errors', err, node, bash, input));
      const redirections = `>/proc/self/fd/${privateFd.output} 2>${apart ? `/proc/self/fd/${privateFd.errors}` : '&1'}`;
      const key = bash.nextKey();
      const status = bash.report(key).then(async (line) => line ?? { shellEnded: await bash.exited });
      bash.execute(stepLine({ input: sent.fresh(input), key, last, redirections }));
      const timer =
        input.interrupt && 'afterMs' in input.interrupt
          ? setTimeout(() => interruptBelow(bash.child.pid ?? 0), input.interrupt.afterMs)
          : undefined;
      const waited = await waitFor(status, input.timeoutMs, signal);
      clearTimeout(timer);
      let ending: Ending = 'completed';
      let exit: number | null = null;
      let report: string | undefined;
      let note: string | undefined;
      if (waited.value === undefined) {
        ending = waited.ending;
        await close(clockTicksAt(started));
      } else if (typeof waited.value === 'string') {
        report = waited.value;
      } else {
        ending = 'shell-ended';
        exit = waited.value.shellEnded;
        note = shellEndedNote(exit);
        await close(clockTicksAt(started));
      }
      await Promise.all(readers.map((each) => each.drain()));
      // Of a run that was stopped, the next may have begun already, in a shell of its own.
      if (shell === current) retire(current, readers);
      if (report !== undefined) {
        last = statusOf(report, input);
        exit = last.exit;
      }
      const bytes = { stdout: bytesAsTyped(out.bytes()), stderr: bytesAsTyped(err.bytes()) };
      return {
        // Decoded only now: a character may be cut by the border of two chunks.
        stdout: bytes.stdout.toString('utf8'),
        stderr: bytes.stderr.toString('utf8'),
        bytes,
        exit,
        ending,
        note,
        durationMs: performance.now() - started,
        droppedBytes: out.droppedBytes + err.droppedBytes,
      };
    },
    [Symbol.asyncDispose]: () => close(0),
  };
}

function startPipeBash(node: LabNode): Promise<Bash> {
  return startBash(node, ['bash', '--norc', '--noprofile', '-s'], { commands: 0, extraPipes: 1, env: node.env });
}

/** A reader on the shell's FIFO of that name, which is made first when there is none that is free. */
async function reader(
  shell: Shell,
  name: 'output' | 'errors',
  into: Collector,
  node: LabNode,
  bash: Bash,
  input: SessionInput,
): Promise<Reader> {
  if (!shell[name]) {
    const file = `fifo-${process.pid}-${fifos++}`;
    const path = join(node.scratch.path, file);
    const fd = privateFd[name];
    const key = bash.nextKey();
    const made = bash.report(key);
    // Opened for both first, because opening only one side of a FIFO waits for the other.
    bash.execute(
      `\\command -p mkfifo -m 600 ${path} && exec 58<>${path} ${fd}</proc/self/fd/58 58>&-; \\builtin printf '%s %s\\n' ${key} $? >&${privateFd.status}\n`,
    );
    if ((await made) !== '0') throw new SessionError(`cannot make ${path} on ${node.name}`);
    shell[name] = openFifo(join(node.scratch.hostPath, file));
  }
  const watch = onLine(input.interrupt, () => interruptBelow(bash.child.pid ?? 0));
  const onData = (chunk: Buffer): void => {
    into.add(chunk);
    watch(chunk);
    input.onOutput?.(chunk);
  };
  return shell[name].read(onData, input.onOutput !== undefined || input.interrupt !== undefined, input.onLate);
}

function retire(shell: Shell, [output, errors]: readonly Reader[]): void {
  if (output?.held) {
    shell.output?.close();
    shell.output = undefined;
  }
  if (errors?.held) {
    shell.errors?.close();
    shell.errors = undefined;
  }
}
