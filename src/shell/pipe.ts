import { SessionError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { endBash } from './bash.ts';
import { collector } from './collect.ts';
import { mayEndShell, notBegun, shellEndedNote, waitFor } from './ending.ts';
import type { Reader } from './fifo.ts';
import { CutShort, reader, retire, type Shell, startShell } from './pipe-shell.ts';
import { clockTicksAt, interruptBelow } from './processes.ts';
import { bytesAsTyped, noStatus, privateFd, redirected, statusOf, stepLine } from './step-line.ts';
import type { Ending, Output, Session, SessionInput } from './types.ts';
import { sentVariables } from './variables.ts';

/** How many steps may come to their end one after the other before the event loop has its turn, with signals and reporters. */
const quickSteps = 16;

/** A shell whose steps print into pipes, each step into its own: what a daemon says later is no part of another step. */
export function openPipe(node: LabNode): Session {
  let shell: Shell | undefined;
  let last = noStatus;
  let quick = 0;
  let sent = sentVariables();

  const close = async (sinceTicks: number): Promise<void> => {
    const ended = shell;
    shell = undefined;
    last = noStatus;
    sent = sentVariables();
    if (!ended) return;
    ended.commands.close();
    ended.output?.close();
    ended.errors?.close();
    await endBash(ended.bash, node, sinceTicks);
  };

  return {
    kind: 'pipe',
    async run(input, signal): Promise<Output> {
      const started = performance.now();
      const out = collector();
      const err = input.stream === 'both' ? undefined : collector();
      shell ??= await startShell(node, signal);
      const current = shell;
      const { bash } = current;
      let output: Reader | undefined;
      let errors: Reader | undefined;
      try {
        output = await reader(current, 'output', { into: out, node, input, signal });
        errors = err && (await reader(current, 'errors', { into: err, node, input, signal }));
      } catch (error) {
        // A shell that cannot is of no use to the next step either.
        await close(clockTicksAt(started));
        await output?.drain();
        if (!(error instanceof CutShort)) throw error;
        return { ...printedNothing, ending: error.ending, durationMs: performance.now() - started };
      }
      const redirections = errors ? apart : current.errors ? `${joint} ${privateFd.errors}>&-` : joint;
      const key = bash.nextKey();
      const status = bash.report(key).then(async (line) => line ?? { shellEnded: await bash.exited });
      // Of a shell that ends, the status alone does not say whether it ended in this step or before it.
      const beginKey = mayEndShell(input.command) ? bash.nextKey() : undefined;
      const saidBegun = beginKey === undefined ? undefined : bash.report(beginKey);
      const before = beginKey === undefined ? '' : `\\builtin printf '%s .\\n' ${beginKey} >&${privateFd.status}; `;
      const line = stepLine({ input: sent.fresh(input), key, last, redirections, before });
      // What a step has written into the FIFO of the commands ends with the first, what it goes on with after a `\\` with the second.
      bash.execute(`\n\n${line}`);
      // On a machine with few processors a short step runs while its line is written.
      quick = quick < quickSteps && bash.look() ? quick + 1 : 0;
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
      let begun = true;
      if (waited.value === undefined) {
        ending = waited.ending;
        await close(clockTicksAt(started));
      } else if (typeof waited.value === 'string') {
        report = waited.value;
      } else {
        ending = 'shell-ended';
        exit = waited.value.shellEnded;
        note = shellEndedNote(exit);
        begun = current.commands.unread() < Buffer.byteLength(line) && (!saidBegun || (await saidBegun) !== undefined);
        await close(clockTicksAt(started));
      }
      await output.drain();
      await errors?.drain();
      if (!begun) throw notBegun(node, exit ?? 0);
      // Of a run that was stopped, the next may have begun already, in a shell of its own.
      if (shell === current) retire(current, output, errors);
      if (report !== undefined) {
        if (report === '') await mustHaveRun(node, current, input, redirections, signal);
        last = statusOf(report, input);
        exit = last.exit;
      }
      const bytes = { stdout: bytesAsTyped(out.bytes()), stderr: err ? bytesAsTyped(err.bytes()) : none };
      return {
        // Decoded only now: a character may be cut by the border of two chunks.
        stdout: bytes.stdout.toString('utf8'),
        stderr: bytes.stderr.toString('utf8'),
        bytes,
        exit,
        ending,
        note,
        durationMs: performance.now() - started,
        droppedBytes: out.droppedBytes + (err?.droppedBytes ?? 0),
      };
    },
    async save(file) {
      if (!shell) return false;
      const { bash, commands } = shell;
      return (await import('./save-shell.ts')).saveShell(bash, commands.write, file);
    },
    takeOver: async () => undefined,
    [Symbol.asyncDispose]: () => close(0),
  };
}

const none = Buffer.alloc(0);

const printedNothing = { stdout: '', stderr: '', exit: null, note: undefined, droppedBytes: 0 };

/** What bash cannot redirect it does not run, and says why: so the redirections of such a step are tried once more. */
async function mustHaveRun(
  node: LabNode,
  { bash, commands }: Shell,
  input: SessionInput,
  redirections: string,
  signal: AbortSignal,
): Promise<void> {
  const key = bash.nextKey();
  const tried = bash.report(key);
  commands.write(`${redirected('', input, redirections)}\n\\__netlab_end ${key}\n`);
  if ((await waitFor(tried, input.timeoutMs, signal)).value !== '0')
    throw new SessionError(`the shell on ${node.name} could not begin this step: ${bash.complaint()}`);
}

const joint = `>/proc/self/fd/${privateFd.output} 2>&1`;
const apart = `>/proc/self/fd/${privateFd.output} 2>/proc/self/fd/${privateFd.errors} ${privateFd.errors}>&-`;
