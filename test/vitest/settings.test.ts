import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { block, page } from './documents.ts';
import { type Project, projectOf } from './project.ts';

const onMachine = '---\nlab: none\n---\n';
/** Every kind of document is a test file, and this one comes before each of them. */
function config(...setupFiles: readonly string[]): string {
  return `
    import { netlab } from 'netlab/vitest'
    import { defineConfig } from 'vitest/config'
    export default defineConfig({
      plugins: [netlab({ allowHost: true, include: ['**/*.{md,mdx,t}'] })],
      test: { includeTaskLocation: true, setupFiles: ${JSON.stringify(setupFiles)} },
    })
  `;
}

const documents = {
  'vitest.config.ts': config(),
  'fake.config.ts': config('fake.ts'),
  'fake-each.config.ts': config('fake-each.ts'),
  'together.test.ts': `
    import { test } from 'netlab/vitest'
    import { describe } from 'vitest'
    describe.concurrent('together', () => test.runbook('later.md', { allowHost: true }))
  `,
  'fake.ts': `import { vi } from 'vitest'\nvi.useFakeTimers()\n`,
  'fake-each.ts': `
    import { afterEach, beforeEach, vi } from 'vitest'
    beforeEach(() => void vi.useFakeTimers())
    afterEach(() => void vi.useRealTimers())
  `,
  'limits.md': onMachine + page('Limits', block('sh {timeout=1s}', 'sleep 3'), block('sh', 'true')),
  'limits.test.ts': `import { test } from 'netlab/vitest'\ntest.runbook('limits.md', { allowHost: true })\n`,
  'lines.md': onMachine + page('Lines', block('console', '$ echo first', 'first', '$ echo second', 'second')),
  'task.md': page(
    'Task',
    '## Make it {exercise}\n',
    block('sh solution', 'touch /tmp/made'),
    block('sh check', 'test -e /tmp/made'),
  ),
  'page.mdx': `import { Part } from './part'\n\n<Part />\n\n${page('Page', block('console', '$ echo page', 'page'))}`,
  'cram.t': '  $ echo cram\n  cram\n',
  'docs/nameless.md': block('console', '$ echo nameless', 'nameless'),
  'docs/nameless.test.ts': `import { test } from 'netlab/vitest'\ntest.runbook('nameless.md')\n`,
};

let project: Project;
beforeAll(async () => {
  project = await projectOf(documents);
}, 120_000);

describe('concurrent tests', () => {
  it.each(['later.md', 'together.test.ts'])(
    'of %s are judged by the run that a retry began',
    async (file) => {
      const tries = join(project.folder, 'tries');
      rmSync(tries, { force: true });
      const third = `echo >> ${tries}; test $(wc -l < ${tries}) -ge 3`;
      project.write('later.md', onMachine + page('Later', block('console', `$ ${third}`, '$ false')));
      const { states, exitCode } = await project.run(file, '--sequence.concurrent', '--retry', '10');
      expect(states).toEqual({ [`${file} > ${third}`]: 'passed', [`${file} > false`]: 'failed' });
      expect(exitCode).toBe(1);
    },
    55_000,
  );
});

describe('fake timers', () => {
  it.each([
    ['fake', 'limits.md', /TimeoutError: timed out: no end within 1 s/],
    ['fake', 'limits.test.ts', /fake timers are on[\s\S]*vi\.useRealTimers\(\)/],
    ['fake-each', 'limits.md', /fake timers are on[\s\S]*vi\.useRealTimers\(\)/],
  ])(
    'of %s are not those of the limits of %s',
    async (setup, file, told) => {
      const { states, text, exitCode } = await project.run(file, '--config', `${setup}.config.ts`);
      expect(Object.values(states)).not.toContain('passed');
      expect(text).toMatch(told);
      expect(exitCode).toBe(1);
    },
    55_000,
  );
});

describe('a document', () => {
  it('is chosen by its first line, and its first test by the line of that', async () => {
    const { states } = await project.run('lines.md:7');
    expect(states).toEqual({ 'lines.md > echo first': 'passed', 'lines.md > echo second': 'skipped' });
    expect(Object.values((await project.run('lines.md:1')).states)).toEqual(['passed', 'passed']);
  }, 55_000);

  it('has an assertion in each test that passes', async () => {
    const { states } = await project.run('lines.md', 'task.md', '--expect.requireAssertions');
    expect(Object.values(states)).toEqual(['passed', 'passed', 'passed']);
  }, 55_000);

  it.each(['page.mdx', 'cram.t'])(
    'can be %s',
    async (file) => {
      const { states } = await project.run(file);
      expect(states).toEqual({ [`${file} > echo ${file.replace(/\..*/, '')}`]: 'passed' });
    },
    55_000,
  );

  it('without a heading is named relative to the root', async () => {
    const { text } = await project.run('docs/nameless');
    expect(text).toContain('docs/nameless.md:2:3 > docs/nameless.md > echo nameless');
    expect(text).toContain('docs/nameless.test.ts > docs/nameless.md > echo nameless');
  }, 55_000);
});
