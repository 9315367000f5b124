import type { MatchMode } from '../runbook/types.ts';
import { align } from './align.ts';
import { compileLines, endsInBreak, matchLines, toLines } from './lines.ts';
import { literal, type Part, type WrittenLine, writeLine } from './parts.ts';
import { compileLine, type LinePattern, namesOf, trimLine } from './pattern.ts';
import { CheckProblem } from './problem.ts';
import { proposeLine } from './propose-line.ts';
import { alike, pairRuns, type Seen } from './seen-lines.ts';
import { hasStrayBytes, withoutStrayBytes } from './stray-bytes.ts';
import { createTester, type Tester } from './tester.ts';
import { keysOf, similarity, tokensOf } from './tokens.ts';
import type { Captures } from './types.ts';

/** What one run printed at a step, as text to compare, and the values captured before it. */
export interface Printed {
  readonly text: string;
  readonly captures: Captures;
}

/** A line of the new expected output: one of the old ones, by index, `...`, or a new one. */
export type ProposedLine =
  | { readonly kind: 'kept'; readonly index: number }
  | { readonly kind: 'gap' }
  | { readonly kind: 'new'; readonly parts: readonly Part[] }
  /** A new one, as another tool writes it. */
  | ({ readonly kind: 'written' } & WrittenLine);

export interface Proposal {
  readonly lines: readonly ProposedLine[];
  /** For each run, the values captured before and by the lines that are kept. */
  readonly captures: readonly Captures[];
}

type Mode = Exclude<MatchMode, 'ignore'>;

/**
 * Expected output that matches what one or two runs printed. Lines of the old one that still match stay, `...` included;
 * the others are replaced by what came in their place, volatile values as placeholders.
 */
export function propose(asked: readonly string[], mode: Mode, runs: readonly Printed[], now: Date): Proposal {
  const work = begin(asked, mode, runs, now);
  const kept = asked.map((_, index): ProposedLine => ({ kind: 'kept', index }));
  if (holds(kept, asked, mode, runs)) return { lines: kept, captures: capture(kept, asked, mode, runs) };
  const attempts = [
    () => (mode === 'unordered' ? reviseUnordered(work) : revise(work, mode)),
    () => work.seen.map((seen) => fresh(seen, work)),
    () => (work.lines[0] ?? []).map((text): ProposedLine => ({ kind: 'new', parts: literal(text) })),
  ];
  for (const [index, attempt] of attempts.entries()) {
    const lines = tidy(attempt(), asked);
    // Where all that is left of the old lines is `...`, the output is written anew.
    const useful = index > 0 || saysSomething(lines, asked);
    if (index === attempts.length - 1 || (useful && holds(lines, asked, mode, runs))) {
      return { lines, captures: capture(lines, asked, mode, runs) };
    }
  }
  throw new Error('the last attempt is always taken');
}

interface Work {
  readonly asked: readonly string[];
  readonly patterns: readonly LinePattern[];
  /** For each run. */
  readonly lines: readonly (readonly string[])[];
  readonly testers: readonly Tester[];
  readonly captures: readonly Captures[];
  readonly seen: readonly Seen[];
  readonly now: Date;
}

function begin(asked: readonly string[], mode: Mode, runs: readonly Printed[], now: Date): Work {
  const captures = runs.map((run) => run.captures);
  const patterns = readLines(asked, captures[0]?.keys() ?? []);
  const lines = runs.map(({ text }) => (mode === 'unordered' ? toLines(text).toSorted() : toLines(text)));
  const testers = runs.map(({ text }, run) => createTester(patterns, lines[run] ?? [], endsInBreak(text)));
  return { asked, patterns, lines, testers, captures, seen: pairRuns(lines), now };
}

/** Each line's pattern, without empty lines at the end; one that cannot be read matches nothing. */
export function readLines(asked: readonly string[], known: Iterable<string>): readonly LinePattern[] {
  const names = new Set(known);
  const end = asked.findLastIndex((line) => trimLine(line) !== '') + 1;
  return asked.slice(0, end).map((line): LinePattern => {
    try {
      const pattern = compileLine(line, names);
      for (const name of namesOf(pattern.elements)) names.add(name);
      return pattern;
    } catch (error) {
      if (!(error instanceof CheckProblem)) throw error;
      return { source: trimLine(line), min: 1, max: 1, kind: 'text', text: '\0', elements: [], noEol: false };
    }
  });
}

