import { describe, expect, test } from 'vitest';
import { compileLines, matchLines } from '../../src/check/lines.ts';
import { createTester } from '../../src/check/tester.ts';

/** How often lines were looked at until the answer was found: unlike time, it is the same on every machine. */
function looks(
  expected: readonly string[],
  actual: readonly string[],
  mode: 'exact' | 'contains' | 'unordered' = 'exact',
) {
  const patterns = compileLines(expected, []);
  if ('message' in patterns) throw new Error(patterns.message);
  const test = createTester(patterns, actual, true);
  let count = 0;
  const found = matchLines(
    patterns,
    actual,
    (...question) => {
      count += 1;
      return test(...question);
    },
    mode,
    new Map(),
  );
  return { found: found !== undefined, count };
}

const times = (count: number, ...lines: readonly string[]) => Array.from({ length: count }, () => lines).flat();

describe('a line is not looked at again where it has failed', () => {
  test.each<[string, readonly string[], readonly string[], number, boolean, ('exact' | 'contains')?]>([
    ['many `...`', [...times(8, '...', 'a'), '...', 'b'], times(60, 'a'), 700, false],
    ['many `...`, in a part', [...times(8, '...', 'a'), '...', 'b'], times(60, 'a'), 700, false, 'contains'],
    ['one line after another', [...times(8, 'a', '...'), 'a', 'b'], times(60, 'a'), 700, false],
    ['two lines after each `...`', [...times(6, '...', 'a', 'a'), '...', 'b'], times(60, 'a'), 1000, false],
    ['repeats', [...times(8, 'a (*)'), 'b'], times(40, 'a'), 7500, false],
    ['repeats that may be left out', [...times(8, 'a (?)'), 'b'], times(8, 'a'), 500, false],
    ['a run under `...`', ['...', 'a (*)', 'b'], times(300, 'a'), 700, false],
    ['runs under `...`', ['...', 'a (+)', '...', 'a (+)', 'b'], times(60, 'a'), 4500, false],
    ['a run in a part', ['a (+)', 'b'], times(300, 'a'), 1000, false, 'contains'],
    ['what is there', [...times(8, '...', 'a'), '...', 'b'], [...times(60, 'a'), 'b'], 300, true],
    ['what is there at the end', [...times(8, '...', 'a'), 'b'], [...times(60, 'a'), 'b'], 700, true],
    ['names', ['...', '{{n:word}}', '...', '{{n}}', '...', 'z'], times(25, 'a', 'b'), 8000, false],
    ['too few lines', [...times(8, '...', 'a', 'b')], times(5, 'a', 'b'), 100, false],
    ['too many lines', ['a', '...', 'a', 'a (?)'], times(300, 'a'), 10, true],
  ])('%s', (_, expected, actual, most, there, mode) => {
    const { found, count } = looks(expected, actual, mode);
    expect(found).toBe(there);
    expect(count).toBeLessThanOrEqual(most);
  });

  test('nor is a plain line in any order looked for one by one', () => {
    const numbers = Array.from({ length: 200 }, (_, index) => `line ${index}`);
    expect(looks(numbers, numbers.toReversed(), 'unordered')).toEqual({ found: true, count: 0 });
    expect(looks([...numbers, '{{int}}'], ['5', ...numbers], 'unordered')).toEqual({ found: true, count: 1 });
    expect(looks(times(20, 'a'), times(20, 'a'), 'unordered')).toEqual({ found: true, count: 0 });
  });
});

describe('a line with many wildcards is matched with few steps', () => {
  // Without memory of what has failed, each of these takes more steps than any line may.
  test.each([
    ['[..]a[..]a[..]a[..]a[..]a[..]a[..]a[..]b', 'a'.repeat(150)],
    ['[..]{{int}}[..]{{int}}[..]{{int}}[..]{{int}}[..]{{int}}[..]b', '1 '.repeat(60)],
    ['{{word}}{{word}}{{word}}{{word}}{{word}}{{word}}!', 'a'.repeat(120)],
    ['{{int}}{{int}}{{int}}{{int}}{{int}}{{int}}{{int}}!', '1'.repeat(60)],
    ['{{any}} {{any}} {{any}} {{any}} {{any}} {{any}}!', 'a '.repeat(80)],
    ['*a*a*a*a*a*a*b (glob)', 'a'.repeat(150)],
    ['*?*?*?*?*?*?*b (glob)', 'a'.repeat(150)],
    ['{{a:word}}{{b:word}}{{c:word}}{{d:word}}{{e:word}}{{f:word}}!', 'a'.repeat(100)],
  ])('%s', (pattern, line) => {
    expect(looks([pattern], [line])).toEqual({ found: false, count: 1 });
  });
});

describe('an empty line at the end', () => {
  test.each([
    [['a', '', '...'], ['a'], true],
    [['a', '', '...'], ['a', '', 'b'], true],
    [['a', '', '...'], ['a', 'b'], true],
    [['a', '', '...', 'b'], ['a', 'b'], false],
    [['a', '', '...', 'b (?)'], ['a'], true],
    [['', '...'], [], true],
    [['a', '', 'b (?)'], ['a'], true],
    [['a', 'b (?)', ''], ['a'], true],
    [['a', '[..]', '...'], ['a'], false],
  ])('%j of %j: %s', (expected, actual, found) => {
    expect(looks(expected, actual).found).toBe(found);
  });
});

test('more choices than can be followed are refused', () => {
  expect(looks(times(1000, '...'), []).found).toBe(true);
  expect(() => looks(times(1001, '...'), [])).toThrow(
    'more than 1000 lines that repeat or are "..." cannot be matched',
  );
  expect(() => looks(times(1001, 'a (*)'), [])).toThrow('more than 1000 lines');
  expect(looks([...times(1500, 'a'), '...'], times(1500, 'a')).found).toBe(true);
});
