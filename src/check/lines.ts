import type { MatchMode } from '../runbook/types.ts';
import { compileLine, type LinePattern, namesOf, trimLine } from './pattern.ts';
import { CheckProblem } from './problem.ts';
import type { Tester } from './tester.ts';
import type { Captures } from './types.ts';
import { matchUnordered } from './unordered.ts';

/** Patterns of one output that leave a choice; each is one more level of recursion. */
const maxChoices = 1000;

/** Lines of a text as they are compared: trailing blanks and trailing empty lines dropped. `asCame`: blanks stay. */
export function toLines(text: string, asCame = false): readonly string[] {
  return dropTrailingEmpty(text.split('\n').map(asCame ? (line) => trimBlanks(line) && line : trimLine));
}

/** A line without the blanks at its end; what else a terminal does not show there stays. */
export function trimBlanks(line: string): string {
  const trimmed = trimLine(line);
  return /^[ \t]*$/.test(line.slice(trimmed.length)) ? trimmed : line;
}

/** Whether a text's last line ends in a line break, blanks after it aside: they are no line that is compared. */
export function endsInBreak(text: string): boolean {
  return /\n[^\S\n]*$/.test(text);
}

/** The same list without the empty lines at its end. */
export function dropTrailingEmpty(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1] === '') end -= 1;
  return lines.slice(0, end);
}

/** An expected line that is wrong, by its 0-based index. */
export interface LineProblem {
  readonly index: number;
  readonly message: string;
}

/** Reads expected lines; names captured by a line are known to the lines after it. */
export function compileLines(lines: readonly string[], known: Iterable<string>): readonly LinePattern[] | LineProblem {
  const names = new Set(known);
  const patterns: LinePattern[] = [];
  for (const [index, line] of dropTrailingEmpty(lines.map(trimLine)).entries()) {
    try {
      const pattern = compileLine(line, names);
      for (const name of namesOf(pattern.elements)) names.add(name);
      patterns.push(pattern);
    } catch (error) {
      if (error instanceof CheckProblem) return { index, message: error.message };
      throw error;
    }
  }
  return optionalEnd(patterns);
}

/** Empty lines before a `...` at the end may be among the trailing empty lines that are dropped. */
function optionalEnd(patterns: readonly LinePattern[]): readonly LinePattern[] {
  const isEmpty = ({ kind, text }: LinePattern) => kind === 'text' && text === '';
  const last = patterns.findLastIndex((pattern) => pattern.min > 0 && !isEmpty(pattern));
  return patterns.map((pattern, index) => (index > last && isEmpty(pattern) ? { ...pattern, min: 0 } : pattern));
}

/** Matches all patterns against all lines in the given mode and returns the captures, or `undefined`. */
export function matchLines(
  patterns: readonly LinePattern[],
  lines: readonly string[],
  test: Tester,
  mode: Exclude<MatchMode, 'ignore'>,
  captures: Captures,
): Captures | undefined {
  if (mode === 'unordered') return matchUnordered(patterns, lines, test, captures);
  return matchOrdered(patterns, lines.length, test, captures, mode === 'contains');
}

function isOneLine({ min, max }: LinePattern): boolean {
  return min === 1 && max === 1;
}

/** Line by line: where there is no choice, which most documents do not leave. */
function matchEach(length: number, count: number, test: Tester, given: Captures): Captures | undefined {
  if (length !== count) return undefined;
  let captures = given;
  for (let index = 0; index < length; index += 1) {
    const next = test(index, index, captures);
    if (next === undefined) return undefined;
    captures = next;
  }
  return captures;
}

/**
 * In order. Every `...` and repeated line is a choice; what failed once from a state is never tried again, so the time
 * is bounded by patterns × lines, unless names captured in the block are used again in it: then also by their values.
 */
