import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesAnything } from '../../src/check/anything.ts';
import { type Difference, diffLines, diffUnordered } from '../../src/check/diff.ts';
import { compileLines } from '../../src/check/lines.ts';
import { createTester } from '../../src/check/tester.ts';
import { makeVisible } from '../../src/check/visible.ts';

function differ(expected: readonly string[], actual: readonly string[], mode = 'exact'): Difference {
  const patterns = compileLines(expected, []);
  if ('message' in patterns) throw new Error(patterns.message);
  const compare = mode === 'unordered' ? diffUnordered : diffLines;
  return compare(patterns, actual, createTester(patterns, actual, true), new Map());
}

const marks = { same: ' ', expected: '-', actual: '+' };

function told(expected: readonly string[], actual: readonly string[], mode?: string): readonly string[] {
  return differ(expected, actual, mode).lines.map(({ kind, text }) => `${marks[kind]}${text}`);
}

describe('a difference', () => {
  test.each<[mode: string, expected: string, actual: string, first: number, lines: string]>([
    ['exact', 'a|b|c', 'a|x|c', 1, ' a|-b|+x| c'],
    ['exact', 'a|{{n:int}}|{{n}}|z', 'a|5|6|z', 2, ' a| 5|-{{n}}|+6| z'],
    ['exact', 'a|{{n:int}}|{{n}}|z', 'a|5|5|y', 3, ' a| 5| 5|-z|+y'],
    ['exact', '{{n:int}}|q|{{n}}|z', '5|6|z', 1, ' 5|-q|-{{n}}|+6| z'],
    ['exact', 'a (?)|b', 'a|c', 1, ' a|-b|+c'],
    ['exact', 'a (?)|b', 'b|c', 2, ' b|+c'],
    ['exact', 'a (*)|b|c', 'a|a|b', 2, ' a| a| b|-c'],
    ['exact', 'a (+)|b', 'b', 0, '-a (+)| b'],
    ['exact', 'a (+)|b', 'a|a|x|b', 1, ' a| a|+x| b'],
    ['exact', 'x|a (+)|b', 'y|a|a|b', 0, '-x|+y| a| a| b'],
    ['exact', 'x|a (*)|b', 'y|b', 0, '-x|+y| b'],
    ['exact', 'x|{{int}} (+)|b', 'y|1|2|c', 0, '-x|+y| 1| 2|-b|+c'],
    ['exact', '...|a', 'b', 1, ' b|-a'],
    ['exact', 'a|...', 'b', 0, '-a| b'],
    ['exact', '...|a|...|b', '1|a|2|3|4|5|c', 3, ' 1| a| ... (5 lines)|-b'],
    ['exact', '...|a|...|b', '1|2|3|4|a|c|b|d', 4, ' ... (4 lines)| a| c| b|+d'],
    ['exact', 'x|...|z', 'y|1|2|3|z', 0, '-x| ... (4 lines)| z'],
    ['exact', 'x|...|z', 'y|1|2|3|4|z', 0, '-x| ... (5 lines)| z'],
    ['exact', 'x|...', 'y|1|2|3|4', 0, '-x| ... (5 lines)'],
    ['exact', 'x|...|...|z', 'y|1|z', 0, '-x| y| 1| z'],
    ['exact', 'x|a', 'y', 0, '-x|-a|+y'],
    ['exact', 'x', 'y|z', 0, '-x|+y|+z'],
    ['exact', 'a|b|c|d', 'b|c|d|e', 0, '-a| b| c| d|+e'],
    ['exact', 'a|b|a|b|c', 'b|a|b|a|c', 0, '-a| b| a| b|+a| c'],
    ['exact', 'a (no-eol)|b', 'a|b', 0, '-a (no-eol)|+a| b'],
    ['exact', 'a|b (no-eol)', 'a|b', 1, ' a|-b (no-eol)|+b'],
    ['exact', '{{n:int}} (+)|{{n}}|z', '5|6|6|y', 0, ' 5|-{{n:int}} (+)|+6|-{{n:int}} (+)|+6|-{{n}}|+y|-z'],
    ['exact', 'x|{{n:int}}|{{n}} {{m:int}}|{{m}}', 'y|5|5 6|7', 0, '-x|+y| 5| 5 6|-{{m}}|+7'],
    ['unordered', 'a|b|c', 'c|d|a', 1, '-b| c|+d| a'],
    ['unordered', 'a (?)|b (+)|c', 'x|b|b', 2, '-c|+x| b| b'],
    ['unordered', 'a|...|b', 'x|y', 0, '-a|-b| x| y'],
    ['unordered', '{{n:int}} a|{{n}} b', '1 a|2 b', 1, '-{{n}} b| 1 a|+2 b'],
    ['unordered', 'a (+)|b', 'a|c|a', 1, '-b| a|+c| a'],
    ['unordered', 'a (*)|b', 'c', 1, '-b|+c'],
  ])('%s %j with %j is at pattern %i: %s', (mode, expected, actual, first, lines) => {
    expect(told(expected.split('|'), actual.split('|'), mode).join('|')).toBe(lines);
    expect(differ(expected.split('|'), actual.split('|'), mode).first).toBe(first);
  });

  const few = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 });

  test('of plain lines takes as few away and adds as few as can be', () => {
    const common = (one: readonly string[], other: readonly string[]): number => {
      const [head, ...tail] = one;
      const [otherHead, ...otherTail] = other;
      if (head === undefined || otherHead === undefined) return 0;
      if (head === otherHead) return 1 + common(tail, otherTail);
      return Math.max(common(tail, other), common(one, otherTail));
    };
    fc.assert(
      fc.property(few, few, (expected, actual) => {
        const { lines, first } = differ(expected, actual);
        const texts = (kind: string) =>
          lines.flatMap((line) => (line.kind === 'same' || line.kind === kind ? [line.text] : []));
        expect(texts('expected')).toEqual(expected);
        expect(texts('actual')).toEqual(actual);
        const same = lines.filter(({ kind }) => kind === 'same').length;
        expect(same).toBe(common(expected, actual));
        const at = lines.findIndex(({ kind }) => kind !== 'same');
        if (at !== -1) expect(first).toBe(at);
      }),
    );
  });

  test('of lines and `...` shows all lines that came', () => {
    const patterns = fc.array(fc.constantFrom('a', 'b', 'c (?)', 'a (+)', 'b (*)', '...', '{{int}}'), { maxLength: 5 });
    fc.assert(
      fc.property(patterns, fc.array(fc.constantFrom('a', 'b', 'c', '1'), { maxLength: 6 }), (expected, actual) => {
        const { lines } = differ(expected, actual);
        const count = lines.reduce((sum, { kind, text }) => {
          const [, swallowed = '1'] = /^\.\.\. \((\d+) lines\)$/.exec(text) ?? [];
          return kind === 'expected' ? sum : sum + Number(swallowed);
        }, 0);
        expect(count).toBe(actual.length);
      }),
    );
  });
});

