import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/events.ts';
import { folderOf } from '../select/folder.ts';

const transcript = (...lines: readonly string[]): string => ['# T', '', '```console', ...lines, '```', ''].join('\n');
const passing = transcript('$ echo hello', 'hello');
const failing = transcript('$ echo hello', 'good-bye');

/** Passes the second time: the lab forgets, so that only the count on the machine knows. */
const flaky = (port: number): string => transcript(`$ curl -s http://127.0.0.1:${port}/`, 'up');

const main = join(process.cwd(), 'dist/netlab.cjs');
const cli = (folder: string, args: readonly string[], more = {}) =>
  execa('node', [main, ...args], { cwd: folder, reject: false, stdin: 'ignore', ...more });

async function json(folder: string, ...args: readonly string[]): Promise<readonly [RunResult, number | undefined]> {
  const { stdout, exitCode, stderr } = await cli(folder, ['run', '--reporter', 'json', ...args]);
  if (stdout === '') throw new Error(stderr);
  return [JSON.parse(stdout) as RunResult, exitCode];
}

const told = ({ runbooks }: RunResult): string => runbooks.map(({ path, status }) => `${path} ${status}`).join(', ');

describe('netlab run in a project', () => {
  const folder = folderOf({
    'a.md': failing,
    'b.md': passing,
    'c.md': `---\ntags: [slow]\n---\n${passing}`,
    'netlab.config.ts':
      "import { defineConfig } from 'netlab'\nexport default defineConfig({ files: ['*.md'], tags: ['!slow'] })",
  });

  it('takes what the configuration says, remembers what failed, and stops early with --bail', async () => {
    const [first, status] = await json(folder);
    expect([told(first), status]).toEqual(['a.md failed, b.md passed', 1]);
    expect(told((await json(folder, '--last-failed'))[0])).toBe('a.md failed');
    const [bailed] = await json(folder, '--bail', '-j', '1');
    expect(told(bailed)).toBe('a.md failed, b.md skipped');
    expect(bailed.runbooks[1]?.reason).toContain('bail');
    const [chosen] = await json(folder, '--no-config', '--tags', 'slow', '--shard', '1/1', '.');
    expect([told(chosen), chosen.shard]).toEqual(['c.md passed', { index: 1, of: 1, total: 1 }]);
    writeFileSync(join(folder, 'a.md'), passing);
    expect(told((await json(folder, '--last-failed'))[0])).toBe('a.md passed');
    const { exitCode, stderr } = await cli(folder, ['run', '--last-failed']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('nothing to run: none of')]);
  }, 60_000);

  it.each([
    [['run', 'no*.md'], 'no runbook matches this pattern'],
    [['run', '--shard', '3/2'], '--shard 3/2: '],
    [['run', '--tags', 'none'], 'nothing to run: no runbook has the tags none'],
    [['run', '--grep', '('], 'grep: Invalid regular expression'],
    [['run', '--retry', 'x'], '--retry x: it cannot be that'],
    [['run', '--config', 'nowhere.json'], 'nowhere.json: there is no such file'],
    [['run', '--changed'], 'cannot tell what has changed: '],
  ])('refuses %j in a line, with status 2, before anything is run', async (args, message) => {
    const { exitCode, stdout, stderr } = await cli(folder, args);
    expect(stderr).toContain(message);
    expect(stderr.split('\n').filter((line) => !line.startsWith('  try: '))).toHaveLength(1);
    expect([exitCode, stdout]).toEqual([2, '']);
  });
});

