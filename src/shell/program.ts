import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SessionError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { exitOf, shellEndedNote, waitFor } from './ending.ts';
import { nonce } from './nonce.ts';
import { clockTicks, killTree } from './processes.ts';
import { type Screen, screen } from './screen.ts';
import type { Ending, Output, Session, SessionInput } from './types.ts';

/** What the engine asks of program-host.ts, one JSON document a line. */
export interface ProgramRequest {
  /** JavaScript: types are gone already. */
  readonly code: string;
  readonly variables: Readonly<Record<string, string>>;
  /** These two are for this program alone. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  /** Printed on each stream when the program begins and when it is done: what comes before is of what earlier ones have left. */
  readonly begin: string;
  readonly mark: string;
  /** It may be run again: what it declares is declared again, then. */
  readonly repeatable: boolean;
  /** Both streams are one. */
  readonly together: boolean;
}

/** What the host says when a program is done. */
export interface ProgramAnswer {
  /** That of its request: a program may print into all of its process' descriptors. */
  readonly mark: string;
  /** `null`: there is no such folder, and nothing was run. */
  readonly exit: number | null;
}

/** Asks for what has been thrown since. */
export interface OverRequest {
  /** The mark of the answer. */
  readonly over: string;
}

/** What the host says at the runbook's end. */
export interface LateAnswer {
  readonly mark: string;
  /** What has been thrown since the last program's end. */
  readonly late: string | null;
  /** A command or a timer that a program has started is waiting still. */
  readonly underWay: boolean;
}

/** How long the host may take to say what has failed late: twice what it waits itself. */
const lateMs = 1000;

interface Host {
  readonly child: ChildProcess;
  readonly exited: Promise<number>;
  readonly out: Screen;
  readonly err: Screen;
  /** Whether its standard error goes where its standard output goes. */
  readonly together: boolean;
}

/** A notebook of zx programs on a node: state stays from one to the next. */
export function openProgram(node: LabNode): Session {
  let host: Host | undefined;
  /** Keeps what the last program prints after its end. */
  let onLate: SessionInput['onLate'];
  const close = async (sinceTicks: number): Promise<void> => {
    const ended = host;
    host = undefined;
    if (!ended) return;
    await killTree(ended.child.pid, sinceTicks > 0 ? node.pid : undefined, sinceTicks);
    await ended.exited;
    for (const stream of ended.child.stdio) stream?.destroy();
  };
  return {
    kind: 'program',
    async run(input, signal): Promise<Output> {
      const started = performance.now();
      const ticks = clockTicks();
      const together = input.stream === 'both';
      if (host && host.together !== together) await close(0);
      host ??= startHost(node, together);
      const { child, exited, out, err } = host;
      const droppedBefore = out.droppedBytes + err.droppedBytes;
      const random = nonce();
      const [begin, mark] = [`\x01B${random}\x02`, `\x01E${random}\x02`];
      const code =
        input.language === 'ts' ? (await import('./without-types.ts')).withoutTypes(input.command) : input.command;
      const request: ProgramRequest = {
        code,
        repeatable: input.repeatable ?? false,
        variables: input.variables,
        env: input.env,
        cwd: input.cwd,
        begin,
        mark,
        together,
      };
      const answer = answerTo<ProgramAnswer>(child, mark);
      (child.stdio[3] as NodeJS.WritableStream).write(`${JSON.stringify(request)}\n`);
      const until = (from: Screen): Promise<number> =>
        from.until((text) => (text.includes(mark) ? text.indexOf(mark) : undefined));
      const done = answer.then(async (told) => {
        if (told.exit !== null) await Promise.all([until(out), ...(together ? [] : [until(err)])]);
        return told;
      });
      const ended = exited.then((status) => ({ status }));
      const waited = await waitFor(Promise.race([done, ended]), input.timeoutMs, signal);
      let ending: Ending = 'completed';
      let exit: number | null = null;
      if (waited.value === undefined) ending = waited.ending;
      else if ('exit' in waited.value) {
        exit = waited.value.exit;
        if (exit === null) throw new SessionError(`there is no folder ${input.cwd} to run this step in`);
      } else {
        ending = 'shell-ended';
        exit = waited.value.status;
      }
      const taken = [take(out, begin, mark), ...(together ? [] : [take(err, begin, mark)])];
      for (const { before } of taken) if (before.length > 0) onLate?.(before);
      onLate = input.onLate;
      const bytes = { stdout: taken[0]?.printed ?? none, stderr: taken[1]?.printed ?? none };
      const output: Output = {
        stdout: bytes.stdout.toString('utf8'),
        stderr: bytes.stderr.toString('utf8'),
        bytes,
        exit,
        ending,
        note: ending === 'shell-ended' ? shellEndedNote(exit ?? 0) : undefined,
        durationMs: performance.now() - started,
        droppedBytes: out.droppedBytes + err.droppedBytes - droppedBefore,
      };
      if (ending !== 'completed') await close(ticks);
      return output;
    },
    save: async () => false,
    takeOver: async () => undefined,
    async late() {
      if (!host) return undefined;
      const request: OverRequest = { over: nonce() };
      const answer = answerTo<LateAnswer>(host.child, request.over);
      (host.child.stdio[3] as NodeJS.WritableStream).write(`${JSON.stringify(request)}\n`);
      const waited = await waitFor(answer, lateMs, new AbortController().signal);
      // A program that keeps its process busy has not thrown anything.
      if (waited.value === undefined) return undefined;
      const { late, underWay } = waited.value;
      for (const screen of [host.out, host.err]) {
        const printed = Buffer.from(screen.text, 'latin1');
        screen.skipTo(printed.length);
        if (printed.length > 0) onLate?.(printed);
      }
      if (late === null && underWay) onLate?.(Buffer.from(`${notWaitedFor}\n`));
      return late ?? undefined;
    },
    [Symbol.asyncDispose]: () => close(0),
  };
}

