import type { NodeTerminal, Visitor } from '../lab/types.ts';
import type { StepLanguage, Stream } from '../runbook/types.ts';

export type SessionKind = 'pipe' | 'terminal' | 'program';

/** Whether what is waited for is among these lines. */
export type LineTest = (lines: readonly string[]) => boolean;

/** What a session is asked to run. */
export interface SessionInput {
  readonly command: string;
  readonly language: StepLanguage;
  readonly stream: Stream;
  readonly timeoutMs: number;
  /** Shell variables to set first: the captures of earlier steps. */
  readonly variables: Readonly<Record<string, string>>;
  /** Environment for this step alone. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | undefined;
  readonly cwd: string | undefined;
  /** When Ctrl-C is pressed: after a time, or at a line that passes the test. */
  readonly interrupt: { readonly afterMs: number } | { readonly at: LineTest } | undefined;
  /** It may be run again, until what it prints is as expected. */
  readonly repeatable?: boolean;
  /** Told of what the step prints, as it comes. */
  readonly onOutput: ((chunk: Buffer) => void) | undefined;
  /** Told of what something that the step has left behind prints after the step's end, where that can be told apart. */
  readonly onLate?: ((chunk: Buffer) => void) | undefined;
  /** Transcripts: the prompt it is typed at, and the one that the document shows next. */
  readonly prompt: string | undefined;
  readonly nextPrompt: string | undefined;
  /** End the nested shells first. */
  readonly leavesNested: boolean;
  /** How many nested shells deep the document types it. */
  readonly depth: number;
  /** How deep it goes on after it. */
  readonly nextDepth: number;
}

/**
 * How a step's run came to its end. `completed`: its status is known. `opened`: a nested shell's prompt came, its command
 * goes on. `unopened`: its status is known, but the document shows another shell's prompt next, and that did not come.
 * `shell-ended`: the step ended the session's own shell (`exit`, `exec`, a kill); the session has opened a new one.
 */
export type Ending = 'completed' | 'opened' | 'unopened' | 'shell-ended' | 'timed-out' | 'aborted';

/** What a step printed and how it ended. Texts are as printed: nothing stripped, nothing normalised. */
export interface Output {
  /** With stream `both`: everything, in the order in which a terminal would show it. */
  readonly stdout: string;
  /** Empty with stream `both`. */
  readonly stderr: string;
  /** The same as it came, before it was decoded: not every byte is a character. */
  readonly bytes?: { readonly stdout: Buffer; readonly stderr: Buffer };
  /** 0–255 (128 + n after signal n); `null` when it is not known. */
  readonly exit: number | null;
  readonly ending: Ending;
  /** In a sentence, when `ending` is not `completed`: what happened. */
  readonly note: string | undefined;
  readonly durationMs: number;
  /** One of the lab's limits was reached meanwhile: `note` says which. */
  readonly limited?: true;
  /** Bytes that were dropped from the middle because the step printed more than is kept. */
  readonly droppedBytes: number;
}

/** One shell on one node. Steps run one at a time; state stays from step to step. */
export interface Session extends AsyncDisposable {
  readonly kind: SessionKind;
  /**
   * Of programs: what the last of them has thrown since its end, if anything. After a moment: what it has started and not
   * awaited may be under way still.
   */
  late?(): Promise<string | undefined>;
  /** Never rejects for what the step does; rejects with a `SessionError` when the engine lost touch with the shell. */
  run(input: SessionInput, signal: AbortSignal): Promise<Output>;
  /**
   * Between two steps: writes what makes its shell what it is into a file of the node, as commands that make another bash
   * like it. Resolves to whether that is all there: not when there is no shell at the moment, or no bash.
   */
  save(file: string): Promise<boolean>;
  /** Between two steps: gives its own terminal to a person, where a nested shell is open in it. */
  takeOver(visitor: Visitor): Promise<NodeTerminal | undefined>;
}
