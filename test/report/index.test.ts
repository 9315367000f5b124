import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { findReporter, reporters } from '../../src/report/index.ts';
import { check, events, path, run, runbook, step, told } from './run-events.ts';

describe('the registry', () => {
  test.each(reporters.map((reporter) => reporter.name))('%s is found, and can be loaded', async (name) => {
    expect(findReporter(name).name).toBe(name);
    expect(typeof (await findReporter(name).load()).createReporter).toBe('function');
  });

  test.each([
    ['prety', 'Did you mean pretty? '],
    ['JSON', 'Did you mean json? '],
    ['fancy', ''],
    ['', ''],
  ])('%j is refused with a hint', (name, meant) => {
    const hint = expect.stringMatching(
      new RegExp(`^${meant.replace('?', '\\?')}The reporters are pretty, dot, json.*, or the path`),
    );
    expect(() => findReporter(name)).toThrow(expect.objectContaining({ name: UsageError.name, hint }));
  });
});

describe('json', () => {
  test('writes the run as one document', async () => {
    const steps = [step({ checks: [check()] }), step({ status: 'skipped', reason: 'why', exit: null })];
    const text = await told('json', events(steps, 'passed'));
    expect(JSON.parse(text)).toEqual(run([runbook(steps)], 'passed'));
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('a value that was not there is null', async () => {
    const failed = step({ status: 'failed', checks: [check({ ok: false, actual: undefined })] });
    const written = JSON.parse(await told('json', events([failed], 'failed')));
    expect(written.runbooks[0].steps[0].checks[0]).toHaveProperty('actual', null);
  });

  test('a run that has not ended writes nothing', async () => {
    expect(await told('json', [{ type: 'run:start', runbooks: [path] }])).toBe('');
  });
});
