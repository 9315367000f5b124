import { setTimeout as sleep } from 'node:timers/promises';
import { awaitedLine } from '../check/awaited-line.ts';
import { UsageError } from '../errors.ts';
import type { Lab } from '../lab/types.ts';
import type { PlannedStep } from '../runbook/plan.ts';
import { waitFor } from '../shell/ending.ts';
import { onLine } from '../shell/interrupt.ts';
import { openSession } from '../shell/open.ts';
import type { Ending, Output, Session } from '../shell/types.ts';
import { trace, tracing } from '../trace.ts';
import { tellDeath, uncompared } from './in-background.ts';
import { inputFor, type Judged, runState, runStep, type StepContext, settle } from './run-step.ts';
import { explain } from './step-result.ts';

/** The sessions of one runbook: one for each node and name, opened when its first step comes. */
export interface Sessions extends AsyncDisposable {
  for(planned: PlannedStep): Promise<Session>;
  /** The session of a step, if it was opened before. */
  known(planned: PlannedStep): Promise<Session> | undefined;
  /** Starts a step that keeps running, in a session of its own; judged when it is ready, or at once. */
  startBackground(planned: PlannedStep, context: StepContext): Promise<Judged>;
  /** A verdict on what failed, as it stands once the lab has been looked at: in one that is not whole, nothing was judged. */
  examined(judged: Judged): Promise<Judged>;
  /** How many background steps have ended by now. */
  endedInBackground(): number;
  /**
   * Steps that came to another end than they were told with: in the background, or programs that failed late. `now`: as the
   * document has a step that was started.
   */
  deadInBackground(now?: (started: PlannedStep) => PlannedStep): Promise<readonly Judged[]>;
}

/** How long a background step that names no ready line is watched before the next step, in milliseconds. */
const startMs = 100;

/** A background step that has not said that it is ready, within its limit or before the run was stopped. */
function notReady(ending: Ending): Output {
  return { stdout: '', stderr: '', exit: null, ending, note: undefined, durationMs: 0, droppedBytes: 0 };
}

/** What the step before has ended may take so long to be seen, in milliseconds: a verdict must not hang on who is quicker. */
const dyingMs = 100;

/** A step that runs in the background has no limit but the runbook's end; setTimeout takes no more than this. */
const noLimitMs = 2 ** 31 - 1;

interface Background {
  readonly planned: PlannedStep;
  readonly context: StepContext;
  readonly session: Session;
  readonly stop: AbortController;
  readonly done: Promise<Output>;
  /** Once it has ended. */
  output: Output | undefined;
  /** Its end has been judged. */
  judged: boolean;
}

/** What became of the last step of each session of programs: it may fail yet. */
const lastPrograms = new WeakMap<Session, Judged>();

/** A program that passed, and failed after its end. */
async function failedLate(coming: Promise<Session>): Promise<readonly Judged[]> {
  const session = await coming.catch(() => undefined);
  const judged = session && lastPrograms.get(session);
  if (judged?.result.status !== 'passed') return [];
  const error = await session?.late?.();
  if (error === undefined) return [];
  const result = { ...judged.result, status: 'failed' as const, reason: `failed after its end: ${error}` };
  return [{ ...judged, result }];
}

/** Runs a step as its kind wants it: in its session, in the background, or not at all. */
export async function runPlanned(planned: PlannedStep, sessions: Sessions, context: StepContext): Promise<Judged> {
  if (!tracing.hasSubscribers) return runAsItIs(planned, sessions, context);
  const started = performance.now();
  const { step, node, session, sessionKind } = planned;
  const line = `line ${step.span.start.line}`;
  const where = step.kind === 'state' ? 'the state of the lab' : `session ${session} (${sessionKind}) on ${node}`;
  trace('run', `${line} begins: ${step.phase} step ${JSON.stringify(step.name)}, ${where}`);
  const judged = await runAsItIs(planned, sessions, context);
  const { status, checks, reason } = judged.result;
  const held = checks.filter(({ ok }) => ok).length;
  const why = reason === null ? '' : `: ${reason}`;
  trace('run', `${line} ${status}, ${held} of ${checks.length} checks hold${why}`, started);
  return judged;
}

async function runAsItIs(planned: PlannedStep, sessions: Sessions, context: StepContext): Promise<Judged> {
  if (planned.step.kind === 'state') return sessions.examined(await runState(planned, context));
  if (planned.step.background) return sessions.examined(await sessions.startBackground(planned, context));
  const session = await sessions.for(planned);
  const judged = await sessions.examined(await runStep(planned, session, context));
  if (session.late) lastPrograms.set(session, judged);
  return judged;
}

