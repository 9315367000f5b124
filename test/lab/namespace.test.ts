import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { childrenOf, sparing, start } from '../../src/lab/namespace.ts';

it('killing what has ended by itself between the look and the kill is no error', async () => {
  const child = sparing(start({ argv: ['sh', '-c', 'sleep 60 & wait'], env: process.env as Record<string, string> }));
  const ended = once(child, 'close');
  while (childrenOf(child.pid).length === 0) await sleep(10);
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
  });
  expect(() => child.kill('SIGKILL')).not.toThrow();
  expect(kill).toHaveBeenCalledOnce();
  kill.mockRestore();
  child.kill('SIGKILL');
  await ended;
});
