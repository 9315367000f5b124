import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { leftSince, type MachineState, machineState } from '../lab/leaks.ts';
import { openTerminal, type TestTerminal, type TestTerminalOptions } from './terminal.ts';

const fence = '```';
const block = (info: string, text: string): string => `${fence}${info}\n${text}\n${fence}\n\n`;

/** Two tasks of a moment each, the second of which goes on from the first. */
const source = `# Files

Two small tasks.

## Make a file {exercise name=file}

Make a file \`/tmp/it\`.

${block('sh {check description="/tmp/it is there"}', 'test -e /tmp/it || { echo "in /tmp there is: $(ls /tmp | grep -c this)"; exit 1; }')}
<details><summary>Hint 1</summary>

The command is \`touch\`.

</details>

<details><summary>Hint 2</summary>

It takes the name of the file.

</details>

${block('sh {solution}', 'touch /tmp/it')}

## Fill it {exercise name=fill requires=[file]}

Write \`hello\` into it.

${block('sh {check description="it says hello"}', 'grep -qx hello /tmp/it')}
${block('sh {check description="it is still a file"}', 'test -f /tmp/it')}
<details><summary>Solution</summary>

${block('sh {solution}', 'echo hello > /tmp/it')}
A file that is written to stays the *same* file.

</details>
`;

const prompt = /root@node1:~# ?$/m;
const folder = mkdtempSync(join(tmpdir(), 'netlab-learn-'));
const path = join(folder, 'files.md');
let state = '';
let before: MachineState;
const open: TestTerminal[] = [];

