import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { type Bash, endBash, startBash } from './bash.ts';
import { shellEndedNote, waitFor } from './ending.ts';
import { onLine } from './interrupt.ts';
import { type Marks, marks, typedLine } from './marks.ts';
import { clockTicks } from './processes.ts';
import { awaits, lastLine, samePrompt } from './prompt.ts';
import { type Screen, screen } from './screen.ts';
import { asTyped, privateFd, stepLine } from './step-line.ts';
import type { Ending, Output, Session, SessionInput } from './types.ts';

const whereIsTheCursor = '\x1b[6n';
const ctrlC = '\x03';
const ctrlD = '\x04';

/** How long to wait for a prompt that should be there, and for a nested shell to say what became of a command. */
const promptMs = 1500;
const calmMs = 150;

interface Shell {
  readonly bash: Bash;
  readonly screen: Screen;
  readonly marks: Marks;
  /** Of the nested shells, outermost first: the mark that ends the command which opened it. */
  readonly nested: string[];
  /** The status of the command that opened the outermost of them, when it comes. */
  opener: Promise<string | undefined> | undefined;
}

/** What a step came to: the output up to `end`, and its status as far as it is known. */
interface Finish {
  readonly ending: Ending;
  readonly from: number;
  readonly to: number;
  /** Where the next step's part of the terminal's text begins; at `to`, unless there is a mark in between. */
  readonly resume?: number;
  readonly exit: number | null;
}

/**
 * A shell in a real terminal of its node (made there by `script`, so that `tty` names it), for steps that need one: the
 * session's bash hears of its steps on a private channel, nested shells are typed into.
 */
export function openTerminal(node: LabNode): Session {
  let shell: Shell | undefined;
  let lastStatus = 0;

  const close = async (sinceTicks: number): Promise<void> => {
    const ended = shell;
    shell = undefined;
    lastStatus = 0;
    if (ended) await endBash(ended.bash, node, sinceTicks);
  };

  return {
    kind: 'terminal',
    async run(input, signal): Promise<Output> {
      const started = performance.now();
      const ticks = clockTicks();
      shell ??= await startTerminal(node);
      const current = shell;
      const droppedBefore = current.screen.droppedBytes;
      if (input.leavesNested && current.nested.length > 0) await leave(current);
      const depth = current.nested.length;
      if (depth !== input.depth) throw new SessionError(wrongDepth(input.depth, depth));
      const stopListening = listen(current, input);
      const finished = current.nested.length > 0 ? runNested(current, input) : runOuter(current, input, lastStatus);
      const waited = await waitFor(finished, input.timeoutMs, signal);
      stopListening();
      const end: Finish = waited.value ?? {
        ending: waited.ending,
        ...current.marks.soFar(current.screen.text),
        exit: null,
      };
      const finish =
        end.ending === 'completed' && stays(current, depth, input) ? { ...end, ending: 'unopened' as const } : end;
      const output = decode(current.screen.text.slice(finish.from, finish.to));
      current.screen.skipTo(finish.resume ?? finish.to);
      const alive = ['completed', 'opened', 'unopened'].includes(finish.ending);
      if (!alive) await close(ticks);
      else if (finish.ending !== 'opened') lastStatus = finish.exit ?? 0;
      return {
        // The nested shell names the `eval` in which the step was handed to it; a reader's does not.
        stdout: asTyped(output.replace(/^((?:\S*\/)?(?:ba|a|da)?sh): eval: (?:line \d+: )?/gm, '$1: ')),
        stderr: '',
        exit: finish.exit,
        ending: finish.ending,
        note: noteOf(finish, input),
        durationMs: performance.now() - started,
        droppedBytes: current.screen.droppedBytes - droppedBefore,
      };
    },
    [Symbol.asyncDispose]: () => close(0),
  };
}

