import { setTimeout as sleep } from 'node:timers/promises';
import { UnreadableError } from '../errors.ts';
import type { Expectation } from '../runbook/types.ts';
import { type Comparison, type Finding, isMapping, type Mapping, single } from './comparison.ts';
import { CheckProblem } from './problem.ts';
import { compareText } from './properties.ts';
import { findResource } from './resources/index.ts';
import { insideNetwork } from './resources/script.ts';
import type { Asked, Resource, State } from './resources/types.ts';
import { misspellings, optionsOf } from './resources/validate.ts';
import { show } from './show.ts';
import type { Captures, Check, CheckResult, ProbeAnswer, ProbeRequest, Prober } from './types.ts';
import { compareValue } from './values.ts';

/** How long to wait before a state that is to hold `eventually` is looked at again. */
const retryMs = 200;

/** The limit of a question that names none. */
const defaultMs = 5000;

/** One thing that a document expects something of, and how to ask for it; or why it cannot be asked. */
interface Question {
  readonly expectation: Expectation;
  readonly path: string;
  readonly spec: Mapping;
  readonly ask: { readonly resource: Resource; readonly asked: Asked; readonly request: ProbeRequest } | CheckProblem;
}

/**
 * Checks what a document expects of a lab's state, whatever led to it: no step is needed. Expectations of the same node
 * that follow one another are asked for together; those that are to hold `eventually` until they do, or their time is up.
 * What could not be asked or read is errored. Captures are added when all of it holds. Never rejects for what it finds.
 */
export async function checkState(
  expectations: readonly Expectation[],
  captures: Captures,
  probe: Prober,
  signal: AbortSignal,
): Promise<CheckResult> {
  const checks: Check[] = [];
  let known = captures;
  for (const group of groups(expectations)) {
    const result = await checkEventually(group, known, probe, signal);
    checks.push(...result.checks);
    known = result.captures;
  }
  return { checks, captures: checks.every(({ ok }) => ok) ? known : captures };
}

/** Neighbours with the same node and the same patience. */
function groups(expectations: readonly Expectation[]): readonly (readonly [Expectation, ...Expectation[]])[] {
  const found: [Expectation, ...Expectation[]][] = [];
  for (const expectation of expectations) {
    const last = found.at(-1);
    const [first] = last ?? [];
    const same = first?.node === expectation.node && first?.eventuallyMs === expectation.eventuallyMs;
    if (last && same) last.push(expectation);
    else found.push([expectation]);
  }
  return found;
}

async function checkEventually(
  group: readonly [Expectation, ...Expectation[]],
  captures: Captures,
  probe: Prober,
  signal: AbortSignal,
): Promise<CheckResult> {
  const { eventuallyMs } = group[0];
  const started = performance.now();
  for (let tries = 1; ; tries += 1) {
    const result = await checkOnce(group, captures, probe, signal);
    if (eventuallyMs === undefined) return result;
    const elapsed = performance.now() - started;
    const held = result.checks.every(({ ok }) => ok);
    if (held && tries === 1) return result;
    if (held || signal.aborted || elapsed + retryMs > eventuallyMs) return tellTries(result, tries, elapsed, held);
    await sleep(retryMs);
  }
}

/** A reader of a late failure must know that it was waited for. */
function tellTries(result: CheckResult, tries: number, elapsed: number, held: boolean): CheckResult {
  const spent = `${(elapsed / 1000).toFixed(1)} s`;
  const note = held
    ? `at try ${tries}, after ${spent}`
    : `tried ${tries} ${tries === 1 ? 'time' : 'times'} in ${spent}`;
  const tell = (check: Check): Check =>
    check.ok === held ? { ...check, message: `${check.message} (${note})` } : check;
  return { ...result, checks: result.checks.map(tell) };
}

async function checkOnce(
  group: readonly [Expectation, ...Expectation[]],
  captures: Captures,
  probe: Prober,
  signal: AbortSignal,
): Promise<CheckResult> {
  const questions = group.flatMap((expectation) => questionsOf(expectation, captures));
  const asked = questions.flatMap(({ ask }) => (ask instanceof CheckProblem ? [] : [ask.request]));
  const answers = asked.length === 0 ? [] : [...(await probe(group[0].node, asked, signal))];
  const checks: Check[] = [];
  let known = captures;
  for (const question of questions) {
    const { findings, captures: added } = judge(question, answers, known);
    const place = { kind: question.expectation.key, line: question.expectation.span.start.line };
    checks.push(...findings.map((finding) => ({ ...place, ...finding })));
    known = added;
  }
  return { checks, captures: known };
}

