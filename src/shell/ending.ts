import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { SessionError } from '../errors.ts';
import type { LabNode } from '../lab/types.ts';
import { limit, type Wait } from './limit.ts';

/** How a wait ended: with a value, at its limit, or because the run is being stopped. */
export type Waited<T> =
  | { readonly value: T }
  | { readonly value?: undefined; readonly ending: 'timed-out' | 'aborted' };

/** Waits for `done`, for at most `timeoutMs`, and no longer than until `signal` aborts. Each step waits: one promise for it. */
export function waitFor<T>(done: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<Waited<T>> {
  return new Promise((resolve, reject) => {
    const wait: Wait = { cut: (ending) => resolve({ ending }), deadline: performance.now() + timeoutMs };
    if (signal.aborted) return resolve({ ending: 'aborted' });
    const stop = limit(wait, signal);
    done.then(
      (value) => {
        stop();
        resolve({ value });
      },
      (error) => {
        stop();
        reject(error);
      },
    );
  });
}

/** The exit status of a child as a shell would say it: 128 + n after signal n. */
export function exitOf(child: ChildProcess): Promise<number> {
  const status = (code: number | null, signal: NodeJS.Signals | null): number =>
    code ?? 128 + (signal ? constants.signals[signal] : 0);
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve(status(child.exitCode, child.signalCode));
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(status(code, signal)));
    child.once('error', () => resolve(127));
  });
}

/** A shell that had ended, by what an earlier step left behind or by itself, has not run the step; its status says nothing of it. */
export function notBegun({ name }: LabNode, status: number): SessionError {
  return new SessionError(`the shell on ${name} had ended before it read this step (status ${status})`, {
    hint: 'the next step starts in a new one',
  });
}

/** In a sentence: what it means that the session's own shell has ended. */
export function shellEndedNote(status: number): string {
  return `the step ended its shell (status ${status}); the next step starts in a new one`;
}

const endingWords = /exit|exec|kill|return|logout|quit|suspend|source|^\s*\.\s|[;&|\n]\s*\.\s/;

/** Whether what a step says means to end its shell, or may. */
export function mayEndShell(command: string): boolean {
  return endingWords.test(command);
}
