import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evaluate } from '../../src/check/evaluate.ts';
import { allows } from '../mutants/oracle.ts';
import { output, step } from './example.ts';

/** A piece of an expected line, and texts that it stands for. */
const pieces = [
  ...['a', 'b', 'ab', ' ', '-', '1', '10.0.0.1', 'é', '[..', '{{', '.*', '(', '\\'].map(
    (text) => [text, [text]] as const,
  ),
  ['[..]', ['', 'a', 'b a', '10.0.0.1']],
  ['{{int}}', ['1', '-12', '+3', '007']],
  ['{{number}}', ['1', '0.5', '-2.25', '1e3']],
  ['{{ipv4}}', ['10.0.0.1', '255.255.255.255', '0.0.0.0']],
  ['{{mac}}', ['02:42:ac:11:00:02', 'AA-BB-CC-DD-EE-FF']],
  ['{{hex}}', ['ff', '0xA1', '12']],
  ['{{id}}', ['4d7f3c6e2a10']],
  ['{{word}}', ['a', 'a-b', '10.0.0.1']],
] as const satisfies readonly (readonly [string, readonly string[]])[];

/** What a line is written as, what it stands for, and how often it may come. */
interface Written {
  readonly pattern: string;
  readonly texts: readonly string[];
}

const piece = fc.constantFrom(...pieces);
/** A placeholder stands apart from what is beside it, where its end is no matter of taste. */
const apart = (pattern: string, text: string) =>
  pattern.startsWith('{{') && pattern.endsWith('}}') ? ` ${text};` : text;
const textLine = fc
  .array(fc.tuple(piece, fc.nat(9)), { minLength: 1, maxLength: 4 })
  .map((parts) => ({
    pattern: parts.map(([[pattern]]) => apart(pattern, pattern)).join(''),
    text: parts.map(([[pattern, texts], at]) => apart(pattern, texts[at % texts.length] ?? '')).join(''),
  }))
  // Blanks at the end of a line are no part of it.
  .filter(({ pattern, text }) => pattern !== '' && !/ $/.test(pattern) && !/ $/.test(text));
const repeats = { '': [1], ' (?)': [0, 1], ' (*)': [0, 1, 3], ' (+)': [1, 2] };
const repeated = fc
  .tuple(textLine, fc.constantFrom(...(['', '', ' (?)', ' (*)', ' (+)'] as const)), fc.nat(9))
  .map(([{ pattern, text }, suffix, at]): Written => {
    const counts = repeats[suffix];
    return { pattern: `${pattern}${suffix}`, texts: Array<string>(counts[at % counts.length] ?? 1).fill(text) };
  });
const special = fc.constantFrom<Written[]>(
  { pattern: '...', texts: [] },
  { pattern: '...', texts: ['a'] },
  { pattern: '...', texts: ['b', '', '1'] },
  { pattern: 'a+b* (re)', texts: ['aab'] },
  { pattern: 'a|b (re)', texts: ['b'] },
  { pattern: '[ab] (re+)', texts: ['a', 'b', 'a'] },
  { pattern: 'a*1 (glob)', texts: ['a b 1'] },
  { pattern: 'a?1 (glob)', texts: ['a11'] },
  { pattern: '... (eq)', texts: ['...'] },
  { pattern: '{{int}} (eq)', texts: ['{{int}}'] },
);
const written = fc.oneof({ arbitrary: repeated, weight: 4 }, { arbitrary: special, weight: 2 });

/** What happens to an output on its way: nothing, or one small fault. */
type Fault = (lines: readonly string[], at: number) => readonly string[];
const faults: readonly Fault[] = [
  (lines) => lines,
  (lines) => lines,
  (lines, at) => lines.toSpliced(at, 1),
  (lines, at) => lines.toSpliced(at, 0, lines[at] ?? 'a'),
  (lines, at) => lines.toSpliced(at, 0, 'b'),
  (lines, at) => lines.with(at, `${lines[at]}a`),
  (lines, at) => lines.with(at, `a${lines[at]}`),
  (lines, at) => lines.with(at, lines[at]?.slice(0, -1) ?? ''),
  (lines, at) => lines.with(at, lines[at]?.replace(/\d/, 'x') ?? ''),
  (lines) => lines.toReversed(),
  () => [],
];
const fault = fc.tuple(fc.constantFrom(...faults), fc.nat());

function broken(lines: readonly string[], [spoil, at]: readonly [Fault, number]): string {
  const spoilt = lines.length === 0 ? lines : spoil(lines, at % lines.length);
  return spoilt.map((line) => `${line}\n`).join('');
}

async function passes(asked: ReturnType<typeof step>, text: string): Promise<boolean> {
  const { checks } = await evaluate(asked, output(text), new Map());
  return checks.every(({ ok }) => ok);
}

it.each(['exact', 'contains'] as const)('%s: an output passes where a second matcher says so', async (match) => {
  const seen = { passed: 0, failed: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(written, { minLength: 1, maxLength: 5 }), fault, async (lines, spoilt) => {
      const asked = step({ expected: lines.map(({ pattern }) => pattern).join('\n'), match });
      const text = broken(
        lines.flatMap(({ texts }) => texts),
        spoilt,
      );
      const allowed = allows(asked, text, new Map());
      expect(await passes(asked, text)).toBe(allowed);
      seen[allowed ? 'passed' : 'failed'] += 1;
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(seen.passed, seen.failed)).toBeGreaterThan(30);
});

it('unordered: an output passes where a second matcher says so', async () => {
  const plain = textLine.filter(({ pattern }) => !/[[{]|^ *$/.test(pattern));
  const last = fc.constantFrom<string[]>('', '...', 'a[..]', '{{int}}');
  await fc.assert(
    fc.asyncProperty(
      fc.array(plain, { minLength: 1, maxLength: 5 }),
      last,
      fault,
      fc.nat(),
      async (lines, end, spoilt, turn) => {
        const expected = [...lines.map(({ pattern }) => pattern), ...(end === '' ? [] : [end])].join('\n');
        const asked = step({ expected, match: 'unordered' });
        const came = lines.map(({ text }) => text).concat(end === 'a[..]' ? ['abc'] : end === '{{int}}' ? ['7'] : []);
        const at = turn % came.length;
        const text = broken([...came.slice(at), ...came.slice(0, at)], spoilt);
        expect(await passes(asked, text)).toBe(allows(asked, text, new Map()));
      },
    ),
    { numRuns: 1000 },
  );
});