/** One question for each name under the key. */
function questionsOf(expectation: Expectation, captures: Captures): readonly Question[] {
  const { key, value } = expectation;
  const resource = findResource(key);
  const [wrong] = misspellings(key, value);
  if (!resource || wrong || !isMapping(value)) {
    const why = wrong ? [...wrong.path, wrong.message].join(' ') : 'is about a step, and there is none here';
    return [{ expectation, path: key, spec: {}, ask: new CheckProblem(why) }];
  }
  return Object.entries(value).map(([name, spec]) => {
    const written = isMapping(spec) ? spec : {};
    const question = { expectation, path: `${key}.${name}`, spec: written };
    try {
      const options = optionsOf(resource.options ?? {}, written);
      const asked = {
        name: withCaptures(name, captures),
        expected: Object.fromEntries(Object.entries(written).filter(([field]) => resource.fields.includes(field))),
        options: mapTexts(options, (text) => withCaptures(text, captures)),
      };
      const plain = resource.request(asked);
      const { script, timeoutMs } = typeof plain === 'string' ? { script: plain, timeoutMs: defaultMs } : plain;
      const request = { script: insideNetwork(script, asked.options), timeoutMs };
      return { ...question, ask: { resource, asked, request } };
    } catch (error) {
      if (error instanceof CheckProblem) return { ...question, ask: error };
      throw error;
    }
  });
}

/** Takes the next answer when the question was asked, and compares it field by field. */
function judge({ ask, path, spec }: Question, answers: ProbeAnswer[], captures: Captures): Comparison {
  try {
    if (ask instanceof CheckProblem) throw ask;
    const answer = answers.shift();
    if (!answer) throw new CheckProblem('cannot be probed: there is no answer');
    if (answer.problem !== undefined) throw new CheckProblem(answer.problem);
    return compareState(spec, ask.resource, readState(ask.resource, answer, ask.asked), path, captures);
  } catch (error) {
    if (!(error instanceof CheckProblem)) throw error;
    const message = `${path}: ${error.message}`;
    return single({ path, expected: spec, actual: null, ok: false, errored: true, message }, captures);
  }
}

function readState(resource: Resource, answer: ProbeAnswer, asked: Asked): State {
  try {
    return resource.read(answer, asked);
  } catch (error) {
    if (error instanceof UnreadableError) throw new CheckProblem(`cannot be probed: ${error.message}`);
    throw error;
  }
}

function compareState(spec: Mapping, resource: Resource, state: State, path: string, captures: Captures): Comparison {
  const findings: Finding[] = [];
  let known = captures;
  for (const [field, expected] of Object.entries(spec).filter(([key]) => resource.fields.includes(key))) {
    const result = compareField(expected, state.fields[field] ?? null, resource, `${path}.${field}`, field, known);
    const note = state.note === undefined ? '' : `; ${state.note}`;
    findings.push(
      ...result.findings.map((each) =>
        each.ok || each.errored ? each : { ...each, message: `${each.message}${note}` },
      ),
    );
    known = result.captures;
  }
  return { findings, captures: known };
}

function compareField(
  expected: unknown,
  actual: unknown,
  { texts = [] }: Resource,
  path: string,
  field: string,
  captures: Captures,
): Comparison {
  if (!texts.includes(field) || typeof actual !== 'string') return compareValue(expected, actual, path, captures);
  return compareText(expected, actual, path, captures);
}

/** `{{name}}` stands for what was captured under that name. */
function withCaptures(text: string, captures: Captures): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const value = captures.get(name);
    if (value === undefined) throw new CheckProblem(`${show(text)}: nothing was captured as ${name}`);
    return value;
  });
}

function mapTexts(options: Mapping, change: (text: string) => string): Mapping {
  const changed = (value: unknown): unknown => {
    if (typeof value === 'string') return change(value);
    return Array.isArray(value) ? value.map(changed) : value;
  };
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, changed(value)]));
}