/** The step ended in the shell that it began in, while the document goes on in another. */
function stays({ nested }: Shell, depth: number, { prompt, nextPrompt }: SessionInput): boolean {
  const goesOn = prompt === undefined || nextPrompt === undefined || samePrompt(prompt, nextPrompt);
  return !goesOn && nested.length === depth;
}

function wrongDepth(documented: number, actual: number): string {
  const shells = (depth: number): string =>
    depth === 0 ? "the session's own shell" : `${depth} nested ${depth === 1 ? 'shell' : 'shells'} deep`;
  return `the document is in ${shells(documented)} here, the session is in ${shells(actual)}`;
}

function noteOf({ ending, exit }: Finish, { nextPrompt = '' }: SessionInput): string | undefined {
  if (ending === 'shell-ended') return shellEndedNote(exit ?? 0);
  return ending === 'unopened'
    ? `the document shows the prompt ${nextPrompt.trimEnd()} next, but it did not come`
    : undefined;
}

async function startTerminal(node: LabNode): Promise<Shell> {
  // Descriptor 3 reports, 4 commands; the terminal is 0 to 2.
  const inner = 'stty rows 40 cols 132; exec bash --norc --noprofile -s <&4 4<&-';
  const argv = ['script', '-q', '-e', '-f', '-E', 'never', '-c', inner, '/dev/null'] as const;
  const bash = await startBash(node, [...argv], { commands: 4, extraPipes: 2, env: node.env });
  const output = screen();
  bash.child.stdout?.on('data', (chunk: Buffer) => {
    output.add(chunk);
    // BusyBox asks where the cursor is after each prompt, and waits 20 ms at Enter where no terminal has answered. The row
    // must not be 1: `ESC [ 1 ; 5` is also how it knows keys pressed with Ctrl.
    if (chunk.includes(whereIsTheCursor)) bash.child.stdin?.write(`\x1b[40;${lastLine(output.text).length + 1}R`);
  });
  // Ctrl-C reaches bash too: with a trap it outlives the step. What the step starts does not inherit the trap.
  bash.execute(`exec ${privateFd.output}>&1; trap : INT\n`);
  return { bash, screen: output, marks: marks(randomBytes(6).toString('hex')), nested: [], opener: undefined };
}

/** A step of the session's own bash. */
async function runOuter(shell: Shell, input: SessionInput, lastStatus: number): Promise<Finish> {
  const { bash, screen, marks } = shell;
  const mark = marks.next();
  const print = (text: string): string => `\\builtin printf '${text}' >&${privateFd.output}; `;
  const tty = `<&${privateFd.output}`;
  bash.execute(
    stepLine({
      input,
      lastStatus,
      redirections: `${input.stdin === undefined ? tty : ''} >&${privateFd.output} 2>&${privateFd.output}`,
      before: print(mark.begin),
      after: print(mark.end),
    }),
  );
  const report = bash.report();
  const over = ifEnded(report);
  const shown = screen.until((text): Finish | undefined => {
    const from = mark.begun(text);
    if (from === undefined) return undefined;
    const end = mark.ended(text);
    if (end) return { ending: 'completed', from, to: end.at, resume: end.after, exit: null };
    return opened(text, from, input);
  });
  const finish = (await Promise.race([shown, over])) ?? (await shown);
  if (finish.ending === 'opened') {
    shell.nested.push(mark.id);
    shell.opener = report;
    return finish;
  }
  if (finish.ending === 'completed') return { ...finish, exit: Number(await report) };
  return { ...finish, ...marks.soFar(screen.text), exit: await bash.exited };
}

/** Resolves to an ending when the session's bash will report no more, else to nothing. */
async function ifEnded(report: Promise<string | undefined> | undefined): Promise<Finish | undefined> {
  const line = await report;
  return line === undefined ? { ending: 'shell-ended', from: 0, to: 0, exit: null } : undefined;
}

