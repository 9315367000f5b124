import { isMap, isNode } from 'yaml';
import type { Attributes } from './attributes.ts';
import { suggestion } from './did-you-mean.ts';
import type { CodeBlock } from './expected-output.ts';
import { type KeyOf, lastStep } from './last-step.ts';
import type { Problems } from './problems.ts';
import { spanOf } from './source-text.ts';
import { addStep, checkPlace, type StepContext, type StepDraft } from './step.ts';
import type { Expectation } from './types.ts';
import { readYaml } from './yaml-block.ts';

/** What an expectation may be about. */
export interface ExpectWords {
  /** Every key. */
  readonly expectationKeys: readonly string[];
  /** Those of them that are about the lab's state and not about what a step printed. */
  readonly stateKeys?: readonly string[];
  /** What is wrong in the value of such a key: where in it, the end of a sentence, and the words there are. */
  readonly misspellings?: (
    key: string,
    value: unknown,
  ) => readonly { readonly path: readonly string[]; readonly message: string; readonly known?: readonly string[] }[];
}

/**
 * Gives the typed checks of a `yaml expect` block to the step before it, or to the one that `of` names. What is about the
 * lab's state alone needs none: at the beginning, or after a step that runs on, it is a step itself. Returns the step that
 * the next such block is about.
 */
export function readExpectBlock(
  block: CodeBlock,
  attributes: Attributes,
  before: StepDraft | undefined,
  words: ExpectWords,
  context: StepContext,
): StepDraft | undefined {
  const { problems } = context;
  for (const [key, at] of attributes.at) {
    if (['expect', 'of', 'node', 'eventually'].includes(key)) continue;
    const hint = 'Write it at the block that is run; expect blocks take of, node and eventually.';
    problems.error('misplaced-attribute', at, `"${key}" says nothing about an expectation`, hint);
  }
  const expectations = readExpectations(block, attributes, words, context);
  const ofState = expectations.length > 0 && expectations.every(({ key }) => words.stateKeys?.includes(key));
  const step = attributes.of === undefined ? before : stepNamed(attributes.of, context);
  if (step !== undefined && (ofState || step.kind !== 'state') && !(ofState && step.background)) {
    step.expectations = [...step.expectations, ...expectations];
    return before;
  }
  if (attributes.of !== undefined && step === undefined) {
    const hint = suggestion(attributes.of, [...new Set(context.steps.slice(-50).map((each) => each.name))]);
    const message = `no step before this has the command or name "${attributes.of}"`;
    problems.error('unknown-step', attributes.at.get('of') ?? block.start, message, hint);
    return before;
  }
  if (ofState) return addState(expectations, { ...attributes, ...placeOf(step) }, context);
  const hint = 'Put it after the block whose result it is about.';
  problems.error('expect-without-step', block.start, 'this expectation follows no step', hint);
  return before;
}

/** Adds the step that an expectation about the lab's state is where it follows none that has ended. */
function addState(
  expectations: readonly Expectation[],
  attributes: Attributes,
  context: StepContext,
): StepDraft | undefined {
  const [first] = expectations;
  if (first === undefined) return undefined;
  const last = expectations.at(-1) ?? first;
  const names = expectations.map(({ key, value }) => `${key} ${Object.keys(Object(value)).join(', ')}`);
  const text = { kind: 'state', language: 'shell', name: names.join('; '), command: '', prompt: undefined } as const;
  const span = { start: first.span.start, end: last.span.end };
  const step = addStep({ ...text, span, expected: undefined, exit: undefined }, attributes, context);
  context.blocks += 1;
  step.expectations = expectations;
  // Each expectation has it for itself.
  step.eventuallyMs = undefined;
  return step;
}

/** The node of a step, and the phase in which it runs: its state is looked at there and then. */
function placeOf(step: StepDraft | undefined): Pick<Attributes, 'node' | 'phase'> {
  return { ...(step?.node !== undefined && { node: step.node }), ...(step && { phase: step.phase }) };
}

/** The nearest step with this command or name. */
function stepNamed(of: string, context: StepContext): StepDraft | undefined {
  const named = lastStep(context, nameOf, of);
  const typed = lastStep(context, commandOf, of.trim());
  return (named?.index ?? -1) > (typed?.index ?? -1) ? named : typed;
}

const nameOf: KeyOf = ({ name }) => name;
const commandOf: KeyOf = ({ command }) => command.trim();

/** Reads what a block expects, with the node and the patience that its attributes give to what is about the state. */
export function readExpectations(
  block: CodeBlock,
  attributes: Attributes,
  { expectationKeys: keys, stateKeys = [], misspellings = () => [] }: ExpectWords,
  context: StepContext,
): Expectation[] {
  const { problems } = context;
  const yaml = readYaml(block.lines, block.start, 'expectation', problems);
  if (yaml === undefined) return [];
  const { contents } = yaml.document;
  if (!isMap(contents) || contents.items.length === 0) {
    const message =
      contents === null || isMap(contents) ? 'this expect block is empty' : 'an expect block is a mapping';
    const hint = 'Write at least one check, such as "exit: 0" or "ping: { packets_received: 2 }".';
    problems.error('bad-expect', block.start, message, hint);
    return [];
  }
  checkPlace(attributes, context);
  const { node, eventuallyMs } = attributes;
  const place = { ...(node !== undefined && { node }), ...(eventuallyMs !== undefined && { eventuallyMs }) };
  const expectations: Expectation[] = [];
  for (const { key } of contents.items) {
    const name = String(isNode(key) && 'value' in key ? key.value : key);
    const range = isNode(key) ? key.range : undefined;
    const [start, end] = [yaml.toSource(range?.[0] ?? 0), yaml.toSource(range?.[1] ?? 0)];
    if (problems.isFull) break;
    if (!keys.includes(name)) {
      problems.error('unknown-expectation', start, `nothing can be expected of "${name}"`, suggestion(name, keys));
      continue;
    }
    const value = (yaml.value as Readonly<Record<string, unknown>>)[name];
    const isState = stateKeys.includes(name);
    for (const { path, message, known } of isState ? misspellings(name, value) : []) {
      const what = [name, ...path].at(-1) ?? name;
      const hint = known === undefined ? `See docs/checks.md for ${name}.` : suggestion(what, known);
      problems.error('bad-expect', yaml.keyAt([name, ...path]), `"${what}" ${message}`, hint);
    }
    if (!isState && name !== 'description') refuseOfState(name, attributes, problems);
    expectations.push({ key: name, value, span: spanOf(problems.text, start, end), ...(isState && place) });
  }
  return expectations;
}

/** What a step has printed is printed where it ran, and once. */
function refuseOfState(key: string, { at }: Attributes, problems: Problems): void {
  for (const attribute of ['node', 'eventually']) {
    const offset = at.get(attribute);
    if (offset === undefined) continue;
    const hint = `Write it at the block that is run, or give the checks of the lab's state a block of their own.`;
    const message = `"${attribute}" says nothing about ${key}, which is about the step`;
    problems.error('misplaced-attribute', offset, message, hint);
  }
}
