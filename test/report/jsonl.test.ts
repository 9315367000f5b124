import { expect, test } from 'vitest';
import { hostile, recorded, told } from './run-events.ts';

test.each([
  ['a real run', recorded()],
  ['hostile texts', hostile(recorded())],
])('writes each event on a line of its own: %s', async (_, all) => {
  const text = await told('jsonl', all);
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line))).toEqual(all);
});
