import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { fileState, leftSince, type MachineState, machineState } from './leaks.ts';

// A set-up file of all tests that bring up labs: whatever a test is about, nothing of it may remain. What a file shares
// among its tests (a lab, a folder) is looked for when the file is through.

let beforeFile: MachineState;
let beforeTest: MachineState;

/** The groups of an engine that a test has killed stay until the next start; chaos.test.ts proves that they go then. */
const wrong = (left: readonly string[]): readonly string[] =>
  left.filter((thing) => !thing.startsWith('cgroup ') || thing.includes(`/netlab-${process.pid}-`));

const without =
  (state: () => Promise<MachineState>): (() => Promise<MachineState>) =>
  async () =>
    new Set(wrong([...(await state())]));

beforeAll(async () => {
  beforeFile = await fileState();
});
beforeEach(async () => {
  beforeTest = await machineState();
});
afterEach(async () => {
  expect(await leftSince(beforeTest, 1000, without(machineState)), 'left by this test').toEqual([]);
});
afterAll(async () => {
  expect(await leftSince(beforeFile, 2000, without(fileState)), 'left by this test file').toEqual([]);
});
