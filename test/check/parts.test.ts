import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLines, matchLines, toLines } from '../../src/check/lines.ts';
import { armour, literal, writeLine } from '../../src/check/parts.ts';
import { escapeLine } from '../../src/check/pattern.ts';
import { sanitize } from '../../src/check/sanitize.ts';
import { createTester } from '../../src/check/tester.ts';

function matches(expected: string, actual: string): boolean {
  const patterns = compileLines([expected], []);
  if ('message' in patterns) throw new Error(patterns.message);
  const lines = toLines(actual);
  return matchLines(patterns, lines, createTester(patterns, lines, true), 'exact', new Map()) !== undefined;
}

const pieces = [
  '...',
  '[..]',
  '{{int}}',
  '{{a:mac}}',
  '{{.X}}',
  ' (re)',
  ' (?)',
  ' (eq)',
  ' (esc)',
  '\\',
  '\\x24',
  '-->',
  '$ ',
  '```',
  '> ',
  '\t',
];
/** One line as a step may print it: sanitised, without blanks at its end. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 6 })), { maxLength: 5 })
  .map((parts) => sanitize(parts.join('').replaceAll('\n', ' ')).trimEnd())
  .filter((line) => line !== '');

describe('a line that stands for itself', () => {
  const spellings = (line: string) => [escapeLine(line), ...Object.values(writeLine(literal(line)))];

  it('matches itself, however it is written', () => {
    fc.assert(
      fc.property(text, (line) => {
        expect(spellings(line).map((spelling) => [spelling, matches(spelling, line)])).toEqual(
          spellings(line).map((spelling) => [spelling, true]),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('matches no mutation of itself', () => {
    const mutation = fc.tuple(
      text,
      fc.nat(),
      fc.constantFrom('drop', 'add', 'change'),
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(mutation, ([line, place, how, character]) => {
        const at = place % (line.length + 1);
        const rest = line.slice(how === 'add' ? at : at + 1);
        const mutant = sanitize(line.slice(0, at) + (how === 'drop' ? '' : character) + rest).trimEnd();
        fc.pre(mutant !== line);
        for (const spelling of spellings(line))
          expect([spelling, matches(spelling, mutant)]).toEqual([spelling, false]);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['$ x', '\\x24 x (esc)'],
    ['a (eq)', '\\x61 (esc)'],
    ['> {{int}}', '\\x3e .+ (re)'],
    ['a (re)', 'a (re)'],
  ])('in other words: %s', (line, other) => expect(armour(line)).toBe(other));
});
