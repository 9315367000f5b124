import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/events.ts';
import { leftSince, type MachineState, machineState } from '../lab/leaks.ts';

let folder: string;
let before: MachineState;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'run-test-'));
  before = await machineState();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  expect(await leftSince(before, 1000)).toEqual([]);
});

const cli = (args: readonly string[], more = {}) =>
  execa('node', ['dist/netlab.cjs', ...args], { reject: false, stdin: 'ignore', ...more });

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const fence = '```';
const passing = `# Passes\n\n${fence}console\n$ echo hello\nhello\n${fence}\n`;
const failing = `# Fails\n\n${fence}console\n$ echo hello\ngood-bye\n$ echo never\nnever\n${fence}\n\n${fence}sh teardown\necho down >${'$'}OUT\n${fence}\n`;

describe('netlab run', () => {
  it('runs the main job', async () => {
    const { exitCode, stdout } = await cli(['run', 'runbooks/docker-dns.md']);
    expect(stdout).toContain('PASSED');
    expect(stdout).toContain('27 passed');
    expect(exitCode).toBe(0);
  }, 60_000);

  it.each([
    ['passed', passing, 0],
    ['failed', failing, 1],
    ['empty', '# Nothing to do here\n', 2],
    ['skipped', `# Skips\n\n${fence}console {skip="not today"}\n$ echo hello\nhello\n${fence}\n`, 2],
    ['failed', `# Slow\n\n${fence}sh {timeout=200ms}\nsleep 60\n${fence}\n`, 1],
    ['skipped', `---\nrequires: [netem]\n---\n# Needs\n\n${fence}sh\ntrue\n${fence}\n`, 2],
    [
      'errored',
      `---\nlab: { nodes: { n: { kind: docker, images: ["nowhere.invalid/x:1"] } } }\n---\n# Broken\n\n${fence}sh\ntrue\n${fence}\n`,
      2,
    ],
  ])('says %s with its exit status', async (status, text, exit) => {
    const { stdout, exitCode } = await cli(['run', '--reporter', 'json', write('one.md', text)]);
    const run = JSON.parse(stdout) as RunResult;
    expect([run.runbooks[0]?.status, exitCode]).toEqual([status, exit]);
  });

  it('tells in JSON what was run, what was checked and why it failed', async () => {
    const { stdout } = await cli(['run', '-r', 'json', write('failing.md', failing)]);
    const run = JSON.parse(stdout) as RunResult;
    expect(run).toMatchObject({
      version: 1,
      status: 'failed',
      counts: { passed: 0, failed: 2, skipped: 1, timed_out: 0, errored: 0 },
    });
    const [first, second] = run.runbooks[0]?.steps ?? [];
    expect(first).toMatchObject({
      name: 'echo hello',
      line: 4,
      node: 'node1',
      session: 'main',
      command: 'echo hello',
      status: 'failed',
      exit: 0,
      stdout: 'hello\n',
      stderr: '',
    });
    expect(first?.checks.find(({ kind }) => kind === 'output')).toMatchObject({
      ok: false,
      expected: 'good-bye',
      actual: 'hello\n',
    });
    expect(second).toMatchObject({ status: 'skipped', reason: 'line 4 did not pass', exit: null });
  });

  it('runs teardown after a failure', async () => {
    const text = failing.replace('echo down >$OUT', 'echo "down: $((6 * 7))"');
    const { stdout } = await cli(['run', '-r', 'json', write('teardown.md', text)]);
    const steps = (JSON.parse(stdout) as RunResult).runbooks[0]?.steps ?? [];
    expect(steps.at(-1)).toMatchObject({ status: 'passed', stdout: 'down: 42\n' });
  });

  it('runs nothing when one document is bad, and says where and what to try', async () => {
    const bad = write('bad.md', `# Bad\n\n${fence}console {colour=red name=x}\n$ echo x\n${fence}\n`);
    const { exitCode, stdout, stderr } = await cli(['run', write('good.md', passing), bad]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/bad\.md:3:13: error: .*colour/);
    expect(stderr).toContain('try: ');
  });

  it.each([
    [['run', 'nowhere.md'], 'nowhere.md: there is no such file'],
    [['run', '--reporter', 'fancy', 'runbooks'], 'there is no reporter "fancy"'],
    [['run', '--reporter', 'json=/proc/none/x.json', 'runbooks'], 'cannot write the report'],
    [['run', '--step', 'none-such', 'test/lab/fixtures/short.md'], 'no step is called "none-such"'],
    [['run', '--colour', 'runbooks'], "unknown option '--colour'"],
    [['fly'], "unknown command 'fly'"],
  ])('refuses %j with status 2', async (args, message) => {
    const { exitCode, stderr } = await cli(args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 130],
    ['SIGHUP', 129],
  ] as const)('on %s ends the step, runs teardown, reports, and exits %i', async (signal, status) => {
    const text = `# Long\n\n${fence}sh\nsleep 60\n${fence}\n\n${fence}sh teardown\necho cleaned\n${fence}\n`;
    const report = join(folder, `${signal}.json`);
    const running = cli(['run', '-r', `json=${report}`, write('long.md', text)]);
    await sleep(1200);
    running.kill(signal);
    const { exitCode } = await running;
    expect(exitCode).toBe(status);
    const run = JSON.parse(readFileSync(report, 'utf8')) as RunResult;
    expect(run.status).toBe('interrupted');
    expect(run.runbooks[0]?.steps.map(({ status, stdout }) => [status, stdout])).toEqual([
      ['skipped', ''],
      ['passed', 'cleaned\n'],
    ]);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('tells in every report of runbooks that an interrupt kept from running', async () => {
    const long = write('first.md', `# Long\n\n${fence}sh\nsleep 60\n${fence}\n`);
    const next = ['second.md', 'third.md'].map((name) =>
      write(name, `# Next\n\n${fence}console\n$ echo a\na\n${fence}\n`),
    );
    const kinds = ['json', 'junit', 'tap', 'markdown', 'dot'];
    const reports = kinds.flatMap((kind) => ['-r', `${kind}=${join(folder, `interrupted.${kind}`)}`]);
    const running = cli(['run', '-j', '1', '-r', 'jsonl', ...reports, long, ...next]);
    await new Promise<void>((resolve) => {
      running.stdout.on('data', (chunk: Buffer) => chunk.includes('"step:start"') && resolve());
    });
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    const [json = '', junit, tap, markdown, dot] = kinds.map((kind) =>
      readFileSync(join(folder, `interrupted.${kind}`), 'utf8'),
    );
    const run = JSON.parse(json) as RunResult;
    expect([run.status, run.counts.skipped]).toEqual(['interrupted', 3]);
    expect(run.runbooks.map(({ status, reason }) => `${status}: ${reason}`)).toEqual([
      'interrupted: stopped before the end',
      ...next.map(() => 'skipped: not run: interrupted'),
    ]);
    expect(junit).toMatch(/third\.md".* skipped="1"[\s\S]*not run: interrupted/);
    expect(tap).toMatch(/^ok 3 - .*third\.md.*# SKIP not run: interrupted$/m);
    expect(markdown).toContain('third.md</code>');
    expect(dot).toMatch(/^sss\n[\s\S]*INTERRUPTED {2}3 skipped/);
  });

  it('keeps the engine below 120 MB', async () => {
    const { stderr } = await execa(
      'node',
      [
        '--import',
        'data:text/javascript,process.on("exit",()=>console.error("PEAK",process.resourceUsage().maxRSS))',
        'dist/netlab.cjs',
        'run',
        'runbooks/docker-dns.md',
      ],
      { reject: false },
    );
    expect(Number(/PEAK (\d+)/.exec(stderr)?.[1])).toBeLessThan(120_000);
  }, 60_000);

  it('runs a sandbox as an ordinary user, and skips a docker lab with the reason', async () => {
    const shown = mkdtempSync(join(tmpdir(), 'user-test-'));
    try {
      await execa('cp', [
        '-r',
        'dist',
        'package.json',
        'test/lab/fixtures/short.md',
        'test/lab/fixtures/kill-docker.md',
        shown,
      ]);
      await execa('chmod', ['-R', 'a+rX', shown]);
      const user = (document: string) =>
        execa(
          'setpriv',
          ['--reuid', '65534', '--regid', '65534', '--clear-groups', 'node', 'dist/netlab.cjs', 'run', document],
          {
            cwd: shown,
            env: { HOME: '/tmp' },
            reject: false,
          },
        );
      const sandbox = await user('short.md');
      expect(sandbox.stdout).toContain('PASSED');
      expect(sandbox.exitCode).toBe(0);
      const docker = await user('kill-docker.md');
      expect(docker.stdout).toMatch(/needs root/);
      expect(docker.exitCode).toBe(2);
    } finally {
      rmSync(shown, { recursive: true });
    }
  });

  it.each([
    ['run test/lab/fixtures/short.md | head -1', 0],
    // What is told on standard error goes the same way.
    ['run --trace test/lab/fixtures/short.md 2>&1 | head -1', 0],
    ['check runbooks 2>&1 | true', 0],
  ])('is not put out by a reader that goes away: %s', async (line, status) => {
    const { exitCode, stderr } = await execa('bash', ['-c', `node dist/netlab.cjs ${line}; exit \${PIPESTATUS[0]}`], {
      reject: false,
    });
    expect([exitCode, stderr]).toEqual([status, '']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'on two signals, the second of them %s, goes at once: no report that looks like one, and nothing left',
    async (second) => {
      const teardown = `${fence}sh teardown {timeout=50s}\necho cleaning; sleep 60\n${fence}\n`;
      const text = `# Stubborn\n\n${fence}sh\necho begun; sleep 60\n${fence}\n\n${teardown}`;
      const report = join(folder, `${second}-twice.json`);
      const running = cli(['run', '-r', 'jsonl', '-r', `json=${report}`, write('stubborn.md', text)]);
      const told = (what: string): Promise<void> =>
        new Promise((resolve) => {
          let all = '';
          running.stdout.on('data', (chunk: Buffer) => {
            all += chunk.toString();
            if (all.includes(what)) resolve();
          });
        });
      const [begun, cleaning] = [told('"command":"echo begun'), told('"command":"echo cleaning')];
      await begun;
      running.kill('SIGINT');
      await cleaning;
      const asked = performance.now();
      running.kill(second);
      const { exitCode } = await running;
      expect(exitCode).toBe(130);
      expect(performance.now() - asked).toBeLessThan(5000);
      expect(readdirSync(folder).filter((name) => name.includes('twice'))).toEqual([]);
      // Its control groups go at the next start: the kernel keeps them.
      expect((await leftSince(before, 1000)).filter((thing) => !thing.startsWith('cgroup '))).toEqual([]);
    },
  );
});

describe('netlab', () => {
  it('lists, checks and explains itself', async () => {
    const listed = await cli(['list', '--json', 'runbooks/docker-dns.md']);
    expect(JSON.parse(listed.stdout)[0]).toMatchObject({ path: 'runbooks/docker-dns.md', tags: ['docker', 'dns'] });
    expect((await cli(['check', 'runbooks'])).exitCode).toBe(0);
    expect((await cli(['--version'])).stdout).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });

  it('checks without running, and tells errors from warnings', async () => {
    const bad = write('unclosed.md', `# Bad\n\n${fence}console\n$ echo x\n`);
    const { exitCode, stdout, stderr } = await cli(['check', bad]);
    // In a pager, with the summary.
    expect(stdout).toMatch(/unclosed\.md:3:1: error: [\s\S]*\n1 checked: 1 errors, 0 warnings$/);
    expect([exitCode, stderr]).toEqual([2, '']);
  });

  it('prints findings for programs and for GitHub, and counts a rule as it is told', async () => {
    const slip = write('slip.md', `# Slip\n\n${fence}sh\nmkdir /tmp/a\n${fence}\n`);
    const json = await cli(['check', '--format', 'json', slip]);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { rule: 'unchecked-step', severity: 'warning', position: { file: slip, line: 4, column: 1 } },
    ]);
    expect(json.exitCode).toBe(1);
    const github = await cli(['check', '--format', 'github', '--rule', 'unchecked-step=error', slip]);
    expect(github.stdout).toBe(
      `::error file=${slip},line=4,col=1,title=unchecked-step::nothing but the status of "mkdir /tmp/a" is checked%0AAdd expected output or a "yaml expect" block, or mark it as setup.`,
    );
    expect(github.exitCode).toBe(2);
    expect((await cli(['check', '--rule', 'unchecked-step=off', slip])).exitCode).toBe(0);
    const wrong = [
      ['--rule', 'no-such=off'],
      ['--rule', 'unchecked-step=perhaps'],
      ['--format', 'xml'],
    ];
    for (const option of wrong) expect((await cli(['check', ...option, slip])).exitCode).toBe(2);
  });

  it('finds nothing wrong with the pages of this project', async () => {
    // Pages of examples alone have no step, and need none.
    const { exitCode, stdout, stderr } = await cli(['check', '--rule', 'empty-runbook=off', 'docs', 'README.md']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('0 warnings');
  });

  it('says in doctor that this machine has what its labs need', async () => {
    const { exitCode, stdout } = await cli(['doctor', '--json']);
    expect(JSON.parse(stdout).labs).toEqual({ sandbox: true, docker: true });
    expect(exitCode).toBe(0);
  });
});
