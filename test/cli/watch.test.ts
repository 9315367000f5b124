import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/events.ts';
import { leftSince, type MachineState, machineState } from '../lab/leaks.ts';
import { openTerminal, type TestTerminal } from './terminal.ts';

const fence = '```';
/** `count` prints how often it was run in its lab: a step that is run twice gives itself away. */
const count = 'echo x >> /tmp/n; wc -l < /tmp/n';
const document = (...lines: readonly string[]): string =>
  `# Written\n\n${fence}console\n$ ${count}\n1\n${lines.join('\n')}\n${fence}\n`;

let folder: string;
let path: string;
let before: MachineState;
const open: TestTerminal[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watch-test-'));
  path = join(folder, 'written.md');
  before = await machineState();
});
afterEach(async () => {
  for (const terminal of open.splice(0)) await terminal[Symbol.asyncDispose]();
  // Control groups of killed engines are swept at the next start: the kernel keeps them.
  expect((await leftSince(before, 3000)).filter((thing) => !thing.startsWith('cgroup '))).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(source: string, args = '', env: Readonly<Record<string, string>> = {}): Promise<TestTerminal> {
  writeFileSync(path, source);
  const command = `exec node dist/netlab.cjs run --watch ${args} ${path}`;
  const terminal = await openTerminal(command, { columns: 150, rows: 60, env });
  open.push(terminal);
  await terminal.waitFor('Watching.', 20_000);
  return terminal;
}

/** What was printed from a run on, control sequences removed, once it has its verdict. */
async function run(terminal: TestTerminal, number: number): Promise<string> {
  const text = (): string =>
    // biome-ignore lint/complexity/useRegexLiterals: a literal must not hold an escape character
    terminal.raw().replace(new RegExp('\\x1b\\[[?0-9;]*[A-Za-z]|\\r', 'g'), '');
  const deadline = performance.now() + 20_000;
  while (true) {
    const from = text().indexOf(`run ${number}, `);
    const part = text().slice(from);
    if (from >= 0 && part.includes('Watching.')) return part;
    if (performance.now() > deadline) throw new Error(`no run ${number}:\n${text()}`);
    await sleep(20);
  }
}

/** What runs below a process. */
function descendants(root: number): readonly { readonly pid: number; readonly command: string }[] {
  const table = readdirSync('/proc').flatMap((name) => {
    try {
      if (!/^\d+$/.test(name)) return [];
      const [, parent] = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').join(' ').trim();
      return [{ pid: Number(name), parent: Number(parent), command }];
    } catch {
      return [];
    }
  });
  const found = new Set([root]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of table) if (found.has(parent)) found.add(pid);
  }
  return table.filter(({ pid }) => found.has(pid) && pid !== root);
}

describe('netlab run --watch', () => {
  it('judges again what was printed when only that has changed, and goes on in the same lab', async () => {
    const at = await start(document('$ echo one', 'two', `$ ${count}`, '2'));
    expect(at.screen()).toContain('FAILED  1 passed, 1 failed, 1 skipped');
    writeFileSync(path, `\nA line more.\n\n${document('$ echo one', 'one', `$ ${count}`, '2')}`);
    const second = await run(at, 2);
    expect(second).toContain('goes on in the same lab, where 2 steps had run');
    expect(second).toMatch(/✓ {2}7–9 {2}2 steps — passed in run 1, not run again/);
    expect(second).toContain('PASSED  3 passed');
    expect(second).toMatch(/Verdict \d\.\d\d s after the save/);
    // What is new at the end needs no other lab either.
    writeFileSync(path, document('$ echo one', 'one', `$ ${count}`, '2', `$ ${count}`, '3'));
    const third = await run(at, 3);
    expect(third).toMatch(/2 steps — passed in run 1, not run again\n.*echo x.*passed in run 2, not run again/);
    expect(third).toContain('PASSED  4 passed');
    // What holds no more is told as that, although nothing is run again.
    writeFileSync(path, document('$ echo one', 'wrong', `$ ${count}`, '2', `$ ${count}`, '3'));
    const fourth = await run(at, 4);
    expect(fourth).toContain('of run 1, not run again');
    expect(fourth).toContain('FAILED  1 passed, 1 failed, 2 skipped');
    at.type('q');
    expect(await at.ended).toBe(1);
  }, 60_000);

  it('takes a fresh lab, brought there ahead, for a step that had run as it was before', async () => {
    const at = await start(document(`$ ${count}`, '2', '$ echo one', 'one'));
    await sleep(2500);
    writeFileSync(path, document(`$ ${count}`, '2', `$ ${count}; echo again`, '3', 'again'));
    const second = await run(at, 2);
    expect(second).toMatch(/line 8: it was changed after it had run; a spare lab, where 2 steps had run ahead/);
    expect(second).toMatch(/2 steps — passed in a spare lab, not run again/);
    expect(second).toContain('PASSED  3 passed');
    // An earlier one: nothing that has run can be used.
    writeFileSync(path, document(`$ ${count}; echo now`, '2', 'now', '$ echo one', 'one'));
    const third = await run(at, 3);
    expect(third).toMatch(
      /line 6: it was changed after it had run; (?:a fresh lab|a spare lab, where 1 step had run ahead)/,
    );
    expect(third).toContain('PASSED  3 passed');
    at.type('\x03');
    expect(await at.ended).toBe(0);
  }, 60_000);

  it('survives how editors save: renamed over, gone for a moment, empty, half written', async () => {
    const at = await start(document('$ echo one', 'one'));
    for (const number of [2, 3, 4]) {
      writeFileSync(`${path}.new`, document(`$ echo ${number}`, `${number}`));
      renameSync(`${path}.new`, path);
      expect(await run(at, number)).toContain('PASSED');
    }
    rmSync(path);
    await sleep(150);
    writeFileSync(path, '');
    await sleep(150);
    writeFileSync(path, document('$ echo five', 'five'));
    expect(await run(at, 5)).toContain('PASSED');
    writeFileSync(path, `# Half\n\n${fence}console {tiemout=5s}\n$ tr`);
    await at.waitFor(/written\.md:3:\d+: error: /);
    await at.waitFor('Waiting for the next save.');
    expect(at.raw()).not.toContain('run 6');
    writeFileSync(path, document('$ echo six', 'six'));
    expect(await run(at, 6)).toContain('PASSED');
    // The same text again touches nothing.
    writeFileSync(path, document('$ echo six', 'six'));
    await sleep(700);
    expect(at.raw()).not.toContain('run 7');
    at.type('q');
    expect(await at.ended).toBe(0);
  }, 60_000);

  it('runs anew what uses a file that was saved, and what somebody was in', async () => {
    const used = join(folder, 'used.txt');
    writeFileSync(used, 'old\n');
    const at = await start(document('$ cat used.txt', 'old'));
    writeFileSync(used, 'new\n');
    const second = await run(at, 2);
    expect(second).toMatch(/used\.txt changed, which it uses; a fresh lab/);
    expect(second).toContain('FAILED  1 passed, 1 failed');
    writeFileSync(path, document('$ cat used.txt', 'new'));
    expect(await run(at, 3)).toContain('PASSED  2 passed');
    const guest = await openTerminal('exec node dist/netlab.cjs attach');
    open.push(guest);
    await guest.waitFor(/root@node1:/);
    writeFileSync(path, document('$ cat used.txt', 'new', '$ true'));
    const fourth = await run(at, 4);
    expect(fourth).toContain('somebody was in its lab (netlab attach)');
    expect(fourth).toContain('PASSED  3 passed');
    expect(await guest.ended).toBe(0);
  }, 60_000);

  it('has keys: all again, what failed, the end; of several documents only the touched one is run', async () => {
    const other = join(folder, 'other.md');
    writeFileSync(other, `# Other\n\n${fence}console\n$ false\n${fence}\n`);
    const report = join(folder, 'watch.json');
    const at = await start(document('$ echo one', 'one'), `${other} -r pretty -r json=${report}`);
    expect(at.screen()).toContain('FAILED  2 passed, 1 failed');
    at.type('f');
    const second = await run(at, 2);
    expect(second).toContain('other.md — Other');
    expect(second).not.toContain('written.md — Written');
    expect(second).toContain('FAILED  2 passed, 1 failed');
    writeFileSync(path, document('$ echo two', 'two'));
    const third = await run(at, 3);
    expect(third).toContain('written.md — Written');
    expect(third).not.toContain('other.md — Other');
    const told = JSON.parse(readFileSync(report, 'utf8')) as RunResult;
    expect(told.runbooks.map(({ title, carried }) => [title, carried])).toEqual([
      ['Other', 'run 2'],
      ['Written', undefined],
    ]);
    at.type('\r');
    const fourth = await run(at, 4);
    expect(fourth).toContain('a fresh lab');
    expect(fourth).not.toContain('not run again');
    at.type('q');
    expect(await at.ended).toBe(1);
  }, 60_000);

  it('is stopped by what has changed in the step that runs, and not by what comes after it', async () => {
    const at = await start(document('$ echo one', 'one'));
    writeFileSync(path, document('$ sleep 60'));
    await at.waitFor(/sleep 60 +3\/3|sleep 60 +2\/2/);
    writeFileSync(path, document('$ sleep 2'));
    await at.waitFor(/sleep 2 +2\/2/);
    writeFileSync(path, document('$ sleep 2', '$ echo more', 'more'));
    const last = await run(at, 4);
    expect(last).toMatch(/goes on in the same lab, where 2 steps had run/);
    expect(last).toContain('PASSED  3 passed');
    at.type('q');
    expect(await at.ended).toBe(0);
  }, 60_000);

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends on %s: the step is stopped, teardown runs',
    async (signal) => {
      const teardown = `\n${fence}sh teardown\necho down; sleep 0.5\n${fence}\n`;
      writeFileSync(path, document('$ sleep 60') + teardown);
      const running = execa('node', ['dist/netlab.cjs', 'run', '--watch', path], { reject: false });
      await new Promise<void>((resolve) => {
        running.stdout.on('data', (chunk: Buffer) => chunk.includes('echo x') && resolve());
      });
      await sleep(200);
      running.kill(signal);
      const { exitCode, stdout } = await running;
      expect(exitCode).toBe(130);
      expect(stdout).toMatch(/✓ +\d+ +echo down; sleep 0\.5/);
    },
    60_000,
  );

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'between runs, %s has teardown run in the labs that wait',
    async (signal) => {
      const teardown = `\n${fence}sh teardown\nsleep 0.54321\n${fence}\n`;
      writeFileSync(path, document('$ echo one', 'one') + teardown);
      const running = execa('node', ['dist/netlab.cjs', 'run', '--watch', path], { reject: false });
      await new Promise<void>((resolve) => {
        running.stdout.on('data', (chunk: Buffer) => chunk.includes('Watching.') && resolve());
      });
      // The steps before the last one run in a spare lab.
      await sleep(1500);
      running.kill(signal);
      let clearing = false;
      while (running.exitCode === null && !clearing) {
        clearing = descendants(running.pid ?? 0).some(({ command }) => command === 'sleep 0.54321');
        await sleep(5);
      }
      expect((await running).exitCode).toBe(0);
      expect(clearing).toBe(true);
    },
    60_000,
  );

  it('without a terminal: runs on saves, goes at once on two signals, and after kill -9 nothing is left', async () => {
    writeFileSync(path, document('$ echo one', 'one'));
    const watching = (): ReturnType<typeof begin> => begin();
    const begin = () => execa('node', ['dist/netlab.cjs', 'run', '--watch', path], { reject: false, stdin: 'ignore' });
    const shows = (running: ReturnType<typeof begin>, text: string) =>
      new Promise<void>((resolve) => {
        let all = '';
        running.stdout?.on('data', (chunk: Buffer) => {
          all += chunk.toString();
          if (all.includes(text)) resolve();
        });
      });
    const one = watching();
    await shows(one, 'Watching.');
    writeFileSync(path, document('$ echo two', 'two'));
    await shows(one, 'Verdict');
    one.kill('SIGTERM');
    expect((await one).exitCode).toBe(0);
    writeFileSync(path, `${document('$ echo two', 'two')}\n${fence}sh teardown\nsleep 60\n${fence}\n`);
    const two = watching();
    await shows(two, 'echo two');
    await sleep(300);
    two.kill('SIGINT');
    await sleep(300);
    two.kill('SIGINT');
    expect((await two).exitCode).toBe(130);
    writeFileSync(path, document('$ echo two', 'two'));
    const three = watching();
    await shows(three, 'Watching.');
    await sleep(300);
    three.kill('SIGKILL');
    await three;
  }, 60_000);

  it('goes on with captures, state, background steps and nested shells as they are, and takes a fresh lab where they changed', async () => {
    const expectation = (state: string, attributes = ''): string =>
      `${fence}yaml expect${attributes}\n${state}\n${fence}\n`;
    const block = (lines: string, info = 'console'): string => `${fence}${info}\n${lines}\n${fence}\n`;
    const written = ({ capture = '{{id:int}}', state = 'size: 2', nested = '1', more = '' } = {}): string =>
      [
        '# Written\n',
        block('sleep 0.3; echo late >/tmp/late; exec sleep 100', 'sh {background}'),
        expectation('file: { /tmp/late: { exists: true } }', ' {eventually=5s}'),
        block(`$ echo 7 | tee /tmp/id\n${capture}\n$ echo "<$id>"\n<7>`),
        block(`$ PS1='/ # ' sh\n/ # echo 1\n${nested}\n/ # exit`, 'console {session=nested}'),
        block('$ touch /tmp/last'),
        expectation(`file: { /tmp/id: { ${state} } }`),
        more,
      ].join('\n');
    const at = await start(written());
    expect(at.screen()).toMatch(/PASSED {2}8 passed/);
    // Another way to say the same touches nothing, and another state is asked of the lab.
    writeFileSync(path, written({ nested: '{{int}}', state: 'size: 3' }));
    const second = await run(at, 2);
    expect(second).toContain('goes on in the same lab, where 8 steps had run');
    expect(second).toMatch(/FAILED {2}7 passed, 1 failed/);
    // A capture by another name: the step after it has run without it.
    writeFileSync(path, written({ capture: '{{other:int}}', state: 'size: 2' }));
    const third = await run(at, 3);
    expect(third).toMatch(/FAILED {2}3 passed, 1 failed, 4 skipped/);
    expect(third).not.toContain('the same lab');
    writeFileSync(path, written().replace('touch /tmp/last', 'touch /tmp/other'));
    expect(await run(at, 4)).toMatch(/PASSED {2}8 passed/);
    writeFileSync(path, written());
    expect(await run(at, 5)).toMatch(/PASSED {2}8 passed/);
    // The spare lab has a nested shell behind it, and a background step in it.
    await sleep(2500);
    writeFileSync(path, written({ more: block('$ pgrep -cx sleep\n1') }).replace('touch /tmp/last', 'touch /tmp/id'));
    const sixth = await run(at, 6);
    expect(sixth).toMatch(/a spare lab, where 7 steps had run ahead/);
    expect(sixth).toMatch(/PASSED {2}9 passed/);
    at.type('q');
    expect(await at.ended).toBe(0);
  }, 60_000);

  it('sees that a used file went and came back, what a link leads to, another configuration, and runs a burst of saves once', async () => {
    const used = join(folder, 'used.txt');
    const target = join(folder, 'target.txt');
    const config = join(folder, 'netlab.config.json');
    writeFileSync(used, 'old\n');
    writeFileSync(target, 'old\n');
    symlinkSync(target, join(folder, 'link.txt'));
    writeFileSync(config, '{}');
    try {
      const at = await start(document('$ cat used.txt link.txt', 'old', 'old'), `--config ${config}`);
      rmSync(used);
      expect(await run(at, 2)).toMatch(/FAILED {2}1 passed, 1 failed/);
      writeFileSync(used, 'old\n');
      expect(await run(at, 3)).toMatch(/PASSED {2}2 passed/);
      writeFileSync(target, 'new\n');
      const fourth = await run(at, 4);
      expect(fourth).toMatch(/\.txt changed, which it uses/);
      expect(fourth).toMatch(/FAILED {2}1 passed, 1 failed/);
      writeFileSync(target, 'old\n');
      await run(at, 5);
      writeFileSync(config, '{ "keepGoing": true }');
      const sixth = await run(at, 6);
      expect(sixth).toMatch(/a fresh lab|nothing has run yet/);
      expect(sixth).not.toContain('not run again');
      for (let n = 0; n < 50; n++) {
        writeFileSync(path, document('$ cat used.txt link.txt', 'old', 'old', `$ echo ${n}`, `${n}`));
        // Not at each: on a busy machine, two saves that something lies between may each be the last for a while.
        if (n % 25 === 0) await sleep(4);
      }
      await at.waitFor(/echo 49[\s\S]*PASSED {2}3 passed/);
      await sleep(500);
      expect(Number(at.raw().match(/run (\d+), /g)?.length)).toBeLessThan(12);
      at.type('q');
      expect(await at.ended).toBe(0);
    } finally {
      for (const file of ['used.txt', 'target.txt', 'link.txt', 'netlab.config.json'])
        rmSync(join(folder, file), { force: true });
    }
  }, 60_000);

  it('confirms a pass that was come by bit by bit, and takes back what a whole run does not give', async () => {
    const at = await start(
      document('$ (sleep 1; touch /tmp/netlab-late) >/dev/null 2>&1 &', '$ ls /tmp/netlab-late', '/tmp/netlab-late'),
    );
    expect(at.screen()).toMatch(/FAILED {2}2 passed, 1 failed/);
    // The lab in which the next run goes on is older than that of a whole run would be.
    await sleep(2000);
    writeFileSync(
      path,
      document('$ (sleep 1; touch /tmp/netlab-late) >/dev/null 2>&1 &', '$ ls -d /tmp/netlab-late', '/tmp/netlab-late'),
    );
    expect(await run(at, 2)).toMatch(/PASSED {2}3 passed/);
    const third = await run(at, 3);
    expect(at.raw()).toContain(
      'line 7 failed in a whole run in a fresh lab: what it passed on hangs on earlier runs, or on time',
    );
    expect(third).toMatch(/FAILED {2}2 passed, 1 failed/);
    expect(third).not.toContain('after the save');
    writeFileSync(path, document('$ true', '$ echo one', 'one'));
    await run(at, 4);
    writeFileSync(path, document('$ true', '$ echo one', '{{word:word}}'));
    await run(at, 5);
    await at.waitFor('confirmed: a whole run in a fresh lab passed, too');
    at.type('q');
    expect(await at.ended).toBe(0);
  }, 60_000);

  it('says that a spare lab went another way', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    const flag = join(outside, 'flag');
    writeFileSync(flag, 'old\n');
    try {
      const at = await start(document(`$ cat ${flag}`, 'old', '$ echo one', 'one'));
      await sleep(1500);
      writeFileSync(flag, 'new\n');
      writeFileSync(path, document(`$ cat ${flag}`, 'old', '$ echo 1', '1'));
      await run(at, 2);
      await at.waitFor(
        'line 6 failed in a spare lab, and had passed before: it hangs on more than the steps before it',
      );
      // What had passed in the old lab is taken back.
      expect(await run(at, 3)).toMatch(/FAILED {2}1 passed, 1 failed, 1 skipped/);
      at.type('q');
      expect(await at.ended).toBe(1);
    } finally {
      rmSync(outside, { recursive: true });
    }
  }, 60_000);

  it('takes a fresh lab where an engine died in between, and where the folder of an image changed', async () => {
    const image = join(folder, 'image');
    mkdirSync(image, { recursive: true });
    const dockerfile = (word: string): void =>
      writeFileSync(join(image, 'Dockerfile'), `FROM busybox:latest\nRUN echo ${word} >/word\n`);
    dockerfile('old');
    const images = '[busybox:latest, { name: "word:latest", build: image }]';
    const front = `---\nlab: { nodes: { a: { kind: docker, images: ${images} } } }\n---\n\n`;
    const says = (word: string): string => front + document('$ docker run --rm word:latest cat /word', word);
    const at = await start(says('old'));
    expect(at.screen()).toMatch(/PASSED {2}2 passed/);
    const engines = descendants(at.child.pid ?? 0).filter(({ command }) => command.startsWith('dockerd '));
    expect(engines.length).toBeGreaterThan(0);
    for (const { pid } of engines) process.kill(pid, 'SIGKILL');
    await sleep(300);
    writeFileSync(path, says('{{word:word}}'));
    const second = await run(at, 2);
    expect(second).toContain('its lab broke');
    expect(second).not.toContain('in the same lab');
    expect(second).not.toContain('passed in run 1');
    expect(second).toMatch(/PASSED {2}2 passed/);
    dockerfile('new');
    const third = await run(at, 3);
    expect(third).toMatch(/image changed, which it uses; a fresh lab/);
    expect(third).toMatch(/✓ +\d+ +docker run/);
    at.type('q');
    expect(await at.ended).toBe(0);
    rmSync(image, { recursive: true });
  }, 60_000);

  it('ends at once when a save that touched nothing came while a spare lab starts', async () => {
    // An engine takes a while to start.
    const slow = `---\nlab: docker\n---\n\n${document('$ echo one', 'one')}`;
    writeFileSync(path, slow);
    const running = execa('node', ['dist/netlab.cjs', 'run', '--watch', path], { reject: false, stdin: 'ignore' });
    await new Promise<void>((resolve) => {
      running.stdout?.on('data', (chunk: Buffer) => chunk.includes('Watching.') && resolve());
    });
    writeFileSync(path, slow);
    await sleep(150);
    const asked = performance.now();
    running.kill('SIGTERM');
    expect((await running).exitCode).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5000);
  }, 60_000);

  it('with --last-failed goes on with what had failed at the start when that has passed', async () => {
    const other = join(folder, 'passes.md');
    writeFileSync(other, document());
    writeFileSync(path, document('$ echo one', 'two'));
    await execa('node', ['dist/netlab.cjs', 'run', path, other], { reject: false, env: { XDG_STATE_HOME: folder } });
    const at = await start(document('$ echo one', 'two'), `--last-failed ${other}`, { XDG_STATE_HOME: folder });
    expect(at.screen()).toContain('FAILED  1 passed, 1 failed');
    for (const number of [2, 3]) {
      writeFileSync(path, document(`$ echo ${number}`, `${number}`));
      expect(await run(at, number)).toContain('PASSED  2 passed');
    }
    at.type('q');
    expect(await at.ended).toBe(0);
  }, 60_000);

  it('refuses what does not go together, and a file that is not there', async () => {
    mkdirSync(join(folder, 'sub'), { recursive: true });
    const cli = (...args: readonly string[]) =>
      execa('node', ['dist/netlab.cjs', 'run', '--watch', ...args], { reject: false });
    const update = await cli('--update', path);
    expect([update.exitCode, update.stderr]).toEqual([
      2,
      expect.stringContaining('--watch and --update do not go together'),
    ]);
    const nothing = await cli(join(folder, 'sub/none.md'));
    expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('there is no such file or folder')]);
    expect(existsSync(join(folder, 'sub/none.md'))).toBe(false);
  });
});
