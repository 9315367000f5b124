import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/events.ts';
import { leftSince, type MachineState, machineState } from '../lab/leaks.ts';
import { openTerminal, type TestTerminal } from './terminal.ts';

const fence = '```';
const source = `---
lab:
  nodes: { left: {}, right: {} }
  links: [{ endpoints: ["left:eth0", "right:eth0"] }]
env: { GREETING: hello }
---

# Kept

${fence}console
$ echo here > /tmp/mark
$ false
${fence}

${fence}sh teardown
cat /tmp/mark
${fence}
`;

let folder: string;
let before: MachineState;
const open: TestTerminal[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keep-test-'));
  writeFileSync(join(folder, 'kept.md'), source);
  before = await machineState();
});
afterEach(async () => {
  for (const terminal of open.splice(0)) await terminal[Symbol.asyncDispose]();
  // Control groups of killed engines are swept at the next start: the kernel keeps them.
  expect((await leftSince(before, 3000)).filter((thing) => !thing.startsWith('cgroup '))).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(args: string): Promise<TestTerminal> {
  const terminal = await openTerminal(`exec node dist/netlab.cjs ${args}`, { columns: 120 });
  open.push(terminal);
  return terminal;
}

const cli = (...args: readonly string[]) =>
  execa('node', ['dist/netlab.cjs', ...args], { reject: false, stdin: 'ignore' });

describe('netlab run --keep-lab', () => {
  it('keeps the lab as the steps left it, lets other terminals in, and then runs teardown and reports', async () => {
    const path = join(folder, 'kept.md');
    const report = join(folder, 'kept.json');
    const began = performance.now();
    const run = await start(`run --keep-lab -r pretty -r json=${report} ${path}`);
    await run.waitFor(/netlab attach \d+ \(--node right\) opens a shell in it/);
    const keptSince = performance.now();
    expect(run.screen()).toContain('false');
    expect(existsSync(report)).toBe(false);

    const listed = await cli('attach', '--list');
    expect(listed.stdout).toMatch(new RegExp(`^netlab attach \\d+  ${path} \\(left, right\\)$`));
    const left = await start('attach');
    await left.waitFor(/root@left:.*keep-test-\w+# ?$/m);
    left.type('cat /tmp/mark; echo "$GREETING, $(hostname)"; echo changed > /tmp/mark\r');
    await left.waitFor(/^here\nhello, left$/m);
    left.resize(40, 90);
    left.type('until stty size | grep -x "40 90"; do sleep 0.1; done\r');
    await left.waitFor(/^40 90$/m);
    const right = await start(`attach --node right ${path}`);
    await right.waitFor(/root@right:/);
    right.type('exit\r');
    expect(await right.ended).toBe(0);

    const keptMs = performance.now() - keptSince;
    run.type('\x03');
    // The run has its verdict: keeping the lab does not make an interrupted one of it.
    expect(await run.ended).toBe(1);
    expect(await left.ended).toBe(0);
    const ended = performance.now();
    const { status, runbooks, duration_ms: duration } = JSON.parse(readFileSync(report, 'utf8')) as RunResult;
    expect(status).toBe('failed');
    // Looking around was none of the run's time, nor the runbook's.
    expect(ended - began - duration).toBeGreaterThan(keptMs);
    expect(runbooks[0]?.duration_ms).toBeLessThanOrEqual(duration);
    expect(runbooks[0]?.steps.map((step) => [step.status, step.stdout])).toEqual([
      ['passed', ''],
      ['failed', ''],
      ['passed', 'changed\n'],
    ]);
  }, 40_000);

  it.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'leaves nothing on %s',
    async (signal) => {
      const running = execa('node', ['dist/netlab.cjs', 'run', '--keep-lab', join(folder, 'kept.md')], {
        reject: false,
      });
      await new Promise<void>((resolve) => {
        running.stderr.on('data', (chunk: Buffer) => chunk.includes('The lab stays up') && resolve());
      });
      const guest = await start('attach');
      await guest.waitFor(/root@left:/);
      running.kill(signal);
      const { exitCode, stdout } = await running;
      expect(exitCode).toBe(signal === 'SIGKILL' ? undefined : 1);
      if (signal !== 'SIGKILL') expect(stdout).toContain('FAILED  2 passed, 1 failed');
      expect(await guest.ended).toBe(0);
    },
    40_000,
  );

  it('tells what happened before it keeps the lab, and keeps no second one, whatever is to be retried', async () => {
    const run = await start(`run --keep-lab --retry 1 ${join(folder, 'kept.md')}`);
    await run.waitFor('The lab stays up');
    expect(run.screen()).toMatch(/✗ +\d+ +false/);
    run.type('\x03');
    expect(await run.ended).toBe(1);
    expect(run.raw().match(/The lab stays up/g)).toHaveLength(1);
  }, 40_000);

  it('does not wait for a guest that reads nothing', async () => {
    const run = await start(`run --keep-lab ${join(folder, 'kept.md')}`);
    await run.waitFor('The lab stays up');
    const guest = await start('attach');
    await guest.waitFor(/root@left:/);
    const { pid = 0 } = guest.child;
    const client = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
    guest.type('yes\r');
    await guest.waitFor(/^y$/m);
    process.kill(client, 'SIGSTOP');
    await sleep(500);
    run.type('\x03');
    expect(await run.ended).toBe(1);
    // `script` stops with what it runs.
    for (const stopped of [client, pid]) process.kill(stopped, 'SIGCONT');
    expect(await guest.ended).toBe(0);
  }, 40_000);

  it('ends when the lab was lost in a step, and says so', async () => {
    const lost = join(folder, 'lost.md');
    writeFileSync(lost, `# Lost\n\n${fence}console\n$ echo begun; sleep 60\nbegun\n${fence}\n`);
    const args = ['dist/netlab.cjs', 'run', '--keep-lab', lost];
    const running = execa('node', args, { reject: false, timeout: 15_000, killSignal: 'SIGKILL' });
    const childrenOf = (pid: number): number[] =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    const isFirst = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('netlab-init');
    const sleeps = (pid: number): boolean =>
      childrenOf(pid).some((child) => readFileSync(`/proc/${child}/comm`, 'utf8') === 'sleep\n' || sleeps(child));
    while (!sleeps(running.pid ?? 0)) await sleep(20);
    const first = childrenOf(running.pid ?? 0)
      .flatMap(childrenOf)
      .find(isFirst);
    process.kill(first ?? 0, 'SIGKILL');
    const { exitCode, stdout } = await running;
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining('the lab ended: its first process was killed')]);
  }, 40_000);

  it('goes at once when asked twice', async () => {
    const slow = join(folder, 'slow.md');
    writeFileSync(
      slow,
      `# Slow\n\n${fence}console\n$ echo a\na\n${fence}\n\n${fence}sh teardown\nsleep 60\n${fence}\n`,
    );
    const run = await start(`run --keep-lab ${slow}`);
    await run.waitFor('The lab stays up');
    run.type('\x03');
    await run.waitFor(/sleep 60/);
    run.type('\x03');
    expect(await run.ended).toBe(130);
  }, 40_000);

  it('refuses what it cannot keep, before anything is run', async () => {
    const other = join(folder, 'other.md');
    writeFileSync(other, `---\nlab: none\n---\n\n# On the machine\n\n${fence}sh\ntouch ${folder}/ran\n${fence}\n`);
    const two = await cli('run', '--keep-lab', '--allow-host', join(folder, 'kept.md'), other);
    expect([two.exitCode, two.stderr]).toEqual([
      2,
      expect.stringContaining('the lab of one runbook can be kept, and 2 were chosen'),
    ]);
    const none = await cli('run', '--keep-lab', '--allow-host', other);
    expect([none.exitCode, none.stderr]).toEqual([
      2,
      expect.stringContaining('has no lab: it runs on this machine itself'),
    ]);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });
});

describe('netlab attach', () => {
  it('says that there is no lab, or no terminal', async () => {
    const nothing = await cli('attach');
    expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('no lab is open at the moment')]);
    expect(nothing.stderr).toContain('try: start netlab run --keep-lab FILE');
    expect((await cli('attach', '--list')).exitCode).toBe(2);
    const run = await start(`run --keep-lab ${join(folder, 'kept.md')}`);
    await run.waitFor('The lab stays up');
    const pipe = await cli('attach');
    expect([pipe.exitCode, pipe.stderr]).toEqual([2, expect.stringContaining('netlab attach needs a terminal')]);
    const unknown = await cli('attach', '99');
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/99: there is no such lab[\s\S]*netlab attach \d+ {2}/),
    ]);
    const node = await openTerminal('exec node dist/netlab.cjs attach --node top');
    open.push(node);
    await node.waitFor('the lab has no node top');
    expect(await node.ended).toBe(2);
  }, 40_000);
});
