import { readFileSync } from 'node:fs';
import type { Check } from '../../src/check/types.ts';
import type { Counts, RunbookResult, RunEvent, RunResult, RunStatus, StepResult } from '../../src/events.ts';
import { findReporter } from '../../src/report/index.ts';
import type { ReportTarget } from '../../src/report/types.ts';

export const path = 'runbooks/one.md';

/** A step that passed, and what is different about it. */
export function step(change: Partial<StepResult> = {}): StepResult {
  return {
    index: 0,
    name: 'ip link',
    line: 12,
    node: 'host',
    session: 'main',
    command: 'ip link',
    status: 'passed',
    duration_ms: 4,
    exit: 0,
    stdout: '',
    stderr: '',
    reason: null,
    checks: [],
    checked: true,
    ...change,
  };
}

export function check(change: Partial<Check> = {}): Check {
  return {
    kind: 'ping',
    path: 'ping.packets_received',
    expected: '>= 2',
    actual: 2,
    ok: true,
    message: 'ping.packets_received: 2 is >= 2',
    line: 20,
    ...change,
  };
}

function count(steps: readonly StepResult[]): Counts {
  const of = (status: StepResult['status']): number => steps.filter((one) => one.status === status).length;
  return {
    passed: of('passed'),
    failed: of('failed'),
    skipped: of('skipped'),
    timed_out: of('timed_out'),
    errored: of('errored'),
  };
}

export function runbook(steps: readonly StepResult[], change: Partial<RunbookResult> = {}): RunbookResult {
  return {
    path,
    title: 'One',
    status: 'passed',
    reason: null,
    duration_ms: 1500,
    counts: count(steps),
    steps,
    ...change,
  };
}

export function run(runbooks: readonly RunbookResult[], status: RunStatus, reason: string | null = null): RunResult {
  const counts = count(runbooks.flatMap((one) => one.steps));
  return { version: 1, status, reason, duration_ms: 2345, counts, runbooks };
}

/** Everything that a runner tells of one runbook with these steps. */
export function* events(
  steps: readonly StepResult[],
  status: RunStatus,
  reason: string | null = null,
): Generator<RunEvent> {
  const result = runbook(steps, { status, reason });
  yield { type: 'run:start', runbooks: [path] };
  yield { type: 'runbook:start', path, title: result.title, lab: 'node1 (docker)', steps: steps.length, source: '' };
  yield { type: 'lab:start', path, lab: 'node1 (docker)' };
  yield { type: 'lab:ready', path, duration_ms: 1234 };
  for (const one of steps) {
    const { index, name, line, node, session, command } = one;
    yield { type: 'step:start', path, index, name, line, node, session, command };
    yield { type: 'step:end', path, step: one };
  }
  yield { type: 'runbook:end', runbook: result };
  yield { type: 'run:end', run: run([result], status, reason) };
}

/** The end of a run of one runbook that was run again, and passed then or did not. */
export function again(status: 'passed' | 'failed'): RunEvent[] {
  const failed = runbook([step({ status: 'failed' })], { status: 'failed' });
  const flaky = { flaky: true, reason: 'flaky: passed at attempt 2: before, line 12 did not pass' } as const;
  const last = status === 'failed' ? failed : runbook([step()], flaky);
  const result = { ...last, retried: [failed] };
  return [
    { type: 'runbook:end', runbook: result },
    { type: 'run:end', run: run([result], status) },
  ];
}

/** A target that keeps what is written to it. */
export function memoryTarget(change: Partial<ReportTarget> = {}): ReportTarget & { readonly text: () => string } {
  let text = '';
  return {
    write: (part) => {
      text += part;
    },
    text: () => text,
    isTerminal: false,
    colour: false,
    unicode: true,
    columns: 80,
    ...change,
  };
}

/** What a reporter writes about these events. */
export async function told(name: string, all: Iterable<RunEvent>, change: Partial<ReportTarget> = {}): Promise<string> {
  const target = memoryTarget(change);
  const { createReporter } = await findReporter(name).load();
  const reporter = createReporter(target);
  for (const event of all) reporter.event(event);
  await reporter.end?.();
  return target.text();
}

/**
 * The events of a real run, with every status and much that is hard to report. To record it again, run this from the
 * top: `netlab run -r jsonl=test/report/fixtures/run.jsonl test/report/fixtures/`.
 */
export function recorded(): RunEvent[] {
  const lines = readFileSync(new URL('./fixtures/run.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

/** The result at the end of these events. */
export function resultOf(all: readonly RunEvent[]): RunResult {
  const last = all.at(-1);
  if (last?.type !== 'run:end') throw new Error('these events have no end');
  return last.run;
}

/** What no shell lets through to an event, and a reporter must bear all the same. */
const hostileText =
  '\u0000\u0007\u001b[31m\u009b2J \ud800 \udc00\ufffe ]]> --> </pre></script><b>&amp; \u2028\r\n::error::x\n';

/** The same events, with hostile text in all that a document or a program decides. */
export function hostile(all: readonly RunEvent[]): RunEvent[] {
  const fields = new Set(['stdout', 'stderr', 'message', 'reason', 'name', 'title', 'command', 'text']);
  const text = JSON.stringify(all, (key, value) =>
    fields.has(key) && typeof value === 'string' ? value + hostileText : value,
  );
  return JSON.parse(text) as RunEvent[];
}