function matchOrdered(
  patterns: readonly LinePattern[],
  count: number,
  test: Tester,
  given: Captures,
  contains: boolean,
): Captures | undefined {
  if (!contains && patterns.every(isOneLine)) return matchEach(patterns.length, count, test, given);
  const shared = sharedNames(patterns, given);
  const failed = new Set<string>();
  const gapFailedFrom = new Map<string, number>();
  const runsFailed = new Map<number, readonly [from: number, to: number]>();
  const reached = new Set<number>();
  const { least, most } = reach(patterns);
  if (patterns.filter((pattern) => !isOneLine(pattern)).length > maxChoices) {
    throw new CheckProblem(`more than ${maxChoices} lines that repeat or are "..." cannot be matched`);
  }

  if (!contains) return walk(0, 0, given);
  if (patterns.length === 0) return given;
  for (let start = 0; start <= count - (least[0] ?? 0); start += 1) {
    const captures = walk(0, start, given);
    if (captures !== undefined) return captures;
  }
  return undefined;

  function walk(from: number, start: number, before: Captures): Captures | undefined {
    let index = from;
    let at = start;
    let captures = before;
    for (; ; index += 1, at += 1) {
      const pattern = patterns[index];
      if (pattern === undefined) return contains || at === count ? captures : undefined;
      if (!isOneLine(pattern)) break;
      const next = test(index, at, captures);
      if (next === undefined) return undefined;
      captures = next;
    }
    const values = shared.length === 0 ? '' : JSON.stringify(shared.map((name) => captures.get(name)));
    if (patterns[index]?.kind === 'gap') return gap(index, at, captures, values);
    const state = `${index}:${at}:${values}`;
    if (failed.has(state)) return undefined;
    const result = repeat(index, at, captures);
    if (result === undefined) failed.add(state);
    return result;
  }

  function gap(index: number, from: number, captures: Captures, values: string): Captures | undefined {
    reached.add(index);
    if (index === patterns.length - 1) return captures;
    const next = shared.length === 0 ? nextGap(patterns, index) : -1;
    const state = `${index}:${values}`;
    const end = gapFailedFrom.get(state) ?? count + 1;
    const first = contains ? from : Math.max(from, count - (most[index + 1] ?? 0));
    for (let at = first; at < end && at <= count - (least[index + 1] ?? 0); at += 1) {
      reached.delete(next);
      const result = walk(index + 1, at, captures);
      if (result !== undefined) return result;
      // The next gap failed from the first line that it could: from a later one it has fewer lines to choose from.
      if (reached.has(next)) break;
    }
    gapFailedFrom.set(state, Math.min(from, end));
    return undefined;
  }

  function repeat(index: number, at: number, captures: Captures): Captures | undefined {
    const { min, max } = patterns[index] ?? { min: 1, max: 1 };
    // From inside a run that led nowhere, the same ends lead nowhere again.
    const [from, to] = runsFailed.get(index) ?? [0, -1];
    if (shared.length === 0 && max > 1 && at > from && at <= to) return undefined;
    const taken = [captures];
    while (taken.length <= max) {
      const next = test(index, at + taken.length - 1, taken[taken.length - 1] ?? captures);
      if (next === undefined) break;
      taken.push(next);
    }
    for (let length = taken.length - 1; length >= min; length -= 1) {
      const result = walk(index + 1, at + length, taken[length] ?? captures);
      if (result !== undefined) return result;
    }
    runsFailed.set(index, [at, at + taken.length - 1]);
    return undefined;
  }
}

/** Index of the gap after the one at `index`; -1 when there is none, or a line before it that repeats. */
function nextGap(patterns: readonly LinePattern[], index: number): number {
  const next = patterns.findIndex(({ min, max }, each) => each > index && (min !== 1 || max !== 1));
  return patterns[next]?.kind === 'gap' ? next : -1;
}

/** The fewest and the most lines that the patterns from each index on can stand for. */
function reach(patterns: readonly LinePattern[]): {
  readonly least: readonly number[];
  readonly most: readonly number[];
} {
  const least = new Array<number>(patterns.length + 1).fill(0);
  const most = new Array<number>(patterns.length + 1).fill(0);
  for (let index = patterns.length - 1; index >= 0; index -= 1) {
    const { min = 1, max = 1 } = patterns[index] ?? {};
    least[index] = (least[index + 1] ?? 0) + min;
    most[index] = (most[index + 1] ?? 0) + max;
  }
  return { least, most };
}

/** Names whose value, captured in this block, decides whether another of its lines matches. */
function sharedNames(patterns: readonly LinePattern[], given: Captures): readonly string[] {
  const names = patterns.flatMap(({ elements }) => {
    return elements.flatMap((element) => ('name' in element && element.name !== undefined ? [element.name] : []));
  });
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index && !given.has(name)))];
}
