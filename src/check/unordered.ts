import type { LinePattern } from './pattern.ts';
import { CheckProblem } from './problem.ts';
import type { Tester } from './tester.ts';
import type { Captures } from './types.ts';

/** Attempts that one output may take. */
const budget = 2_000_000;

/** Which line each pattern that stands for one line was given; -1 where none was. */
export interface Assignment {
  readonly lines: readonly number[];
  readonly captures: Captures;
  readonly complete: boolean;
}

/**
 * In any order: each pattern has a line of its own, and no line is left over unless a repeated line or `...` takes it.
 */
export function matchUnordered(
  patterns: readonly LinePattern[],
  lines: readonly string[],
  test: Tester,
  captures: Captures,
): Captures | undefined {
  const assignment = assign(patterns, lines, test, captures);
  if (!assignment.complete) return undefined;
  return takeRest(patterns, lines.length, test, assignment);
}

/** The lines that no pattern has, nor any that repeats would take. */
export function leftOver(
  patterns: readonly LinePattern[],
  count: number,
  test: Tester,
  found: Assignment,
): readonly number[] {
  const used = new Set(found.lines);
  const repeated = [...patterns.keys()].filter((index) => patterns[index]?.max !== 1);
  return Array.from({ length: count }, (_, line) => line).filter((line) => {
    return !used.has(line) && !repeated.some((index) => test(index, line, found.captures, true));
  });
}

/** Gives every pattern a line of its own, as far as that goes. */
export function assign(
  patterns: readonly LinePattern[],
  lines: readonly string[],
  test: Tester,
  captures: Captures,
): Assignment {
  const fixed = assignTexts(patterns, lines);
  const usesNames = patterns.some(({ elements }) => elements.some((element) => 'name' in element && element.name));
  return usesNames
    ? backtrack(patterns, fixed, lines.length, test, captures)
    : augment(patterns, fixed, lines.length, test, captures);
}

/** Plain texts first: which of several equal lines one gets makes no difference to the others. */
function assignTexts(patterns: readonly LinePattern[], lines: readonly string[]): readonly number[] {
  const places = new Map<string, number[]>();
  for (const [line, text] of lines.entries()) {
    const known = places.get(text);
    if (known) known.push(line);
    else places.set(text, [line]);
  }
  for (const known of places.values()) known.reverse();
  return patterns.map(({ kind, text, min, max, noEol }) => {
    return kind === 'text' && min === 1 && max === 1 && !noEol ? (places.get(text)?.pop() ?? -1) : -1;
  });
}

/** The patterns that still need a line. */
function open(patterns: readonly LinePattern[], fixed: readonly number[]): readonly number[] {
  return [...patterns.keys()].filter((index) => patterns[index]?.kind !== 'gap' && fixed[index] === -1);
}

function isOptional(pattern: LinePattern | undefined): boolean {
  return pattern?.min === 0;
}

/** Maximum bipartite matching (Kuhn's), required patterns first: nothing depends on which line a pattern gets. */
function augment(
  patterns: readonly LinePattern[],
  fixed: readonly number[],
  count: number,
  test: Tester,
  captures: Captures,
): Assignment {
  const owner = new Array<number>(count).fill(-1);
  const taken = new Set(fixed);
  let steps = 0;
  const tryGive = (index: number, seen: Set<number>): boolean => {
    for (let line = 0; line < count; line += 1) {
      steps = spend(steps);
      if (taken.has(line) || seen.has(line) || test(index, line, captures) === undefined) continue;
      seen.add(line);
      const previous = owner[line] ?? -1;
      if (previous === -1 || tryGive(previous, seen)) {
        owner[line] = index;
        return true;
      }
    }
    return false;
  };
  const needed = open(patterns, fixed).toSorted(
    (a, b) => Number(isOptional(patterns[a])) - Number(isOptional(patterns[b])),
  );
  let complete = true;
  for (const index of needed) {
    if (!tryGive(index, new Set()) && !isOptional(patterns[index])) complete = false;
  }
  const lines = [...fixed];
  for (const [line, index] of owner.entries()) if (index !== -1) lines[index] = line;
  return { lines, captures, complete };
}

/** In document order with captures, the best partial assignment kept for the differences. */
function backtrack(
  patterns: readonly LinePattern[],
  fixed: readonly number[],
  count: number,
  test: Tester,
  given: Captures,
): Assignment {
  const needed = open(patterns, fixed);
  const lines = [...fixed];
  const used = new Set(fixed);
  let best: Assignment = { lines: [...lines], captures: given, complete: false };
  let bestDepth = -1;
  let steps = 0;

  function walk(depth: number, captures: Captures): boolean {
    const index = needed[depth];
    const here: Assignment = { lines: [...lines], captures, complete: index === undefined };
    if (depth > bestDepth) best = here;
    bestDepth = Math.max(depth, bestDepth);
    if (index === undefined) {
      if (takeRest(patterns, count, test, here) === undefined) return false;
      best = here;
      return true;
    }
    for (let line = 0; line < count; line += 1) {
      steps = spend(steps);
      const next = used.has(line) ? undefined : test(index, line, captures);
      if (next === undefined) continue;
      lines[index] = line;
      used.add(line);
      if (walk(depth + 1, next)) return true;
      lines[index] = -1;
      used.delete(line);
    }
    return isOptional(patterns[index]) && walk(depth + 1, captures);
  }

  walk(0, given);
  return best;
}

function spend(steps: number): number {
  if (steps < budget) return steps + 1;
  throw new CheckProblem('too many lines could be any of the others; write them in order, or with fewer wildcards');
}

function takeRest(
  patterns: readonly LinePattern[],
  count: number,
  test: Tester,
  { lines, captures }: Assignment,
): Captures | undefined {
  const used = new Set(lines);
  const repeated = [...patterns.keys()].filter((index) => patterns[index]?.max !== 1);
  let result = captures;
  for (let line = 0; line < count; line += 1) {
    if (used.has(line)) continue;
    const next = repeated.map((index) => test(index, line, result)).find((found) => found !== undefined);
    if (next === undefined) return undefined;
    result = next;
  }
  return result;
}
