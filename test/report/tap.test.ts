import { Parser } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/events.ts';
import { events, hostile, recorded, step, told } from './run-events.ts';

/** What a TAP parser, told to be strict, makes of the report. */
async function read(all: readonly RunEvent[]) {
  const extra: string[] = [];
  const points: { ok: boolean; name: string; skip: boolean | string; diag: Record<string, unknown> | null }[] = [];
  const parser = new Parser({ strict: true });
  parser.on('extra', (text: string) => extra.push(text));
  parser.on('version', (version: number) => expect(version).toBe(14));
  parser.on('child', (child: Parser) => {
    child.on('extra', (text: string) => extra.push(text));
    child.on('assert', (point) => points.push(point));
  });
  const results = await new Promise<{ ok: boolean; count: number; fail: number; failures: readonly object[] }>(
    (resolve) => {
      parser.on('complete', resolve);
      told('tap', all).then((text) => parser.end(text));
    },
  );
  expect(extra).toEqual([]);
  return { results, points };
}

describe('a TAP parser', () => {
  test('reads a real run', async () => {
    const { results, points } = await read(recorded());
    expect(results).toMatchObject({ ok: false, count: 3, fail: 1 });
    expect(points.map(({ ok, skip }) => (skip ? 'skip' : ok ? 'ok' : 'not'))).toEqual([
      'ok',
      'not',
      'not',
      'not',
      'not',
      'skip',
      'not',
      'skip',
      'ok',
      'ok',
      'ok',
      'ok',
      'skip',
    ]);
    expect(points[5]).toMatchObject({ name: 'true', skip: 'not # today' });
    expect(points[3]).toMatchObject({
      name: 'long, # \\ line: 100%',
      diag: {
        status: 'failed',
        message: 'exit: expected status 0, got 3',
        at: 'test/report/fixtures/hostile.md:34',
        exit: 3,
      },
    });
  });

  test('reads hostile texts, and finds as many points', async () => {
    const { results, points } = await read(hostile(recorded()));
    expect(results).toMatchObject({ ok: false, count: 3, fail: 1 });
    expect(points).toHaveLength(13);
  });

  test('calls a run that passed a success', async () => {
    expect((await read([...events([step()], 'passed')])).results).toMatchObject({ ok: true, count: 1 });
  });

  test.each([
    ['empty', 'nothing was checked'],
    ['failed', 'strict: something was skipped or empty'],
    ['interrupted', 'stopped before the end'],
    ['errored', 'no Docker'],
  ] as const)('calls a run that is %s no success', async (status, reason) => {
    const skipped = step({ status: 'skipped', reason: 'x' });
    expect((await read([...events([skipped], status, reason)])).results.ok).toBe(false);
  });
});
