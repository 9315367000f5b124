import { expect, test } from 'vitest';
import { formatDuration, formatElapsed } from '../../src/report/duration.ts';

test.each([
  [0, '0 ms', '0.0 s'],
  [340.4, '340 ms', '0.3 s'],
  [999.4, '999 ms', '1.0 s'],
  [999.6, '1.0 s', '1.0 s'],
  [2100, '2.1 s', '2.1 s'],
  [59_940, '59.9 s', '59.9 s'],
  [59_960, '1 min 0 s', '1 min 0 s'],
  [65_000, '1 min 5 s', '1 min 5 s'],
  [3_600_000, '60 min 0 s', '60 min 0 s'],
])('%d ms', (milliseconds, done, running) => {
  expect(formatDuration(milliseconds)).toBe(done);
  expect(formatElapsed(milliseconds)).toBe(running);
});
