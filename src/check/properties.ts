import type { Step } from '../runbook/types.ts';
import type { Output } from '../shell/types.ts';
import { type Comparison, isNegative, single, withoutNot } from './comparison.ts';
import { matchElements } from './elements.ts';
import type { PropertyKey } from './keys.ts';
import { compileLines, matchLines, toLines } from './lines.ts';
import { isListForm } from './lists.ts';
import { compileElements } from './pattern.ts';
import { CheckProblem } from './problem.ts';
import { parseRegex, search } from './regex.ts';
import { sanitize } from './sanitize.ts';
import { isScalar, type Scalar } from './scalars.ts';
import { show } from './show.ts';
import { createTester } from './tester.ts';
import type { Captures } from './types.ts';
import { compareValue } from './values.ts';

/**
 * Compares a property of the step itself.
 *
 * - `exit`: the status. `duration`: how long the step took, `"< 2s"`.
 * - `lines`: a number or comparison is about how many there are, a list about the lines, each compared as a whole.
 * - `stdout`, `stderr`: one text is compared with all that was printed (`...`, `[..]` and `{{…}}` as in expected output);
 *   `/re/` is searched for, `^` and `$` meaning a line's ends; `"!x"` must occur nowhere. A list, `any` and `none` are
 *   about what occurs somewhere within a line; `exactly` and `count` are about the lines.
 */
export function compareProperty(
  key: PropertyKey,
  expected: unknown,
  step: Step,
  output: Output,
  captures: Captures,
): Comparison {
  if (key === 'exit') {
    if (output.exit !== null) return compareValue(expected, output.exit, key, captures);
    throw new CheckProblem('the status is not known');
  }
  if (key === 'duration') return compareValue(expected, `${Math.round(output.durationMs)}ms`, key, captures);
  if (output.droppedBytes > 0)
    throw new CheckProblem(`${output.droppedBytes} bytes were dropped from the output's middle`);
  if (key === 'stderr' && step.stream === 'both') {
    throw new CheckProblem(
      'stderr is not kept apart from stdout here; write {stream=stdout} or {stream=stderr} on the step',
    );
  }
  const text = sanitize(
    key === 'stderr' || (key === 'lines' && step.stream === 'stderr') ? output.stderr : output.stdout,
  );
  if (key !== 'lines') return compareText(expected, text, key, captures);
  const lines = toLines(text);
  return compareValue(expected, isScalar(expected) ? lines.length : lines, key, captures);
}

/** Compares a text as `stdout` is compared: see `compareProperty`. */
export function compareText(expected: unknown, text: string, path: string, captures: Captures): Comparison {
  const lines = toLines(text);
  const shown = lines.join('\n');
  if (isScalar(expected)) return compareWhole(expected, shown, path, captures);
  if (Array.isArray(expected) && expected.length > 0) return occurrences(expected, false, shown, path, captures);
  if (!isListForm(expected)) {
    if (Array.isArray(expected)) return compareValue(expected, lines, path, captures);
    throw new CheckProblem(
      `${show(expected)} is nothing that a text can be; write a text, a list, or exactly, none, any, count`,
    );
  }
  let comparison: Comparison = { findings: [], captures };
  for (const [form, value] of Object.entries(expected)) {
    const known = comparison.captures;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length === 0 && form !== 'exactly') throw new CheckProblem(`{ ${form}: [] } asks for nothing`);
    const result =
      form === 'none'
        ? occurrences(list, true, shown, path, known)
        : form === 'any'
          ? anyOccurs(list, shown, path, known)
          : compareValue({ [form]: value }, lines, path, known);
    comparison = { findings: [...comparison.findings, ...result.findings], captures: result.captures };
  }
  return comparison;
}

function compareWhole(expected: Scalar, text: string, path: string, captures: Captures): Comparison {
  if (typeof expected === 'string' && isNegative(expected) && !expected.startsWith('!=')) {
    return occurrences([withoutNot(expected)], true, text, path, captures);
  }
  if (typeof expected === 'string' && parseRegex(expected)) return occurrences([expected], false, text, path, captures);
  const several = typeof expected === 'string' && (expected.includes('\n') || expected.trim() === '...');
  if (!several) return compareValue(typeof expected === 'string' ? expected.trimEnd() : expected, text, path, captures);
  const patterns = compileLines(expected.split('\n'), captures.keys());
  if ('message' in patterns) throw new CheckProblem(patterns.message);
  const actual = toLines(text);
  const found = matchLines(patterns, actual, createTester(patterns, actual, true), 'exact', captures);
  const ok = found !== undefined;
  const message = ok ? `${path}: as expected` : `${path}: expected ${show(expected)}, got ${show(text)}`;
  return single({ path, expected, actual: text, ok, message }, found ?? captures);
}

/** One finding for each text: whether it occurs, and whether it should. */
function occurrences(
  wanted: readonly unknown[],
  negative: boolean,
  text: string,
  path: string,
  captures: Captures,
): Comparison {
  let known = captures;
  const findings = wanted.map((item) => {
    const negated = !negative && typeof item === 'string' && isNegative(item);
    const asked = negated ? withoutNot(item) : item;
    const not = negative || negated;
    const found = occurs(asked, text, known);
    if (!not) known = found ?? known;
    const ok = (found !== undefined) !== not;
    const told = found !== undefined ? `${show(asked)} occurs` : `${show(asked)} does not occur`;
    const message = ok
      ? `${path}: ${told}, as expected`
      : `${path}: expected ${not ? 'not ' : ''}to contain ${show(asked)}, got ${show(text)}`;
    return { path, expected: not ? { none: [asked] } : asked, actual: text, ok, message };
  });
  return { findings, captures: known };
}

function anyOccurs(wanted: readonly unknown[], text: string, path: string, captures: Captures): Comparison {
  const found = wanted.map((item) => occurs(item, text, captures)).find((result) => result !== undefined);
  const ok = found !== undefined;
  const message = ok
    ? `${path}: contains one of ${show(wanted)}`
    : `${path}: expected to contain any of ${show(wanted)}, got ${show(text)}`;
  return single({ path, expected: { any: wanted }, actual: text, ok, message }, found ?? captures);
}

/** Looks for `/re/` in the text, or for a text, patterns included, within one line. */
function occurs(wanted: unknown, text: string, captures: Captures): Captures | undefined {
  if (!isScalar(wanted) || wanted === null || wanted === '')
    throw new CheckProblem(`${show(wanted)} is nothing to look for in a text`);
  const regex = parseRegex(String(wanted));
  if (regex) return search(regex.source, `${regex.flags.replace('m', '')}m`, text) ? captures : undefined;
  const source = String(wanted).replace(/^==\s*/, '');
  const elements = compileElements(source, new Set(captures.keys()));
  if (source.includes('\n')) {
    // Looked for as it stands, a pattern occurs nowhere: its denial would always hold.
    if (elements.some(({ kind }) => kind !== 'text'))
      throw new CheckProblem(`${show(wanted)}: a pattern is looked for within one line`);
    return text.includes(toLines(source).join('\n')) ? captures : undefined;
  }
  const within = [{ kind: 'gap' }, ...elements, { kind: 'gap' }] as const;
  for (const line of text.split('\n')) {
    const found = matchElements(within, line, captures);
    if (found) return found;
  }
  return undefined;
}
