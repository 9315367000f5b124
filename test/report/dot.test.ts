import { expect, test } from 'vitest';
import { again, events, recorded, step, told } from './run-events.ts';

test('tells a step in a character, then what went wrong and the verdict', async () => {
  const lines = (await told('dot', recorded())).split('\n');
  expect(lines[0]).toBe('.FFFTsEs....s');
  expect(lines).toContain('          output: expected "nothing of that", got "]]>"');
  expect(lines.filter((line) => line.startsWith('  ✓'))).toEqual([]);
  expect(lines.join('\n')).toContain('\nERROR  5 passed, 3 failed, 1 timed out, 1 errored, 3 skipped in ');
});

test('goes to the next line at the end of a terminal, and counts a background step once', async () => {
  const steps = Array.from({ length: 25 }, (_, index) => step({ index }));
  const text = await told('dot', events([...steps, step({ index: 24 })], 'passed'), { columns: 20 });
  expect(text.split('\n').slice(0, 2)).toEqual(['.'.repeat(20), '.'.repeat(5)]);
});

test('says why a runbook without a failed step did not pass', async () => {
  expect(await told('dot', events([], 'errored', 'no Docker'))).toContain('  ! error: no Docker\n');
});

test('says that a runbook passed only when it was run again, or not even then', async () => {
  const flaky = '  ✓ flaky: passed at attempt 2: before, line 12 did not pass\n';
  expect(await told('dot', again('passed'))).toContain(flaky);
  expect(await told('dot', again('failed'))).toContain('  none of 2 attempts passed');
  expect(await told('dot', events([step()], 'passed'))).not.toMatch(/flaky|attempt/);
});
