import type { LinePattern } from './pattern.ts';
import type { Tester } from './tester.ts';
import type { Captures, DiffLine } from './types.ts';
import { assign, leftOver } from './unordered.ts';
import { makeVisible } from './visible.ts';

/** Cells of the table that an alignment may take; beyond it, lines are only compared at both ends. */
const maxCells = 400_000;
/** Lines of a difference. */
const maxLines = 300;
/** Equal lines shown on each side of a difference. */
const context = 3;

/** How an output differs from what was asked for. */
export interface Difference {
  readonly lines: readonly DiffLine[];
  /** Index of the pattern at which the first difference is; where something unasked for came, of the one after it. */
  readonly first: number;
}

/**
 * The fewest lines to take away and to add that turn one into the other. Lines that a pattern matched count as the
 * same and are shown as they came; what `...` stands for is one line when it is long.
 */
export function diffLines(
  patterns: readonly LinePattern[],
  actual: readonly string[],
  test: Tester,
  given: Captures,
): Difference {
  let head = 0;
  let captures = given;
  for (; isOnce(patterns[head]); head += 1) {
    const next = test(head, head, captures);
    if (next === undefined) break;
    captures = next;
  }
  const cells = (patterns.length - head + 1) * (actual.length - head + 1);
  const compare = cells > maxCells ? bothEnds : align;
  const { lines, first } = compare(patterns, actual, head, test, captures);
  const same = actual.slice(0, head).map((text): DiffLine => ({ kind: 'same', text }));
  return { lines: bound(makeVisible(same.concat(lines))), first };
}

/** The difference for lines in any order: what nothing was found for, and what nothing asked for. */
export function diffUnordered(
  patterns: readonly LinePattern[],
  actual: readonly string[],
  test: Tester,
  captures: Captures,
): Difference {
  const found = assign(patterns, actual, test, captures);
  const extra = new Set(leftOver(patterns, actual.length, test, found));
  const missing = [...patterns.keys()].filter((index) => patterns[index]?.min === 1 && found.lines[index] === -1);
  const lines = [
    ...missing.map((index): DiffLine => ({ kind: 'expected', text: patterns[index]?.source ?? '' })),
    ...actual.map((text, line): DiffLine => ({ kind: extra.has(line) ? 'actual' : 'same', text })),
  ];
  return { lines: bound(makeVisible(lines)), first: missing[0] ?? 0 };
}

function isOnce(pattern: LinePattern | undefined): boolean {
  return pattern?.min === 1 && pattern.max === 1;
}

/** Dynamic programming from the end; `cost(i, j)` is what patterns from i and lines from j differ by at least. */
function align(
  patterns: readonly LinePattern[],
  actual: readonly string[],
  head: number,
  test: Tester,
  given: Captures,
): Difference {
  const width = actual.length - head + 1;
  const table = new Uint32Array((patterns.length - head + 1) * width);
  const cost = (i: number, j: number) => table[(i - head) * width + j - head] ?? 0;
  const fits = (i: number, j: number) => test(i, j, given, true) !== undefined;
  for (let i = patterns.length; i >= head; i -= 1) {
    for (let j = actual.length; j >= head; j -= 1) {
      table[(i - head) * width + j - head] = cheapest(i, j);
    }
  }

  function cheapest(i: number, j: number): number {
    const pattern = patterns[i];
    if (pattern === undefined) return actual.length - j;
    const skip = cost(i + 1, j) + pattern.min;
    if (j === actual.length) return skip;
    const best = Math.min(skip, cost(i, j + 1) + (pattern.kind === 'gap' ? 0 : 1));
    if (pattern.kind === 'gap' || best === 0 || !fits(i, j)) return best;
    return Math.min(best, cost(i + 1, j + 1), pattern.max > 1 ? cost(i, j + 1) : best);
  }

  let i = head;
  let j = head;
  const lines: DiffLine[] = [];
  let captures = given;
  let gap: string[] = [];
  let first: number | undefined;
  const add = (...more: DiffLine[]) => {
    if (more.some(({ kind }) => kind !== 'same')) first ??= i;
    lines.push(...collapseGap(gap), ...more);
    gap = [];
  };
  while (i < patterns.length || j < actual.length) {
    const pattern = patterns[i];
    const text = actual[j] ?? '';
    const here = cost(i, j);
    if (pattern === undefined) {
      add({ kind: 'actual', text });
      j += 1;
    } else if (pattern.kind === 'gap') {
      // The first place that costs no more is where the patterns after it go.
      if (j === actual.length || cost(i + 1, j) === here) i += 1;
      else {
        gap.push(text);
        j += 1;
      }
    } else if (takes(i, j)) {
      // Names are only known on the way forward: a line that fits but for a captured value differs after all.
      const strict = test(i, j, captures);
      if (strict) add({ kind: 'same', text });
      else add({ kind: 'expected', text: pattern.source }, { kind: 'actual', text });
      captures = strict ?? captures;
      if (cost(i + 1, j + 1) === here) i += 1;
      j += 1;
    } else if (cost(i + 1, j) + pattern.min === here) {
      if (pattern.min > 0) add({ kind: 'expected', text: pattern.source });
      i += 1;
    } else {
      add({ kind: 'actual', text });
      j += 1;
    }
  }
  add();
  return { lines, first: first ?? head };

  /** Whether the best alignment from here has this pattern on this line. */
  function takes(pattern: number, line: number): boolean {
    if (line === actual.length || !fits(pattern, line)) return false;
    const here = cost(pattern, line);
    return (
      cost(pattern + 1, line + 1) === here || ((patterns[pattern]?.max ?? 1) > 1 && cost(pattern, line + 1) === here)
    );
  }
}