/** A step that is typed into the innermost nested shell. */
async function runNested(shell: Shell, input: SessionInput): Promise<Finish> {
  const { bash, screen, marks, nested, opener } = shell;
  const mark = marks.next();
  const type = (text: string): void => void bash.child.stdin?.write(text);
  type(typedLine(input, mark));
  const probe = probeWhenCalm(screen, () => type(`printf '${mark.end}' "$?"\r`), input);
  const shown = screen.until((text): Finish | undefined => {
    const from = mark.begun(text) ?? 0;
    const end = mark.ended(text);
    if (end) return { ending: 'completed', from, to: probe.asked ?? end.at, resume: end.after, exit: end.status };
    for (const [level, id] of nested.entries()) {
      const left = marks.endOf(id, text);
      if (left) {
        nested.length = level;
        return { ending: 'completed', from, to: left.at, resume: left.after, exit: left.status };
      }
    }
    return mark.begun(text) === undefined ? undefined : opened(text, from, input);
  });
  try {
    const finish = (await Promise.race([shown, ifEnded(opener)])) ?? (await shown);
    if (finish.ending === 'opened') nested.push(mark.id);
    if (finish.ending === 'shell-ended') return { ...finish, ...marks.soFar(screen.text), exit: await bash.exited };
    if (finish.ending === 'completed' && nested.length === 0) return { ...finish, exit: Number(await opener) };
    if (finish.ending === 'completed') await promptAfter(screen, finish.resume ?? finish.to, input);
    return finish;
  } finally {
    probe.stop();
  }
}

/** A nested shell was opened when the terminal shows the prompt that the document shows, and it is another shell's. */
function opened(text: string, from: number, { prompt, nextPrompt }: SessionInput): Finish | undefined {
  if (prompt === undefined || nextPrompt === undefined || samePrompt(prompt, nextPrompt)) return undefined;
  if (!awaits(text.slice(from), nextPrompt)) return undefined;
  const to = Math.max(text.lastIndexOf('\n') + 1, from);
  return { ending: 'opened', from, to, exit: null };
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
}

/**
 * A syntax error makes a shell drop the rest of the typed line, the mark at its end included. So when the shell is back at
 * its prompt and nothing moves, its status is asked for, once.
 */
function probeWhenCalm(screen: Screen, ask: () => void, { prompt = '', nextPrompt = prompt }: SessionInput): Probe {
  let seen = -1;
  let asked: number | undefined;
  const timer = setInterval(() => {
    const { text } = screen;
    const atPrompt = awaits(text, prompt) || (samePrompt(prompt, nextPrompt) && awaits(text, nextPrompt));
    if (text.length === seen && atPrompt && text.includes('\n')) {
      clearInterval(timer);
      asked = text.lastIndexOf('\n') + 1;
      ask();
    }
    seen = text.length;
  }, calmMs);
  return {
    stop: () => clearInterval(timer),
    get asked() {
      return asked;
    },
  };
}

/** Ends the nested shells as a reader would, with Ctrl-D, one after the other. */
async function leave({ bash, screen, marks, nested, opener }: Shell): Promise<void> {
  for (let tries = 0; nested.length > 0 && tries < 8; tries++) {
    bash.child.stdin?.write(ctrlD);
    const ended = screen.until((text) => nested.map((id) => marks.endOf(id, text)).find((end) => end !== undefined));
    const end = await Promise.race([ended, sleep(promptMs, undefined, { ref: false })]);
    if (!end) continue;
    nested.length = nested.findIndex((id) => marks.endOf(id, screen.text) !== undefined);
    screen.skipTo(end.after);
  }
  if (nested.length > 0)
    throw new SessionError('a nested shell does not end on Ctrl-D', { hint: 'end its transcript with `exit`' });
  await opener;
}

function listen({ bash }: Shell, { interrupt, onOutput }: SessionInput): () => void {
  const press = (): void => void bash.child.stdin?.write(ctrlC);
  const pressOnLine = onLine(interrupt, press);
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

function decode(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
