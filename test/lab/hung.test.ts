import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { tail } from '../../src/lab/docker.ts';
import { type Answer, greet, watch } from '../../src/lab/hung.ts';

describe('watching a service', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells once, after ten seconds without an answer', async () => {
    const told: string[] = [];
    const asked = vi.fn(() => new Promise<Answer>(() => {}));
    watch('dockerd', asked, new AbortController().signal, (...lost) => told.push(lost.join(' ')));
    await vi.advanceTimersByTimeAsync(10_500);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told).toEqual(['dockerd has not answered for 10 s']);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('begins to count anew with each answer, and not with what is none', async () => {
    const told: string[] = [];
    let answer: Answer = 'answered';
    watch(
      'dockerd',
      async () => answer,
      new AbortController().signal,
      (_, what) => told.push(what),
    );
    await vi.advanceTimersByTimeAsync(60_000);
    answer = 'none';
    await vi.advanceTimersByTimeAsync(9_500);
    answer = 'answered';
    await vi.advanceTimersByTimeAsync(2_000);
    answer = 'none';
    await vi.advanceTimersByTimeAsync(9_500);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(told).toEqual(['has not answered for 10 s']);
  });

  it('tells of one that has ended when it refuses twice', async () => {
    const answers: Answer[] = ['answered', 'refused', 'answered', 'refused', 'refused', 'refused'];
    const told: string[] = [];
    const next = async (): Promise<Answer> => answers.shift() ?? 'none';
    watch('containerd', next, new AbortController().signal, (...lost) => told.push(lost.join(' ')));
    await vi.advanceTimersByTimeAsync(4_500);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual(['containerd has ended']);
  });

  it('ends with its signal', async () => {
    const [told, over] = [vi.fn(), new AbortController()];
    watch('dockerd', async () => 'none', over.signal, told);
    await vi.advanceTimersByTimeAsync(5_000);
    over.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a greeting', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hung-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is answered by words, and by a refusal; silence is no answer', async () => {
    const path = join(folder, 'service');
    const heard: string[] = [];
    const server = createServer((caller) =>
      caller
        .once('data', (words) => {
          heard.push(words.toString());
          if (words.toString() === 'hello') caller.write('you');
          if (words.toString() === 'go') caller.end();
        })
        .on('error', () => {}),
    );
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    const never = new AbortController().signal;
    expect([await greet(path, 'hello', never), await greet(path, 'go', never)]).toEqual(['answered', 'answered']);
    // Its name is gone: that says nothing of the service.
    expect(await greet(join(folder, 'nobody'), 'hello', never)).toBe('answered');
    const over = new AbortController();
    let settled = false;
    const silent = greet(path, 'shh', over.signal).finally(() => {
      settled = true;
    });
    await vi.waitFor(() => expect(heard).toContain('shh'));
    expect(settled).toBe(false);
    over.abort();
    await silent;
    // Closing it would take its name away: one that is killed leaves that.
    const left = join(folder, 'left');
    const listen = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, 9))';
    expect(spawnSync(process.execPath, ['-e', listen, left]).signal).toBe('SIGKILL');
    expect(await greet(left, 'hello', never)).toBe('refused');
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the end of a log', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is its last lines, of however much', () => {
    const path = join(folder, 'log');
    writeFileSync(
      path,
      `${'x'.repeat(2 ** 20)}\n${Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('')}`,
    );
    expect(tail(path, 2)).toBe('line 18\nline 19');
    expect(tail(path)).toMatch(/^line 8\n[\s\S]*line 19$/);
    writeFileSync(path, 'one');
    expect(tail(path)).toBe('one');
  });

  it('is nothing where a lab has put what is no file: nothing is read through a link, of a FIFO or a device', () => {
    for (const [name, target] of Object.entries({ secret: '/etc/passwd', endless: '/dev/zero', itself: 'itself' }))
      symlinkSync(target, join(folder, name));
    spawnSync('mkfifo', [join(folder, 'fifo')]);
    for (const name of ['secret', 'endless', 'itself', 'fifo', '.', 'nowhere'])
      expect(tail(join(folder, name))).toBe('');
    expect(tail('/dev/zero')).toBe('');
  });
});