describe('a long difference', () => {
  const numbers = (count: number, word = 'line') => Array.from({ length: count }, (_, index) => `${word} ${index}`);
  const [eleven, thirty] = [numbers(11), numbers(30, 'more')];

  test('shows three equal lines beside what differs, and counts the rest', () => {
    expect(told([...numbers(40), 'x'], [...numbers(40), 'y'])).toEqual([
      ' … 37 more equal lines',
      ...numbers(40)
        .slice(37)
        .map((line) => ` ${line}`),
      '-x',
      '+y',
    ]);
    expect(told(['x', ...numbers(40)], ['y', ...numbers(40)])).toEqual([
      '-x',
      '+y',
      ...numbers(3).map((line) => ` ${line}`),
      ' … 37 more equal lines',
    ]);
    const two = told(['x', ...eleven, 'x', ...thirty], ['y', ...eleven, 'y', ...thirty]);
    expect(two.slice(0, 11)).toEqual([
      '-x',
      '+y',
      ' line 0',
      ' line 1',
      ' line 2',
      ' … 5 more equal lines',
      ' line 8',
      ' line 9',
      ' line 10',
      '-x',
      '+y',
    ]);
  });

  test('never puts a note in the place of a single line', () => {
    const seven = numbers(7);
    const lines = told(['x', ...seven, 'x', ...thirty], ['y', ...seven, 'y', ...thirty]);
    expect(lines.slice(0, 11)).toEqual(['-x', '+y', ...seven.map((line) => ` ${line}`), '-x', '+y']);
    const four = told([...numbers(4), 'x', ...thirty, 'z'], [...numbers(4), 'y', ...thirty, 'z', 'w', 'v', 'u', 't']);
    expect(four.slice(0, 5)).toEqual([' line 0', ' line 1', ' line 2', ' line 3', '-x']);
  });

  test('of up to forty lines is shown whole', () => {
    expect(told([...numbers(38), 'x'], [...numbers(38), 'y'])).toHaveLength(40);
    expect(told([...numbers(39), 'x'], [...numbers(39), 'y'])).toHaveLength(6);
  });

  test('is cut after three hundred lines', () => {
    expect(told(numbers(300, 'a'), [])).toHaveLength(300);
    const lines = told(numbers(400, 'a'), []);
    expect(lines).toHaveLength(300);
    expect(lines.at(-1)).toBe(' … 101 more expected lines');
    expect(told([], numbers(400, 'a')).at(-1)).toBe(' … 101 more actual lines');
  });

  test('that is too large to be aligned begins and ends with what is equal', () => {
    const expected = ['same', '{{n:int}}', ...numbers(700, 'a'), 'end', 'of', 'it'];
    const actual = ['same', '5', ...numbers(700, 'b'), 'end', 'of', 'it'];
    const lines = told(expected, actual);
    expect(lines.slice(0, 3)).toEqual([' same', ' 5', '-a 0']);
    expect(lines.slice(-4)).toEqual([' … 556 more actual lines', ' end', ' of', ' it']);
    expect(lines.filter((line) => line.startsWith('-'))).toHaveLength(144);
    expect(lines).toContain(' … 556 more expected lines');
    expect(differ(expected, actual).first).toBe(2);
    expect(told([...numbers(700, 'a'), '...', 'end'], [...numbers(700, 'b'), 'end']).slice(-1)).toEqual([' end']);
  });

  test('is aligned where the table is just as large as it may be', () => {
    // 632 × 632 cells are below the limit, 633 × 633 above it: there nothing in the middle is found.
    const third = (count: number) =>
      told(['x', 'mid', ...numbers(count, 'a')], ['y', 'mid', ...numbers(count, 'b')])[2];
    expect(third(629)).toBe(' mid');
    expect(third(630)).toBe('-a 0');
  });
});

