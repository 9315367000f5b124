import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/events.ts';
import { leftSince, type MachineState, machineState } from '../lab/leaks.ts';
import { openTerminal, type TestTerminal } from './terminal.ts';

const fence = '```';
const block = (info: string, ...lines: readonly string[]): string =>
  [`${fence}${info}`, ...lines, fence, '', ''].join('\n');

const teardown = block('sh teardown', 'cat /tmp/mark 2>/dev/null; echo cleaned');

let folder: string;
let before: MachineState;
const open: TestTerminal[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'failure-test-'));
  before = await machineState();
});
afterEach(async () => {
  for (const terminal of open.splice(0)) await terminal[Symbol.asyncDispose]();
  expect((await leftSince(before, 3000)).filter((thing) => !thing.startsWith('cgroup '))).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const report = (): RunResult => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as RunResult;
const stepsOf = (run: RunResult) =>
  run.runbooks[0]?.steps.map(({ status, stdout, reason }) => [status, stdout, reason]);

/** A run in a terminal that says in the end which status it had, and whether lines can be typed in it as before. */
async function start(document: string): Promise<TestTerminal> {
  const path = join(folder, 'failing.md');
  writeFileSync(path, document);
  const run = `node dist/netlab.cjs run --shell-on-failure -r pretty -r json=${folder}/report.json ${path}`;
  const command = `${run} & echo $! >${folder}/pid; fg; echo "status $?, $(stty -a | grep -ow -- '-*icanon')"`;
  const terminal = await openTerminal(`set -m; ${command}`, {
    rows: 50,
    columns: 110,
    env: { API_TOKEN: 'hush-hush-hush' },
  });
  open.push(terminal);
  return terminal;
}

describe('netlab run --shell-on-failure', () => {
  it("opens a shell like the failed step's own, and then runs teardown and reports, the verdict as it was", async () => {
    const state = [
      'cd /usr/share; shopt -s extglob; set -u -o pipefail; umask 027; set -- first "second  one"',
      "export SHOWN=yes; hidden=$'two  words\\nand a line'; declare -A map=(['b c']=2); readonly fixed=1; unset LANG",
      'greet() { case $1 in +(x)) echo many ;; *) echo "hello $1" ;; esac; }',
      "alias shout='echo LOUD'",
    ];
    const began = performance.now();
    const run = await start(
      `# State\n\n${block('sh', ...state)}${block('console {continue}', '$ echo hush-hush-hush; (exit 7)', 'two')}` +
        `${block('console', '$ echo later', 'later')}${teardown}`,
    );
    await run.waitFor(/root@node1:\/usr\/share#$/m, 20_000);
    const shown = run.screen();
    expect(shown).toMatch(/failing\.md:11 failed: echo \*\*\*; \(exit 7\)\nexit: expected status 0, got 7/);
    expect(shown).toContain('like that of session main: its folder, variables, functions, aliases and options');
    expect(shown).toContain('Leave it with exit or Ctrl-D: teardown and the reports follow');
    run.type('echo "status $?"\r');
    await run.waitFor(/^status 7$/m);
    const says = async (typed: string, ...lines: readonly string[]): Promise<void> => {
      run.type(`clear; ${typed}\r`);
      await run.waitFor(`${lines.join('\n')}\nroot@`);
    };
    await says(
      'echo "$SHOWN, $hidden, ${map[b c]}, ${fixed}, $#, $2"',
      'yes, two  words',
      'and a line, 2, 1, 2, second  one',
    );
    await says('env | grep -Ex "(SHOWN|LANG|hidden)=.*"', 'SHOWN=yes');
    await says('greet you; greet xx; shout', 'hello you', 'many', 'LOUD');
    await says(
      'set -o | grep -E "^(nounset|pipefail|errexit)" | tr -s " \\t" " "; umask',
      'errexit off',
      'nounset on',
      'pipefail on',
      '0027',
    );
    await says(
      'compgen -A function __netlab; compgen -v __netlab; compgen -v BASH_ARGV0; tty',
      'BASH_ARGV0',
      '/dev/pts/0',
    );
    run.resize(40, 90);
    run.type('clear; until stty size | grep -x "40 90"; do sleep 0.1; done\r');
    await run.waitFor(/^40 90$/m);
    run.type('echo begun; sleep 60\r');
    await run.waitFor(/^begun$/m);
    run.type('\x03');
    await run.waitFor(/^\^C$/m);
    await says('echo changed > /tmp/mark; sleep 1.5; cat /tmp/mark', 'changed');
    run.type('exit 3\r');
    await run.waitFor(/^status 1, icanon$/m);
    const result = report();
    expect(result.status).toBe('failed');
    // What was done in the shell took more than that; none of it was the run's.
    expect(performance.now() - began - result.duration_ms).toBeGreaterThan(1500);
    expect(stepsOf(result)).toEqual([
      ['passed', '', null],
      ['failed', '***\n', null],
      ['skipped', '', 'somebody was in the lab after line 11'],
      ['passed', 'changed\ncleaned\n', null],
    ]);
  }, 60_000);

  it('opens one as it was before a step that was stopped; a signal ends both, teardown runs, the terminal is as it was', async () => {
    const run = await start(
      `# Hangs\n\n${block('sh', 'cd /usr/share; known=1')}${block('sh {timeout=500ms}', 'cd /var; known=2; sleep 60')}${teardown}`,
    );
    await run.waitFor(/root@node1:\/usr\/share#$/m, 20_000);
    expect(run.screen()).toMatch(/failing\.md:8 timed out: cd \/var; known=2; sleep 60\nno end within 0\.5 s/);
    expect(run.screen()).toContain('It was stopped, and the shell of its session with it.');
    run.type('echo "known $known"; printf "\\033[?1049hfull"; cat\r');
    await run.waitFor('full');
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGTERM');
    await run.waitFor(/^status 130, icanon$/m);
    // Back on the screen on which it was.
    expect(run.screen()).toMatch(/^known 1$/m);
    expect(report().status).toBe('interrupted');
    expect(stepsOf(report())?.map(([status]) => status)).toEqual(['passed', 'timed_out', 'passed']);
  }, 60_000);

  it('says that set -e is left out, and lets a nested shell be used itself', async () => {
    const ended = await start(`# Ends\n\n${block('sh', 'set -e; cd /usr/share')}${block('sh', 'false', 'echo never')}`);
    await ended.waitFor(/root@node1:\/usr\/share#$/m, 20_000);
    expect(ended.screen()).toContain('It has ended the shell of its session.');
    expect(ended.screen()).toContain('set -e is off here');
    ended.type('false\r\x04');
    await ended.waitFor(/^status 1, icanon$/m);

    const nested = await start(
      `# Nested\n\n${block('console', "$ PS1='/ # ' sh -i", '/ # inner=5', '/ # echo a', 'b', '/ # exit')}${teardown}`,
    );
    await nested.waitFor(/^\/ #$/m, 20_000);
    expect(nested.screen()).toContain('The nested shell itself (/ #), in the terminal of session main on node1.');
    nested.type('echo "inner $inner"; stty size; sleep 60\r');
    await nested.waitFor(/^inner 5\n50 110$/m);
    nested.type('\x03');
    await nested.waitFor(/^\^C\n\/ #$/m);
    nested.type('exit\r');
    await nested.waitFor(/^status 1, icanon$/m);
    expect(stepsOf(report())?.map(([status, stdout]) => `${status} ${stdout}`)).toEqual([
      expect.stringContaining('passed'),
      'passed ',
      'failed a\n',
      'skipped ',
      'passed cleaned\n',
    ]);
  }, 60_000);

  it('opens one before teardown where a step in the background has died, and tells of it at another failure', async () => {
    const server = block(
      'console {background ready=/up/ session=server}',
      '$ echo up; sleep 0.1; echo "port is taken"; exit 4',
    );
    const died = await start(
      `# Died\n\n${server}${block('console', '$ cd /usr/share; known=1; sleep 0.5')}${teardown}`,
    );
    await died.waitFor(/root@node1:\/usr\/share#$/m, 20_000);
    expect(died.screen()).toMatch(
      /failing\.md:4 failed: echo up; .*\nexit: expected status 0, got 4\nA shell on node1 like that of session main/,
    );
    died.type('echo "known $known" | tee /tmp/mark\r');
    await died.waitFor(/^known 1$/m);
    died.type('exit\r');
    await died.waitFor(/^status 1, icanon$/m);
    expect(stepsOf(report())).toEqual([
      ['failed', 'up\nport is taken\n', 'it ended in the background, before the document did'],
      ['passed', '', null],
      ['passed', 'known 1\ncleaned\n', null],
    ]);

    const both = await start(`# Both\n\n${server}${block('console', '$ sleep 0.5; false')}`);
    await both.waitFor(/root@node1:.*#$/m, 20_000);
    expect(both.screen()).toMatch(
      / {8}it ended in the background.*\| port is taken.*failing\.md:8 failed: sleep 0\.5; false\n/s,
    );
    both.type('exit\r');
    await both.waitFor(/^status 1, icanon$/m);
    expect(report().counts).toMatchObject({ failed: 2 });
  }, 60_000);

  it('ends with teardown, the report and status 129 when its window is closed', async () => {
    const path = join(folder, 'closed.md');
    const status = join(folder, 'status');
    writeFileSync(path, `# Closed\n\n${block('console', '$ false')}${teardown}`);
    const run = `node dist/netlab.cjs run --shell-on-failure -r json=${folder}/report.json ${path} 2>${folder}/errors`;
    // With its own status told after all that the kernel and a shell tell of the end.
    const terminal = await openTerminal(`trap : HUP; ${run}; echo $? >${status}.new; mv ${status}.new ${status}`);
    await terminal.waitFor(/root@node1:.*#$/m, 20_000);
    await terminal[Symbol.asyncDispose]();
    const deadline = Date.now() + 20_000;
    while (!existsSync(status) && Date.now() < deadline) await sleep(20);
    expect([readFileSync(status, 'utf8'), readFileSync(join(folder, 'errors'), 'utf8')]).toEqual(['129\n', '']);
    expect(stepsOf(report())?.map(([of, stdout]) => `${of} ${stdout}`)).toEqual(['failed ', 'passed cleaned\n']);
  }, 60_000);
});
