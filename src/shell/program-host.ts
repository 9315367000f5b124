// Runs inside the lab: a zx notebook. Reads one JSON request a line on descriptor 3, answers there, and prints what the
// program prints. The bundle of this file holds zx, so the lab needs nothing but node.
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { start } from 'node:repl';
import { PassThrough } from 'node:stream';
import * as zx from 'zx';
import type { ProgramRequest } from './program.ts';

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

const channel = new Socket({ fd: 3 });
for await (const line of createInterface({ input: channel })) {
  const request = JSON.parse(line) as ProgramRequest;
  Object.assign(process.env, request.env);
  if (request.cwd !== undefined) zx.cd(request.cwd);
  const error = await evaluate(request.code);
  if (error !== undefined) process.stderr.write(`${error}\n`);
  process.stdout.write(request.mark);
  if (!request.together) process.stderr.write(request.mark);
  channel.write(`${JSON.stringify({ exit: error === undefined ? 0 : 1 })}\n`);
}

/** Resolves to what was thrown, told as a person would want to read it, or to nothing. */
function evaluate(code: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    onThrow = (error) => resolve(describe(error));
    repl.eval(`${code}\n`, repl.context, 'runbook', (error) => {
      resolve(error == null ? undefined : describe(error));
    });
  });
}

function describe(error: unknown): string {
  if (error instanceof zx.ProcessOutput) return `exit status ${error.exitCode}`;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
}
