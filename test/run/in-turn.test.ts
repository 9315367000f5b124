import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inTurn, type Task } from '../../src/run/in-turn.ts';

it('rejects with what was thrown first once all that ran have ended, and begins nothing more', async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const tasks: Task<void>[] = [
    async () => {
      await sleep(10);
      throw new Error('first');
    },
    async () => {
      await sleep(60_000, undefined, { signal: stop.signal }).catch(() => {});
      await sleep(50);
      told.push('the other has ended');
      throw new Error('second');
    },
    async () => void told.push('the third has begun'),
  ];
  await expect(
    inTurn(
      tasks,
      2,
      () => {},
      () => stop.abort(),
    ),
  ).rejects.toThrow('first');
  expect(told).toEqual(['the other has ended']);
});
