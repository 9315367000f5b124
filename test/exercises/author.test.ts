import { beforeAll, describe, expect, it } from 'vitest';
import type { RunbookResult } from '../../src/events.ts';
import { readCourse } from '../../src/learn/course.ts';
import { load } from '../../src/run/load.ts';
import { run } from '../../src/run.ts';
import { leftSince, type MachineState, machineState } from '../lab/leaks.ts';

const paths = ['exercises', 'exercises/zh'].flatMap((folder) => readCourse(folder, () => []).files);
const documents = await load(paths);
let results: readonly RunbookResult[] = [];
let before: MachineState;

beforeAll(async () => {
  before = await machineState();
  ({ runbooks: results } = await run({ paths, jobs: 3 }));
}, 180_000);

describe('the author’s test', () => {
  it.each(paths)('passes for %s', (path) => {
    const result = results.find((each) => each.path === path);
    const bad = result?.steps.filter(({ status }) => status !== 'passed') ?? [];
    expect(
      bad.map(({ name, status, reason, checks, stdout, stderr }) => ({ name, status, reason, checks, stdout, stderr })),
    ).toEqual([]);
    expect(result?.status).toBe('passed');
    const tasks = documents.find((each) => each.path === path)?.exercise?.tasks.length ?? 0;
    expect(result?.steps.filter(({ name }) => name.endsWith('not solved at the start'))).toHaveLength(tasks);
  });

  it('leaves nothing', async () => {
    expect(await leftSince(before, 1000)).toEqual([]);
  });
});
