import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cgroups, makeCgroups } from '../../src/lab/cgroups.ts';
import { startInAdvance } from '../../src/lab/in-advance.ts';

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', WORD: 'own' };
const says = ['sh', '-c', 'echo "$WORD $1"; cat /proc/self/cgroup; cat', 'sh', 'with a blank'] as const;

describe('a process that is started in advance', () => {
  let cgroups: Cgroups;
  beforeAll(() => {
    cgroups = makeCgroups({ pids: 100, memory: 2 ** 28, disk: 2 ** 20, cpu: undefined }, { all: false });
  });
  afterAll(() => cgroups[Symbol.asyncDispose]());

  const printed = async (child: ChildProcess | undefined): Promise<string> => {
    child?.stdin?.end('and reads on\n');
    return text(child?.stdout ?? process.stdin);
  };

  it('becomes a command, with its words, its own input and another environment, in the control groups', async () => {
    const waiting = startInAdvance(cgroups, env);
    const child = waiting.become({ argv: [...says], env: { ...env, WORD: 'another' }, extraPipes: 1 });
    const lines = (await printed(child)).trimEnd().split('\n');
    expect(lines[0]).toBe('another with a blank');
    expect(lines.at(-1)).toBe('and reads on');
    for (const directory of cgroups.directories) {
      const name = directory.split('/').at(-1) ?? '';
      expect(lines.filter((line) => line.endsWith(name)).length).toBeGreaterThan(0);
      expect(readFileSync(join(directory, 'cgroup.procs'), 'utf8')).not.toContain(String(child?.pid));
    }
  });

  it('becomes one command, once, and none that it cannot be told of', async () => {
    const waiting = startInAdvance(cgroups, env);
    expect(waiting.become({ argv: ['echo', 'two\nlines'], env, extraPipes: 1 })).toBeUndefined();
    expect(waiting.become({ argv: ['echo', ''], env, extraPipes: 1 })).toBeUndefined();
    expect(waiting.become({ argv: ['echo'], env, extraPipes: 2 })).toBeUndefined();
    expect(waiting.become({ argv: ['echo'], env: { PATH: env.PATH }, extraPipes: 1 })).toBeUndefined();
    const child = waiting.become({ argv: ['echo', 'told'], env, extraPipes: 1 });
    expect(await printed(child)).toBe('told\n');
    expect(waiting.become({ argv: ['echo', 'again'], env, extraPipes: 1 })).toBeUndefined();
  });

  it('is taken for nothing when it has ended, and ends when nobody needs it', async () => {
    const killed = startInAdvance(cgroups, env);
    const [directory = ''] = cgroups.directories;
    const members = (): string[] => readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
    await expect.poll(() => members().length).toBe(1);
    process.kill(Number(members()[0]), 'SIGKILL');
    await expect.poll(members).toEqual([]);
    await sleep(200);
    expect(killed.become({ argv: ['echo'], env, extraPipes: 1 })).toBeUndefined();
    const idle = startInAdvance(cgroups, env);
    await expect.poll(() => members().length).toBe(1);
    await idle.dismiss();
    await expect.poll(members).toEqual([]);
    expect(idle.become({ argv: ['echo'], env, extraPipes: 1 })).toBeUndefined();
  });
});
