import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { makeCgroups } from '../../src/lab/cgroups.ts';
import { isOrphanGroup, isOwn, leftSince, type MachineState, machineState } from './leaks.ts';

// A set-up file of all tests that bring up labs: whatever a test is about, nothing of it may remain. What a file shares
// among its tests (a lab, a session in it) is looked for when the file is through.

let beforeFile: MachineState;
let beforeTest: MachineState;

/** The groups of an engine that was killed stay until the next start of any, and no longer. */
const nextStart = (): PromiseLike<void> =>
  makeCgroups({ memory: 2 ** 30, pids: 100, disk: 2 ** 20, cpu: undefined })[Symbol.asyncDispose]();

async function left(
  before: MachineState,
  withinMs: number,
  isLeft: (thing: string) => boolean,
): Promise<readonly string[]> {
  let orphans = false;
  const things = await leftSince(before, withinMs, (thing) => {
    orphans ||= isOrphanGroup(thing);
    return !isOrphanGroup(thing) && isLeft(thing);
  });
  if (!orphans) return things;
  await nextStart();
  return [...things, ...(await leftSince(before, withinMs, isOrphanGroup))];
}

beforeAll(() => {
  beforeFile = machineState();
});
beforeEach(() => {
  beforeTest = machineState();
});
afterEach(async ({ task }) => {
  // Of tests that run side by side the file alone can tell.
  if (task.concurrent) return;
  // A session that is shared may have had to start a new shell in a lab that is shared.
  const shared = [...beforeTest].some((thing) => thing.startsWith('process ') && isOwn(thing));
  expect(await left(beforeTest, 1000, (thing) => !shared || !isOwn(thing)), 'left by this test').toEqual([]);
});
afterAll(async () => {
  expect(await left(beforeFile, 2000, () => true), 'left by this test file').toEqual([]);
});
