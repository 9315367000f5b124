import type { LabNode } from '../lab/types.ts';
import { type Bash, startBash } from './bash.ts';
import { type Marks, marks } from './marks.ts';
import { nonce } from './nonce.ts';
import { awaits, lastLine } from './prompt.ts';
import { type Screen, screen } from './screen.ts';
import { type LastStatus, privateFd } from './step-line.ts';
import type { Ending, SessionInput } from './types.ts';
import type { SentVariables } from './variables.ts';

const whereIsTheCursor = '\x1b[6n';

/** A shell that a command has opened in the terminal. */
export interface NestedShell {
  /** The mark that ends the command which opened it. */
  readonly id: string;
  /** Its `$?`, for the command that is typed next. */
  lastStatus: number;
  readonly sent: SentVariables;
}

/** A shell in a terminal of its node, and what is known of the shells nested in it. */
export interface Terminal {
  readonly bash: Bash;
  readonly screen: Screen;
  readonly marks: Marks;
  /** The nested shells, outermost first. */
  readonly nested: NestedShell[];
  /** The status of the command that opened the outermost of them, when it comes. */
  opener: Promise<string | undefined> | undefined;
}

/** What a step came to: the output up to `end`, and its status as far as it is known. */
export interface Finish {
  readonly ending: Ending;
  readonly from: number;
  readonly to: number;
  /** Where the next step's part of the terminal's text begins; at `to`, unless there is a mark in between. */
  readonly resume?: number;
  readonly exit: number | null;
  /** The shell had ended before it read the step. */
  readonly unbegun?: boolean;
  /** What the session's own shell says of it. */
  readonly left?: LastStatus;
}

/** Starts the session's own bash in a terminal that `script` makes on the node. */
export async function startTerminal(node: LabNode, signal: AbortSignal): Promise<Terminal> {
  // Descriptor 3 reports, 4 commands; the terminal is 0 to 2.
  const inner = 'stty rows 40 cols 132; exec bash --norc --noprofile -s <&4 4<&-';
  const argv = ['script', '-q', '-e', '-f', '-E', 'never', '-c', inner, '/dev/null'] as const;
  const bash = await startBash(node, [...argv], { commands: 4, extraPipes: 2, env: node.env }, signal);
  const output = screen();
  bash.child.stdout?.on('data', (chunk: Buffer) => {
    output.add(chunk);
    // BusyBox asks where the cursor is after each prompt, and waits 20 ms at Enter where no terminal has answered. The row
    // must not be 1: `ESC [ 1 ; 5` is also how it knows keys pressed with Ctrl.
    if (chunk.includes(whereIsTheCursor)) bash.child.stdin?.write(`\x1b[40;${lastLine(output.text).length + 1}R`);
  });
  // Ctrl-C reaches bash too: with a trap it outlives the step. What the step starts does not inherit the trap. What bash says
  // outside of a step (`set -x`) is about the engine's own commands.
  bash.execute(`exec ${privateFd.output}>&1 2>/dev/null; trap : INT\n`);
  return { bash, screen: output, marks: marks(nonce()), nested: [], opener: undefined };
}

/** Resolves to an ending when the session's bash will report no more, else to nothing. */
export async function ifEnded(report: Promise<string | undefined> | undefined): Promise<Finish | undefined> {
  const line = await report;
  return line === undefined ? { ending: 'shell-ended', from: 0, to: 0, exit: null } : undefined;
}

/** What ended the wait for a step in a terminal, for a trace. */
export function seenText({ ending }: Finish, { nextPrompt }: SessionInput): string {
  if (ending === 'opened') return `the prompt ${JSON.stringify(nextPrompt)} came: a nested shell`;
  return ending === 'completed' ? 'the mark of the end came' : 'no mark came: the shell has ended';
}

/** A nested shell was opened when the terminal shows the prompt that the document shows, and it is another shell's. */
export function opened(text: string, from: number, { nextPrompt, depth, nextDepth }: SessionInput): Finish | undefined {
  if (nextPrompt === undefined || nextDepth <= depth) return undefined;
  if (!awaits(text.slice(from), nextPrompt)) return undefined;
  const to = Math.max(text.lastIndexOf('\n') + 1, from);
  return { ending: 'opened', from, to, exit: null };
}
