import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOrphanGroup, leftSince, type MachineState, machineState } from '../lab/leaks.ts';
import { block, page } from './documents.ts';
import { type Project, projectOf } from './project.ts';

const slowEnd = block('console', '$ echo second', 'second', '$ sleep 60', '$ echo last', 'last');
const documents = {
  'machine.config.ts': `
    import { netlab } from 'netlab/vitest'
    export default { plugins: [netlab({ allowHost: true })] }
  `,
  'steps.md': page(
    'Steps',
    block('sh {setup}', 'mkdir /tmp/once'),
    block('console', '$ X=5', '$ echo $X', '5'),
    slowEnd,
    block('sh {teardown}', 'rmdir /tmp/once'),
  ),
  'needs.md': page('Needs', block('console', '$ echo first', 'other', '$ echo second', 'second')),
  // Fails when the other document is in its long step.
  'bails.md': page('Bails', block('console', '$ sleep 5', '$ false')),
  'others/docs/inside.md': page('Inside', block('console', '$ echo inside', 'inside')),
  'others/suite.test.ts': `
    import { test } from 'netlab/vitest'
    import { describe, expect } from 'vitest'
    test('own', () => expect(1).toBe(1))
    test.skip('left out', () => expect(1).toBe(2))
    test.each([1, 2])('each %i', (n) => expect(n).toBeGreaterThan(0))
    test.extend<{ a: number }>({ a: 3 })('extended', ({ a }) => expect(a).toBe(3))
    describe('documents', () => {
      test.runbook('docs/inside.md')
      test.runbook.skip(new URL('./docs/inside.md', import.meta.url))
      test.runbook('../needs.md', { keepGoing: true })
    })
  `,
  'others/refused.test.ts': `
    import { test } from 'netlab/vitest'
    test.runbook('docs/nowhere.md')
  `,
};

let project: Project;
let before: MachineState;
beforeAll(async () => {
  before = await machineState();
  project = await projectOf(documents);
}, 120_000);
afterAll(async () => {
  expect((await leftSince(before, 2000)).filter((thing) => !thing.includes('vitest-project'))).toEqual([]);
});

describe('a choice of tests', () => {
  it('runs what they need, and nothing after the last of them', async () => {
    const { states, exitCode } = await project.run('steps.md', '-t', 'echo .X|rmdir');
    expect(Object.values(states)).toEqual(['skipped', 'skipped', 'passed', 'skipped', 'skipped', 'skipped', 'passed']);
    expect(exitCode).toBe(0);
  }, 55_000);

  it('can be a line of the document', async () => {
    const { states } = await project.run('steps.md:14');
    expect(Object.entries(states).filter(([, state]) => state === 'passed')).toEqual([
      ['steps.md > echo second', 'passed'],
    ]);
  }, 55_000);

  it('fails where a step did not pass that it needs and that has no test', async () => {
    const { states, text, exitCode } = await project.run('needs.md', '-t', 'second');
    expect(states['needs.md > echo second']).toBe('failed');
    expect(text).toContain('a step before this one did not pass: output: expected "other", got "first"\n');
    expect(text).toContain('❯ needs.md:5:1');
    expect(exitCode).toBe(1);
  }, 55_000);
});

describe('a test that is run again', () => {
  it('is judged by a new run in a fresh lab', async () => {
    const until = Math.ceil(Date.now() / 1000) + 12;
    project.write(
      'later.md',
      page(
        'Later',
        block(
          'console',
          '$ mkdir /tmp/once',
          `$ test $(date +%s) -ge ${until} && echo now`,
          'now',
          '$ ls -d /tmp/once',
          '/tmp/once',
        ),
      ),
    );
    const { states, text } = await project.run('later.md', '--retry', '1000');
    expect(Object.values(states)).toEqual(['passed', 'passed', 'passed']);
    expect(text).toMatch(/retry x\d/);
  }, 100_000);
});

