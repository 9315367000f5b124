import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { fileState, leftSince, type MachineState, machineState } from './leaks.ts';

// A set-up file of all tests that bring up labs: whatever a test is about, nothing of it may remain. What a file shares
// among its tests (a lab, a folder) is looked for when the file is through.

let beforeFile: MachineState;
let beforeTest: MachineState;

beforeAll(async () => {
  beforeFile = await fileState();
});
beforeEach(async () => {
  beforeTest = await machineState();
});
afterEach(async () => {
  expect(await leftSince(beforeTest, 1000), 'left by this test').toEqual([]);
});
afterAll(async () => {
  expect(await leftSince(beforeFile, 2000, fileState), 'left by this test file').toEqual([]);
});