/** Old lines beside what came, the most alike together. */
function revise(work: Work, mode: Mode): readonly ProposedLine[] {
  const { patterns, seen, captures } = work;
  const contains = mode === 'contains';
  // For `contains`, what comes before and after is swallowed by a `...` on each side.
  const shift = contains ? 1 : 0;
  const count = patterns.length + 2 * shift;
  const outside = (left: number) => contains && (left === 0 || left === count - 1);
  const isGap = (left: number) => outside(left) || patterns[left - shift]?.kind === 'gap';
  const keys = patterns.map(keysOfPattern);
  const lineKeys = seen.map((item) => keysOf(tokensOf(textsOf(item, work)[0] ?? '')));
  const found = align(count, seen.length, {
    pair: (left, right) => {
      const item = seen[right];
      if (item === undefined || item.kind === 'gap') return Number.POSITIVE_INFINITY;
      if (matchSeen(work, left - shift, item, captures, true)) return 0;
      const close = similarity(keys[left - shift] ?? [], lineKeys[right] ?? []);
      if (close >= alike) return 1 - close / 2;
      // A line that is not free to be anywhere gives its place to what came there.
      return isGap(left - 1) && isGap(left + 1) ? Number.POSITIVE_INFINITY : 0.95;
    },
    left: (left) => patterns[left - shift]?.min ?? 0,
    right: () => 1,
    swallows: isGap,
    repeats: (left) => patterns[left - shift]?.max !== 1,
  });
  if (found === undefined) return seen.map((item) => fresh(item, work));
  let known = captures;
  return found.flatMap((step): readonly ProposedLine[] => {
    if (step.kind === 'right')
      return step.by === undefined ? [fresh(seen[step.right] ?? { kind: 'gap' }, work, known)] : [];
    const index = step.left - shift;
    const pattern = patterns[index];
    if (step.kind === 'left') return pattern?.min === 0 && !outside(step.left) ? [{ kind: 'kept', index }] : [];
    const item = seen[step.right] ?? { kind: 'gap' };
    const next = matchSeen(work, index, item, known);
    if (next !== undefined) {
      known = next;
      return [{ kind: 'kept', index }];
    }
    const line = fresh(item, work, known, pattern);
    known = known.map((values, run) => captureLine(line, textsOf(item, work)[run] ?? '', values));
    return [line];
  });
}

/** Old lines, each with the first line that it matches, then what is left. */
function reviseUnordered(work: Work): readonly ProposedLine[] {
  const open = new Set(work.seen);
  const kept: ProposedLine[] = [];
  for (const [index, pattern] of work.patterns.entries()) {
    const taken = [...open].filter((item) => pattern.kind !== 'gap' && matchSeen(work, index, item, work.captures));
    for (const item of pattern.max === 1 ? taken.slice(0, 1) : taken) open.delete(item);
    if (taken.length > 0 || pattern.min === 0) kept.push({ kind: 'kept', index });
  }
  return [...kept, ...[...open].map((item) => fresh(item, work))];
}

/** The captures of each run with what an old line adds to them, if it matches what all runs printed there. */
function matchSeen(
  { testers }: Work,
  index: number,
  item: Seen,
  known: readonly Captures[],
  loose = false,
): readonly Captures[] | undefined {
  if (item.kind === 'gap') return undefined;
  const next = testers.flatMap((test, run) => test(index, item.at[run] ?? -1, known[run] ?? new Map(), loose) ?? []);
  return next.length === testers.length ? next : undefined;
}

