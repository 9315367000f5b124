import { expect, it } from 'vitest';
import { runStatus } from '../../src/run/tally.ts';
import { check, runbook, step } from '../report/run-events.ts';

it('names the file of each step of which --strict misses a check', () => {
  const checked = step({ line: 1, checks: [check()] });
  const unchecked = (line: number) => step({ line, checked: false });
  const runbooks = [
    runbook([checked, unchecked(3)], { path: 'a.md' }),
    runbook([checked, unchecked(5), unchecked(8)], { path: 'b/c.md' }),
  ];
  expect(runStatus(runbooks, { interrupted: false, strict: true })).toEqual({
    status: 'failed',
    reason: 'strict: nothing was checked of the steps at a.md:3, b/c.md:5, b/c.md:8',
  });
});
