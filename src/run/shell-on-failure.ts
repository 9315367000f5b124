import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Captures } from '../check/types.ts';
import type { StepResult } from '../events.ts';
import type { LabNode, NodeTerminal, Visitor } from '../lab/types.ts';
import type { PlannedStep } from '../runbook/plan.ts';
import { assignments, quote } from '../shell/quote.ts';
import { makeOwnFolder } from './own-folder.ts';
import type { OwnTerminal } from './own-terminal.ts';
import type { Stage } from './run-steps.ts';
import { explain } from './step-result.ts';
import { terminalModes } from './terminal-modes.ts';

/**
 * What the shell at a failure is: made like the session's own (`same`), or like that was before the step that has ended it
 * (`before`); a new one that knows nothing (`fresh`); or the nested shell itself, in the session's own terminal (`nested`).
 */
export type ShellKind = 'same' | 'before' | 'fresh' | 'nested';

/** A shell at a failure, as it is announced. */
export interface FailureShell {
  readonly path: string;
  readonly step: StepResult;
  /** Whose shell it is like, where it is like one. */
  readonly session: string;
  readonly kind: ShellKind;
  /** The document's prompt, of a nested shell. */
  readonly prompt: string | undefined;
}

/** Who is let in at a failure. */
export interface Person {
  readonly terminal: OwnTerminal;
  /** The name of its kind, as `TERM` has it. */
  readonly term: string;
  /** Told before a shell opens. */
  readonly opens: (shell: FailureShell) => void;
  /** Told why there is none, in a sentence. */
  readonly cannot: (path: string, why: string) => void;
  /** Told when the terminal was closed: nobody is there any more. */
  readonly gone: () => void;
}

/** Who is told of the steps of one runbook while its lab is up, and is waited for: at the first that did not pass, for long. */
export interface Bystander {
  /** Before each step that is run. */
  before(planned: PlannedStep, stage: Stage): Promise<void>;
  /** How long it was waited for until now. */
  readonly spentMs: number;
  /** After each step that did not pass. */
  failed(planned: PlannedStep, what: Failure, stage: Stage): Promise<void>;
}

export interface Failure {
  readonly path: string;
  readonly step: StepResult;
  readonly captures: Captures;
  readonly signal: AbortSignal;
}

const newline = 10;

/** Below the engine's own folder on a node. */
const folder = 'failure';

/** For one runbook: opens a shell for a person at its first failure, like the one in which the step has run. */
export function shellOnFailure(person: Person): Bystander {
  let spentMs = 0;
  let opened = false;
  /** What a session's shell was before the step that is run in it, by its session: a step may end or hang it. */
  const saved = new Map<string, { readonly file: string; whole: boolean }>();
  const keyOf = ({ node, session, sessionKind }: PlannedStep): string => `${node} ${session} ${sessionKind}`;
  const onOwnTime = async (work: Promise<void>): Promise<void> => {
    const since = performance.now();
    await work;
    spentMs += performance.now() - since;
  };
  const save = async (planned: PlannedStep, { lab, sessions }: Stage): Promise<void> => {
    const node = lab.nodes.get(planned.node);
    const session = await sessions.known(planned)?.catch(() => undefined);
    if (!node || !session) return;
    const entry = saved.get(keyOf(planned)) ?? { file: `before-${saved.size}`, whole: false };
    saved.set(keyOf(planned), entry);
    entry.whole = prepare(node) && (await session.save(placeOn(node, entry.file)));
  };
  const open = async (planned: PlannedStep, failure: Failure, stage: Stage): Promise<void> => {
    // Events are told a moment late: what the report says of the step comes first.
    await turn();
    const node = stage.lab.nodes.get(planned.node);
    if (!node || stage.lab.broken.aborted || !prepare(node)) {
      return person.cannot(failure.path, 'the lab has gone, so that there can be no shell in it');
    }
    const { terminal } = person;
    const modes = terminalModes();
    let lastByte = newline;
    const output = (bytes: Buffer): void => {
      modes.see(bytes);
      lastByte = bytes.at(-1) ?? lastByte;
      terminal.write(bytes);
    };
    const visitor = { rows: terminal.rows, columns: terminal.columns, output };
    const like = likeness(planned);
    const session = await stage.sessions.known(like)?.catch(() => undefined);
    const opens = (kind: ShellKind): void =>
      person.opens({
        path: failure.path,
        step: failure.step,
        session: like.session,
        kind,
        prompt: planned.step.prompt,
      });
    try {
      // What ran in the background had a terminal of its own, which has gone with it.
      const own = planned.step.background ? undefined : await session?.takeOver(visitor);
      if (own) opens('nested');
      own?.redraw();
      await hand(own ?? (await another(node)), person, failure.signal);
    } catch (error) {
      person.cannot(failure.path, `no shell could be opened: ${explain(error)}`);
    } finally {
      terminal.write(modes.restore() + (lastByte === newline ? '' : '\r\n'));
    }

    async function another(on: LabNode): Promise<NodeTerminal> {
      const now = (await session?.save(placeOn(on, 'now'))) ? 'now' : undefined;
      const before = saved.get(keyOf(like));
      const state = now ?? (before?.whole ? before.file : undefined);
      opens(now ? 'same' : state ? 'before' : 'fresh');
      return openLike(on, state, { planned, failure, stage, visitor, term: person.term });
    }
  };
  return {
    get spentMs() {
      return spentMs;
    },
    before: (planned, stage) => (opened ? Promise.resolve() : onOwnTime(save(planned, stage))),
    async failed(planned, failure, stage) {
      if (opened) return;
      opened = true;
      await onOwnTime(open(planned, failure, stage));
    },
  };
}