describe('--retry', () => {
  const folder = folderOf({ 'x.md': '' });

  it('runs a runbook again in a fresh lab, and calls a pass flaky', async () => {
    // On the machine's network a lab can see what is outside of it, and so can fail once.
    const { createServer } = await import('node:http');
    let asked = 0;
    const server = createServer((_, answer) => answer.end(asked++ % 2 === 0 ? 'down' : 'up')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    writeFileSync(join(folder, 'x.md'), flaky(port));
    const [result, status] = await json(folder, '--network', 'host', '--retry', '2', 'x.md');
    expect([told(result), status]).toEqual(['x.md passed', 0]);
    expect(result.runbooks[0]).toMatchObject({
      flaky: true,
      reason: 'flaky: passed at attempt 2: before, line 4 did not pass',
      retried: [{ status: 'failed' }],
    });
    const [strict, strictly] = await json(folder, '--network', 'host', '--retry', '1', '--strict', 'x.md');
    expect([strict.status, strict.reason, strictly]).toEqual(['failed', 'strict: flaky: x.md', 1]);
    server.close();
  });

  it('does not try again what was interrupted', async () => {
    writeFileSync(join(folder, 'x.md'), transcript('$ sleep 60'));
    rmSync(join(folder, 'report.json'), { force: true });
    const running = cli(folder, ['run', '-r', 'json=report.json', '--retry', '3', '--bail', 'x.md', 'x.md']);
    await sleep(2000);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as RunResult;
    expect(told(report)).toBe('x.md interrupted');
    expect(report.runbooks[0]?.retried).toBeUndefined();
  });
});

describe('--pass-with-no-runbooks', () => {
  const folder = folderOf({ 'a.md': passing, 'b.md': passing, 'words/w.md': '# Words\n' });
  const pass = '--pass-with-no-runbooks';

  it.each([
    [['--tags', 'none', 'a.md'], 'nothing to run: no runbook has the tags none'],
    [['--shard', '2/2', '--strict', 'a.md'], 'nothing to run: no runbook of 1 is left for shard 2/2'],
    [['words'], 'nothing to run: there is no runbook'],
    [['no*.md'], 'nothing to run: there is no runbook'],
  ])('lets %j pass, and says why', async (args, reason) => {
    const [{ status, reason: told, runbooks }, exit] = await json(folder, pass, ...args);
    expect([status, told, runbooks, exit]).toEqual(['passed', reason, [], 0]);
    expect((await cli(folder, ['run', ...args])).exitCode).toBe(2);
    const { stdout } = await cli(folder, ['run', pass, ...args]);
    expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^PASSED {2}no steps in /), reason]);
  });

  it.each([[['words/w.md']], [['nosuch.md']], [['--step', 'nosuch', 'a.md']], [['--last-failed', 'b.md']]])(
    'is not for %j',
    async (args) => expect((await cli(folder, ['run', pass, ...args])).exitCode).toBe(2),
  );

  it('is a key of the configuration, too, and writes blobs that can be merged', async () => {
    writeFileSync(join(folder, 'netlab.config.json'), '{ "passWithNoRunbooks": true }');
    for (const part of ['1', '2', '3']) {
      const args = ['run', '--shard', `${part}/3`, '-r', `blob=${part}.blob`, 'a.md', 'b.md'];
      expect((await cli(folder, args)).exitCode).toBe(0);
      await cli(folder, ['run', '--tags', 'none', '--shard', `${part}/3`, '-r', `blob=none-${part}.blob`, 'a.md']);
    }
    const merge = (...parts: readonly string[]) => cli(folder, ['merge', ...parts, '-r', 'dot']);
    const whole = await merge('1.blob', '2.blob', '3.blob');
    expect([whole.exitCode, whole.stdout]).toEqual([0, expect.stringContaining('PASSED  2 passed')]);
    expect((await merge('1.blob', '2.blob')).stdout).toContain('there is no report of 3');
    const none = await merge('none-1.blob', 'none-2.blob', 'none-3.blob');
    expect([none.exitCode, none.stdout]).toEqual([0, expect.stringContaining('no runbook has the tags none')]);
  });
});

describe('--changed', () => {
  const folder = folderOf({
    'one.md': passing,
    'two.md': transcript('$ cat data/two.txt', 'two'),
    'data/two.txt': 'two\n',
    'sub/three.md': `---\nlab: { nodes: { n: { kind: host } } }\n---\n${passing}`,
  });
  const git = (...args: readonly string[]) => execa('git', args, { cwd: folder });
  const commit = (message: string) =>
    git('-c', 'user.name=n', '-c', 'user.email=n@example.com', 'commit', '-qam', message);
  const changed = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await cli(folder, ['run', '-r', 'json', ...args, '.']);
    return stdout === '' ? (stderr.split('\n')[0] ?? '') : told(JSON.parse(stdout) as RunResult);
  };
  beforeAll(async () => {
    await git('init', '-q', '-b', 'main');
    await git('add', '.');
    await commit('one');
  });

  it('runs the documents that differ, and those that use what does', async () => {
    expect(await changed('--changed')).toBe('netlab: nothing to run: no runbook has changed since HEAD');
    writeFileSync(join(folder, 'data/two.txt'), 'three\n');
    writeFileSync(join(folder, 'new.md'), passing);
    expect(await changed('--changed')).toBe('new.md passed, two.md failed');
    await git('checkout', '-q', '-b', 'side');
    await commit('two');
    expect(await changed('--changed', 'main')).toBe('new.md passed, two.md failed');
    expect(await changed('--changed')).toBe('new.md passed');
    expect(await changed('--changed', 'no-such-branch')).toContain('cannot tell what has changed: ');
    expect(await changed('--changed=--output=x')).toContain('cannot tell what has changed: ');
  }, 60_000);
});
