// Runs inside the lab: a zx notebook. Reads one JSON request a line on descriptor 3, answers there, and prints what the
// program prints. The bundle of this file holds zx, so the lab needs nothing but node.
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { start } from 'node:repl';
import { PassThrough } from 'node:stream';
import * as zx from 'zx';
import type { LateAnswer, OverRequest, ProgramAnswer, ProgramRequest } from './program.ts';
import { runRepeatable } from './repeatable.ts';

// A program may put others in their places.
const { parse, stringify } = JSON;
const print = process.stdout.write.bind(process.stdout);
const complain = process.stderr.write.bind(process.stderr);

const repl = start({ input: new PassThrough(), output: new PassThrough(), terminal: false, useGlobal: true });
Object.assign(globalThis, zx);
zx.$.verbose = false;

// The notebook gives what a program throws to its domain where it has one (Node 20), else to the process.
let onThrow: (error: unknown) => void = () => {};
const { _domain: domain } = repl as { _domain?: NodeJS.EventEmitter };
for (const source of [domain, process]) {
  source?.removeAllListeners(source === process ? 'uncaughtException' : 'error');
  source?.on(source === process ? 'uncaughtException' : 'error', (error: unknown) => onThrow(error));
}
process.on('unhandledRejection', (error) => onThrow(error));

// Above the loop: it never ends, so nothing below it is ever initialised.
/** Thrown between programs: the next one fails with it, since it must not be lost. */
const overdue: unknown[] = [];

/** Where zx keeps the folder that `cd` has chosen, and in which it starts commands. */
const zxFolder = Object.getOwnPropertySymbols(zx.defaults).find((key) => key.description === 'processCwd') as symbol;
const options = zx.$ as unknown as Record<PropertyKey, unknown>;

/** How long commands that a program has started and not awaited may go on before its verdict, in milliseconds. */
const settleMs = 500;

const channel = new Socket({ fd: 3 });
for await (const line of createInterface({ input: channel })) {
  const request = parse(line) as ProgramRequest | OverRequest;
  if ('over' in request) {
    await settled();
    const answer: LateAnswer = { mark: request.over, late: overdue.map(describe)[0] ?? null, underWay: underWay() };
    answerWith(answer);
    continue;
  }
  Object.assign(process.env, request.variables);
  const takeBack = remember(request);
  try {
    Object.assign(process.env, request.env);
    answerWith({ mark: request.mark, exit: enter(request.cwd) ? await run(request) : null });
  } finally {
    takeBack();
  }
}

/** Returns what makes the variables and the folder that are a program's alone what they were before it. */
function remember({ env, cwd }: ProgramRequest): () => void {
  const variables = Object.keys(env).map((name) => [name, process.env[name]] as const);
  const [folder, folderOfZx, cwdOfZx] = cwd === undefined ? [] : [whereItIs(), options[zxFolder], zx.$.cwd];
  return () => {
    for (const [name, value] of variables) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    if (cwd === undefined) return;
    // One that has gone meanwhile is left.
    if (folder !== undefined) enter(folder);
    Object.assign(options, { [zxFolder]: folderOfZx, cwd: cwdOfZx });
  };
}

/** Goes there, and zx with it; false where that cannot be. */
function enter(cwd: string | undefined): boolean {
  try {
    if (cwd !== undefined) {
      process.chdir(cwd);
      Object.assign(options, { [zxFolder]: process.cwd(), cwd: undefined });
    }
    return true;
  } catch {
    return false;
  }
}

/** `undefined`: its folder has gone. */
function whereItIs(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** Runs a program between its marks, and resolves to its status. */
async function run(request: ProgramRequest): Promise<number> {
  print(request.begin);
  if (!request.together) complain(request.begin);
  const error = await evaluate(request);
  if (error !== undefined) complain(`${error}\n`);
  print(request.mark);
  if (!request.together) complain(request.mark);
  return error === undefined ? 0 : 1;
}

function answerWith(answer: ProgramAnswer | LateAnswer): void {
  channel.write(`${stringify(answer)}\n`);
}

/**
 * Resolves to what was thrown, told as a person would want to read it, or to nothing. A promise that the program leaves as
 * its value is awaited, and so, for a moment, is what it has started: the usual `main()` fails late, and must not pass.
 */
async function evaluate({ code, repeatable }: ProgramRequest): Promise<string | undefined> {
  const earlier = overdue.splice(0).map((error) => `an earlier program failed after its end: ${describe(error)}`);
  const thrown: unknown[] = [...earlier];
  let wake = (): void => {};
  const late = new Promise<void>((resolve) => {
    wake = resolve;
  });
  onThrow = (error) => {
    thrown.push(error);
    wake();
  };
  const done = new Promise<void>((resolve) => {
    if (repeatable) return void runRepeatable(code).then((errors) => resolve(void thrown.push(...errors)));
    repl.eval(`${code}\n`, repl.context, 'runbook', async (error, value) => {
      try {
        // Null says that nothing was thrown; undefined can be.
        if (error !== null) thrown.push(error);
        else await value;
      } catch (rejected) {
        thrown.push(rejected);
      }
      resolve();
    });
  });
  await Promise.race([done, late]);
  const deadline = performance.now() + settleMs;
  do await new Promise((resolve) => setTimeout(resolve, 2));
  while (
    thrown.length === 0 &&
    performance.now() < deadline &&
    process.getActiveResourcesInfo().includes('ProcessWrap')
  );
  onThrow = (error) => void overdue.push(error);
  return thrown.length > 0 ? describe(thrown[0]) : undefined;
}

/** Resolves once something has failed, or nothing is under way that could, or after a while. */
async function settled(): Promise<void> {
  const deadline = performance.now() + settleMs;
  // Not by a timer, which would be under way itself.
  do await new Promise((resolve) => setImmediate(resolve));
  while (overdue.length === 0 && performance.now() < deadline && underWay());
}

/** Whether a command or a timer that a program has started may fail yet. */
function underWay(): boolean {
  return process.getActiveResourcesInfo().some((kind) => kind === 'ProcessWrap' || kind === 'Timeout');
}

function describe(error: unknown): string {
  try {
    if (error instanceof zx.ProcessOutput) return `exit status ${error.exitCode}`;
    if (error instanceof Error) return `${error.name}: ${error.message}`;
    return String(error);
  } catch {
    return 'something that cannot be told in words';
  }
}