function startHost(node: LabNode, together: boolean): Host {
  const file = hostFile();
  const run = `cd "$1" && exec "$2" "$3"${together ? ' 2>&1' : ''}`;
  // Bash takes a socket on its standard input for a remote login and reads ~/.bashrc, unless it is not the first shell.
  const env = { ...node.env, SHLVL: '1' };
  const child = node.spawn({ argv: ['sh', '-c', run, 'sh', node.cwd, process.execPath, file], env, extraPipes: 1 });
  const [out, err] = [screen(), screen()];
  child.stdout?.on('data', (chunk: Buffer) => out.add(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.add(chunk));
  (child.stdio[3] as NodeJS.WritableStream).on('error', () => {});
  return { child, exited: exitOf(child), out, err, together };
}

/** The bundle of program-host.ts: beside this file in `dist/`; from the sources, in the last build. */
function hostFile(): string {
  const places = ['./program-host.js', '../../dist/program-host.js'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const file = places.find((place) => existsSync(place));
  if (file === undefined) throw new SessionError(`${places[0]} is missing`, { hint: 'run `npm run build`' });
  return file;
}

/** Resolves to what the host says under that mark; anything else there is a program's. */
function answerTo<T extends { readonly mark: string }>(child: ChildProcess, mark: string): Promise<T> {
  const lines = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
  lines.on('error', () => {});
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      // What a program has printed there without a line's end stands before it.
      const at = line.indexOf(`{"mark":"${JSON.stringify(mark).slice(1, -1)}"`);
      if (at < 0) return;
      lines.close();
      resolve(JSON.parse(line.slice(at)) as T);
    });
  });
}

/** What is told of a program that passed, and could have failed yet. */
const notWaitedFor =
  '[netlab: a timer or a command that a program had started and not awaited was ended with the runbook: what would have come of it is not known]';

const none = Buffer.alloc(0);

/** What came between the two marks, or from where there is a first one; the rest is kept for the next program. */
function take(from: Screen, begin: string, mark: string): { readonly before: Buffer; readonly printed: Buffer } {
  const { text } = from;
  const [beginAt, markAt] = [text.indexOf(begin), text.indexOf(mark)];
  const to = markAt < 0 ? text.length : markAt;
  const before = Buffer.from(text.slice(0, Math.max(0, beginAt)), 'latin1');
  const printed = Buffer.from(text.slice(beginAt < 0 ? 0 : beginAt + begin.length, to), 'latin1');
  from.skipTo(markAt < 0 ? to : to + mark.length);
  return { before, printed };
}