describe('what cannot be seen', () => {
  test.each([
    ['a\tb', 'a b', 'a\\tb', 'a b'],
    ['a  b', 'a b', 'a··b', 'a b'],
    [' a', 'a', '·a', 'a'],
    ['a b', 'a c', 'a b', 'a c'],
    ['a\u200bb', 'c', 'a\\u200bb', 'c'],
    ['a\tb', 'c', 'a\tb', 'c'],
    ['a\u00a0b', 'c', 'a\\u00a0b', 'c'],
    ['a\u2028b', 'a b', 'a\\u2028b', 'a b'],
    ['a   b  c', 'a b c', 'a···b··c', 'a b c'],
    ['\u{e0001}a', 'a', '\\ue0001a', 'a'],
    ['a\u3000\u3000b', 'a b', 'a\\u3000\\u3000b', 'a b'],
  ])('in %j beside %j is %s', (expected, actual, shown, other) => {
    const lines = makeVisible([
      { kind: 'same', text: 'a\tb' },
      { kind: 'expected', text: expected },
      { kind: 'actual', text: actual },
    ]);
    expect(lines.map(({ text }) => text)).toEqual(['a\tb', shown, other]);
  });

  test('is left alone where the same is asked for twice', () => {
    const twice = ['a  b', 'a b'].map((text) => ({ kind: 'expected', text }) as const);
    expect(makeVisible(twice)).toEqual(twice);
  });
});

describe('a line that matches anything', () => {
  test.each([
    ['...', true],
    ['[..]', true],
    ['[..][..]', true],
    ['{{any}}', true],
    ['{{x:any}}', true],
    ['* (glob)', true],
    ['.* (re)', true],
    ['.+ (re)', true],
    ['', false],
    ['a', false],
    ['a[..]', false],
    ['[..] {{int}}', false],
    ['{{int}}', false],
    ['{{word}}', false],
    ['? (glob)', false],
    ['[x7Z-] (re)', false],
    ['x (re)', false],
    ['[^ ]* (re)', false],
    ['( (re)', false],
    ['{{x}}', false],
  ])('%j: %s', (line, anything) => expect(matchesAnything(line)).toBe(anything));
});
