import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../src/events.ts';
import { createReporter } from '../../src/report/github.ts';
import { again, events, hostile, memoryTarget, path, recorded, step, told } from './run-events.ts';

beforeEach(() => {
  vi.stubEnv('GITHUB_STEP_SUMMARY', '');
  vi.stubEnv('GITHUB_WORKSPACE', '');
});
afterEach(() => vi.unstubAllEnvs());

/** The commands that a runner would obey: it looks at each line without the blanks before it, and stops when told to. */
function obeyed(text: string): string[] {
  const commands: string[] = [];
  let stop: string | undefined;
  for (const line of text.split(/\r\n|\r|\n/).map((one) => one.trimStart())) {
    if (stop !== undefined) stop = line === `::${stop}::` ? undefined : stop;
    else if (line.startsWith('::stop-commands::')) stop = line.slice('::stop-commands::'.length);
    else if (line.startsWith('::') || line.includes('##[')) commands.push(line);
  }
  return commands;
}

describe('annotations', () => {
  test('are on the lines that went wrong', async () => {
    const commands = obeyed(await told('github', recorded()));
    expect(commands.map((line) => line.replace(/,title=.*/, ''))).toEqual([
      ...[25, 30, 34, 39, 51].map((line) => `::error file=test/report/fixtures/hostile.md,line=${line}`),
      '::notice file=test/report/fixtures/skipped.md',
    ]);
    expect(commands[2]).toContain('title=long%2C # \\ line%3A 100%25%3A failed::exit: expected status 0, got 3%0Aat ');
  });

  test('are no more and no others when texts are hostile', async () => {
    const commands = obeyed(await told('github', hostile(recorded())));
    expect(commands.filter((line) => line.startsWith('::error file='))).toHaveLength(5);
    expect(commands).toHaveLength(6);
  });

  test('warn of a flaky runbook', async () => {
    const [first] = obeyed(await told('github', again('passed')));
    expect(first).toBe(`::warning file=${path},title=flaky::flaky: passed at attempt 2: before, line 12 did not pass`);
  });

  test('name paths as the repository does', async () => {
    vi.stubEnv('GITHUB_WORKSPACE', join(process.cwd(), '..'));
    const text = await told('github', events([step({ status: 'failed' })], 'failed'));
    expect(text).toContain(`file=${process.cwd().split('/').at(-1)}/${path},line=12`);
  });
});

test('what another reporter prints between its lines is not obeyed', () => {
  const target = memoryTarget();
  const reporter = createReporter(target);
  for (const event of recorded()) {
    reporter.event(event);
    target.write('  ::error file=x::smuggled\n##[error]smuggled\n');
  }
  reporter.end?.();
  expect(obeyed(target.text()).filter((line) => line.includes('smuggled'))).toEqual(
    obeyed(target.text())
      .filter((line) => line.startsWith('::error file=test/'))
      .slice(0, 1),
  );
});

test('the summary is added to what is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'github-test-'));
  const file = join(folder, 'summary.md');
  writeFileSync(file, 'before\n');
  vi.stubEnv('GITHUB_STEP_SUMMARY', file);
  const all: RunEvent[] = recorded();
  await told('github', all);
  const text = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });
  expect(text).toMatch(/^before\n### 💥 netlab: 5 passed, 3 failed/);
});
