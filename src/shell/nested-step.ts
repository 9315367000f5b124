import { setTimeout as sleep } from 'node:timers/promises';
import { SessionError } from '../errors.ts';
import { trace, tracing } from '../trace.ts';
import { typedLine } from './marks.ts';
import { awaits } from './prompt.ts';
import type { Screen } from './screen.ts';
import { type Finish, ifEnded, opened, seenText, type Terminal } from './terminal-shell.ts';
import type { SessionInput } from './types.ts';
import { sentVariables } from './variables.ts';

const ctrlD = '\x04';

/** How long to wait for a prompt that should be there, and for a nested shell to say what became of a command. */
const promptMs = 1500;
const calmMs = 150;

/** A step that is typed into the innermost nested shell. */
export async function runNested(shell: Terminal, input: SessionInput): Promise<Finish> {
  const { bash, screen, marks, nested, opener } = shell;
  const mark = marks.next();
  const asking = marks.next();
  const type = (text: string): void => void bash.child.stdin?.write(text);
  const inner = nested.at(-1);
  const typed = inner?.sent.fresh(input) ?? input;
  type(typedLine(typed, mark, inner?.lastStatus ?? 0));
  const probe = probeWhenCalm(screen, () => type(`printf '${asking.end}' "$?"\r`), input);
  const shown = screen.until((text): Finish | undefined => {
    const begun = mark.begun(text);
    const from = begun ?? 0;
    const end = mark.ended(text);
    const asked = asking.ended(text);
    if (asked && probe.asked !== undefined && (!end || asked.at < end.at)) {
      return { ending: 'completed', from, to: probe.asked, resume: asked.after, exit: asked.status };
    }
    if (end) return { ending: 'completed', from, to: end.at, resume: end.after, exit: end.status };
    for (const [level, { id }] of nested.entries()) {
      const left = marks.endOf(id, text);
      if (!left) continue;
      if (begun === undefined) throw new SessionError('the nested shell had ended before it read this command');
      nested.length = level;
      return { ending: 'completed', from, to: left.at, resume: left.after, exit: left.status };
    }
    return begun === undefined ? undefined : opened(text, from, input);
  });
  try {
    const finish = (await Promise.race([shown, ifEnded(opener), probe.noShell])) ?? (await shown);
    if (tracing.hasSubscribers) trace('shell', seenText(finish, input));
    if (finish.ending === 'opened') nested.push({ id: mark.id, lastStatus: 0, sent: sentVariables() });
    if (finish.ending === 'shell-ended') return { ...finish, ...marks.soFar(screen.text), exit: await bash.exited };
    const current = nested.at(-1);
    if (finish.ending === 'completed' && !current) return { ...finish, exit: Number(await opener) };
    if (finish.ending === 'completed' && current) {
      current.lastStatus = finish.exit ?? 0;
      await promptAfter(screen, finish.resume ?? finish.to, input);
      if (isPrepared(typed) && mark.begun(screen.text) === undefined) {
        throw new SessionError('the nested shell could not set the variables of this step, or go to its folder', {
          hint: 'one of them may be read-only there, or the folder missing: name it otherwise',
        });
      }
    }
    return finish;
  } finally {
    probe.stop();
  }
}

/** Something is to be done in its shell before it can begin. */
function isPrepared({ variables, env, cwd }: SessionInput): boolean {
  return cwd !== undefined || Object.keys(variables).length + Object.keys(env).length > 0;
}

/** The next command is typed only when the nested shell asks for it. */
async function promptAfter(
  screen: Screen,
  from: number,
  { prompt = '', nextPrompt = prompt }: SessionInput,
): Promise<void> {
  const asked = screen.until((text) => (awaits(text.slice(from), nextPrompt) ? true : undefined));
  await Promise.race([asked, sleep(promptMs, undefined, { ref: false })]);
}

interface Probe {
  stop(): void;
  /** Where the output ended when the status was asked for. */
  readonly asked: number | undefined;
  /** Rejects when what is behind the prompt does not know how to answer: it has prompted again, and told no status. */
  readonly noShell: Promise<never>;
}

/**
 * A syntax error makes a shell drop the rest of the typed line, the mark at its end included. So when the shell is back at
 * its prompt and nothing moves, its status is asked for, once.
 */
function probeWhenCalm(screen: Screen, ask: () => void, input: SessionInput): Probe {
  const { prompt = '', nextPrompt = prompt, depth, nextDepth } = input;
  let seen = -1;
  let asked: number | undefined;
  let refuse = (_: unknown): void => {};
  const noShell = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  noShell.catch(() => {});
  const timer = setInterval(() => {
    const { text } = screen;
    const atPrompt = awaits(text, prompt) || (depth === nextDepth && awaits(text, nextPrompt));
    const atRest = text.length === seen && atPrompt && text.includes('\n');
    if (atRest && asked !== undefined && text.lastIndexOf('\n') >= asked) {
      clearInterval(timer);
      refuse(
        new SessionError(`what answers at the prompt "${prompt.trimEnd()}" is no POSIX shell`, {
          hint: 'give such a program its lines by a here-document: python3 <<END',
        }),
      );
    } else if (atRest && asked === undefined) {
      asked = text.lastIndexOf('\n') + 1;
      if (tracing.hasSubscribers) trace('shell', 'at the prompt without a mark: asked for the status');
      ask();
    }
    seen = text.length;
  }, calmMs).unref();
  return {
    stop: () => clearInterval(timer),
    get asked() {
      return asked;
    },
    noShell,
  };
}

/** Ends the nested shells as a reader would, with Ctrl-D, one after the other. */
export async function leave({ bash, screen, marks, nested, opener }: Terminal): Promise<void> {
  for (let tries = 0; nested.length > 0 && tries < 8; tries++) {
    bash.child.stdin?.write(ctrlD);
    const ended = screen.until((text) =>
      nested.map(({ id }) => marks.endOf(id, text)).find((end) => end !== undefined),
    );
    const end = await Promise.race([ended, sleep(promptMs, undefined, { ref: false })]);
    if (!end) continue;
    nested.length = nested.findIndex(({ id }) => marks.endOf(id, screen.text) !== undefined);
    screen.skipTo(end.after);
  }
  if (nested.length > 0)
    throw new SessionError('a nested shell does not end on Ctrl-D', { hint: 'end its transcript with `exit`' });
  await opener;
}
