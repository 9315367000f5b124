import { existsSync } from 'node:fs';
import { expect, it, vi } from 'vitest';

const limits = { memory: 2 ** 30, pids: 100, disk: 2 ** 20, cpu: undefined };

it('two threads of one process make groups of their own, though each counts for itself', async () => {
  // A thread has modules of its own, as this test has after a reset.
  const one = await import('../../src/lab/cgroups.ts');
  vi.resetModules();
  const other = await import('../../src/lab/cgroups.ts');
  expect(other).not.toBe(one);
  const groups = [one, other, one, other].map(({ makeCgroups }) => makeCgroups(limits));
  const all = groups.flatMap(({ directories }) => directories);
  expect(groups.flatMap(({ unkept }) => unkept)).toEqual([]);
  expect(new Set(groups.map(({ directories }) => directories.length)).size).toBe(1);
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((directory) => !existsSync(directory))).toEqual([]);
  for (const group of groups) await group[Symbol.asyncDispose]();
  expect(all.filter((directory) => existsSync(directory))).toEqual([]);
});