function fresh(item: Seen, work: Work, captures: readonly Captures[] = work.captures, old?: LinePattern): ProposedLine {
  if (item.kind === 'gap') return { kind: 'gap' };
  const texts = textsOf(item, work);
  const [first = ''] = texts;
  // A byte that is no UTF-8 has a form only where it is all that a line says.
  if (hasStrayBytes(first) && texts.every((text) => text === first)) return { kind: 'new', parts: literal(first) };
  const shown = texts.map(withoutStrayBytes);
  return { kind: 'new', parts: proposeLine({ texts: shown, captures, now: work.now }, old) };
}

/** The values with those that a new line captures by placeholders of the old one. */
function captureLine(line: ProposedLine, text: string, captures: Captures): Captures {
  return matchOne([sourceOf(line, [])], 'exact', { text, captures }) ?? captures;
}

function textsOf(item: Seen, { lines }: Work): readonly string[] {
  return item.kind === 'gap' ? [] : item.at.map((at, run) => lines[run]?.[at] ?? '');
}

function keysOfPattern({ kind, text, elements }: LinePattern): readonly string[] {
  if (kind !== 'elements') return keysOf(tokensOf(text));
  return elements.flatMap((element) => {
    if (element.kind === 'text') return keysOf(tokensOf(element.text));
    return element.kind === 'value' ? [element.type === 'int' ? 'number' : element.type] : [];
  });
}

/** One `...` is as good as several; a repeated line stays once. Empty lines at the end of the old output stay there. */
function tidy(lines: readonly ProposedLine[], asked: readonly string[]): readonly ProposedLine[] {
  const isGap = (line: ProposedLine | undefined) => line !== undefined && sourceOf(line, asked) === '...';
  const once = lines.filter((line, index) => {
    const before = lines[index - 1];
    if (line.kind === 'kept' && before?.kind === 'kept' && before.index === line.index) return false;
    // An old `...` is kept before a new one.
    return !(isGap(line) && (isGap(before) || (line.kind === 'gap' && isGap(lines[index + 1]))));
  });
  const end = asked.findLastIndex((line) => trimLine(line) !== '') + 1;
  const rest = asked.slice(end).map((_, index): ProposedLine => ({ kind: 'kept', index: end + index }));
  return [...once.slice(0, once.findLastIndex((line) => sourceOf(line, asked) !== '') + 1), ...rest];
}

/** Something beyond "anything", and something of the old output unless nothing of it was more than that. */
function saysSomething(lines: readonly ProposedLine[], asked: readonly string[]): boolean {
  return lines.some(
    (line) =>
      sourceOf(line, asked) !== '...' && (line.kind === 'new' || asked[line.kind === 'kept' ? line.index : -1] !== ''),
  );
}

function sourceOf(line: ProposedLine, asked: readonly string[]): string {
  if (line.kind === 'gap') return '...';
  if (line.kind === 'written') return line.text;
  return line.kind === 'kept' ? trimLine(asked[line.index] ?? '') : writeLine(line.parts).text;
}

/** The proposed lines as text, values without names. */
export function sourcesOf(lines: readonly ProposedLine[], asked: readonly string[]): readonly string[] {
  return lines.map((line) => sourceOf(line, asked));
}

function holds(
  lines: readonly ProposedLine[],
  asked: readonly string[],
  mode: Mode,
  runs: readonly Printed[],
): boolean {
  return runs.every((run) => matchOne(sourcesOf(lines, asked), mode, run) !== undefined);
}

function capture(
  lines: readonly ProposedLine[],
  asked: readonly string[],
  mode: Mode,
  runs: readonly Printed[],
): readonly Captures[] {
  return runs.map((run) => matchOne(sourcesOf(lines, asked), mode, run) ?? run.captures);
}

/** The values captured; `undefined` when the lines do not match what was printed. */
function matchOne(sources: readonly string[], mode: Mode, { text, captures }: Printed): Captures | undefined {
  const patterns = compileLines(sources, captures.keys());
  if ('message' in patterns) return undefined;
  const actual = toLines(text);
  try {
    const asked = patterns.length === 0 ? 'exact' : mode;
    return matchLines(patterns, actual, createTester(patterns, actual, endsInBreak(text)), asked, captures);
  } catch (error) {
    if (error instanceof CheckProblem) return undefined;
    throw error;
  }
}
