import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, type Costs } from '../../src/check/align.ts';
import { nameValues } from '../../src/check/name-values.ts';
import { armour, type Part, writeLine } from '../../src/check/parts.ts';
import { similarity, tokensOf } from '../../src/check/tokens.ts';

describe('two lists side by side', () => {
  const small = fc.array(fc.nat({ max: 9 }), { maxLength: 4 });

  it('cost no more than any other way', () => {
    const lists = fc.tuple(
      small,
      small,
      fc.array(fc.nat({ max: 9 }), { minLength: 16, maxLength: 16 }),
      fc.nat(),
      fc.nat(),
    );
    fc.assert(
      fc.property(lists, ([lefts, rights, pairs, swallowing, repeating]) => {
        const price = (left: number, right: number) => {
          const value = pairs[left * 4 + right] ?? 0;
          return value === 9 ? Number.POSITIVE_INFINITY : value;
        };
        const swallows = (left: number) => (swallowing >> left) % 4 === 1;
        const repeats = (left: number) => (repeating >> left) % 2 === 1;
        const costs: Costs = {
          pair: price,
          left: (at) => lefts[at] ?? 0,
          right: (at) => rights[at] ?? 0,
          swallows,
          repeats,
        };
        const cheapest = (left: number, right: number): number => {
          if (left === lefts.length && right === rights.length) return 0;
          const ways: number[] = [];
          const free = left < lefts.length && swallows(left);
          if (left < lefts.length) ways.push((free ? 0 : costs.left(left)) + cheapest(left + 1, right));
          if (right < rights.length) ways.push((free ? 0 : costs.right(right)) + cheapest(left, right + 1));
          if (left < lefts.length && right < rights.length && !free) {
            ways.push(price(left, right) + cheapest(left + 1, right + 1));
            if (repeats(left)) ways.push(price(left, right) + cheapest(left, right + 1));
          }
          return Math.min(...ways);
        };
        const found = align(lefts.length, rights.length, costs) ?? [];
        const total = found.reduce((sum, step) => {
          if (step.kind === 'pair') return sum + price(step.left, step.right);
          if (step.kind === 'left') return sum + (swallows(step.left) ? 0 : costs.left(step.left));
          return sum + (step.by === undefined ? costs.right(step.right) : 0);
        }, 0);
        expect(total).toBe(cheapest(0, 0));
        expect(found.flatMap((step) => (step.kind === 'left' ? [] : [step.right]))).toEqual([...rights.keys()]);
        const seen = found.flatMap((step) => (step.kind === 'right' ? [] : [step.left]));
        expect([...new Set(seen)]).toEqual([...lefts.keys()].filter((left) => seen.includes(left)));
        for (const left of lefts.keys()) {
          const times = found.filter((step) => step.kind === 'pair' && step.left === left).length;
          if (!repeats(left)) expect(times).toBeLessThan(2);
          if (swallows(left)) expect(times).toBe(0);
        }
        for (const step of found)
          if (step.kind === 'right' && step.by !== undefined) expect(swallows(step.by)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('take the first of several ways: what belongs together, then what is old, then what is new', () => {
    const costs: Costs = { pair: () => 2, left: () => 1, right: () => 1 };
    expect(align(1, 1, costs)).toEqual([{ kind: 'pair', left: 0, right: 0 }]);
    expect(align(1, 1, { ...costs, pair: () => 3 })).toEqual([
      { kind: 'left', left: 0 },
      { kind: 'right', right: 0, by: undefined },
    ]);
    expect(align(1, 2, { ...costs, pair: () => 0, repeats: () => true })).toEqual([
      { kind: 'pair', left: 0, right: 0 },
      { kind: 'pair', left: 0, right: 1 },
    ]);
    expect(align(0, 0, costs)).toEqual([]);
  });

  it('of any length up to a limit', () => {
    const costs: Costs = { pair: () => 0, left: () => 1, right: () => 1 };
    expect(align(399, 999, costs)).toHaveLength(999);
    expect(align(400, 999, costs)).toBeUndefined();
    expect(align(399, 1000, costs)).toBeUndefined();
  });
});

describe('names for values', () => {
  const value = (type: string, ...values: readonly string[]): Extract<Part, { kind: 'value' }> => {
    return { kind: 'value', type, values };
  };
  /** The names of all parts, `=` before one that was given before. */
  function names(steps: readonly (readonly Part[])[], taken: readonly string[] = [], silent: readonly number[] = []) {
    const naming = nameValues(
      steps.map((parts, index) => ({ parts, mayCapture: !silent.includes(index) })),
      (name) => taken.includes(name),
    );
    return steps.flat().map((part) => {
      const named = part.kind === 'value' ? naming(part) : undefined;
      return named === undefined ? '-' : `${named.first ? '' : '='}${named.name}`;
    });
  }
  const one = () => value('mac', 'a', 'b');
  const two = () => value('mac', 'a', 'c');

  it.each<[string, string, readonly (readonly Part[])[], string[]?, number[]?]>([
    ['that come once', '- -', [[one()], [two()]]],
    ['that come twice', 'mac1 =mac1', [[one()], [one()]]],
    ['that come twice in a line', 'mac1 - =mac1', [[one(), { kind: 'any' }, one()]]],
    ['each its own', 'mac1 mac2 =mac2 =mac1', [[one(), two(), two(), one()]]],
    ['by their type', 'mac1 ipv41 =mac1 =ipv41', [[one(), value('ipv4', 'a', 'b'), one(), value('ipv4', 'a', 'b')]]],
    ['not by one that is taken', 'mac3 =mac3', [[one(), one()]], ['mac1', 'mac2']],
    ['that may not be captured where they come first', '- -', [[one()], [one()]], [], [0]],
    ['that may be captured later', '- mac1 =mac1', [[one()], [one()], [one()]], [], [0]],
    ['that are asked for where nothing may be captured', 'mac1 =mac1', [[one()], [one()]], [], [1]],
    ['that are long words', 'word1 =word1', [[value('word', 'abcdef', 'bcdefg'), value('word', 'abcdef', 'bcdefg')]]],
    ['that are long numbers', 'hex1 =hex1', [[value('hex', 'abcdef'), value('hex', 'abcdef')]]],
    ['not short words', '- -', [[value('word', 'abcdef', 'bcdef'), value('word', 'abcdef', 'bcdef')]]],
    ['not numbers', '- -', [[value('int', '1234567'), value('int', '1234567')]]],
  ])('%s: %s', (_, expected, steps, taken, silent) => {
    expect(names(steps, taken, silent).join(' ')).toBe(expected);
  });
});

describe('a line of parts', () => {
  const old = (element: Extract<Part, { kind: 'old' }>['element']): Part => ({ kind: 'old', element });
  const text = (words: string): Part => ({ kind: 'text', text: words });
  const any: Part = { kind: 'any' };

  it.each<[readonly Part[], string, string]>([
    [[], '', ''],
    [[any], '[..]', '.* (re)'],
    [[any, any], '[..]', '.* (re)'],
    [[text('a'), text('b')], 'ab', '\\x61b (esc)'],
    [[text('a '), any, any, text(' b')], 'a [..] b', '\\x61 .* b (re)'],
    [[text('a.'), { kind: 'value', type: 'int', values: ['1'] }], 'a.{{int}}', '\\x61\\..+ (re)'],
    [[old({ kind: 'value', type: 'int', name: 'n' }), text('.')], '{{n:int}}.', '.+\\. (re)'],
    [[old({ kind: 'same', name: 'n' }), text('.')], '{{n}}.', '.+\\. (re)'],
    [[text('\\d '), any], '\\d [..]', '\\\\d .* (re)'],
    [[text('x{{int}} '), any], '\\x78\\{\\{int\\}\\} .* (re)', '\\x78\\{\\{int\\}\\} .* (re)'],
    [
      [text('a [..] '), { kind: 'value', type: 'int', values: ['1'] }],
      '\\x61 \\[\\.\\.\\] .+ (re)',
      '\\x61 \\[\\.\\.\\] .+ (re)',
    ],
    [[any, text(' (re)')], '.* \\(re\\) (re)', '.* \\(re\\) (re)'],
    [[any, text(' (?)')], '.* \\(\\?\\) (re)', '.* \\(\\?\\) (re)'],
    [[any, text(' (*)')], '.* \\(\\*\\) (re)', '.* \\(\\*\\) (re)'],
    [[any, text(' (no-eol)')], '.* \\(no-eol\\) (re)', '.* \\(no-eol\\) (re)'],
    [[any, text(' (glob)')], '.* \\(glob\\) (re)', '.* \\(glob\\) (re)'],
    [[any, text('{{x:nonsense}}')], '.*\\{\\{x:nonsense\\}\\} (re)', '.*\\{\\{x:nonsense\\}\\} (re)'],
    [[any, text('-->')], '[..]-->', '.*--\\x3e (re)'],
    [[text('é'), any], 'é[..]', 'é.* (re)'],
    [[text('\u0080')], '\u0080', '\u0080 (esc)'],
    [[text('\t-->')], '\t-->', '\\t--\\x3e (esc)'],
  ])('%j is %s', (parts, line, armoured) => {
    expect(writeLine(parts)).toEqual({ text: line, armoured });
  });

  it.each([
    ['...', '...'],
    ['a (+)', 'a (+)'],
    ['a (?)', 'a (?)'],
    ['a (no-eol)', 'a (no-eol)'],
    ['> {{x:int}} {{x}} [..]', '\\x3e .+ .+ .* (re)'],
    ['{{int}} a', '.+ a (re)'],
    ['', ''],
  ])('in other words: %s', (line, other) => expect(armour(line)).toBe(other));
});

describe('a line in parts', () => {
  it('is those parts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (line) => {
        expect(
          tokensOf(line)
            .map(({ text }) => text)
            .join(''),
        ).toBe(line);
      }),
    );
  });

  it.each([
    ['eth0: 10.0.0.1/24', 'word:eth0 mark:: blank:  cidr:10.0.0.1/24'],
    ['at 10.0.0.1, 02:42:ac:11:00:02', 'word:at blank:  ipv4:10.0.0.1 mark:, blank:  mac:02:42:ac:11:00:02'],
    ['fe80::1%eth0 ::', 'ipv6:fe80::1%eth0 blank:  mark:: mark::'],
    ['1.2.3 v1.2', 'word:1 mark:. word:2 mark:. word:3 blank:  word:v1 mark:. word:2'],
    ['5 5.5 1e-7 5x', 'int:5 blank:  number:5.5 blank:  number:1e-7 blank:  word:5x'],
    ['4d7f3c6e2a10 123456789012 abcdefabcdef', 'id:4d7f3c6e2a10 blank:  int:123456789012 blank:  word:abcdefabcdef'],
    ['77.8MB 5 B 4.0K 12', 'bytes:77.8MB blank:  bytes:5 B blank:  bytes:4.0K blank:  int:12'],
    [
      '1h2m3s, 0.045 ms, 5 minutes',
      'duration:1h2m3s mark:, blank:  number:0.045 blank:  word:ms mark:, blank:  duration:5 minutes',
    ],
    ['About a minute ago', 'duration:About a minute blank:  word:ago'],
    ['Tue Nov 24 12:00:00 UTC 2026', 'datetime:Tue Nov 24 12:00:00 UTC 2026'],
    [
      '5 Nov 24, then 2026-11-24 12:00',
      'int:5 blank:  date:Nov 24 mark:, blank:  word:then blank:  datetime:2026-11-24 12:00',
    ],
    ['12:00:01x 12:00:01', 'int:12 mark:: int:00 mark:: word:01x blank:  time:12:00:01'],
    ['123e4567-e89b-12d3-a456-426614174000', 'uuid:123e4567-e89b-12d3-a456-426614174000'],
    ['é_1 \t ٣', 'word:é_1 blank: \t  word:٣'],
  ])('%s', (line, parts) => {
    expect(
      tokensOf(line)
        .map(({ kind, text }) => `${kind}:${text}`)
        .join(' '),
    ).toBe(parts);
  });

  it.each([
    [['a', 'b'], ['a', 'b'], 1],
    [['a', 'b'], ['b', 'c'], 0.5],
    [['a', 'a'], ['a', 'b'], 0.5],
    [['a'], ['a', 'a', 'a'], 0.5],
    [['a'], [], 0],
    [[], ['a'], 0],
    [['a'], ['b'], 0],
  ])('%j is as similar to %j as %d', (left, right, close) => {
    expect(similarity(left, right)).toBe(close);
  });
});
