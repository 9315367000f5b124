import { isMap, isNode } from 'yaml';
import type { Attributes } from './attributes.ts';
import { suggestion } from './did-you-mean.ts';
import type { CodeBlock } from './expected-output.ts';
import { spanOf } from './source-text.ts';
import type { StepContext, StepDraft } from './step.ts';
import type { Expectation } from './types.ts';
import { readYaml } from './yaml-block.ts';

/** Gives the typed checks of a `yaml expect` block to the step before it, or to the one that `of` names. */
export function readExpectBlock(
  block: CodeBlock,
  attributes: Attributes,
  before: StepDraft | undefined,
  keys: readonly string[],
  context: StepContext,
): void {
  const { problems } = context;
  for (const [key, at] of attributes.at) {
    if (key === 'expect' || key === 'of') continue;
    const hint = 'Write it at the block that is run; expect blocks take "of".';
    problems.error('misplaced-attribute', at, `"${key}" says nothing about an expectation`, hint);
  }
  const expectations = readExpectations(block, keys, context);
  const step = attributes.of === undefined ? before : stepNamed(attributes.of, context);
  if (step !== undefined) {
    step.expectations = [...step.expectations, ...expectations];
  } else if (attributes.of === undefined) {
    const hint = 'Put it after the block whose result it is about.';
    problems.error('expect-without-step', block.start, 'this expectation follows no step', hint);
  } else {
    const hint = suggestion(attributes.of, [...new Set(context.steps.slice(-50).map((each) => each.name))]);
    const message = `no step before this has the command or name "${attributes.of}"`;
    problems.error('unknown-step', attributes.at.get('of') ?? block.start, message, hint);
  }
}

/** The nearest step with this command or name. */
function stepNamed(of: string, context: StepContext): StepDraft | undefined {
  return context.steps.findLast((step) => step.name === of || step.command.trim() === of.trim());
}

/** The entries of a `yaml expect` block, one a key. What is wrong with them is reported. */
export function readExpectations(block: CodeBlock, keys: readonly string[], context: StepContext): Expectation[] {
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
    expectations.push({ key: name, value, span: spanOf(problems.text, start, end) });
  }
  return expectations;
}
