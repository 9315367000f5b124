import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { clockTicks, clockTicksAt, killTree } from '../../src/shell/processes.ts';

let end = (): void => {};
afterEach(() => {
  end();
  end = () => {};
});

/** The first process of a node, with a service that it started itself, and something that a step has left to it. */
async function adopter(): Promise<{ readonly pid: number; readonly children: () => string[] }> {
  const script = 'sleep 501 & setsid sleep 502 & echo; wait';
  const child = spawn('bash', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = child.pid ?? 0;
  const children = (): string[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
      .split(' ')
      .filter(Boolean)
      .map((each) => readFileSync(`/proc/${each}/cmdline`, 'latin1').replaceAll('\0', ' ').trim());
  end = () => {
    for (const each of readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ')) {
      if (each) process.kill(Number(each), 'SIGKILL');
    }
  };
  await once(child.stdout, 'data');
  while (!children().includes('sleep 502') || !children().includes('sleep 501')) await sleep(10);
  return { pid, children };
}

it('ends what a step has left, and spares what PID 1 has started itself, however late that was', async () => {
  const { pid, children } = await adopter();
  await killTree(undefined, pid, 0);
  expect(children()).toEqual(['sleep 501']);
});

it('spares what was there before', async () => {
  const { pid, children } = await adopter();
  await killTree(undefined, pid, clockTicks() + 10);
  expect(children()).toEqual(['sleep 501', 'sleep 502']);
});

it('counts ticks back to a moment, never to a later one', async () => {
  const before = clockTicks();
  const moment = performance.now();
  const after = clockTicks();
  await sleep(150);
  const told = clockTicksAt(moment);
  expect(told).toBeLessThanOrEqual(after);
  expect(told).toBeGreaterThanOrEqual(before - 3);
});
