import { setTimeout as sleep } from 'node:timers/promises';
import { SessionError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { trace, tracing } from '../trace.ts';
import { endBash } from './bash.ts';
import { notBegun, shellEndedNote, type Waited, waitFor } from './ending.ts';
import { onLine } from './interrupt.ts';
import { leave, runNested } from './nested-step.ts';
import { runOuter } from './outer-step.ts';
import { clockTicks, readerOfTerminal, wakeTerminal } from './processes.ts';
import { asTyped, noStatus } from './step-line.ts';
import { takeOver } from './take-over.ts';
import { type Finish, startTerminal, type Terminal } from './terminal-shell.ts';
import type { Output, Session, SessionInput } from './types.ts';
import { sentVariables } from './variables.ts';

const ctrlC = '\x03';

/** What a terminal that was stopped needs to hand on what has been printed, in milliseconds. */
const handOnMs = 50;

/**
 * A shell in a real terminal of its node (made there by `script`, so that `tty` names it), for steps that need one: the
 * session's bash hears of its steps on a private channel, nested shells are typed into.
 */
export function openTerminal(node: LabNode): Session {
  let shell: Terminal | undefined;
  let last = noStatus;
  let sent = sentVariables();

  const close = async (sinceTicks: number): Promise<void> => {
    const ended = shell;
    shell = undefined;
    last = noStatus;
    sent = sentVariables();
    if (ended) await endBash(ended.bash, node, sinceTicks);
  };

  return {
    kind: 'terminal',
    async run(input, signal): Promise<Output> {
      const started = performance.now();
      const ticks = clockTicks();
      shell ??= await startTerminal(node, signal);
      if (input.depth < shell.nested.length) await leaveOrClose(shell, close);
      shell ??= await startTerminal(node, signal);
      const current = shell;
      const droppedBefore = current.screen.droppedBytes;
      const depth = current.nested.length;
      if (depth !== input.depth) throw new SessionError(wrongDepth(input.depth, depth));
      const stopListening = listen(current, input);
      let waited: Waited<Finish>;
      try {
        const finished =
          current.nested.length > 0 ? runNested(current, input) : runOuter(current, sent.fresh(input), last);
        waited = await waitFor(finished, input.timeoutMs, signal);
        if (!waited.value && wakeTerminal(current.bash.child.pid ?? 0)) await sleep(handOnMs);
      } finally {
        stopListening();
      }
      // In a nested shell somebody always waits: the shell itself.
      const reader = waited.value || input.nextDepth > 0 ? undefined : readerOfTerminal(current.bash.child.pid ?? 0);
      const end: Finish = waited.value ?? {
        ending: waited.ending,
        ...current.marks.soFar(current.screen.text),
        exit: null,
      };
      const finish =
        end.ending === 'completed' && stays(current, input) ? { ...end, ending: 'unopened' as const } : end;
      // The nested shell names the `eval` in which the step was handed to it; a reader's does not.
      const shown = current.screen.text
        .slice(finish.from, finish.to)
        .replace(/^((?:\S*\/)?(?:ba|a|da)?sh): eval: (?:line \d+: )?/gm, '$1: ');
      const printed = Buffer.from(asTyped(shown), 'latin1');
      current.screen.skipTo(finish.resume ?? finish.to);
      const alive = ['completed', 'opened', 'unopened'].includes(finish.ending);
      if (!alive) await close(ticks);
      else if (finish.ending !== 'opened' && current.nested.length === 0)
        last = finish.left ?? { exit: finish.exit ?? 0, pipe: [] };
      if (finish.unbegun) throw notBegun(node, finish.exit ?? 0);
      return {
        stdout: printed.toString('utf8'),
        stderr: '',
        bytes: { stdout: printed, stderr: Buffer.alloc(0) },
        exit: finish.exit,
        ending: finish.ending,
        note: reader === undefined ? noteOf(finish, input) : `waiting for input: ${reader} reads the terminal`,
        durationMs: performance.now() - started,
        droppedBytes: current.screen.droppedBytes - droppedBefore,
      };
    },
    async save(file) {
      if (!shell || shell.nested.length > 0) return false;
      const { bash } = shell;
      return (await import('./save-shell.ts')).saveShell(bash, bash.execute, file);
    },
    takeOver: async (visitor) => shell && takeOver(node, shell, visitor),
    [Symbol.asyncDispose]: () => close(0),
  };
}

/**
 * Goes back to the session's own shell, because the document does: as a reader would, and where that does not help, in a
 * new one, so that what must always run can.
 */
async function leaveOrClose(shell: Terminal, close: (sinceTicks: number) => Promise<void>): Promise<void> {
  try {
    await leave(shell);
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    await close(0);
  }
}

/** The step ended in the shell that it began in, while the document goes on in another. */
function stays({ nested }: Terminal, { depth, nextDepth }: SessionInput): boolean {
  return nextDepth !== depth && nested.length === depth;
}

function wrongDepth(documented: number, actual: number): string {
  const shells = (depth: number): string =>
    depth === 0 ? "the session's own shell" : `${depth} nested ${depth === 1 ? 'shell' : 'shells'} deep`;
  return `the document is in ${shells(documented)} here, the session is in ${shells(actual)}`;
}

function noteOf({ ending, exit }: Finish, { nextPrompt = '', depth, nextDepth }: SessionInput): string | undefined {
  if (ending === 'timed-out' && nextDepth > depth)
    return `the prompt ${nextPrompt.trimEnd()}, which the document shows next, did not come`;
  if (ending === 'shell-ended') return shellEndedNote(exit ?? 0);
  return ending === 'unopened'
    ? `the document shows the prompt ${nextPrompt.trimEnd()} next, but it did not come`
    : undefined;
}

function listen({ bash }: Terminal, { interrupt, onOutput }: SessionInput): () => void {
  const press = (): void => {
    if (tracing.hasSubscribers) trace('shell', 'Ctrl-C into the terminal');
    bash.child.stdin?.write(ctrlC);
  };
  const pressOnLine = onLine(interrupt && 'at' in interrupt ? interrupt.at : undefined, press);
  const watch = (chunk: Buffer): void => {
    pressOnLine(chunk);
    onOutput?.(chunk);
  };
  const timer = interrupt && 'afterMs' in interrupt ? setTimeout(press, interrupt.afterMs) : undefined;
  bash.child.stdout?.on('data', watch);
  return () => {
    clearTimeout(timer);
    bash.child.stdout?.off('data', watch);
  };
}