/** Whose shell one is to be like: the shell of a step in the background was its own, and has gone; the document went on in another. */
function likeness(planned: PlannedStep): PlannedStep {
  return planned.step.background ? { ...planned, session: 'main' } : planned;
}

/** Lends a terminal to a shell until that has ended, or the run is stopped. */
async function hand(shell: NodeTerminal, { terminal, gone }: Person, signal: AbortSignal): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const stop = terminal.listen(
    (bytes) => (bytes === undefined ? gone() : shell.write(bytes)),
    () => shell.resize(terminal.rows, terminal.columns),
  );
  try {
    await Promise.race([shell.ended, stopped]);
  } finally {
    stop();
    shell.close();
  }
}

interface Likeness {
  readonly planned: PlannedStep;
  readonly failure: Failure;
  readonly stage: Stage;
  readonly visitor: Visitor;
  readonly term: string;
}

/** Opens another bash on a node; `state` is the file that says what it is to be like. */
function openLike(
  node: LabNode,
  state: string | undefined,
  { planned, failure, stage, visitor, term }: Likeness,
): Promise<NodeTerminal> {
  const { command, exit } = failure.step;
  const captures = assignments(Object.fromEntries(failure.captures));
  const start = [
    'unset -f command_not_found_handle',
    "PS1='\\u@\\h:\\w\\$ '",
    captures && `export ${captures}`,
    state && `source ${placeOn(node, state)} 2>/dev/null`,
    'unset HISTFILE',
    `history -s -- ${quote(command)}`,
    `(exit ${exit ?? 0})`,
  ];
  writeFileSync(join(node.scratch.hostPath, folder, 'rc'), `${start.filter(Boolean).join('\n')}\n`);
  // What the session has unset must not come back by the environment.
  const clean = state ? 'env -i TERM="$TERM" PATH="$PATH" HOME="$HOME" ' : '';
  const cwd = planned.step.cwd;
  const script = `cd ${quote(node.cwd)}; ${cwd === undefined || state ? '' : `cd ${quote(cwd)}; `}exec ${clean}bash --noprofile --rcfile ${placeOn(node, 'rc')} -i`;
  return node.openTerminal({ script, env: { ...node.env, ...stage.env, TERM: term }, ...visitor });
}

function placeOn({ scratch }: LabNode, file: string): string {
  return join(scratch.path, folder, file);
}

/** Makes the folder for our files; false when the node has gone. */
function prepare({ scratch }: LabNode): boolean {
  return makeOwnFolder(join(scratch.hostPath, folder));
}