beforeAll(async () => {
  before = await machineState();
});
afterEach(async () => {
  for (const terminal of open.splice(0)) await terminal[Symbol.asyncDispose]();
  expect(await leftSince(before, 3000)).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts `netlab learn`, with nothing remembered unless it is said, and waits for the shell's prompt. */
async function learner(
  args = '',
  options: TestTerminalOptions & { readonly again?: boolean } = {},
): Promise<TestTerminal> {
  if (!options.again) {
    writeFileSync(path, source);
    state = mkdtempSync(join(folder, 'state-'));
  }
  const env = { XDG_STATE_HOME: state, ...options.env };
  const terminal = await openTerminal(`exec node dist/netlab.cjs learn ${args} ${path}`, { ...options, env });
  open.push(terminal);
  await terminal.waitFor(prompt, 20_000);
  return terminal;
}

/** The panel, once it is just that: a row that begins so, and below it these. */
function panel(head: string, ...rows: readonly string[]): RegExp {
  const literal = (text: string): string => text.replace(/[/.[\]()]/g, '\\$&');
  return new RegExp(`^${literal(head)}.*\\n${rows.map(literal).join('\\n')}$(?![\\s\\S])`, 'm');
}

describe('somebody who learns', () => {
  it('is right at once: ticks by themselves, the next task goes on in the same lab, a summary', async () => {
    const at = await learner();
    expect(at.screen()).toMatch(/^Files\n\nTwo small tasks\.\n\n1\/2 Make a file\n\nMake a file \/tmp\/it\.$/m);
    await at.waitFor(panel('── 1/2 Make a file ─', ' ○ /tmp/it is there'));
    at.type('touch /tmp/it; SEEN=yes\r');
    await at.waitFor(/Done in 0:\d\d: type next/);
    await at.waitFor(panel('── 1/2 Make a file ─', ' ✓ /tmp/it is there'));
    at.type('next\r');
    await at.waitFor('Write hello into it.');
    await at.waitFor('── 2/2 Fill it');
    at.type('echo "kept: $SEEN"; echo hello > /tmp/it\r');
    await at.waitFor('kept: yes');
    await at.waitFor('All done: type next to finish');
    // Who has solved it may compare: nobody asks, and it is not marked.
    at.type('solution\r');
    await at.waitFor(/^A solution\n {4}echo hello > \/tmp\/it\n\nA file that is written to stays the same file\.$/m);
    at.type('clear\r');
    await at.waitFor(/^root@node1:~# ?\n/);
    at.type('next\r');
    expect(await at.ended).toBe(0);
    // Why it is right is told to those, too, who have not asked for the solution.
    expect(at.screen()).toMatch(
      /^root@node1:~# next\n\nA file that is written to stays the same file\.\n\nFiles: 2 of 2/m,
    );
    expect(at.screen()).toMatch(
      /Files: 2 of 2 done in 0:\d\d\n {2}done {2}Make a file {2}\(0:\d\d\)\n {2}done {2}Fill it/,
    );
    expect(at.screen()).not.toContain('──');
  }, 40_000);

  it('errs and repairs: told why in words, ticked and unticked, asked to finish first', async () => {
    const at = await learner();
    at.type('touch /tmp/this\r');
    at.type('check\r');
    await at.waitFor('     in /tmp there is: 1');
    at.type('next\r');
    await at.waitFor('Not done yet: 1 of 1 does not hold; check says why.');
    at.type('dash\r');
    await at.waitFor(/^# ?$/m);
    // A shell that does not tell the tutor of its prompt.
    at.type('mv /tmp/this /tmp/it\r');
    await at.waitFor('✓ /tmp/it is there');
    at.type('rm /tmp/it\r');
    await at.waitFor(/^ ○ \/tmp\/it is there$/m);
  }, 40_000);

  it('asks for every hint and the solution, by commands and by keys, and that is marked', async () => {
    const at = await learner();
    at.type('hint\r');
    await at.waitFor('Hint 1 of 2\nThe command is touch.');
    at.type('echo half\x1d');
    await at.waitFor('t)ask c)heck h)int');
    at.type('h');
    await at.waitFor(/Hint 2 of 2\nIt takes the name of the file\.\nroot@node1:~# echo half/);
    at.type(' of it\r');
    await at.waitFor(/^half of it$/m);
    at.type('hint\r');
    await at.waitFor('That is all; solution shows how it is done.');
    at.type('solution\r');
    await at.waitFor('Show the solution? It is marked as shown. [y/N]');
    at.type('n\r');
    at.type('\x1ds');
    await at.waitFor('Show the solution? It is marked as shown. y or n');
    at.type('y');
    await at.waitFor('A solution\n    touch /tmp/it');
    at.type('touch /tmp/it\r');
    await at.waitFor('Done in');
    at.type('skip\r');
    await at.waitFor('2/2 Fill it');
    at.type('skip\r');
    expect(await at.ended).toBe(1);
    expect(at.screen()).toMatch(/done, solution shown {2}Make a file {2}\(0:\d\d, 2 of 2 hints\)/);
    expect(at.screen()).toMatch(/skipped {15}Fill it/);
  }, 40_000);

  it('breaks the lab beyond repair, and gets a fresh one with what was typed before', async () => {
    const at = await learner();
    at.type('echo typed; mv /usr /usr.gone; mv /run /run.gone; kill -STOP $$\r');
    await at.waitFor(/^typed$/m);
    at.type('\x1dr');
    await at.waitFor(/-- a fresh lab --[\s\S]*root@node1:~# ?$/m);
    await at.waitFor(/^ ○ \/tmp\/it is there$/m);
    at.type('touch /tmp/it\r');
    await at.waitFor('Done in');
    at.type('next\r');
    await at.waitFor('── 2/2');
    at.type('\x1b[A\x1b[A\x1b[A');
    await at.waitFor('root@node1:~# echo typed;');
  }, 40_000);

  it('loses the lab, is told so, and goes on in a fresh one', async () => {
    const at = await learner();
    // The lab's first process, as this machine numbers it: the parent of all others in it.
    at.type('touch /tmp/it; sleep 4711\r');
    await at.waitFor('Done in');
    const { stdout } = await execa('pgrep', ['-f', '^netlab-node1|netlab-init']);
    for (const pid of stdout.split('\n')) process.kill(Number(pid), 'SIGKILL');
    await at.waitFor('The lab has died');
    await at.waitFor('r: a fresh lab, q: quit');
    at.type('r');
    await at.waitFor(/-- a fresh lab --[\s\S]*root@node1:~# ?$/m);
    at.type('exit\r');
    await at.waitFor('Enter opens a new shell, Ctrl-D quits');
    at.type('route\r');
    await at.waitFor(/That was the shell\.\s+root@node1:~# ?$/m);
    await at.waitFor('reset next quit');
    at.type('exit\r');
    await at.waitFor('Enter opens a new shell');
    at.type('\x1dq');
    expect(await at.ended).toBe(1);
    expect(at.screen()).toContain('1 of 2 done');
  }, 40_000);

  it('quits in the middle and comes back; is told what the document has changed since', async () => {
    const first = await learner();
    first.type('touch /tmp/it\r');
    await first.waitFor('Done in');
    first.type('quit\r');
    expect(await first.ended).toBe(1);
    const second = await learner('', { again: true });
    // In a lab where the first task has been done.
    await second.waitFor(panel('── 2/2 Fill it', ' ○ it says hello', ' ✓ it is still a file'));
    second.type('quit\r');
    await second.ended;
    writeFileSync(path, source.replace('Make a file `/tmp/it`.', 'Make an empty file `/tmp/it`.'));
    const third = await learner('', { again: true });
    expect(third.screen()).toContain('"Make a file" has changed since: it begins anew.');
    await third.waitFor(panel('── 1/2 Make a file', ' ○ /tmp/it is there'));
    third.type('quit\r');
    await third.ended;
    const [file = ''] = readdirSync(join(state, 'netlab/learn'));
    writeFileSync(join(state, 'netlab/learn', file), '{ "version": 1, "tasks": ');
    const fourth = await learner('', { again: true });
    expect(fourth.screen().replaceAll('\n', '')).toMatch(
      /progress file was damaged: it is kept as .*damaged-\d+, and you begin anew/,
    );
    expect(readdirSync(join(state, 'netlab/learn')).some((name) => name.includes('damaged'))).toBe(true);
  }, 60_000);

  it('presses Ctrl-C, which reaches the command, and runs programs that take the whole screen', async () => {
    const at = await learner();
    at.type('ping 127.0.0.1\r');
    await at.waitFor('icmp_seq=2');
    at.type('\x03');
    await at.waitFor('packets transmitted');
    at.type(`yes ${'x'.repeat(30)} | head -5000 > /tmp/long; less /tmp/long\r`);
    await at.waitFor(/^x+\n[\s\S]*x\n\/tmp\/long\n── 1\/2 .*\n ○ \/tmp\/it is there$/);
    at.type('G');
    await at.waitFor('(END)');
    await at.waitFor(panel('── 1/2', ' ○ /tmp/it is there'));
    at.type('q');
    await at.waitFor(/packets transmitted[\s\S]*root@node1:~# ?$/m);
    at.type('clear; touch /tmp/it\r');
    await at.waitFor('✓ /tmp/it is there');
    // As programs do that leave the screen by its last row, and as a login shell finds the commands.
    at.type('tput cup 999 0; bash -lc hint\r');
    await at.waitFor(/^Hint 1 of 2\nThe command is touch\.\nroot@node1:~# ?$/m);
    await at.waitFor(panel('── 1/2', ' ✓ /tmp/it is there'));
    at.type('seq 100\r');
    await at.waitFor(/^100\nroot@node1:~# ?$/m);
    await at.waitFor(panel('── 1/2', ' ✓ /tmp/it is there'));
  }, 40_000);

  it('resizes the window: the shell, the panel and its text follow', async () => {
    const at = await learner();
    at.type('echo before\r');
    await at.waitFor(/^before$/m);
    at.resize(30, 100);
    await at.waitFor(/^─.{98}─$/m);
    at.type('until stty size | grep -x "28 100"; do sleep 0.1; done\r');
    await at.waitFor(/^28 100$/m);
    at.resize(12, 50);
    await at.waitFor(/^─.{48}[─…]$/m);
    at.type('until stty size | grep -x "10 50"; do sleep 0.1; done\r');
    await at.waitFor(/^10 50$/m);
    await at.waitFor(panel('── 1/2 Make a file  task check hint solution rese…', ' ○ /tmp/it is there'));
  }, 40_000);

  it('has no colours: nothing but words and signs, also without UTF-8', async () => {
    const at = await learner('', { env: { NO_COLOR: '1', LANG: 'C' } });
    at.type('touch /tmp/it\r');
    await at.waitFor('[x] /tmp/it is there');
    expect(at.screen()).toMatch(/^-- 1\/2 Make a file -+ Done in/m);
  }, 40_000);
});

describe('somebody who learns in Chinese', () => {
  it('is spoken to in Chinese, and told why in words', async () => {
    const env = { XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) };
    const at = await openTerminal('exec node dist/netlab.cjs learn exercises/zh/namespaces.md', { env });
    open.push(at);
    await at.waitFor(prompt, 20_000);
    at.type('check\r');
    await at.waitFor('     w1 里没有网线，只有：lo');
    at.type('next\r');
    await at.waitFor('还没有完成：1 条里有 1 条没有达成');
    at.type('clear; ip link add name va netns w1 type veth peer name vb netns w2\r');
    await at.waitFor(/── 1\/2 接一根网线 ─+ 完成，用时 0:\d\d：输入 next ──/);
    at.type('next\r');
    await at.waitFor('── 2/2 名字与地址 ─');
    at.type('clear; check\r');
    await at.waitFor(
      /没有网络接口 eth0；现有：lo, v[ab]\n[\s\S]*10\.0\.0\.2 没有应答：ping: connect: Network is unreachable/,
    );
    at.type('clear; ip -n w1 link set va name eth0; ip -n w1 addr add 10.0.0.1/25 dev eth0; check\r');
    await at.waitFor('     eth0 没有地址 10.0.0.1/24；现有：10.0.0.1/25\n     eth0 没有启用');
    at.type('quit\r');
    expect(await at.ended).toBe(1);
    expect(at.screen()).toMatch(
      /连接两个网络命名空间：2 题完成 1 题，用时 0:\d\d\n {2}完成 {4}接一根网线 {2}（0:\d\d）\n {2}未完成 {2}名字与地址/,
    );
  }, 40_000);
});

describe('--plain', () => {
  it('tells line by line, before the prompt, and draws nothing again', async () => {
    const at = await learner('--plain', { env: { LANG: 'C', NO_COLOR: '1' } });
    at.type('touch /tmp/it\r');
    await at.waitFor(/touch \/tmp\/it\ndone: \/tmp\/it is there\nDone in 0:\d\d: type next\nroot@node1:~# ?$/m);
    at.type('rm /tmp/it\r');
    await at.waitFor(/rm \/tmp\/it\nnot yet: \/tmp\/it is there\n/);
    at.type('quit\r');
    await at.ended;
    // No control sequence at all but those of editing a line.
    expect(at.raw().match(/\x1b(?!\[[CDK])/g)).toBeNull();
  }, 40_000);

  it('is offered in a pipe, and reads commands from one', async () => {
    writeFileSync(path, source);
    const env = { XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) };
    const refused = await execa('node', ['dist/netlab.cjs', 'learn', path], { reject: false, env, input: '' });
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('--plain')]);
    const input = 'touch /tmp/it\nnext\necho hello > /tmp/it\nnext\n';
    const done = await execa('node', ['dist/netlab.cjs', 'learn', '--plain', path], { reject: false, env, input });
    expect(done.stdout).toContain('Files: 2 of 2 done');
    expect(done.exitCode).toBe(0);
    const [file = ''] = readdirSync(join(env.XDG_STATE_HOME, 'netlab/learn'));
    const progress = JSON.parse(readFileSync(join(env.XDG_STATE_HOME, 'netlab/learn', file), 'utf8'));
    expect(progress.tasks.fill).toMatchObject({ state: 'solved', hints: 0, solution_shown: false });
  }, 40_000);
});

describe('a course', () => {
  it('is a list with progress, from which one is chosen, and a report for a teacher', async () => {
    const course = join(folder, 'course');
    mkdirSync(course);
    writeFileSync(join(course, 'one.md'), source.replace('# Files', '# One'));
    writeFileSync(join(course, 'two.md'), source.replace('# Files', '# Two'));
    writeFileSync(join(course, 'course.yaml'), 'title: Two lessons\norder: [two.md, one.md]\n');
    const env = { XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) };
    const at = await openTerminal(`exec node dist/netlab.cjs learn --report json=${folder}/report.json ${course}`, {
      env,
    });
    open.push(at);
    await at.waitFor(/Two lessons: 0 of 2 done\n\n {2}1 ○ Two \(0 of 2\)\n {2}2 ○ One \(0 of 2\)/);
    await at.waitFor('Number, Enter for 1, q to leave:');
    at.type('2\r');
    await at.waitFor(prompt, 20_000);
    at.type('touch /tmp/it\r');
    await at.waitFor('Done in');
    at.type('quit\r');
    await at.waitFor(/ {2}2 ○ One \(1 of 2.*\)/);
    at.type('q\r');
    expect(await at.ended).toBe(1);
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    expect(report).toMatchObject({
      version: 1,
      title: 'Two lessons',
      exercises: [
        { title: 'Two', solved: 0 },
        { title: 'One', solved: 1, tasks: [{ name: 'file', state: 'solved' }, {}] },
      ],
    });
    const piped = await execa('node', ['dist/netlab.cjs', 'learn', '--report', 'json', course], { reject: false, env });
    expect(JSON.parse(piped.stdout)).toEqual(report);
    const listed = await execa('node', ['dist/netlab.cjs', 'list', course]);
    expect(listed.stdout).toContain('one.md  One  (exercise)');
  }, 40_000);

  it('has an exercise once in a folder where a link leads to it, too', async () => {
    const linked = join(folder, 'linked');
    mkdirSync(linked);
    writeFileSync(join(linked, 'one.md'), source);
    symlinkSync('one.md', join(linked, 'two.md'));
    const env = { XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) };
    const { stdout } = await execa('node', ['dist/netlab.cjs', 'learn', '--plain', linked], { reject: false, env });
    expect(stdout).toContain('0 of 1 done');
  });
});

describe('a lab of several nodes', () => {
  it('has a shell on each, which goes on while the learner is elsewhere', async () => {
    const nodes =
      '---\nlab: { nodes: { left: {}, right: {} }, links: [{ endpoints: ["left:eth0", "right:eth0"] }] }\n---\n\n';
    const check = block('sh {check node=right description="right has its file"}', 'test -e /tmp/it');
    const two = join(folder, 'two.md');
    writeFileSync(
      two,
      `${nodes}# Two\n\n## Far {exercise}\n\nDo it.\n\n${check}${block('sh {solution node=right}', 'touch /tmp/it')}`,
    );
    const env = { XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) };
    const at = await openTerminal(`exec node dist/netlab.cjs learn ${two}`, { env });
    open.push(at);
    await at.waitFor(/root@right:~# ?$/m, 20_000);
    at.type('node\r');
    await at.waitFor('You are on right; there are 1 left, 2 right.');
    at.type('node left\r');
    // The prompt of the shell that is left does not get in between.
    await at.waitFor(/^-- left --\nroot@left:~# ?$/m);
    at.type('sleep 0.3; echo later; sleep 60\r');
    at.type('\x1d2');
    await at.waitFor(/-- right --[\s\S]*root@right:~# ?$/m);
    at.type('touch /tmp/it\r');
    await at.waitFor('✓ right has its file');
    at.type('node left\r');
    await at.waitFor(/^later$/m);
    at.type('\x03');
    await at.waitFor(/later[\s\S]*root@left:~# ?$/m);
    const other = await openTerminal('exec node dist/netlab.cjs learn --attach right');
    open.push(other);
    await other.waitFor(/^root@right:~# ?$/m);
    other.type('rm /tmp/it\r');
    await at.waitFor(/^ ○ right has its file$/m);
    other.type('check\r');
    await other.waitFor(/^ ○ right has its file$/m);
    other.resize(40, 90);
    other.type('until stty size | grep -x "40 90"; do sleep 0.1; done\r');
    await other.waitFor(/^40 90$/m);
    at.type('quit\r');
    await at.ended;
    expect(await other.ended).toBe(0);
    const nobody = await openTerminal('node dist/netlab.cjs learn --attach; sleep 60');
    open.push(nobody);
    await nobody.waitFor('nobody learns here at the moment');
  }, 40_000);
});
