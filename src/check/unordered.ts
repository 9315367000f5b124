import type { LinePattern } from './pattern.ts';
import { CheckProblem } from './problem.ts';
import type { Tester } from './tester.ts';
import type { Captures } from './types.ts';

const budget = 200_000;

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
  count: number,
  test: Tester,
  captures: Captures,
): Captures | undefined {
  const assignment = assign(patterns, count, test, captures);
  if (!assignment.complete) return undefined;
  return takeRest(patterns, count, test, assignment);
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
export function assign(patterns: readonly LinePattern[], count: number, test: Tester, captures: Captures): Assignment {
  const needed = [...patterns.keys()].filter((index) => patterns[index]?.kind !== 'gap');
  const usesNames = patterns.some(({ elements }) => elements.some((element) => 'name' in element && element.name));
  return usesNames
    ? backtrack(patterns, needed, count, test, captures)
    : augment(patterns, needed, count, test, captures);
}

function isOptional(pattern: LinePattern | undefined): boolean {
  return pattern?.min === 0;
}

/** Maximum bipartite matching (Kuhn's), required patterns first: nothing depends on which line a pattern gets. */
function augment(
  patterns: readonly LinePattern[],
  needed: readonly number[],
  count: number,
  test: Tester,
  captures: Captures,
): Assignment {
  const owner = new Array<number>(count).fill(-1);
  const order = [...needed].sort((a, b) => Number(isOptional(patterns[a])) - Number(isOptional(patterns[b])));
  const tryGive = (index: number, seen: Set<number>): boolean => {
    for (let line = 0; line < count; line += 1) {
      if (seen.has(line) || test(index, line, captures) === undefined) continue;
      seen.add(line);
      const previous = owner[line] ?? -1;
      if (previous === -1 || tryGive(previous, seen)) {
        owner[line] = index;
        return true;
      }
    }
    return false;
  };
  let complete = true;
  for (const index of order) {
    if (!tryGive(index, new Set()) && !isOptional(patterns[index])) complete = false;
  }
  const lines = patterns.map((_, index) => owner.indexOf(index));
  return { lines, captures, complete };
}

/** In document order with captures, the best partial assignment kept for the differences. */
function backtrack(
  patterns: readonly LinePattern[],
  needed: readonly number[],
  count: number,
  test: Tester,
  given: Captures,
): Assignment {
  const lines = patterns.map(() => -1);
  let best: Assignment = { lines: [...lines], captures: given, complete: false };
  let bestDepth = -1;
  let steps = 0;

  function walk(depth: number, captures: Captures): boolean {
    const index = needed[depth];
    if (depth > bestDepth) {
      bestDepth = depth;
      best = { lines: [...lines], captures, complete: index === undefined };
    }
    if (index === undefined) return takeRest(patterns, count, test, best) !== undefined;
    for (let line = 0; line < count; line += 1) {
      steps += 1;
      if (steps > budget)
        throw new CheckProblem(
          'too many lines could be any of the others; write them in order, or with fewer wildcards',
        );
      if (lines.includes(line)) continue;
      const next = test(index, line, captures);
      if (next === undefined) continue;
      lines[index] = line;
      if (walk(depth + 1, next)) return true;
      lines[index] = -1;
    }
    return isOptional(patterns[index]) && walk(depth + 1, captures);
  }

  walk(0, given);
  return best;
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
