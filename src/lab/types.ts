import type { ChildProcess } from 'node:child_process';
import type { NodeKind } from '../runbook/types.ts';

/** What to start on a node. `extraPipes` adds pipes at descriptors 3, 4, … */
export interface NodeCommand {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly extraPipes?: number;
}

/** A person at a terminal: how large it is, and where what is printed goes. */
export interface Visitor {
  readonly rows: number;
  readonly columns: number;
  readonly output: (bytes: Buffer) => void;
}

/** What to run in a terminal of a node, for a person. */
export interface TerminalCommand extends Visitor {
  /** For a shell of the node, which replaces itself with it: `cd; exec bash`. */
  readonly script: string;
  /** Commands before that: the terminal is there once they are done. */
  readonly setup?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A terminal of a node, with a person at its other end. */
export interface NodeTerminal {
  write(bytes: Buffer): void;
  resize(rows: number, columns: number): void;
  /** Has the shell in it draw its prompt again, below what was written into the terminal. */
  redraw(): void;
  /** What is printed in it waits until `resume`, and who prints it, once the kernel has no more room. */
  pause(): void;
  resume(): void;
  /** Resolves when its command has ended, for whatever reason, and all that it printed has been handed on. */
  readonly ended: Promise<void>;
  close(): void;
}

/** A machine of the lab, as the shells see it. */
export interface LabNode {
  readonly name: string;
  readonly kind: NodeKind;
  /** Its PID 1 as this machine numbers it; `undefined` on the machine itself. */
  readonly pid: number | undefined;
  /** Environment of a reader who has just logged in there. */
  readonly env: Readonly<Record<string, string>>;
  /** Where steps start: the document's own folder. */
  readonly cwd: string;
  /** A folder of the node for the engine's own FIFOs; `hostPath` is the same folder as this process reaches it. */
  readonly scratch: {
    readonly path: string;
    readonly hostPath: string;
    /** The name of a FIFO that is there already and that nobody has taken; `undefined`: make one. */
    takeFifo(): string | undefined;
  };
  /** Starts a process on the node, in its namespaces and control groups, all descriptors being pipes. */
  spawn(command: NodeCommand): ChildProcess;
  /**
   * In a sentence, which of the lab's limits have been reached since this was last asked, on any node, by what a step has
   * printed now; `undefined`: none.
   */
  limitsReached(printed: string): string | undefined;
  /** Opens a terminal there. Resolves once its command is being started; rejects with a `LabError` when there can be none. */
  openTerminal(command: TerminalCommand): Promise<NodeTerminal>;
  /**
   * Gives this process's own terminal to a shell of the node, until that ends; resolves to its status. `undefined` on
   * the machine itself, where that terminal is already.
   */
  readonly attach?: () => Promise<number>;
}

/** A lab that is up. Disposing of it takes everything away and may be done twice. */
export interface Lab extends AsyncDisposable {
  /** In the order of the document; bridges are not among them. */
  readonly nodes: ReadonlyMap<string, LabNode>;
  /** Aborted, with a `LabError` as its reason, when the lab breaks while it should be up. */
  readonly broken: AbortSignal;
  /**
   * When something has failed in it: what has become of the lab or of what its nodes run by themselves, if that is why.
   * Waits for nothing but their answers.
   */
  examine(): Promise<Error | undefined>;
  /** Limits of its document, or default ones, that this machine cannot keep: `memory`, `pids`, `cpu`. */
  readonly unlimited: readonly string[];
  /** The end of each service's log, for people. */
  log(): string;
}