function collapseGap(lines: readonly string[]): readonly DiffLine[] {
  if (lines.length <= context) return lines.map((text) => ({ kind: 'same', text }));
  return [{ kind: 'same', text: `... (${lines.length} lines)` }];
}

/** For outputs too large to align: what is equal at the end is left out, the rest is shown as it is. */
function bothEnds(
  patterns: readonly LinePattern[],
  actual: readonly string[],
  head: number,
  test: Tester,
  captures: Captures,
): Difference {
  let tail = 0;
  while (tail < Math.min(patterns.length, actual.length) - head) {
    const index = patterns.length - 1 - tail;
    if (!isOnce(patterns[index]) || test(index, actual.length - 1 - tail, captures) === undefined) break;
    tail += 1;
  }
  // Room is left for some of what is equal before and after.
  const half = maxLines / 2 - 5;
  const expected = patterns
    .slice(head, patterns.length - tail)
    .map(({ source }): DiffLine => ({ kind: 'expected', text: source }));
  const came = actual.slice(head, actual.length - tail).map((text): DiffLine => ({ kind: 'actual', text }));
  const same = actual.slice(actual.length - tail).map((text): DiffLine => ({ kind: 'same', text }));
  return { lines: [...cut(expected, half), ...cut(came, half), ...same], first: head };
}

function cut(lines: readonly DiffLine[], limit: number): readonly DiffLine[] {
  const [first] = lines;
  if (lines.length <= limit || first === undefined) return lines;
  return [...lines.slice(0, limit - 1), note(lines.length - limit + 1, first.kind === 'same' ? '' : `${first.kind} `)];
}

function note(count: number, what: string): DiffLine {
  return { kind: 'same', text: `… ${count} more ${what}lines` };
}

/** Long runs of equal lines keep their ends; what is still too long is cut with a note. */
function bound(lines: readonly DiffLine[]): readonly DiffLine[] {
  if (lines.length <= 40) return lines;
  const shown: DiffLine[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (lines[end]?.kind === 'same') end += 1;
    const [before, after] = [at === 0 ? 0 : context, end === lines.length ? 0 : context];
    if (end - at > before + after + 1) {
      shown.push(
        ...lines.slice(at, at + before),
        note(end - at - before - after, 'equal '),
        ...lines.slice(end - after, end),
      );
    } else shown.push(...lines.slice(at, end));
    at = end;
    while (at < lines.length && lines[at]?.kind !== 'same') {
      const line = lines[at];
      if (line) shown.push(line);
      at += 1;
    }
  }
  return cut(shown, maxLines);
}
