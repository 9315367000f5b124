import type { Expectation, Span, Step } from '../../src/runbook/types.ts';
import type { Output } from '../../src/shell/types.ts';

function span(line: number): Span {
  const point = { line, column: 1, offset: 0 };
  return { start: point, end: point };
}

/** A transcript command at line 10; expected output from line 11, expectations from line 20. */
export function step(
  overrides: Partial<Omit<Step, 'expected' | 'expectations'>> & {
    expected?: string;
    expect?: Record<string, unknown>;
  } = {},
): Step {
  const { expected, expect, ...rest } = overrides;
  const expectations = Object.entries(expect ?? {}).map(
    ([key, value], index): Expectation => ({ key, value, span: span(20 + index) }),
  );
  return {
    index: 0,
    kind: 'command',
    language: 'shell',
    name: 'x',
    span: span(10),
    command: 'x',
    prompt: '# ',
    nextPrompt: '# ',
    leavesNested: false,
    node: undefined,
    session: 'main',
    phase: 'main',
    expected: expected === undefined ? undefined : { lines: expected.split('\n'), span: span(11) },
    exit: 0,
    match: 'exact',
    stream: 'both',
    timeoutMs: 1000,
    eventuallyMs: undefined,
    interrupt: undefined,
    background: undefined,
    continue: false,
    skip: undefined,
    if: undefined,
    tty: false,
    stdin: undefined,
    cwd: undefined,
    env: {},
    expectations,
    ...rest,
  } as Step;
}

/** What a step printed that went well, but for what the test says. */
export function output(stdout: string, overrides: Partial<Output> = {}): Output {
  return {
    stdout,
    stderr: '',
    exit: 0,
    ending: 'completed',
    note: undefined,
    durationMs: 12.4,
    droppedBytes: 0,
    ...overrides,
  };
}
