import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { readBlob } from '../../src/report/blob.ts';
import { hostile, recorded, resultOf, told } from './run-events.ts';

test.each([
  ['a real run', recorded()],
  ['hostile texts', hostile(recorded())],
])('what is written is read again: %s', async (_, all) => {
  const blob = readBlob(await told('blob', all), 'a.blob');
  const { runbooks, ...end } = resultOf(all);
  expect(blob.end).toEqual(end);
  expect(blob.runbooks.map(({ result }) => result)).toEqual(runbooks);
  expect(blob.runbooks.map(({ start }) => start)).toEqual(all.filter(({ type }) => type === 'runbook:start'));
  expect(blob.runbooks.map(({ labMs }) => typeof labMs)).toEqual(['number', 'number', 'object']);
});

describe('is refused', async () => {
  const text = await told('blob', recorded());
  const lines = text.trimEnd().split('\n');
  test.each([
    ['another text', '# A runbook\n', 'a.blob is no report that can be merged'],
    ['nothing', '', 'a.blob is no report that can be merged'],
    ['another form', text.replace('"version":1', '"version":2'), 'a.blob is of form 2, and this netlab reads form 1'],
    ['one without its end', lines.slice(0, -1).join('\n'), 'a.blob is damaged: it is cut off, or was changed'],
    ['one cut within a line', text.slice(0, -30), 'a.blob is damaged: it is cut off, or was changed'],
    ['one that lacks a runbook', lines.toSpliced(1, 1).join('\n'), 'a.blob is damaged: it is cut off, or was changed'],
    ['one that was changed', text.replace('failed', 'passed'), 'a.blob is damaged: it is cut off, or was changed'],
    [
      'one with another verdict',
      text.replace('"end":{"version":1,"status":"errored"', '"end":{"version":1,"status":"passed"'),
      'a.blob is damaged: it is cut off, or was changed',
    ],
    ['its head alone', `${lines[0]}\n`, 'a.blob is damaged: it is cut off, or was changed'],
  ])('%s', (_, broken, message) => {
    expect(() => readBlob(broken, 'a.blob')).toThrow(expect.objectContaining({ name: UsageError.name, message }));
  });
});
