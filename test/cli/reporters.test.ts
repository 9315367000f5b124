import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/events.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reporters-test-'));
  const fence = '```';
  const secret = `# A secret\n\n${fence}console\n$ echo hunter22; echo '"a'\nhunter22\nno\n${fence}\n`;
  writeFileSync(join(folder, 'secret.md'), secret);
  for (const name of ['one', 'two', 'three']) {
    writeFileSync(join(folder, `${name}.md`), `# ${name}\n\n${fence}console\n$ echo hello\nhello\n${fence}\n`);
  }
  writeFileSync(
    join(folder, 'throws.mjs'),
    "export const createReporter = () => ({ event({ type }) { if (type === 'step:end') throw new Error('on purpose'); } });",
  );
  writeFileSync(
    join(folder, 'mine.mjs'),
    'export const createReporter = (target) => ({ async event(event) { target.write(`${event.type}\\n`); event.type = "spoilt"; } });',
  );
  writeFileSync(join(folder, 'no-reporter.mjs'), 'export const other = 1;');
  writeFileSync(join(folder, 'no-begin.mjs'), "export const createReporter = () => { throw new Error('no key'); };");
  writeFileSync(join(folder, 'no-event.mjs'), 'export const createReporter = async () => ({ event() {} });');
});
afterAll(() => rmSync(folder, { recursive: true }));

const netlab = resolve('dist/netlab.cjs');
const cli = (args: readonly string[], more = {}) =>
  execa('node', [netlab, ...args], { reject: false, stdin: 'ignore', cwd: folder, ...more });
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

it('gives each reporter the whole run without its secrets, whatever another one does', async () => {
  const files = ['json', 'jsonl', 'junit', 'tap', 'markdown', 'html', 'dot', 'blob', './mine.mjs'];
  const args = files.flatMap((name) => ['-r', `${name}=${name.replace('./', '')}.out`]);
  const env = { DB_PASSWORD: 'hunter22', QUOTED: '"a' };
  const modules = ['-r', './throws.mjs', '-r', 'pretty', '-r', 'github', '--mask', 'QUOTED'];
  const { exitCode, stdout, stderr } = await cli(['run', 'secret.md', ...args, ...modules], { env });
  expect(stderr).toBe('netlab: the reporter ./throws.mjs failed: on purpose');
  expect(exitCode).toBe(2);
  expect(stdout).toContain('FAILED  1 failed');
  for (const text of [stdout, ...files.map((name) => read(`${name.replace('./', '')}.out`))]) {
    expect(text).not.toMatch(/hunter22|"a'|\\"a|&quot;a|&#34;a/);
    expect(text.length).toBeGreaterThan(20);
  }
  expect((JSON.parse(read('json.out')) as RunResult).runbooks[0]?.steps[0]?.stdout).toBe('***\n***\n');
  expect(read('mine.mjs.out').split('\n').slice(0, 2)).toEqual(['run:start', 'runbook:start']);
  expect(read('html.out')).toContain('***');
});

describe('before anything runs', () => {
  it.each([
    [['-r', './none.mjs'], 'there is no reporter ./none.mjs: no such file'],
    [['-r', './no-reporter.mjs'], './no-reporter.mjs is no reporter'],
    [['-r', './no-begin.mjs'], 'the reporter ./no-begin.mjs cannot begin: no key'],
    [['-r', './no-event.mjs'], './no-event.mjs is no reporter'],
    [['-r', 'json', '-r', 'tap'], 'the reporters json and tap would both write to standard output'],
    [['-r', 'json=a.json', '-r', 'tap=a.json'], 'the reporters json and tap would both write to a.json'],
    [['-r', 'json=nowhere/a.json'], 'cannot write the report nowhere/a.json'],
    [['-r', 'json=.'], 'cannot write the report .: it is a folder'],
    [['--mask', 'NO_SUCH_VARIABLE'], '--mask NO_SUCH_VARIABLE: there is no such environment variable'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await cli(['run', 'one.md', ...args]);
    expect(stderr).toContain(`netlab: ${message}`);
    expect([exitCode, stdout]).toEqual([2, '']);
  });
});

it('writes to a device, and leaves it one', async () => {
  const command = `node ${netlab} run one.md -r dot=/dev/stderr -r json=/dev/null 2>&1 | cat; echo "\${PIPESTATUS[0]}"`;
  const { stdout } = await execa('bash', ['-c', command], { cwd: folder });
  expect(stdout).toMatch(/^\.\n\nPASSED.*\n0$/);
  expect(execFileSync('stat', ['-c', '%F', '/dev/null'], { encoding: 'utf8' })).toBe('character special file\n');
});

it('a reader that goes away early is no error', async () => {
  const { stdout, stderr } = await execa(
    'bash',
    ['-c', `node ${netlab} run -r jsonl one.md two.md | head -n 1; echo "\${PIPESTATUS[0]}"`],
    { cwd: folder },
  );
  expect(stdout).toMatch(/^\{"type":"run:start".*\}\n0$/);
  expect(stderr).toBe('');
});

it('--timings has a table of the slowest steps', async () => {
  const { stdout } = await cli(['run', 'one.md', 'two.md', '--timings']);
  expect(stdout).toMatch(/slowest steps.*\n +[\d.]+ m?s +\d+ % {2}(?:one|two)\.md:4 +echo hello\n/);
});

describe('netlab merge', () => {
  it('makes one report of shards, and says what is missing', async () => {
    for (const index of [1, 2]) {
      const part = ['--shard', `${index}/2`, '-r', `blob=${index}.blob`];
      expect(await cli(['run', 'one.md', 'two.md', 'three.md', 'secret.md', ...part])).toMatchObject({ stderr: '' });
    }
    const { exitCode, stdout } = await cli(['merge', '2.blob', '1.blob', '-r', 'json', '-r', 'html=whole.html']);
    const run = JSON.parse(stdout) as RunResult;
    expect(exitCode).toBe(1);
    expect(run).toMatchObject({ status: 'failed', counts: { passed: 3, failed: 1 } });
    expect(run.runbooks.map(({ path }) => path)).toEqual(['one.md', 'secret.md', 'three.md', 'two.md']);
    expect(read('whole.html').match(/<article /g)).toHaveLength(4);

    const half = await cli(['merge', '1.blob']);
    expect(half.exitCode).toBe(2);
    expect(half.stdout).toContain('not whole: of 2 shards, there is no report of 2');

    const twice = await cli(['merge', '1.blob', '1.blob', '2.blob', '-r', 'dot']);
    expect(twice.stderr).toContain('.md is in 1.blob and in 1.blob: each of them counts');
  });

  it.each([
    [['merge', 'one.md'], 'one.md is no report that can be merged'],
    [['merge', 'none.blob'], 'cannot read none.blob: there is no such file'],
    [['merge'], "missing required argument 'blobs'"],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await cli(args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});
