import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createReporter } from '../../src/report/pretty.ts';
import type { Reporter, ReportTarget } from '../../src/report/types.ts';
import { textWidth } from '../../src/report/width.ts';
import { memoryTarget, path, step } from './run-events.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const start = { type: 'runbook:start', path, title: 'One', lab: 'docker', steps: 3, source: '' } as const;
const stepStart = (name: string) =>
  ({ type: 'step:start', path, index: 0, name, line: 12, node: 'host', session: 'main', command: name }) as const;

/** A reporter on a terminal, and each write that it made. */
function terminal(change: Partial<ReportTarget> = {}): { reporter: Reporter; writes: string[] } {
  const writes: string[] = [];
  const target = { ...memoryTarget({ isTerminal: true, ...change }), write: (text: string) => void writes.push(text) };
  const reporter = createReporter(target);
  reporter.event(start);
  writes.length = 0;
  return { reporter, writes };
}

describe('the running step', () => {
  test('is drawn in place with the time that it takes, and taken away before anything else', () => {
    const { reporter, writes } = terminal();
    reporter.event(stepStart('ping 10.0.0.2'));
    expect(writes).toEqual([]);
    vi.advanceTimersByTime(1250);
    expect(writes).toHaveLength(12);
    expect(writes[0]).toBe('\u001b[?25l  ⠋ ping 10.0.0.2  1/3  0.1 s');
    expect(writes[1]).toBe('\r\u001b[2K  ⠙ ping 10.0.0.2  1/3  0.2 s');
    expect(writes[11]).toBe('\r\u001b[2K  ⠙ ping 10.0.0.2  1/3  1.2 s');
    reporter.event({ type: 'step:end', path, step: step() });
    expect(writes[12]).toBe('\r\u001b[2K\u001b[?25h  ✓   12  ip link\n');
    reporter.event(stepStart('ip link'));
    vi.advanceTimersByTime(100);
    expect(writes[13]).toContain('2/3');
  });

  test('costs a quick step nothing', () => {
    const { reporter, writes } = terminal();
    for (let index = 0; index < 1000; index += 1) {
      reporter.event(stepStart('true'));
      reporter.event({ type: 'step:end', path, step: step() });
    }
    expect(writes).toHaveLength(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([1, 2, 5, 10, 16, 20, 30, 80])('is never wider than a terminal of %i columns', (columns) => {
    const { reporter, writes } = terminal({ columns, colour: true });
    reporter.event(stepStart('容器 # docker run --name w1 -it busybox:latest /bin/sh -c "sleep 1000"'));
    vi.advanceTimersByTime(300);
    for (const text of writes)
      expect(textWidth(stripVTControlCharacters(text).replace('\r', ''))).toBeLessThan(columns);
  });

  test('follows the terminal when it is resized', () => {
    let columns = 60;
    const writes: string[] = [];
    const reporter = createReporter({
      ...memoryTarget(),
      isTerminal: true,
      write: (text) => void writes.push(text),
      get columns() {
        return columns;
      },
    });
    reporter.event(stepStart('a name that needs its sixty columns to be read'));
    vi.advanceTimersByTime(100);
    columns = 24;
    vi.advanceTimersByTime(100);
    expect(writes[0]).toContain('columns to be read');
    expect(textWidth(stripVTControlCharacters(writes[1] ?? '').replace('\r', ''))).toBeLessThan(24);
    reporter.end?.();
  });

  test('is gone, and the cursor back, when the run ends early', () => {
    const { reporter, writes } = terminal();
    reporter.event({ type: 'lab:start', path, lab: 'node1 (docker)' });
    vi.advanceTimersByTime(100);
    expect(writes.at(-1)).toBe('\u001b[?25l  ⠋ starting the lab: node1 (docker)  0.1 s');
    reporter.end?.();
    expect(writes.at(-1)).toBe('\r\u001b[2K\u001b[?25h');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('cannot be made to control the terminal', () => {
    const { reporter, writes } = terminal();
    reporter.event(stepStart('\u001b[2Jx\u0007'));
    vi.advanceTimersByTime(100);
    expect(writes[0]).toBe('\u001b[?25l  ⠋ \\x1b[2Jx\\x07  1/3  0.1 s');
  });

  test('is not drawn in a pipe', () => {
    const { reporter, writes } = terminal({ isTerminal: false });
    reporter.event(stepStart('sleep 10'));
    vi.advanceTimersByTime(10_000);
    expect(writes).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not keep the process alive', () => {
    vi.useRealTimers();
    const unref = vi.fn();
    const interval = vi.spyOn(globalThis, 'setInterval').mockReturnValue({ unref } as unknown as NodeJS.Timeout);
    terminal().reporter.event(stepStart('sleep 10'));
    expect(unref).toHaveBeenCalledOnce();
    interval.mockRestore();
  });
});
