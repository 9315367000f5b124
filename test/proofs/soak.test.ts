import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { run } from '../../src/run.ts';
import { block, ownFolder } from '../behaviour/documents.ts';
import { proofRow } from './proof-row.ts';

/** `npm run soak -- --runs N` sets it. */
const runs = Number(process.env['NETLAB_SOAK_RUNS'] ?? 30);

/** One of each kind of session, a time-out, something left behind, a shell that is ended: all that has to be cleaned up. */
const document = [
  '# Soak\n',
  block('console', '$ echo a', 'a', '$ exit 3', '[3]', '$ (sleep 60; echo late) & echo b', 'b'),
  block('console {tty}', '$ echo c', 'c'),
  block('console', "# PS1='/ # ' busybox sh", '/ # echo d', 'd', '/ # exit'),
  block('sh {timeout=50ms continue}', 'sleep 60'),
  block('js', 'console.log(6 * 7)') + block('text output', '42'),
  block('sh {background ready=/up/}', 'echo up; sleep 60'),
].join('\n');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const folder = ownFolder();

/** How much `values` grow from one to the next: the slope of the straight line through them (least squares). */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const products = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  return products / values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
}

it(`${runs} runs in one process leave its memory and its descriptors as they were`, async () => {
  const path = join(folder(), 'soak.md');
  writeFileSync(path, document);
  const heap: number[] = [];
  const resident: number[] = [];
  const descriptors: number[] = [];
  for (let index = 0; index < runs; index++) {
    const { runbooks } = await run({ paths: [path] });
    expect(runbooks[0]?.steps.map(({ status }) => status)).toEqual([
      ...['passed', 'passed', 'passed', 'passed', 'passed', 'passed', 'passed', 'timed_out', 'passed', 'passed'],
    ]);
    collectGarbage();
    const { heapUsed, rss } = process.memoryUsage();
    heap.push(heapUsed / 1024);
    resident.push(rss / 1024);
    descriptors.push(readdirSync('/proc/self/fd').length);
  }
  // What is loaded at first use comes with the first runs.
  const settled = Math.floor(runs / 3);
  const [heapSlope, residentSlope] = [slope(heap.slice(settled)), slope(resident.slice(settled))];
  const told = (values: readonly number[]): string =>
    `${Math.round(values[settled] ?? 0)} → ${Math.round(values.at(-1) ?? 0)}`;
  const done = `${runs} runs in one process, with sessions of every kind, time-outs and things left behind`;
  const came =
    `descriptors ${told(descriptors)}; heap ${told(heap)} KiB (${heapSlope.toFixed(2)} KiB a run), ` +
    `resident memory ${told(resident)} KiB (${residentSlope.toFixed(2)} KiB a run) over the last ${runs - settled}`;
  console.log(proofRow(`npm run soak -- --runs ${runs}`, done, came));
  expect(Math.max(...descriptors.slice(settled))).toBeLessThanOrEqual((descriptors[settled] ?? 0) + 1);
  // A lab or a session that is kept is some hundred KiB a run; one stray closure is less than this in a bounded soak.
  expect(heapSlope).toBeLessThan(runs < 200 ? 40 : 4);
  expect(residentSlope).toBeLessThan(runs < 200 ? 1500 : 60);
}, 2_147_483_647);
