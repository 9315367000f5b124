import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/check/evaluate.ts';
import type { MatchMode } from '../../src/runbook/types.ts';
import { processorTime } from '../processor-time.ts';
import { output, step } from './example.ts';

async function check(expected: string, actual: string, match: MatchMode = 'exact') {
  const { checks } = await evaluate(step({ expected, match }), output(actual), new Map());
  const [, made] = checks;
  if (made?.ok !== false || made.errored) throw new Error(`not failed: ${made?.message}`);
  return made;
}

const marks = { same: ' ', expected: '-', actual: '+' };

async function diff(expected: string, actual: string, match: MatchMode = 'exact') {
  return (await check(expected, actual, match)).diff?.map(({ kind, text }) => `${marks[kind]}${text}`);
}

describe('differences', () => {
  test.each<[string, string, string, string[], MatchMode?]>([
    ['a line that matched by pattern is the same', '{{n:int}}\nb', '5\nc', [' 5', '-b', '+c']],
    ['what is missing', 'a\nb\nc', 'a\nc', [' a', '-b', ' c']],
    ['what is there', 'a\nc', 'a\nb\nc', [' a', '+b', ' c']],
    ['a short `...` is what it stands for', 'a\n...\nz', 'a\nb\nc', [' a', ' b', ' c', '-z']],
    ['a long `...` is one line', 'x\n...\nz', 'a\n1\n2\n3\n4\nz', ['-x', ' ... (5 lines)', ' z']],
    ['after `...`', '...\nb\nc', 'a\nb\nd', [' a', ' b', '-c', '+d']],
    ['a repeated line', 'a (+)\nb', 'a\na\nc', [' a', ' a', '-b', '+c']],
    ['a line that could be left out', 'a (?)\nb', 'c', ['-b', '+c']],
    ['a name with two values', '{{n:int}}\n{{n}}', '1\n2', [' 1', '-{{n}}', '+2']],
    ['contains', 'b\nc', 'a\nb\nx\nd', [' a', ' b', '-c', ' x', ' d'], 'contains'],
    ['unordered', 'a\nb\nc', 'c\nx\na', ['-b', ' c', '+x', ' a'], 'unordered'],
    ['nothing expected', '', 'a\nb', ['+a', '+b']],
    ['nothing there', 'a', '', ['-a']],
  ])('%s', async (_, expected, actual, lines, mode) => {
    expect(await diff(expected, actual, mode)).toEqual(lines);
  });

  test.each([
    ['a tab', 'a b', 'a\tb', ['-a b', '+a\\tb']],
    ['a space that is none', 'a b', 'a\u00a0b', ['-a b', '+a\\u00a0b']],
    ['a zero-width space', 'ab', 'a\u200bb', ['-ab', '+a\\u200bb']],
    ['two spaces', 'a b', 'a  b', ['-a b', '+a··b']],
    ['a blank at the start', 'a', ' a', ['-a', '+·a']],
    ['not where something visible differs', 'a\tb', 'a\tc', ['-a\tb', '+a\tc']],
  ])('show %s', async (_, expected, actual, lines) => {
    expect(await diff(expected, actual)).toEqual(lines);
  });

  test('of a large output are few', async () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`);
    const changed = numbers(500).with(250, 'changed');
    const near = await diff(numbers(500).join('\n'), changed.join('\n'));
    expect(near).toEqual([
      ' … 247 more equal lines',
      ' line 247',
      ' line 248',
      ' line 249',
      '-line 250',
      '+changed',
      ' line 251',
      ' line 252',
      ' line 253',
      ' … 246 more equal lines',
    ]);
  });

  test('of a huge output take little time', async () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`);
    const seconds = await processorTime(async () => {
      const [many, reversed] = [numbers(100_000).join('\n'), numbers(100_000).reverse().join('\n')];
      expect((await diff('a\n...\nb', many))?.length).toBeLessThan(310);
      expect((await diff(reversed, many))?.length).toBeLessThan(310);
    });
    expect(seconds).toBeLessThan(5);
  });
});

describe('the message names the first difference', () => {
  test.each<[string, string, string, number, MatchMode?]>([
    ['a\nb', 'a\nc', 'output: expected "b", got "c"', 12],
    ['a', 'a\nc', 'output: "c" is not expected', 11],
    ['a\nb', 'a', 'output: expected "b", which is not there', 12],
    ['a', '', 'output: expected "a", got nothing', 11],
    ['', 'a\nb', 'output: expected nothing, got 2 lines: "a"', 11],
    ['a (no-eol)', 'a\n', 'output: expected "a (no-eol)", got "a"', 11],
    ['b', 'abc', 'output: expected "b", which is not there (contains)', 11, 'contains'],
    ['a\nb\na\nb', 'a\nb\na', 'output: expected "b", which is not there', 14],
    ['{{n:int}}\n{{n}}\nb', '1\n1\nc', 'output: expected "b", got "c"', 13],
    ['a\nb', 'b\nc', 'output: expected "a", which is not there (unordered)', 11, 'unordered'],
    ['', 'a', 'output: expected nothing, got 1 line: "a"', 11, 'contains'],
  ])('%j with %j', async (expected, actual, message, line, mode) => {
    expect(await check(expected, actual, mode)).toMatchObject({ message, line });
  });
});
