import { evaluate } from '../check/evaluate.ts';
import { nameValues, type ProposedStep } from '../check/name-values.ts';
import { comparedText } from '../check/output.ts';
import { armour, writeLine } from '../check/parts.ts';
import { valueTypes } from '../check/placeholders.ts';
import { CheckProblem } from '../check/problem.ts';
import { type Printed as PrintedText, type Proposal, type ProposedLine, propose, sourcesOf } from '../check/propose.ts';
import { proposeCram } from '../check/propose-cram.ts';
import { findResource } from '../check/resources/index.ts';
import type { Captures, CheckResult } from '../check/types.ts';
import { NetlabError, ParseError } from '../errors.ts';
import { type EditedLine, editOutputs, type OutputEdit } from '../runbook/edit.ts';
import { capturedNames, inOrderOfRun } from '../runbook/pattern-check.ts';
import type { Expectation, Runbook, Step } from '../runbook/types.ts';
import type { Output } from '../shell/types.ts';
import { readDocument } from './read-document.ts';

/** What one run was like, by the steps' indices. */
export type Recording = ReadonlyMap<number, Recorded>;

/** What came of a step in a run. */
export interface Recorded {
  /** As it was planned. */
  readonly step: Step;
  /** `undefined`: it runs nothing, or goes on in the background. */
  readonly output: Output | undefined;
  /** All that was captured by then. */
  readonly captures: Captures;
}

interface Printed {
  readonly step: Step;
  readonly output: Output;
}

export interface Revised {
  readonly runbook: Runbook;
  /** Steps, by index, whose expected output or status is another one now. */
  readonly changed: readonly number[];
}

interface Revision {
  readonly step: Step;
  readonly lines: readonly ProposedLine[];
  readonly exit: number | undefined;
}

/** The document could not be written so that it is read as meant. */
class RevisionError extends NetlabError {
  readonly code = 'NETLAB_UPDATE';
}

/**
 * The document with its expected output as one or two runs, in labs of their own, have printed it. What matches in each of
 * them stays to the byte, and so does all that is not expected output. Rejects when that cannot be written.
 */
export async function reviseDocument(runbook: Runbook, runs: readonly Recording[], now: Date): Promise<Revised> {
  const revisions: Revision[] = [];
  let captures: readonly Captures[] = runs.map(() => new Map());
  const notRun = runbook.steps.filter(({ index }) => !runs[0]?.has(index));
  for (const step of inOrderOfRun(runbook.steps)) {
    const ran = runs.map((run) => run.get(step.index));
    const recorded = ran.flatMap((each) => (each?.output ? [{ ...each, output: each.output }] : []));
    // What one of the runs has not printed, the other one's form must tell.
    const seen = recorded.length === runs.length ? captures : captures.slice(0, recorded.length);
    if (recorded.length > 0 && step.background === undefined && !asksForAny(step, notRun)) {
      const revised = await reviseStep(step, recorded, seen, now);
      if (revised.revision) revisions.push(revised.revision);
      captures = captures.map((known, run) => revised.captures[run] ?? known);
    }
    captures = captures.map((known, run) => withState(known, step, ran[run]));
  }
  if (revisions.length === 0) return { runbook, changed: [] };
  const edits = writeEdits(runbook, revisions);
  return { runbook: rewrite(runbook, edits), changed: edits.map(({ step }) => step.index).toSorted((a, b) => a - b) };
}

