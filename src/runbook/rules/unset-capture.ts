import { type Capture, capturesOf, namesExpected, variablesRead, variablesSet } from './captures.ts';
import type { Finding, LintRule } from './types.ts';

export const unsetCapture: LintRule = {
  name: 'unset-capture',
  summary: 'A captured value that is used where it cannot have been set.',
  *find(subject) {
    const { order, runbook } = subject;
    const captures = groupByName(capturesOf(subject));
    if (captures.size === 0) return;
    const known = new Set([...Object.keys(runbook.env), ...order.flatMap(variablesSet)]);
    for (const [turn, step] of order.entries()) {
      const read = variablesRead(step);
      for (const name of new Set([...read, ...namesExpected(step)])) {
        const of = captures.get(name);
        if (of === undefined || known.has(name) || Object.hasOwn(step.env, name)) continue;
        const problem = whyUnset(of, turn, read.has(name));
        if (problem !== undefined) yield { at: step.span.start.offset, ...problem(name) };
      }
    }
  },
};

function groupByName(captures: readonly Capture[]): Map<string, Capture[]> {
  const groups = new Map<string, Capture[]>();
  for (const capture of captures) {
    const group = groups.get(capture.name);
    if (group === undefined) groups.set(capture.name, [capture]);
    else group.push(capture);
  }
  return groups;
}

type Telling = (name: string) => Pick<Finding, 'message' | 'hint'>;

function whyUnset(captures: readonly Capture[], turn: number, isRead: boolean): Telling | undefined {
  if (isRead && captures.every((capture) => capture.turn >= turn)) {
    const line = captures[0]?.step.span.start.line;
    return (name) => ({
      message: `$${name} is used before it is captured`,
      hint: `It is captured at line ${line}, by a step that runs later.`,
    });
  }
  if (!captures.every(neverSets)) return undefined;
  return (name) => ({
    message: `"${name}" is never set: the step that captures it is skipped, or its output is not compared`,
    hint: 'Capture it in a step that runs and whose output is compared.',
  });
}

function neverSets({ step, inOutput }: Capture): boolean {
  return step.skip !== undefined || (inOutput && step.match === 'ignore');
}
