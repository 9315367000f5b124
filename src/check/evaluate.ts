import { UnreadableError } from '../errors.ts';
import type { Expectation, Step } from '../runbook/types.ts';
import type { Output } from '../shell/types.ts';
import { type Comparison, single } from './comparison.ts';
import { expectationKeys, type PropertyKey, propertyKeys } from './keys.ts';
import { checkExit, checkOutput, textOf } from './output.ts';
import { loadParser } from './parsers/index.ts';
import { CheckProblem } from './problem.ts';
import { compareProperty } from './properties.ts';
import { nearest } from './show.ts';
import type { Captures, Check, CheckResult } from './types.ts';
import { compareValue } from './values.ts';

/**
 * Everything that a document expects of one step, checked on what the step printed: its exit status, its output, and
 * each expectation. Captures are added when all of it holds. Never rejects for what the step did or the document asks.
 */
export async function evaluate(step: Step, output: Output, captures: Captures): Promise<CheckResult> {
  const checks: Check[] = [];
  const exit = checkExit(step, output);
  if (exit) checks.push(exit);
  if (output.ending === 'unopened') checks.push(checkPrompt(step, output));
  let known = captures;
  const shown = guard({ key: 'output', value: null, span: step.expected?.span ?? step.span }, known, () =>
    checkOutput(step, output, known),
  );
  if (shown) {
    checks.push(...shown.checks);
    known = shown.captures;
  }
  for (const expectation of step.expectations) {
    const result = await checkExpectation(expectation, step, output, known, exit?.ok === false);
    checks.push(...result.checks);
    known = result.captures;
  }
  return { checks: checks.map(jsonSafe), captures: checks.every(({ ok }) => ok) ? known : captures };
}

/** A shell that the document enters or leaves here, and that did not open or end: what follows would go astray. */
function checkPrompt(step: Step, output: Output): Check {
  const message = `prompt: ${output.note ?? 'the one that the document shows next did not come'}`;
  const place = { kind: 'prompt', path: 'prompt', line: step.span.start.line };
  return { ...place, expected: step.nextPrompt?.trimEnd() ?? null, actual: null, ok: false, message };
}

async function checkExpectation(
  expectation: Expectation,
  step: Step,
  output: Output,
  captures: Captures,
  exitFailed: boolean,
): Promise<CheckResult> {
  const { key, value } = expectation;
  const tell = (comparison: Comparison): CheckResult => {
    const place = { kind: key, line: expectation.span.start.line };
    return { checks: comparison.findings.map((finding) => ({ ...place, ...finding })), captures: comparison.captures };
  };
  if (isProperty(key)) {
    return guard(expectation, captures, () => tell(compareProperty(key, value, step, output, captures)));
  }
  const parser = await loadParser(key);
  return guard(expectation, captures, () => {
    if (parser === undefined) throw new CheckProblem(unknownKey(key));
    if (output.droppedBytes > 0)
      throw new CheckProblem(`${output.droppedBytes} bytes were dropped from the output's middle`);
    try {
      const text = textOf(step, output);
      // What nothing was printed of, nothing can be denied of.
      if (text.trim() === '' && !exitFailed && !asksForNothing(value)) {
        throw new CheckProblem('the step printed nothing; where that is meant, ask for { exactly: [] }');
      }
      return tell(compareValue(value, parser.parse(text), key, captures));
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      // The command broke, which its status already says: the document's expectation failed, not the engine.
      const fate = exitFailed ? {} : { errored: true };
      const finding = {
        path: key,
        expected: value,
        actual: error.text,
        ok: false,
        ...fate,
        message: `${key}: ${error.message}`,
      };
      return tell(single(finding, captures));
    }
  });
}

/** `[]`, `{ exactly: [] }` or `{ count: 0 }`. */
function asksForNothing(value: unknown): boolean {
  return ['[]', '{"exactly":[]}', '{"count":0}'].includes(JSON.stringify(value) ?? '');
}

function isProperty(key: string): key is PropertyKey {
  return propertyKeys.some((property) => property === key);
}

function unknownKey(key: string): string {
  const near = nearest(key, expectationKeys);
  return `there is no such check${near ? ` (did you mean ${near}?)` : ''}; there are ${expectationKeys.join(', ')}`;
}

/** Tells a check that cannot be made as one that errored. */
function guard<T extends CheckResult | undefined>(
  { key, value, span }: Expectation,
  captures: Captures,
  check: () => T,
): T | CheckResult {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof CheckProblem)) throw error;
    const message = `${key}: ${error.message}`;
    const failed = {
      kind: key,
      path: key,
      expected: value,
      actual: null,
      ok: false,
      errored: true,
      message,
      line: span.start.line,
    };
    return { checks: [failed], captures };
  }
}

/** Checks travel in events: what JSON cannot hold is told as text. */
function jsonSafe(check: Check): Check {
  const safe = (value: unknown): unknown => {
    if (value === undefined) return null;
    return JSON.parse(
      JSON.stringify(value, (_, inner) =>
        typeof inner === 'bigint' || (typeof inner === 'number' && !Number.isFinite(inner)) ? String(inner) : inner,
      ),
    );
  };
  return { ...check, expected: safe(check.expected), actual: safe(check.actual) };
}
