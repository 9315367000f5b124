import { expect, test } from 'vitest';
import { evaluate } from '../../src/check/evaluate.ts';
import { expectationKeys, isExpectationKey } from '../../src/check/keys.ts';
import { output, step } from './example.ts';

async function outcome(
  expectation: Record<string, unknown>,
  text: string,
  overrides: Parameters<typeof output>[1] = {},
) {
  const asked = step({ kind: 'script', stream: 'stdout', expect: expectation });
  const { checks } = await evaluate(asked, output(text, overrides), new Map());
  const own = checks.slice(1);
  expect(own.length).toBeGreaterThan(0);
  if (own.some(({ errored }) => errored)) return 'errored';
  return own.every(({ ok }) => ok) ? 'passed' : 'failed';
}

test.each<[string, Record<string, unknown>, string, Parameters<typeof output>[1]?]>([
  ['passed', { exit: 0 }, ''],
  ['failed', { exit: '!= 0' }, ''],
  ['errored', { exit: 0 }, '', { exit: null }],
  ['passed', { duration: '< 2s' }, '', { durationMs: 1999 }],
  ['failed', { duration: '< 2s' }, '', { durationMs: 2000.6 }],
  ['errored', { duration: '< 2 B' }, ''],
  ['passed', { lines: 2 }, 'a\nb\n'],
  ['passed', { lines: '> 1' }, 'a\nb\n'],
  ['passed', { lines: 0 }, '\n'],
  ['passed', { lines: ['a', '/^b/'] }, 'a\nbc\n'],
  ['failed', { lines: ['b'] }, 'a\nbc\n'],
  ['passed', { lines: { exactly: ['b', 'a'] } }, 'a\nb\n'],
  ['failed', { lines: { none: ['a'] } }, 'a\nb\n'],
  ['passed', { stdout: 'a' }, 'a\r\n'],
  ['passed', { stdout: 'a\n' }, 'a\n'],
  ['failed', { stdout: 'a' }, 'ab\n'],
  ['passed', { stdout: 5 }, '5\n'],
  ['passed', { stdout: '>= 5' }, '5\n'],
  ['passed', { stdout: 'a\nb' }, 'a\nb\n'],
  ['passed', { stdout: 'a\n...\n{{x:int}}' }, 'a\nb\n5\n'],
  ['failed', { stdout: 'a\n...\n{{x:int}}' }, 'a\nb\nc\n'],
  ['passed', { stdout: '/^b$/' }, 'a\nb\n'],
  ['failed', { stdout: '/^b$/' }, 'a\nbc\n'],
  ['failed', { stdout: '!/^b$/' }, 'a\nb\n'],
  ['passed', { stdout: '!err' }, 'a\n'],
  ['failed', { stdout: '!err' }, 'a\nan error\n'],
  ['passed', { stdout: '!= a' }, 'ab\n'],
  ['passed', { stdout: ['rror', '/^an/', '!fatal'] }, 'a\nan error\n'],
  ['failed', { stdout: ['fatal'] }, 'a\nan error\n'],
  ['failed', { stdout: ['!rror'] }, 'a\nan error\n'],
  ['passed', { stdout: ['time={{number}} ms'] }, 'x: time=0.1 ms y\n'],
  ['failed', { stdout: ['got {{ipv4}}'] }, 'got 10.0.0.256\n'],
  ['passed', { stdout: [] }, '\n'],
  ['failed', { stdout: [] }, 'x\n'],
  ['passed', { stdout: { none: ['err'], any: ['x', 'a'], count: 1 } }, 'a\n'],
  ['failed', { stdout: { none: ['a'] } }, 'a\n'],
  ['failed', { stdout: { any: ['x'] } }, 'a\n'],
  ['passed', { stdout: { exactly: ['a', 'b'] } }, 'b\na\n'],
  ['errored', { stdout: { none: [] } }, 'a\n'],
  ['errored', { stdout: { contains: 'a' } }, 'a\n'],
  ['errored', { stdout: ['/(/'] }, 'a\n'],
  ['errored', { stdout: [''] }, 'a\n'],
  ['passed', { stderr: 'err' }, 'a\n', { stderr: 'err\n' }],
  ['passed', { stderr: '' }, 'a\n'],
])('%s: %j of %j', async (result, expectation, text, overrides) => {
  expect(await outcome(expectation, text, overrides)).toBe(result);
});

test('stderr that is not kept apart cannot be checked', async () => {
  const asked = step({ kind: 'script', expect: { stderr: '!err' } });
  const { checks } = await evaluate(asked, output('an error\n'), new Map());
  expect(checks[1]).toMatchObject({ ok: false, errored: true, message: expect.stringContaining('{stream=stderr}') });
});

test('the keys are those of parsers and properties', () => {
  expect(expectationKeys).toEqual(
    expect.arrayContaining(['ping', 'resolv_conf', 'hosts', 'nslookup', 'ifconfig', 'hostname', 'exit', 'duration']),
  );
  expect(isExpectationKey('stdout')).toBe(true);
  expect(isExpectationKey('toString')).toBe(false);
});
