import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunbookResult } from '../../src/events.ts';
import { run } from '../../src/run.ts';
import { folderOf } from '../select/folder.ts';

/** Documents that were not written for netlab. */

const folder = folderOf({});
const block = (info: string, ...lines: readonly string[]): string =>
  ['```'.concat(info), ...lines, '```', ''].join('\n');

async function runOf(...blocks: readonly string[]): Promise<RunbookResult> {
  const path = join(folder, 'README.md');
  writeFileSync(path, `# A tool\n\n${blocks.join('\n')}`);
  const [runbook] = (await run({ paths: [path], keepGoing: true })).runbooks;
  if (!runbook) throw new Error('there is no result');
  return runbook;
}

describe('a README', () => {
  it('runs, and says what its pass does not rest on', async () => {
    const { status, reason, steps } = await runOf(
      block('sh', 'cd /tmp', 'X=5', 'false || true', 'if false; then :; fi'),
      block('bash', '# as root', '$ sudo sh -c "id -u; echo $X"', '0', '5'),
      block('console', '$ ls /', '$ pwd'),
      block('js', 'import nothing from "nowhere"'),
    );
    expect(steps.map((step) => [step.status, step.checked])).toEqual([
      ['passed', false],
      ['passed', true],
      ['passed', false],
      ['passed', false],
    ]);
    expect([status, reason]).toEqual([
      'passed',
      'not written for netlab: of 3 of 4 steps only the status is checked, 1 block is left alone',
    ]);
  });

  it('fails for a command in the middle of a script, and says why where the lab has no way out', async () => {
    const { status, steps } = await runOf(
      block('sh', 'ls /nowhere', 'sh -c "exit 4"', 'echo fine'),
      block('sh', 'getent hosts www.example.com || { echo "Could not resolve www.example.com"; false; }', 'echo fine'),
      block('sh', 'echo fine'),
    );
    expect(status).toBe('failed');
    expect(steps.map((step) => [step.status, step.exit])).toEqual([
      ['failed', 2],
      ['failed', 1],
      ['passed', 0],
    ]);
    expect(steps.map(({ reason }) => reason)).toEqual([null, expect.stringContaining('the lab is closed'), null]);
  });

  it.each([
    'cd /nowhere && make',
    'false && true',
    'true\nmkdir /tmp/x && cd /nowhere && ls',
    'no-such-command && true',
  ])('fails for the last command of a script, before its && too: %s', async (script) => {
    const { status, steps } = await runOf(block('sh', script));
    expect([status, steps[0]?.status, steps[0]?.exit === 0]).toEqual(['failed', 'failed', false]);
  });

  it('passes what a script asks for', async () => {
    const scripts = ['false || true', 'if false; then true; fi', '! false', 'true && true', 'x=1; [ $x = 2 ] || true'];
    const { steps } = await runOf(...scripts.map((script) => block('sh', script)));
    expect(steps.map(({ status }) => status)).toEqual(scripts.map(() => 'passed'));
  });

  it('is not run by accident: what nobody can tell from output is left alone, and then nothing passes', async () => {
    const { status, steps } = await runOf(block('console', 'echo x'), block('js', 'process.exit(0)'));
    expect([status, steps]).toEqual(['empty', []]);
  });
});