function keyOf({ sessionKind, node, session }: PlannedStep): string {
  return `${sessionKind} ${node} ${session}`;
}

/**
 * Ends sessions and the lab that they are in. Namespaces take what runs in them along, which is not waited for twice; on this
 * machine itself it must have gone before what it uses goes. Rejects when the lab does not end.
 */
export async function endWithLab(sessions: Sessions, lab: Lab): Promise<void> {
  const takesAll = [...lab.nodes.values()].every(({ pid }) => pid !== undefined);
  if (!takesAll) {
    await sessions[Symbol.asyncDispose]();
    return lab[Symbol.asyncDispose]();
  }
  // Each begins at once: to look for what the sessions run takes longer than to let go of the lab.
  const [gone] = await Promise.allSettled([lab[Symbol.asyncDispose](), sessions[Symbol.asyncDispose]()]);
  if (gone.status === 'rejected') throw gone.reason;
}

export function openSessions(lab: Lab, env: Readonly<Record<string, string>>): Sessions {
  const open = new Map<string, Promise<Session>>();
  const background: Background[] = [];
  const start = (planned: PlannedStep): Promise<Session> => {
    const node = lab.nodes.get(planned.node);
    if (!node)
      throw new UsageError(`there is no node ${planned.node}`, {
        hint: `there are ${[...lab.nodes.keys()].join(', ')}`,
      });
    return openSession({ ...node, env: { ...node.env, ...env } }, planned.sessionKind);
  };
  return {
    known: (planned) => open.get(keyOf(planned)),
    for(planned) {
      const key = keyOf(planned);
      const session = open.get(key) ?? start(planned);
      open.set(key, session);
      return session;
    },
    async startBackground(planned, context) {
      const session = await start(planned);
      const stop = new AbortController();
      const pattern = planned.step.background?.ready;
      const awaited = pattern === undefined ? undefined : awaitedLine(pattern);
      let tellReady: (nothing: undefined) => void = () => {};
      const ready = new Promise<undefined>((resolve) => {
        tellReady = resolve;
      });
      const input = {
        ...inputFor(planned, context),
        timeoutMs: noLimitMs,
        onOutput: onLine(awaited?.isAmong, () => tellReady(undefined)),
      };
      const done = session.run(input, AbortSignal.any([stop.signal, lab.broken]));
      done.catch(() => {});
      const entry: Background = { planned, context, session, stop, done, output: undefined, judged: false };
      background.push(entry);
      void done.then(
        (output) => {
          entry.output = output;
        },
        () => {},
      );
      // Time enough for a command that is not there to say so.
      if (pattern === undefined) setTimeout(() => tellReady(undefined), startMs);
      const coming = waitFor(Promise.race([done, ready]), planned.step.timeoutMs, context.signal).then((waited) =>
        'ending' in waited ? notReady(waited.ending) : waited.value,
      );
      const told = tellDeath(await settle(uncompared(planned), coming, context, awaited));
      entry.judged = told.result.status !== 'passed';
      return told;
    },
    async examined(judged) {
      const { status } = judged.result;
      if (status !== 'failed' && status !== 'timed_out') return judged;
      const trouble = await lab.examine();
      return trouble
        ? { ...judged, result: { ...judged.result, status: 'errored', reason: explain(trouble) } }
        : judged;
    },
    endedInBackground() {
      return background.filter(({ output }) => output).length;
    },
    async deadInBackground(now = (started) => started) {
      const running = background.filter(({ output }) => !output).map(({ done }) => done);
      if (running.length > 0) await Promise.race([Promise.allSettled(running), sleep(dyingMs)]);
      const dead = background.filter(
        ({ output, judged, planned }) => output && !judged && output.exit !== now(planned).step.exit,
      );
      const settled = await Promise.all(
        dead.map(async ({ planned, context, done }) =>
          tellDeath(await settle(uncompared(now(planned)), done, context)),
        ),
      );
      return [...settled, ...(await Promise.all([...open.values()].map(failedLate))).flat()];
    },
    async [Symbol.asyncDispose]() {
      for (const { stop } of background) stop.abort();
      await Promise.allSettled(background.map(({ done }) => done));
      const all = await Promise.allSettled([...open.values(), ...background.map(({ session }) => session)]);
      const sessions = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      await Promise.allSettled(sessions.map((session) => session[Symbol.asyncDispose]()));
    },
  };
}