/** Whether a step asks for a value that was not captured only because another step was left out. */
function asksForAny({ expected }: Step, leftOut: readonly Step[]): boolean {
  const names = leftOut.flatMap((step) => capturedNames(step.expected?.lines.join('\n') ?? ''));
  return names.some((name) => expected?.lines.some((line) => new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`).test(line)));
}

/** What the step's expectations of the lab's state have captured: the lab cannot be asked again. */
export function withState(known: Captures, step: Step, recorded: Recorded | undefined): Captures {
  const asked = step.expectations.filter(isOfState).map(({ value }) => value);
  const names = asked.length === 0 ? [] : capturedNames(JSON.stringify(asked));
  const added = names.flatMap((name) => {
    const value = recorded?.captures.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return added.length === 0 ? known : new Map([...known, ...added]);
}

/** Judges a step by its output, with changes to it: everything but what it expects of the lab's state. */
export function judgeOutput(
  { step, output }: Printed,
  change: Partial<Step>,
  captures: Captures,
): Promise<CheckResult> {
  const changed = { ...withOutput(step), ...change };
  const expectations = changed.expectations.filter((expectation) => !isOfState(expectation));
  return evaluate({ ...changed, expectations }, output, captures);
}

/** A step that is to show what it prints, also where a document without any output leaves that open. */
export function withOutput({ statusOnly: _, ...step }: Step): Step {
  return step;
}

function isOfState({ key }: Expectation): boolean {
  return findResource(key) !== undefined;
}

/** The values that a step captures although it does not hold: the lines of it that still match have theirs. */
export async function capturesAnyway(step: Step, output: Output, captures: Captures): Promise<Captures> {
  const revised = await reviseStep(step, [{ step, output }], [captures], new Date());
  return revised.captures[0] ?? captures;
}

async function reviseStep(
  step: Step,
  recorded: readonly Printed[],
  captures: readonly Captures[],
  now: Date,
): Promise<{ readonly revision: Revision | undefined; readonly captures: readonly Captures[] }> {
  const judge = (change: Partial<Step>): Promise<CheckResult[]> =>
    Promise.all(recorded.map((run, index) => judgeOutput(run, change, captures[index] ?? new Map())));
  const judged = await judge({});
  const wrong = (kind: string) => judged.some(({ checks }) => checks.some((check) => check.kind === kind && !check.ok));
  const mode = step.match;
  const outputs = recorded.map((run) => run.output);
  const exit = wrong('exit') ? newExit(step, outputs) : undefined;
  const cut = outputs.some(({ droppedBytes }) => droppedBytes > 0);
  if (mode === 'ignore' || cut || !wrong('output')) {
    const revision = exit === undefined ? undefined : { step, lines: keepAll(step), exit };
    const after = exit === undefined ? judged : await judge({ exit });
    return { revision, captures: after.map((result) => result.captures) };
  }
  const asked = step.expected?.lines ?? [];
  const printed = recorded.map((run, index) => ({
    text: comparedText(run.step, run.output),
    captures: captures[index] ?? new Map(),
  }));
  const proposal = step.asCame ? forCram(step, asked, printed) : propose(asked, mode, printed, now);
  const span = step.expected?.span ?? step.span;
  const expected = { ...step.expected, span, lines: sourcesOf(proposal.lines, asked) };
  // What an expectation captures counts, too, if it holds.
  const after = await judge({ expected, ...(exit !== undefined && { exit }) });
  const known = after.map((result, index) =>
    result.checks.every(({ ok }) => ok) ? result.captures : (proposal.captures[index] ?? result.captures),
  );
  return { revision: { step, lines: proposal.lines, exit }, captures: known };
}

function forCram(step: Step, asked: readonly string[], printed: readonly PrintedText[]): Proposal {
  try {
    return proposeCram(asked, printed);
  } catch (error) {
    if (!(error instanceof CheckProblem)) throw error;
    throw new RevisionError(`line ${step.span.start.line} cannot be updated: ${error.message}`);
  }
}

function keepAll(step: Step): readonly ProposedLine[] {
  return (step.expected?.lines ?? []).map((_, index) => ({ kind: 'kept', index }));
}

/** The status to be written, if the document has a place for it and the runs agree; else the step goes on failing. */
function newExit(step: Step, outputs: readonly Output[]): number | undefined {
  const [first, ...more] = outputs.map(({ exit }) => exit);
  if (step.kind !== 'command' || first === undefined || first === null) return undefined;
  // An attribute says it: the author's word, which no run overrules.
  const { start, end } = step.outputPlace?.span ?? step.span;
  const hasLine = end.line - start.line > (step.expected?.lines.length ?? 0);
  if (step.exit !== 0 && !hasLine) return undefined;
  return more.every((exit) => exit === first) ? first : undefined;
}

/** Names the values that come again, and writes all lines. */
function writeEdits(runbook: Runbook, revisions: readonly Revision[]): readonly OutputEdit[] {
  const steps = revisions.map(
    ({ step, lines }): ProposedStep => ({
      parts: lines.flatMap((line) => (line.kind === 'new' ? line.parts : [])),
      mayCapture: step.if === undefined && step.match !== 'unordered',
    }),
  );
  const words = new Set(runbook.steps.flatMap((step) => step.command.match(/\w+/g) ?? []));
  const captured = new Set(capturedNames(runbook.source));
  const naming = nameValues(
    steps,
    (name) => words.has(name) || captured.has(name) || Object.hasOwn(valueTypes, name) || name in runbook.env,
  );
  return revisions.map(({ step, lines, exit }) => ({
    step,
    exit,
    lines: lines.map((line): EditedLine => {
      if (line.kind === 'new') return writeLine(line.parts, naming);
      if (line.kind === 'written') return { text: line.text, armoured: line.armoured };
      const text = line.kind === 'kept' ? (step.expected?.lines[line.index] ?? '') : '...';
      return { text, armoured: armour(text), ...(line.kind === 'kept' && { kept: line.index }) };
    }),
  }));
}

/** The new document, read again: only if it says what was meant, it is one. */
function rewrite(runbook: Runbook, edits: readonly OutputEdit[]): Runbook {
  let problem = '';
  for (const cautious of [false, true]) {
    const source = editOutputs(runbook.source, edits, cautious);
    try {
      const read = readDocument(source, runbook.path);
      const astray = read.steps.find((step, index) => !isMeant(step, runbook.steps[index], edits));
      if (read.steps.length === runbook.steps.length && astray === undefined) return { ...read, lab: runbook.lab };
      problem = `its output would not be read as output at line ${astray?.span.start.line ?? '?'}`;
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      const { position, message } = error.diagnostics[0] ?? {};
      problem = `line ${position?.line} would say: ${message}`;
    }
  }
  throw new RevisionError(`the document cannot be updated: ${problem}`);
}

/** Whether a step of the new document is the old one with its edit. */
function isMeant(step: Step, old: Step | undefined, edits: readonly OutputEdit[]): boolean {
  if (old === undefined || step.command !== old.command) return false;
  const edit = edits.find((each) => each.step.index === old.index);
  const was = old.expected?.lines ?? [];
  const meant = edit?.lines.map((line) => [line.text, line.armoured]);
  const wanted = (meant ?? was.map((line) => [line])).map((spellings) => spellings.map((text) => text.trimEnd()));
  const lines = step.expected?.lines ?? [];
  const end = wanted.findLastIndex(([text]) => text !== '') + 1;
  return (
    step.exit === (edit?.exit ?? old.exit) &&
    lines.findLastIndex((line) => line.trimEnd() !== '') + 1 === end &&
    wanted.slice(0, end).every((spellings, index) => spellings.includes(lines[index]?.trimEnd() ?? ''))
  );
}
