import { align } from './align.ts';
import { endsInBreak, trimBlanks } from './lines.ts';
import { escapeBytes, escapeLine, type LinePattern } from './pattern.ts';
import { CheckProblem } from './problem.ts';
import { type Printed, type Proposal, type ProposedLine, readLines } from './propose.ts';
import { pairRuns, type Seen } from './seen-lines.ts';
import { createTester } from './tester.ts';

/**
 * Expected output that cram, too, reads as what one or two runs printed: its patterns are `(esc)`, `(glob)` and `(no-eol)`.
 * Lines of the old one that cram still takes stay. Throws a `CheckProblem` where cram has no words for it.
 */
export function proposeCram(asked: readonly string[], runs: readonly Printed[]): Proposal {
  const captures = runs.map((run) => run.captures);
  const patterns = readLines(asked, captures[0]?.keys() ?? []);
  const lines = runs.map(({ text }) =>
    text
      .replace(/\n$/, '')
      .split('\n')
      .slice(text === '' ? 1 : 0),
  );
  const testers = runs.map(({ text }, run) => createTester(patterns, lines[run] ?? [], endsInBreak(text), true));
  const seen = pairRuns(lines);
  const textsOf = (item: Seen): readonly string[] =>
    item.kind === 'gap' ? [] : item.at.map((at, run) => lines[run]?.[at] ?? '');
  const isCut = (item: Seen): boolean =>
    item.kind === 'line' &&
    item.at.some((at, run) => at === (lines[run]?.length ?? 0) - 1 && !runs[run]?.text.endsWith('\n'));
  const stays = (index: number, item: Seen): boolean => {
    const pattern = patterns[index];
    if (pattern === undefined || item.kind === 'gap' || pattern.noEol !== isCut(item)) return false;
    if (isLiteral(pattern)) return textsOf(item).every((text) => text === asked[index]);
    return testers.every((test, run) => test(index, item.at[run] ?? -1, captures[run] ?? new Map()) !== undefined);
  };
  const found = align(patterns.length, seen.length, {
    pair: (left, right) => (stays(left, seen[right] ?? { kind: 'gap' }) ? 0 : Number.POSITIVE_INFINITY),
    left: (left) => patterns[left]?.min ?? 0,
    right: () => 1,
    swallows: (left) => patterns[left]?.kind === 'gap',
    repeats: (left) => patterns[left]?.max !== 1,
  });
  const steps = found ?? [...seen.keys()].map((right) => ({ kind: 'right', right, by: undefined }) as const);
  const proposed = steps.flatMap((step): readonly ProposedLine[] => {
    if (step.kind === 'left') return patterns[step.left]?.min === 0 ? [{ kind: 'kept', index: step.left }] : [];
    if (step.kind === 'pair') return [{ kind: 'kept', index: step.left }];
    const item = seen[step.right];
    if (step.by !== undefined || item === undefined) return [];
    if (item.kind === 'gap') throw new CheckProblem('it prints other lines each time, for which cram has no pattern');
    return [writeForCram(textsOf(item), isCut(item))];
  });
  const once = proposed.filter((line, index) => {
    const before = proposed[index - 1];
    return !(line.kind === 'kept' && before?.kind === 'kept' && before.index === line.index);
  });
  return { lines: once, captures };
}

function isLiteral({ kind, exact, noEol, text, source }: LinePattern): boolean {
  return kind === 'text' && exact === undefined && !noEol && text === source;
}

function writeForCram(texts: readonly string[], isCut: boolean): ProposedLine {
  const [text = '', other = text] = texts;
  const end = isCut ? ' (no-eol)' : '';
  if (text !== other) {
    const line = `${glob(text, other)}${end} (glob)`;
    return { kind: 'written', text: line, armoured: line };
  }
  const escaped = escapeBytes(text);
  const armoured = `${escaped.replace(/^[^\\]/, (first) => `\\x${first.charCodeAt(0).toString(16)}`)}${end} (esc)`;
  if (/^[$>](?: |$)/.test(text)) return { kind: 'written', text: armoured, armoured };
  const isPlain = !/[\x00-\x1f\x7f\udc80-\udcff]/u.test(text) && escapeLine(text) === trimBlanks(text);
  return { kind: 'written', text: isPlain ? text + end : `${escaped}${end} (esc)`, armoured };
}

/** What two lines begin and end with, by whole words, and anything between: half a number is the same by chance. */
function glob(one: string, other: string): string {
  const least = Math.min(one.length, other.length);
  let head = 0;
  while (head < least && one[head] === other[head]) head += 1;
  while (isOfWord(one[head - 1])) head -= 1;
  let tail = 0;
  while (tail < least - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  while (tail > 0 && isOfWord(one.at(-tail))) tail -= 1;
  return [one.slice(0, head), one.slice(one.length - tail)].map(globText).join('*');
}

function isOfWord(character = ''): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}

function globText(text: string): string {
  return text.replace(/[\\*?]/g, '\\$&').replace(/[\x00-\x1f\x7f\ud800-\udfff]+/g, '*');
}
