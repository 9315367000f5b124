import { connect } from 'node:net';

/** Told, as the end of a sentence, what has become of a service. */
export type OnLost = (service: string, what: string) => void;

/** `refused`: nobody listens where somebody did. */
export type Answer = 'answered' | 'refused' | 'none';

/** So long without an answer is no slowness: a service with nothing to do answers within milliseconds. */
const hungSeconds = 10;

/** Whoever starts such a service anew has done so by then. */
const refusals = 2;

/**
 * Asks a service once a second whether it is there, until `signal` aborts. Seconds are counted by turns of a timer, not by
 * a clock: when this process itself was stopped or busy, only one of them has passed, and the answer is read before the next.
 */
export function watch(service: string, ask: () => Promise<Answer>, signal: AbortSignal, onLost: OnLost): void {
  let asking = false;
  let silent = 0;
  let refused = 0;
  const timer = setInterval(() => {
    silent += 1;
    if (silent > hungSeconds) lose(`has not answered for ${hungSeconds} s`);
    else if (!asking) {
      asking = true;
      void ask().then((answer) => {
        asking = false;
        if (answer === 'answered') silent = 0;
        refused = answer === 'refused' ? refused + 1 : 0;
        if (refused >= refusals) lose('has ended');
      });
    }
  }, 1000).unref();
  const lose = (what: string): void => {
    clearInterval(timer);
    onLost(service, what);
  };
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Says something to a service, and hears whether it says something back, whatever that is. */
export function greet(path: string, words: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const caller = connect(path, () => caller.write(words, 'latin1')).unref();
    const hangUp = (answer: Answer): void => {
      signal.removeEventListener('abort', onAbort);
      caller.destroy();
      resolve(answer);
    };
    const onAbort = (): void => hangUp('answered');
    signal.addEventListener('abort', onAbort, { once: true });
    caller.once('data', () => hangUp('answered'));
    caller.once('end', () => hangUp('answered'));
    caller.once('error', ({ code }: NodeJS.ErrnoException) => hangUp(failures[code ?? ''] ?? 'answered'));
  });
}

/** A socket whose name is gone says nothing of its service; a queue of callers that is full is no answer. */
const failures: Readonly<Record<string, Answer>> = { EAGAIN: 'none', ECONNREFUSED: 'refused' };