/** Of all processes, those in labs included. */
function commandLines(): string[] {
  return readdirSync('/proc').flatMap((name) => {
    const path = `/proc/${name}/cmdline`;
    try {
      return /^\d+$/.test(name) ? [readFileSync(path, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}

/** The worker of a Vitest that has one. */
function childOf(pid: number): number {
  const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').at(-1));
  if (child === 0) throw new Error('Vitest has no worker');
  return child;
}

/** A Vitest that is interrupted leaves its own folder behind: it shall not count as left by labs. */
function ownTemporary(): { readonly TMPDIR: string } {
  return { TMPDIR: join(project.folder, 'node_modules') };
}

describe('an end before the end', () => {
  /** Waits until the document's long step is running. */
  async function untilItSleeps(seconds = 60): Promise<void> {
    for (let tries = 0; tries < 400; tries += 1) {
      if (commandLines().includes(`sleep\0${seconds}\0`)) return;
      await sleep(50);
    }
    throw new Error('the step did not begin');
  }

  it.each([
    ['Vitest', 'SIGINT', 61],
    ['Vitest', 'SIGTERM', 62],
    ['Vitest', 'SIGKILL', 63],
    ['the whole group', 'SIGINT', 64],
    ['the worker', 'SIGTERM', 65],
  ] as const)(
    'of %s by %s is told to the run: its step ends, and its teardown steps run',
    async (whom, signal, seconds) => {
      const down = join(project.folder, 'down');
      rmSync(down, { force: true });
      const steps = [block('sh', `sleep ${seconds}`), block('sh {teardown}', `sleep 0.5; touch ${down}`)];
      project.write('machine.md', `---\nlab: none\n---\n${page('On this machine', ...steps)}`);
      const vitest = project.vitest(['run', 'machine.md', '--config', 'machine.config.ts'], ownTemporary());
      await untilItSleeps(seconds);
      const pids = { Vitest: vitest.pid, 'the whole group': -vitest.pid, 'the worker': childOf(vitest.pid) };
      process.kill(pids[whom], signal);
      expect(await vitest.ended).not.toBe(0);
      for (let tries = 0; tries < 200 && !existsSync(down); tries += 1) await sleep(50);
      expect(existsSync(down)).toBe(true);
      expect(commandLines()).not.toContain(`sleep\0${seconds}\0`);
      expect(await leftSince(before, 15_000, (thing) => !thing.includes('vitest-project'))).toEqual([]);
    },
    55_000,
  );

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'by %s leaves nothing behind',
    async (signal) => {
      const vitest = project.vitest(['run', 'steps.md'], ownTemporary());
      await untilItSleeps();
      vitest.kill(signal);
      expect(await vitest.ended).not.toBe(0);
      // Groups are for the next start to remove, and for the leak check to look for after it.
      const isLeft = (thing: string): boolean => !thing.includes('vitest-project') && !isOrphanGroup(thing);
      expect(await leftSince(before, 15_000, isLeft)).toEqual([]);
    },
    55_000,
  );

  it('by --bail stops the other documents', async () => {
    const { exitCode, states } = await project.run('bails.md', 'steps.md', '--bail', '1');
    expect(exitCode).toBe(1);
    // Nothing of the other one has timed out: its running step was stopped.
    expect(states['steps.md > sleep 60']).toBe('skipped');
    expect(states['steps.md > echo last']).toBe('skipped');
  }, 55_000);
});

describe('test.runbook', () => {
  it('makes a suite of a document, beside what Vitest itself has', async () => {
    const { states, text } = await project.run('others/suite');
    expect(states).toEqual({
      'others/suite.test.ts > own': 'passed',
      'others/suite.test.ts > left out': 'skipped',
      'others/suite.test.ts > each 1': 'passed',
      'others/suite.test.ts > each 2': 'passed',
      'others/suite.test.ts > extended': 'passed',
      'others/suite.test.ts > echo inside': 'skipped',
      'others/suite.test.ts > echo first': 'failed',
      'others/suite.test.ts > echo second': 'passed',
    });
    expect(text).toMatch(/✓ others\/suite\.test\.ts > documents > Inside > echo inside/);
    expect(text).toContain('❯ needs.md:5:1');
  }, 55_000);

  it('fails for a file that is not there', async () => {
    const { text, exitCode } = await project.run('others/refused');
    expect(text).toMatch(/there is no .*others\/docs\/nowhere\.md/);
    expect(exitCode).toBe(1);
  }, 55_000);
});

describe('--watch', () => {
  it('runs a document again that was changed, and the tests that run it', async () => {
    const args = ['--watch', 'inside', 'others/suite', '-t', 'inside'];
    const vitest = project.vitest(args, ownTemporary());
    const until = async (pattern: RegExp): Promise<void> => {
      for (let tries = 0; tries < 500 && !pattern.test(vitest.printed()); tries += 1) await sleep(50);
      expect(vitest.printed()).toMatch(pattern);
    };
    await until(/Waiting for file changes/);
    project.write('others/docs/inside.md', page('Inside', block('console', '$ echo inside', 'outside')));
    await until(/RERUN[\s\S]*Test Files {2}2 failed/);
    // A slip, mended by an editor that writes a new file and renames it.
    project.write('others/docs/inside.md', page('Inside', block('console {tiemout=5s}', '$ echo inside', 'inside')));
    await until(/there is no attribute tiemout|tiemout/);
    project.write('others/docs/inside.md.new', page('Inside', block('console', '$ echo inside', 'inside')));
    renameSync(join(project.folder, 'others/docs/inside.md.new'), join(project.folder, 'others/docs/inside.md'));
    await until(/tiemout[\s\S]*RERUN[\s\S]*Test Files {2}2 passed/);
    vitest.kill('SIGINT');
    await vitest.ended;
  }, 55_000);
});

describe('the pools of Vitest', () => {
  it.each([
    ['threads', 'passed', /1 passed/],
    ['vmForks', 'failed', /labs cannot be made in Vitest's pools vmThreads and vmForks/],
  ])(
    '%s: %s',
    async (pool, state, told) => {
      project.write('others/docs/inside.md', documents['others/docs/inside.md']);
      const { states, text } = await project.run('inside.md', '--pool', pool);
      expect(states).toEqual({ 'others/docs/inside.md > echo inside': state });
      expect(text).toMatch(told);
    },
    55_000,
  );
});
