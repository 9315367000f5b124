import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events.ts';
import { attributes, block, ownFolder, sessions, step, verdictOf } from './documents.ts';

const folder = ownFolder();

/** What a step can do instead of coming to an end. */
const endless = {
  'never ends': 'echo before; sleep 4321',
  'never ends in the shell itself': 'echo before; while :; do :; done',
  'ignores SIGTERM': "trap '' TERM INT HUP; echo before; sleep 4321; sleep 4321",
  'is a program that ignores SIGTERM': `echo before; sh -c "trap '' TERM INT HUP; sleep 4321; sleep 4321"`,
  'forks away with setsid': 'echo before; setsid -f sleep 4321; setsid sleep 4321 & sleep 4321',
  'forks away twice, and closes what it has': "echo before; (setsid sh -c 'sleep 4321 & ' <&- >&- 2>&- &); sleep 4321",
  'is stopped': "echo before; sh -c 'kill -STOP $$'",
  'stops its own shell': 'echo before; kill -STOP $$',
  'stops everything': 'echo before; sleep 4321 & kill -STOP $! $$',
  'waits for a FIFO': 'echo before; mkfifo /tmp/nobody && cat /tmp/nobody',
  'waits for a lock': 'echo before; (flock 9; sleep 4321) 9>/tmp/lock & sleep 0.1; flock /tmp/lock true',
} as const;

// ±0.5 s is promised of an idle machine; the tests share theirs.
const limitMs = 600;
const lateMs = 1500;

describe.each(sessions)('a step in a %s', (kind) => {
  it.each(Object.entries(endless))('that %s has timed out at its limit', async (_, command) => {
    const text =
      block(`sh ${attributes(kind, `timeout=${limitMs}ms continue`)}`, command) +
      block(`console ${attributes(kind)}`, '$ pgrep -fc "[s]leep 4321"', '0', '[1]', '$ echo after', 'after');
    const result = await verdictOf(folder(), text, { keepGoing: false });
    expect(result.steps.map(({ status }) => status)).toEqual(['timed_out', 'passed', 'passed']);
    expect(step(result, 0)).toMatchObject({
      stdout: 'before\n',
      exit: null,
      reason: expect.stringContaining('no end within 0.6 s'),
    });
    expect(step(result, 0).duration_ms).toBeGreaterThan(limitMs - 10);
    expect(step(result, 0).duration_ms).toBeLessThan(limitMs + lateMs);
    expect(result.status).toBe('failed');
  });

  it('is the last one, unless its document says to go on', async () => {
    const text =
      block(`sh ${attributes(kind, 'timeout=300ms')}`, 'sleep 4321') +
      block(`console ${attributes(kind)}`, '$ echo after', 'after') +
      block('sh {teardown}', 'echo down');
    const result = await verdictOf(folder(), text, { keepGoing: false });
    expect(result.steps.map(({ status }) => status)).toEqual(['timed_out', 'skipped', 'passed']);
  });
});

it('a program of zx that never ends has timed out, and the next one runs', async () => {
  const text =
    block('js {timeout=800ms continue}', 'console.log("before"); await $`sleep 4321`') +
    block('js', 'console.log((await $`pgrep -fc "[s]leep 4321" || true`).stdout.trim())') +
    block('text output', '0') +
    block('js {timeout=800ms continue}', 'for (;;) {}') +
    block('js', 'console.log("after")') +
    block('text output', 'after');
  const result = await verdictOf(folder(), text);
  expect(result.steps.map(({ status }) => status)).toEqual(['timed_out', 'passed', 'timed_out', 'passed']);
});

it('a shell that is stopped between two steps, its output held, has the next one time out', async () => {
  const text =
    block('sh', '(sleep 1; kill -STOP $$) >/dev/null 2>&1 & sleep 4321 &') +
    block('sh {session=other}', 'sleep 2') +
    block('console {timeout=600ms continue}', '$ echo one', 'one') +
    block('console', '$ echo two', 'two');
  const result = await verdictOf(folder(), text);
  expect(result.steps.map(({ status }) => status)).toEqual(['passed', 'passed', 'timed_out', 'passed']);
});

it('a run that is stopped does not wait for a background step to get ready', async () => {
  const text = block('sh {background ready=/never/ timeout=60s}', 'sleep 4321');
  const stop = new AbortController();
  const onEvent = ({ type }: RunEvent): void => void (type === 'step:start' && setTimeout(() => stop.abort(), 200));
  const started = performance.now();
  const result = await verdictOf(folder(), text, { signal: stop.signal, onEvent });
  expect(result).toMatchObject({ status: 'interrupted', steps: [{ status: 'skipped', reason: 'interrupted' }] });
  expect(performance.now() - started).toBeLessThan(20_000);
});

it('a background step that never gets ready has timed out, and ends with the runbook', async () => {
  const text =
    block('sh {background ready=/never/ timeout=500ms continue}', 'sleep 4321') + block('console', '$ echo a', 'a');
  const result = await verdictOf(folder(), text);
  expect(result.steps.map(({ status }) => status)).toEqual(['timed_out', 'passed']);
});
