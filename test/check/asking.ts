import type { Check, ProbeAnswer } from '../../src/check/types.ts';
import type { Expectation } from '../../src/runbook/types.ts';

/** Every finding as what it came to and its message. */
export function told(findings: readonly Pick<Check, 'ok' | 'errored' | 'message'>[]): readonly string[] {
  return findings.map(({ ok, errored, message }) => `${errored ? 'errored' : ok ? 'ok' : 'failed'} ${message}`);
}

/** What a node answers, that went well but for what the test says. */
export function answer(stdout: string, rest: Partial<ProbeAnswer> = {}): ProbeAnswer {
  return { stdout, stderr: '', exit: 0, problem: undefined, ...rest };
}

/** An expectation of the lab's state at line 30. */
export function asks(key: string, value: unknown, rest: Partial<Expectation> = {}): Expectation {
  const point = { line: 30, column: 1, offset: 0 };
  return { key, value, span: { start: point, end: point }, ...rest };
}
