import { describe, expect, test } from 'vitest';
import type { RunbookResult, RunEvent, RunResult, RunStatus } from '../../src/events.ts';
import { readBlob } from '../../src/report/blob.ts';
import { mergedEvents, mergeRuns, type NamedBlob } from '../../src/run/merge.ts';
import { check, events, recorded, resultOf, run, runbook, step, told } from '../report/run-events.ts';

/** The blob of a run of these runbooks. */
async function blobOf(
  name: string,
  runbooks: readonly RunbookResult[],
  end: Partial<RunResult> = {},
): Promise<NamedBlob> {
  const result: RunResult = { ...run(runbooks, 'passed'), ...end };
  const all = runbooks.flatMap((one): RunEvent[] => [
    { type: 'runbook:start', path: one.path, title: one.title, lab: 'sandbox', steps: one.steps.length, source: '' },
    { type: 'runbook:end', runbook: one },
  ]);
  return { name, blob: readBlob(await told('blob', [...all, { type: 'run:end', run: result }]), name) };
}

const passed = (path: string) => runbook([step({ checks: [check()] })], { path });
const shard = (index: number, of: number, total: number) => ({ shard: { index, of, total } });

test('one blob gives the report of its run again', async () => {
  const all = recorded();
  const merged = mergeRuns([{ name: 'a', blob: readBlob(await told('blob', all), 'a') }]);
  expect(merged.run).toEqual(resultOf(all));
  for (const name of ['pretty', 'junit', 'html', 'tap']) {
    expect(await told(name, mergedEvents(merged))).toBe(await told(name, all));
  }
});

test('runbooks come in the order of their paths, with counts and durations added', async () => {
  const one = await blobOf('1', [passed('b/a.md'), passed('a.md')], shard(1, 2, 4));
  const two = await blobOf('2', [passed('b.md'), passed('B/z.md')], shard(2, 2, 4));
  const { run: merged, notes } = mergeRuns([two, one]);
  expect(merged.runbooks.map(({ path }) => path)).toEqual(['a.md', 'b/a.md', 'B/z.md', 'b.md']);
  expect(merged).toMatchObject({ status: 'passed', reason: null, duration_ms: 4690, counts: { passed: 4 } });
  expect(notes).toEqual([]);
});

describe('the whole', () => {
  test.each<[RunStatus, string | null, readonly RunStatus[]]>([
    ['failed', 'strict: flaky: a.md', ['passed', 'failed']],
    ['errored', 'strict: flaky: a.md', ['failed', 'errored']],
    ['interrupted', 'strict: flaky: a.md', ['errored', 'interrupted', 'failed']],
    ['passed', null, ['passed', 'empty']],
  ])('is %s', async (status, reason, parts) => {
    const blobs = parts.map((part, index) =>
      blobOf(String(index), [passed(`${index}.md`)], {
        status: part,
        reason: part === 'passed' ? null : 'strict: flaky: a.md',
      }),
    );
    expect(mergeRuns(await Promise.all(blobs)).run).toMatchObject({ status, reason });
  });

  test('is empty when no part checked anything', async () => {
    expect(mergeRuns([await blobOf('1', [], { status: 'empty' })]).run).toMatchObject({ status: 'empty' });
  });

  test.each([
    ['a shard is not there', [shard(1, 3, 2), shard(3, 3, 2)], 'not whole: of 3 shards, there is no report of 2'],
    ['shards are of two runs', [shard(1, 2, 2), shard(2, 2, 5)], 'not whole: these shards are not parts of one run'],
    [
      'a runbook is in none',
      [shard(1, 2, 3), shard(2, 2, 3)],
      'not whole: the run has 3 runbooks, and these shards ran 2 of them',
    ],
  ])('is errored when %s', async (_, ends, reason) => {
    const blobs = await Promise.all(ends.map((end, index) => blobOf(String(index), [passed(`${index}.md`)], end)));
    expect(mergeRuns(blobs).run).toMatchObject({ status: 'errored', reason });
  });
});

test('a runbook that is in two blobs is said, and counts twice', async () => {
  const { run: merged, notes } = mergeRuns([await blobOf('1', [passed('a.md')]), await blobOf('2', [passed('a.md')])]);
  expect(notes).toEqual(['a.md is in 1 and in 2: each of them counts']);
  expect(merged.counts.passed).toBe(2);
});

/** The events of a run that became a blob and was merged. */
async function mergedAgain(all: readonly RunEvent[]): Promise<RunEvent[]> {
  return [...mergedEvents(mergeRuns([{ name: 'a', blob: readBlob(await told('blob', all), 'a') }]))];
}

test('the events of a merged run are those that a run tells', async () => {
  const all = [...events([step()], 'passed')];
  expect(await mergedAgain(all)).toEqual(all);
});

test('a merged run still says which limits its labs were without', async () => {
  const unlimited = ['memory', 'pids'];
  const result = runbook([step()], { unlimited });
  const all = [...events([step()], 'passed')].map((event): RunEvent => {
    if (event.type === 'lab:ready') return { ...event, unlimited };
    if (event.type === 'runbook:end') return { ...event, runbook: result };
    return event.type === 'run:end' ? { ...event, run: run([result], 'passed') } : event;
  });
  expect(await mergedAgain(all)).toEqual(all);
  expect(await told('pretty', await mergedAgain(all))).toContain('not limited here: memory, pids');
});
