import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bad-input-test-'));
  mkdirSync(join(folder, 'empty'));
  const files = {
    // On the machine itself, so that what is run can be seen.
    'ok.md': '---\nlab: none\n---\n# Runs\n\n```sh\ntouch ran; echo hello\n```\n\n```text output\nhello\n```\n',
    'key.json': '{ "retires": 2 }',
    'syntax.json': '{ bad',
    'throws.js': 'throw new Error("boom")',
    'nodefault.ts': 'export const x = 1',
    'exports-nothing.ts': "import { defineConfig } from 'netlab';\ndefineConfig({ jobs: 2 });\n",
    'fine.json': '{}',
    'wrong.json': '{ "jobs": "many" }',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

const cli = (args: readonly string[]) =>
  execa('node', [resolve('dist/netlab.cjs'), ...args], {
    ...{ cwd: folder, reject: false, stdin: 'ignore', timeout: 15_000, killSignal: 'SIGKILL' },
  });

const run = (...args: string[]): string[] => ['run', 'ok.md', '--allow-host', ...args];

/** What is given, what is said, and what is to be tried. */
const cases: readonly (readonly [args: string[], said: string, hint: string])[] = [
  [['run', 'nosuch.md'], 'nosuch.md: there is no such file or folder', 'look at the name'],
  [['run', 'ok.md', 'nosuch'], 'nosuch: there is no such file or folder', 'look at the name'],
  [['run', 'ok.md/inner.md'], 'ok.md/inner.md: there is no such file or folder', 'look at the name'],
  [['run', ''], 'a path with nothing in it: there is no such file or folder', 'look at the name'],
  [['run', 'empty'], 'no runbook in empty', 'runbooks end in .md'],
  [['run', 'no*.md'], 'no*.md: no runbook matches this pattern', 'runbooks end in .md'],
  [['run', '--no-config'], 'there is nothing to run', 'name files'],
  [run('--keep-lab', '--update'), '--keep-lab and --update do not go together', 'give one of them'],
  [run('--shell-on-failure'), '--shell-on-failure needs a terminal', 'start netlab in one'],
  [run('--shell-on-failure', '-j', '2'), 'there is one terminal, so there can be one job', 'leave --jobs out'],
  [run('--shell-on-failure', '--watch'), '--shell-on-failure and --watch do not go together', 'give one'],
  [run('--shell-on-failure', '--keep-going'), '--shell-on-failure and --keep-going do not go together', 'give one'],
  [run('--shell-on-failure', '--keep-lab'), '--shell-on-failure and --keep-lab do not go together', 'give one'],
  [run('--shell-on-failure', '--retry', '1'), '--shell-on-failure and --retry do not go together', 'give one'],
  [run('--shell-on-failure', '--update'), '--shell-on-failure and --update do not go together', 'give one'],
  [run('--reporter', 'juint'), 'there is no reporter "juint"', 'Did you mean junit?'],
  [run('--reporter', './nosuch.mjs'), 'there is no reporter ./nosuch.mjs: no such file', 'look at the path'],
  [run('--reporter', 'junit=no/such/r.xml'), 'the report no/such/r.xml: there is no folder no/such', 'make it'],
  [run('--reporter', 'junit=empty'), 'cannot write the report empty: it is a folder', 'name a file in it'],
  [run('--reporter', 'junit=ok.md/r.xml'), 'the report ok.md/r.xml: there is no folder ok.md', 'make it first'],
  [run('--reporter', 'json=/proc/r.json'), 'the report /proc/r.json: no file can be made in /proc', 'another place'],
  [run('--reporter', 'junit='), 'the report has no file', 'write its name after the "="'],
  [run('--reporter', 'json', '--reporter', 'tap'), 'would both write to standard output', 'a file of its own'],
  [run('--config', 'exports-nothing.ts'), 'it exports nothing (write: export default …)', 'docs/config.md'],
  [run('--reporter', 'junit=ok.md'), 'the report ok.md would take the place of a document', '--reporter junit=FILE'],
  [run('-r', 'html=./empty/../ok.md', '--update'), 'would take the place of a document', '--reporter html=FILE'],
  [
    run('--config', 'fine.json', '-r', 'json=fine.json'),
    'take the place of a document or configuration',
    'another file',
  ],
  [run('--tags='), '--tags has an empty value', 'leave --tags out'],
  [run('--tags', '!'), 'tags: "!" names no tag', 'write tag, or !tag'],
  [run('--tags', ','), 'tags: "" names no tag', 'write tag, or !tag'],
  [run('--step', ''), '--step has an empty value', 'leave --step out'],
  [run('-r', ''), '--reporter has an empty value', 'leave --reporter out'],
  [run('--shard', '4/3'), '--shard 4/3: there is no such part', 'such as 1/3'],
  [run('--shard', '0/3'), '--shard 0/3: there is no such part', 'such as 1/3'],
  [run('--shard', 'x'), '--shard x: there is no such part', 'such as 1/3'],
  [run('--jobs', '0'), '--jobs 0: ', 'a whole number'],
  [run('--retry', 'often'), '--retry often: ', 'a whole number'],
  [run('--bail=x'), '--bail x: ', 'a whole number'],
  [run('--network', 'open'), '--network open: no such choice', 'write one of closed, host'],
  [run('--config', 'nosuch.json'), 'nosuch.json: there is no such file', 'name the file'],
  [run('--config', 'ok.md/x.json'), 'ok.md/x.json: there is no such file', 'name the file'],
  [run('--config', 'empty'), 'empty: it is a folder', 'name the file'],
  [run('--config', 'key.json'), 'key.json: unknown key "retires"', 'Did you mean "retry"?'],
  [run('--config', 'wrong.json'), 'wrong.json: jobs takes a whole number from 1 to 999', 'docs/config.md'],
  [run('--config', 'syntax.json'), 'syntax.json:1:3: cannot be read: ', 'docs/config.md'],
  [run('--config', 'throws.js'), 'throws.js: cannot be read: boom', 'docs/config.md'],
  [run('--config', 'nodefault.ts'), 'nodefault.ts: cannot be read: it has no default export', 'docs/config.md'],
  [run('--mask', 'NOSUCH'), '--mask NOSUCH: there is no such environment variable', 'leave this --mask out'],
  [run('--step', 'nosuch'), 'no step is called "nosuch"', 'netlab list'],
  [run('--grep', '('), 'grep: Invalid regular expression', 'put a \\ before'],
  [run('--grep', 'a'.repeat(100_000)), '…aaaaaaaaaaa', 'put a \\ before'],
  [run('--grep', 'nosuch'), 'no runbook matches "nosuch"', 'netlab list'],
  [run('--tags', 'nosuch'), 'no runbook has the tags nosuch', 'netlab list'],
  [run('--allow-hst'), "unknown option '--allow-hst'", 'Did you mean --allow-host?'],
  [run('--reporter'), "option '-r, --reporter <name[=file]>' argument missing", 'netlab help run'],
  [['check', 'nosuch.md'], 'nosuch.md: there is no such file or folder', 'look at the name'],
  [['check', '--format', 'xml', 'ok.md'], '--format xml: no such choice', 'write one of pretty, json, github'],
  [['graph', 'nosuch.md'], 'cannot read nosuch.md: there is no such file or folder', 'look at the name'],
  [['graph', 'empty'], 'cannot read empty: it is a folder', 'name a file'],
  [['parse', 'pong'], 'there is no parser "pong"', 'did you mean ping?'],
  [['parse', 'ping', 'nosuch.txt'], 'cannot read nosuch.txt: there is no such file', 'look at the name'],
  [['merge', 'nosuch.blob'], 'cannot read nosuch.blob: there is no such file', 'look at the name'],
  [['merge', 'ok.md'], 'ok.md is no report that can be merged', '--reporter blob=ok.md'],
  [['schema', 'nosuch'], '"nosuch": no such choice', 'write one of front-matter, config'],
  [['doctor', 'extra'], "too many arguments for 'doctor'", 'netlab help doctor'],
];

describe('what cannot be done is told in a line with what to try, before anything is run', () => {
  it('by a test that sees what is run', async () => {
    expect((await cli(run())).exitCode).toBe(0);
    expect(existsSync(join(folder, 'ran'))).toBe(true);
    rmSync(join(folder, 'ran'));
  });

  it.concurrent.each(cases)('%j', async (args, said, hint) => {
    const { exitCode, stdout, stderr } = await cli(args);
    const lines = stderr.split('\n');
    expect(lines[0]).toMatch(/^netlab: /);
    expect(lines[0]).toContain(said);
    expect(lines[1]).toMatch(/^ {2}try: /);
    expect(lines[1]).toContain(hint);
    expect([exitCode, stdout, lines.length]).toEqual([2, '', 2]);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });
});

describe('what is no file is refused at once: reading it might never end, whatever the signal', () => {
  let server: Server;
  beforeAll(async () => {
    mkdirSync(join(folder, 'course'));
    mkdirSync(join(folder, 'tree'));
    writeFileSync(join(folder, 'tree/x.md'), '# X\n\n```sh\ntrue\n```\n');
    execFileSync('mkfifo', ['f.md', 'f.mjs', 'course/course.yaml', 'tree/.gitignore'], { cwd: folder });
    server = createServer().listen(join(folder, 's.md'));
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => void server.close());
  it.concurrent.each([
    [['run', 'f.md'], 'f.md is a FIFO'],
    [['run', 's.md'], 's.md is a socket'],
    [['run', '/dev/zero'], '/dev/zero is a device'],
    [['run', 'ok.md', '--update', 'f.md'], 'f.md is a FIFO'],
    [['run', 'ok.md', '--watch', 'f.md'], 'f.md is a FIFO'],
    [run('--config', 'f.md'), 'f.md is a FIFO'],
    [run('--reporter', './f.mjs'), './f.mjs is a FIFO'],
    [['check', 'f.md'], 'f.md is a FIFO'],
    [['list', 'f.md'], 'f.md is a FIFO'],
    [['graph', 'f.md'], 'f.md is a FIFO'],
    [['merge', 'f.md'], 'f.md is a FIFO'],
    [['parse', 'hosts', 'f.md'], 'f.md is a FIFO'],
    [['learn', '--plain', 'course'], 'course/course.yaml is a FIFO'],
  ])('%j', async (args, said) => {
    const { exitCode, stdout, stderr } = await cli(args);
    expect(stderr).toBe(`netlab: ${said}, not a file\n  try: write what it gives into a file, and name that`);
    expect([exitCode, stdout, existsSync(join(folder, 'ran'))]).toEqual([2, '', false]);
  });

  it('but what a shell gives in the place of a file is read', async () => {
    const shell = 'cat ok.md | node "$0" list /dev/stdin; node "$0" list <(cat ok.md); node "$0" list tree';
    const { stdout } = await execa('bash', ['-c', shell, resolve('dist/netlab.cjs')], { cwd: folder, timeout: 10_000 });
    expect(stdout.match(/ {2}(?:Runs|X)$/gm)).toEqual(['  Runs', '  Runs', '  X']);
  });
});

it('says that the folder it was started in is gone', async () => {
  const script = `mkdir gone && cd gone && rmdir ../gone && exec node ${resolve('dist/netlab.cjs')} run ok.md`;
  const { exitCode, stderr } = await execa('sh', ['-c', script], { cwd: folder, reject: false, stdin: 'ignore' });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('the folder in which netlab was started is gone\n')]);
});
