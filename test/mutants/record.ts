import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { resourceKeys } from '../../src/check/resources/index.ts';
import type { Captures } from '../../src/check/types.ts';
import { load } from '../../src/run/load.ts';
import { prepare } from '../../src/run/prepare.ts';
import { type Judged, settle } from '../../src/run/run-step.ts';
import { run } from '../../src/run.ts';
import type { PlannedStep } from '../../src/runbook/plan.ts';
import type { Output } from '../../src/shell/types.ts';

/** A step as it was planned, what it printed in a real lab, and the captures that it then knew. */
export interface RecordedStep {
  readonly planned: PlannedStep;
  readonly output: Output;
  readonly captures: Captures;
}

/** A runbook that passed, step by step. */
export interface Recording {
  readonly path: string;
  readonly steps: readonly RecordedStep[];
}

/** The runbooks of the project. */
export function runbookPaths(): readonly string[] {
  return readdirSync('runbooks')
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => join('runbooks', name));
}

/** Runs runbooks for real and keeps what each step printed; throws when one does not pass, there or judged again. */
export async function record(paths: readonly string[]): Promise<readonly Recording[]> {
  const { runbooks } = await run({ paths, jobs: 2 });
  const prepared = await prepare(await load(paths), {});
  return Promise.all(
    prepared.map(async ({ plan }, index) => {
      const steps: RecordedStep[] = [];
      let captures: Captures = new Map();
      for (const each of plan.steps) {
        // The lab's state is gone: only what was printed can be judged again.
        const expectations = each.step.expectations.filter(({ key }) => !resourceKeys.includes(key));
        const planned = { ...each, step: { ...each.step, expectations } };
        const result = runbooks[index]?.steps.find((step) => step.index === planned.step.index);
        // What runs in the background is judged while it runs: there is no whole output to judge again.
        if (!result || planned.step.background || planned.step.kind === 'state') continue;
        const output: Output = {
          stdout: result.stdout,
          stderr: result.stderr,
          exit: result.exit,
          ending: result.exit === null ? 'opened' : 'completed',
          note: undefined,
          durationMs: result.duration_ms,
          droppedBytes: 0,
        };
        steps.push({ planned, output, captures });
        const judged = await judge(planned, output, captures);
        if (result.status !== 'passed' || judged.result.status !== 'passed')
          throw new Error(`${plan.path}:${result.line} ${result.status}, judged again: ${judged.result.status}`);
        captures = judged.captures;
      }
      return { path: plan.path, steps };
    }),
  );
}

/** What the engine says of a step that printed this. */
export function judge(planned: PlannedStep, output: Output, captures: Captures): Promise<Judged> {
  return settle(planned, Promise.resolve(output), {
    captures,
    signal: new AbortController().signal,
    probe: async () => [],
  });
}

/** A step's place in its document, for messages. */
export function placeOf(recording: Recording, { planned }: RecordedStep): string {
  return `${recording.path}:${planned.step.span.start.line}`;
}
