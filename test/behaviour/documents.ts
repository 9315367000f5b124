import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { RunbookResult, StepResult } from '../../src/events.ts';
import { type RunOptions, run } from '../../src/run.ts';

/** A fenced block. */
export function block(info: string, ...lines: readonly string[]): string {
  return ['```'.concat(info), ...lines, '```', ''].join('\n');
}

/** A folder of a test file, for as long as that runs. */
export function ownFolder(): () => string {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'behaviour-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

let documents = 0;

/** Runs a document through the library API. */
export async function verdictOf(
  folder: string,
  text: string,
  { front = '', ...options }: Partial<RunOptions> & { readonly front?: string } = {},
): Promise<RunbookResult> {
  const path = join(folder, `document-${documents++}.md`);
  writeFileSync(path, `---\n${front}\n---\n# A document\n\n${text}`);
  const { runbooks } = await run({ paths: [path], keepGoing: true, ...options });
  rmSync(path);
  if (!runbooks[0]) throw new Error('no runbook was run');
  return runbooks[0];
}

/** The step at an index; there must be one. */
export function step({ steps }: RunbookResult, index: number): StepResult {
  const found = steps[index];
  if (!found) throw new Error(`there is no step ${index}`);
  return found;
}

/** The kinds of session in which a shell runs, as blocks ask for them. */
export const sessions = ['pipe', 'terminal'] as const;

/** Attributes of a block whose step runs in that kind of session. */
export function attributes(kind: (typeof sessions)[number], more = ''): string {
  return `{${[kind === 'terminal' ? 'tty' : '', more].filter(Boolean).join(' ')}}`;
}
