import { UnreadableError } from '../errors.ts';
import type { Expectation, Step } from '../runbook/types.ts';
import type { Output } from '../shell/types.ts';
import { type Comparison, single } from './comparison.ts';
import { expectationKeys, type PropertyKey, propertyKeys } from './keys.ts';
import { checkExit, checkOutput, textOf } from './output.ts';
import { loadParser } from './parsers/index.ts';
import { CheckProblem } from './problem.ts';
import { compareProperty } from './properties.ts';
import { findResource } from './resources/index.ts';
import { nearest } from './show.ts';
import { checkState } from './state.ts';
import type { Captures, Check, CheckResult, Prober } from './types.ts';
import { compareValue } from './values.ts';

/** How the state of the lab is looked at after the step. */
export interface StateAccess {
  readonly probe: Prober;
  readonly signal: AbortSignal;
}

const unreachable: StateAccess = {
  probe: async (_, requests) =>
    requests.map(() => ({ stdout: '', stderr: '', exit: null, problem: 'there is no lab to be asked' })),
  signal: new AbortController().signal,
};

/**
 * Everything that a document expects of one step, checked on what the step printed: its exit status, its output, and
 * each expectation, those of the lab's state included. Captures are added when all of it holds. Never rejects for what the step did or the document asks.
 */
export async function evaluate(
  step: Step,
  output: Output,
  captures: Captures,
  lab: StateAccess = unreachable,
): Promise<CheckResult> {
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
  for (const part of byKind(step.expectations)) {
    const result =
      'state' in part
        ? await checkState(part.state, known, lab.probe, lab.signal)
        : await checkExpectation(part.output, step, output, known, exit?.ok === false);
    checks.push(...result.checks);
    known = result.captures;
  }
  return { checks: checks.map(jsonSafe), captures: checks.every(({ ok }) => ok) ? known : captures };
}

/** What is asked of the output one by one, and of the lab's state together where it stands together. */
function byKind(
  expectations: readonly Expectation[],
): readonly ({ readonly output: Expectation } | { readonly state: Expectation[] })[] {
  const parts: ({ readonly output: Expectation } | { readonly state: Expectation[] })[] = [];
  for (const expectation of expectations) {
    const last = parts.at(-1);
    if (!findResource(expectation.key)) parts.push({ output: expectation });
    else if (last && 'state' in last) last.state.push(expectation);
    else parts.push({ state: [expectation] });
  }
  return parts;
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
    if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
      return value;
    return JSON.parse(
      JSON.stringify(value, (_, inner) =>
        typeof inner === 'bigint' || (typeof inner === 'number' && !Number.isFinite(inner)) ? String(inner) : inner,
      ),
    );
  };
  const expected = safe(check.expected);
  const actual = safe(check.actual);
  return expected === check.expected && actual === check.actual ? check : { ...check, expected, actual };
}
