import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { run } from '../../src/run.ts';
import { isOwn, leftSince, machineState } from '../lab/leaks.ts';

const folder = mkdtempSync(join(tmpdir(), 'api-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('run rejects with what onEvent throws once every lab has gone, and waits for no step', async () => {
  const paths = ['1', '20'].map((seconds) => {
    const path = join(folder, `sleeps-${seconds}.md`);
    writeFileSync(path, `# Sleeps\n\n\`\`\`sh\nsleep ${seconds}\n\`\`\`\n`);
    return path;
  });
  const before = machineState();
  const started = performance.now();
  const onEvent = ({ type }: { readonly type: string }): void => {
    if (type === 'step:end') throw new Error('cannot be told');
  };
  await expect(run({ paths, jobs: 2, onEvent })).rejects.toThrow('cannot be told');
  expect(performance.now() - started).toBeLessThan(15_000);
  const isProcess = (thing: string): boolean => thing.startsWith('process ') && isOwn(thing);
  expect(await leftSince(before, 0, isProcess)).toEqual([]);
});
