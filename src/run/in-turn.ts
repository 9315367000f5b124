import type { RunEvent } from '../events.ts';

/** Runs one thing and says what happens in it. */
export type Task<T> = (emit: (event: RunEvent) => void) => Promise<T>;

/**
 * Runs tasks, at most `limit` at a time, and tells their events as if they had run one after the other: those of the first
 * that is not done at once, those of the others when their turn has come. Resolves to their results, in their order.
 * When one rejects, no further one begins, `stop` is called for those that run, and it rejects once these have ended.
 */
export async function inTurn<T>(
  tasks: readonly Task<T>[],
  limit: number,
  tell: (event: RunEvent) => void,
  stop: () => void = () => {},
): Promise<T[]> {
  const waiting: RunEvent[][] = tasks.map(() => []);
  const done = tasks.map(() => false);
  const results: T[] = [];
  const errors: unknown[] = [];
  let turn = 0;
  let next = 0;
  const flush = (): void => {
    while (turn < tasks.length) {
      for (const event of waiting[turn]?.splice(0) ?? []) tell(event);
      if (!done[turn]) return;
      turn++;
    }
  };
  const work = async (): Promise<void> => {
    for (let index = next++; index < tasks.length && errors.length === 0; index = next++) {
      const task = tasks[index] as Task<T>;
      results[index] = await task((event) => {
        if (index === turn) tell(event);
        else waiting[index]?.push(event);
      });
      done[index] = true;
      flush();
    }
  };
  const guarded = (): Promise<void> =>
    work().catch((error: unknown) => {
      errors.push(error);
      stop();
    });
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, guarded));
  if (errors.length > 0) throw errors[0];
  return results;
}
