import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sanitize } from '../../src/check/sanitize.ts';
import type { Lab } from '../../src/lab/types.ts';
import { openSession } from '../../src/shell/open.ts';
import type { Output, Session, SessionInput } from '../../src/shell/types.ts';
import { firstNode, input, labOf, never } from '../lab/labs.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await labOf('lab: sandbox');
});
afterAll(() => lab[Symbol.asyncDispose]());

/** The contract that every session kind in which a shell runs must keep. */
describe.each(['pipe', 'terminal'] as const)('a %s session', (kind) => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession(firstNode(lab), kind);
  });
  afterAll(() => session[Symbol.asyncDispose]());

  const run = (command: string, wishes: Partial<SessionInput> = {}): Promise<Output> =>
    session.run(input(command, wishes), never);
  const text = async (command: string, wishes: Partial<SessionInput> = {}): Promise<string> =>
    sanitize((await run(command, wishes)).stdout);

  it('says what a step printed, on both streams and in order, and its status', async () => {
    const output = await run('echo out; echo err >&2; echo out again; (exit 3)');
    expect(sanitize(output.stdout)).toBe('out\nerr\nout again\n');
    expect(output).toMatchObject({ exit: 3, ending: 'completed', droppedBytes: 0 });
  });

  it('keeps the state of the shell', async () => {
    await run('cd /usr; greeting=hello; shout() { echo "${1^^}"; }; shopt -s nullglob');
    expect(await text('pwd; shout $greeting; echo /nothing/*')).toBe('/usr\nHELLO\n\n');
    await run('false');
    expect(await text('echo $?')).toBe('1\n');
  });

  it('writes down what its shell is, as commands for another one, and is the same afterwards', async () => {
    await using own = await openSession(firstNode(lab), kind);
    const file = `/run/netlab/saved-${kind}`;
    expect(await own.save(file)).toBe(false);
    const state = [
      'shopt -s extglob; set -eux -o pipefail; IFS=:; cd /usr; umask 027; set -- "a  b" c',
      "text=$'two\\nlines: \\'\\\\'; declare -ai numbers=(1 2); declare -n other=text; export SHOWN=1; unset HOME",
      'f() { case $1 in +(x)) echo many ;; *) echo "f $1" ;; esac; }; g() { echo "g $1"; }; export -f g; alias say=echo',
      // None of them may be called.
      'declare() { echo no; }; alias read=no shopt=no',
    ];
    await own.run(input(state.join('\n')), never);
    await own.run(input('set +e; (exit 5)'), never);
    expect(await own.save(file)).toBe(true);
    const after = await own.run(input('echo "$? $- $# ${__netlab_file-unset}"'), never);
    expect(sanitize(after.stdout)).toMatch(/5 [a-zA-Z]*u[a-zA-Z]*x[a-zA-Z]* 2 unset$/m);
    await using fresh = await openSession(firstNode(lab), 'pipe');
    const asked = [
      `unset HOME; unset -f declare; source ${file} 2>/dev/null; { set +x; } 2>/dev/null; unset -f declare; unalias read shopt`,
      'echo "$PWD $(umask) $# $1"; echo "$other|${numbers[1]}|${HOME-none}|$IFS|$SHOWN"; f xx; bash -c "g y"',
      'case $-$(set -o) in *u*pipefail*on*) echo options ;; esac',
    ];
    const said = sanitize((await fresh.run(input(asked.join('\n')), never)).stdout);
    expect(said).toBe("/usr 0027 2 a  b\ntwo\nlines: '\\|2|none|:|1\nmany\ng y\noptions\n");
  });

  it.each([
    ['a syntax error', 'if', 2],
    ['break', 'break', 0],
    ['an unknown command', 'ipconfig', 127],
    ['a function named printf', 'printf() { echo no; }', 0],
    ['no PATH', 'unset PATH', 0],
    ['another IFS', 'IFS=0123456789', 0],
    ['a prompt', 'PS1= PROMPT_COMMAND="echo x"', 0],
    ['set -x', 'set -x', 0],
    ['closed descriptors', 'exec 3>&- 4>&- 5>&-', 0],
    ['output thrown away', 'exec >/dev/null 2>&1', 0],
    ['a raw terminal', 'stty raw -echo 2>/dev/null || true', 0],
    ['a deleted folder', 'mkdir /tmp/gone && cd /tmp/gone && rmdir /tmp/gone', 0],
    ['few open files', 'ulimit -n 64', 0],
    ['traps', "trap 'echo trapped' EXIT; trap 'echo hup' HUP", 0],
  ])('survives %s', async (_, command, exit) => {
    await using own = await openSession(firstNode(lab), kind);
    const first = await own.run(input(command), never);
    expect(first).toMatchObject({ exit, ending: 'completed' });
    await own.run(input('set +x'), never);
    const second = await own.run(input('echo "still here"; (exit 7)'), never);
    expect(sanitize(second.stdout)).toBe('still here\n');
    expect(second).toMatchObject({ exit: 7, ending: 'completed' });
  });

  it.each([
    ['exit 3', 3],
    ['exec true', 0],
    ['exec sh -c "echo last; exit 4"', 4],
    ['kill -9 $$', 137],
    ['set -e; false', 1],
    ['set -u; echo $nowhere', 1],
  ])('reports that `%s` ended the shell, and opens a new one', async (command, exit) => {
    await run('mark=set');
    expect(await run(command)).toMatchObject({
      exit,
      ending: 'shell-ended',
      note: expect.stringContaining(`status ${exit}`),
    });
    expect(await text('echo "mark: $mark"')).toBe('mark: \n');
  });

  it('keeps all that a command prints before it ends the shell', async () => {
    const { stdout } = await run('seq 20000; exit 0');
    expect(sanitize(stdout).split('\n').slice(-3)).toEqual(['19999', '20000', '']);
  });

  it.each([
    ['sleeps', 'echo before; sleep 1000'],
    ['ignores SIGTERM', "trap '' TERM INT; echo before; sleep 1000"],
    ['runs in the shell itself', 'echo before; while :; do :; done'],
    ['leaves children in sessions of their own', 'echo before; setsid sleep 1000 & setsid -f sleep 1000; sleep 1000'],
    ['is stopped', 'echo before; sh -c "kill -STOP \\$\\$"'],
  ])('ends a step at its limit that %s, with its whole tree and the output so far', async (_, command) => {
    const marked = command.replaceAll('1000', '1234.5');
    const output = await run(marked, { timeoutMs: 400 });
    expect(output).toMatchObject({ ending: 'timed-out', exit: null });
    expect(sanitize(output.stdout)).toBe('before\n');
    expect(output.durationMs).toBeGreaterThan(390);
    expect(output.durationMs).toBeLessThan(900);
    expect(await text('pgrep -fc "[s]leep 1234" || true')).toBe('0\n');
  });

  it('ends when it is told to stop', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    expect(await session.run(input('sleep 1000'), stop.signal)).toMatchObject({ ending: 'aborted', exit: null });
    expect(await text('echo ready')).toBe('ready\n');
  });

  it('may be told to run the next step before a stopped one is over', async () => {
    await using own = await openSession(firstNode(lab), kind);
    await own.run(input('true'), never);
    for (let n = 0; n < 5; n++) {
      const stop = new AbortController();
      const stopped = own.run(input('sleep 1000 & sleep 1000'), stop.signal);
      await new Promise((resolve) => setTimeout(resolve, 20));
      stop.abort();
      await new Promise((resolve) => setImmediate(resolve));
      const next = await own.run(input(`sleep 0.01; echo next ${n}`), never);
      expect(sanitize(next.stdout)).toBe(`next ${n}\n`);
      expect(await stopped).toMatchObject({ ending: 'aborted' });
    }
  });

  it.runIf(kind === 'pipe')('takes no FIFO from the step that has begun when a stopped one is over', async () => {
    await using own = await openSession(firstNode(lab), kind);
    const mine = async (before = ''): Promise<string> =>
      sanitize((await own.run(input(`${before}readlink /proc/$$/fd/1`), never)).stdout);
    // Older than the stopped step, so it outlives that and holds its FIFO, which cannot be used again.
    const holder = 'until [ -e /tmp/hold ]; do sleep 0.01; done; exec >"$0"; touch /tmp/held; sleep 3';
    await own.run(input(`setsid -f bash -c '${holder}' /proc/$$/fd/1; sleep 0.1`), never);
    const stop = new AbortController();
    const waiting = 'touch /tmp/hold; until [ -e /tmp/held ]; do sleep 0.01; done; echo held; sleep 1000';
    const onOutput = (): void => stop.abort();
    const stopped = own.run(input(waiting, { onOutput }), stop.signal);
    await new Promise((resolve) => stop.signal.addEventListener('abort', () => setImmediate(resolve)));
    const next = await mine('sleep 0.4; ');
    expect(next).toMatch(/^\/run\/netlab\/fifo-/);
    expect(await stopped).toMatchObject({ ending: 'aborted', stdout: 'held\n' });
    expect(await mine()).toBe(next);
  });

  it('presses Ctrl-C after a time, and at a line', async () => {
    const afterTime = await run('ping -i 0.2 127.0.0.1', { interrupt: { afterMs: 500 } });
    expect(afterTime).toMatchObject({ exit: 0, ending: 'completed' });
    expect(afterTime.stdout).toContain('packets transmitted');
    const atLine = await run('ping -i 0.2 127.0.0.1', {
      interrupt: { at: (lines) => lines.some((line) => line.includes('icmp_seq=2')) },
    });
    expect(atLine.stdout).toContain('icmp_seq=2');
    expect(atLine.stdout).toContain(' 0% packet loss');
    expect(await text('echo next')).toBe('next\n');
  });

  it.each([
    ['a loop', 'while :; do ping -c 1 127.0.0.1 >/dev/null; sleep 0.2; done'],
    ['a list', 'sleep 60; echo no'],
    ['a pipeline in a function', 'f() { sleep 60 | cat; echo no; }; f; echo no'],
  ])('ends %s by Ctrl-C, as at a prompt, and keeps the shell', async (_, command) => {
    await run('mark=kept');
    const output = await run(command, { interrupt: { afterMs: 300 } });
    expect(output).toMatchObject({ exit: 130, ending: 'completed' });
    expect(sanitize(output.stdout).replace('^C', '')).not.toContain('no');
    expect(await text('echo "$mark $-"')).toMatch(/^kept [^m]*\n$/);
  });

  it('ends a loop in the shell itself by Ctrl-C', async () => {
    const output = await run('while :; do :; done', { interrupt: { afterMs: 300 } });
    expect(output.ending).toBe('completed');
    expect(await text('echo next')).toBe('next\n');
  });

  it('traces as a prompt does', async () => {
    await using own = await openSession(firstNode(lab), kind);
    const traced = await own.run(input('set -x; x=$(echo deep)'), never);
    expect(sanitize(traced.stdout)).toBe('++ echo deep\n+ x=deep\n');
    expect(sanitize((await own.run(input('echo "+ $x"'), never)).stdout)).toBe("+ echo '+ deep'\n+ deep\n");
  });

  it('gives a step its variables, its environment, its folder and its input, and takes back what was for it alone', async () => {
    const wishes = { variables: { id: "it's" }, env: { MODE: 'x y' }, cwd: '/etc', stdin: 'one\ntwo\n' };
    expect(await text('echo "$id $MODE $PWD"; cat', wishes)).toBe("it's x y /etc\none\ntwo\n");
    expect(await text('echo "$id ${MODE-unset}"; [ "$PWD" != /etc ]')).toBe("it's unset\n");
  });

  it('takes commands of several lines, of all characters, and of any length', async () => {
    const odd = 'a\'b"c\\d$e`f`\u{1f40b}\t*?';
    expect(await text(`cat <<'END'\n${odd}\nsecond\nEND\n`)).toBe(`${odd}\nsecond\n`);
    const long = 'x'.repeat(100_000);
    expect(await text(`echo ${long} | tail -c 100001`)).toBe(`${long}\n`);
  });

  it('loses nothing of a large output, however its characters are cut', async () => {
    const line = '\u00e9\u4e2d\u{1f40b}'.repeat(20);
    const { stdout } = await run(`for n in $(seq 20000); do printf '%s\\n' '${line}'; done`, { timeoutMs: 25_000 });
    const lines = sanitize(stdout).trimEnd().split('\n');
    expect(lines.length).toBe(20_000);
    expect(new Set(lines)).toEqual(new Set([line]));
  });

  it('does not wait for a child that keeps the output open', async () => {
    const output = await run('sleep 5 & echo now');
    expect(sanitize(output.stdout)).toBe('now\n');
    expect(output.durationMs).toBeLessThan(1500);
    await run('kill %% || kill $!');
  });
});

describe('a pipe session', () => {
  it('keeps the streams apart when it is asked to', async () => {
    await using session = await openSession(firstNode(lab), 'pipe');
    const output = await session.run(input('echo out; echo err >&2', { stream: 'stdout' }), never);
    expect(output).toMatchObject({ stdout: 'out\n', stderr: 'err\n' });
  });

  it('never shows a step what an earlier one left behind prints', async () => {
    await using session = await openSession(firstNode(lab), 'pipe');
    await session.run(input('(while :; do echo late; sleep 0.01; done) & echo first'), never);
    for (let n = 0; n < 10; n++) {
      const { stdout } = await session.run(input(`sleep 0.02; echo ${n}`), never);
      expect(stdout).toBe(`${n}\n`);
    }
  });

  it('ends the input of a step that reads', async () => {
    await using session = await openSession(firstNode(lab), 'pipe');
    expect(await session.run(input('read answer; echo "$?"; cat'), never)).toMatchObject({ stdout: '1\n', exit: 0 });
  });
});

describe('a terminal session', () => {
  it('is a terminal that the node itself knows', async () => {
    await using session = await openSession(firstNode(lab), 'terminal');
    const { stdout } = await session.run(
      input('tty; test -t 0 && test -t 1 && test -t 2 && echo yes; stty size'),
      never,
    );
    expect(sanitize(stdout)).toMatch(/^\/dev\/pts\/\d+\nyes\n40 132\n$/);
  });

  it('says of a step that it waits for input', async () => {
    await using session = await openSession(firstNode(lab), 'terminal');
    for (const command of ['read -r -p "password: "', 'cat', "sh -c 'read x'"]) {
      const output = await session.run(input(command, { timeoutMs: 500 }), never);
      expect(output).toMatchObject({ ending: 'timed-out', note: expect.stringContaining('waiting for input: ') });
    }
    const sleeping = await session.run(input('sleep 60', { timeoutMs: 500 }), never);
    expect(sleeping).toMatchObject({ ending: 'timed-out', note: undefined });
  });

  it('presses no Ctrl-C, and tells of no output, after a step that could not be run', async () => {
    await using session = await openSession(firstNode(lab), 'terminal');
    await session.run(input('readonly fixed=1'), never);
    let told = '';
    const onOutput = (chunk: Buffer): void => {
      told += chunk.toString();
    };
    const wishes = { env: { fixed: '2' }, interrupt: { afterMs: 800 }, onOutput };
    await expect(session.run(input('true', wishes), never)).rejects.toThrow('read-only');
    told = '';
    expect(await session.run(input('sleep 1.2 && echo done'), never)).toMatchObject({ exit: 0, stdout: 'done\r\n' });
    expect(told).toBe('');
  });

  it('types tabs into nested shells that complete words', async () => {
    await using session = await openSession(firstNode(lab), 'terminal');
    const nested = { prompt: 'in# ', nextPrompt: 'in# ', depth: 1 };
    for (const shell of ['bash --norc', 'busybox sh', 'dash']) {
      await session.run(input(`PS1='in# ' ${shell}`, { prompt: '$ ', nextPrompt: 'in# ', nextDepth: 1 }), never);
      const short = await session.run(input("printf '%s\\n' 'a\tb'", nested), never);
      expect([shell, sanitize(short.stdout)]).toEqual([shell, 'a\tb\n']);
      const long = await session.run(input(`printf '%s\\n' '${'x\t'.repeat(300)}'`, nested), never);
      expect([shell, sanitize(long.stdout)]).toEqual([shell, `${'x\t'.repeat(300)}\n`]);
      await session.run(input('exit', { ...nested, nextPrompt: '$ ', nextDepth: 0 }), never);
    }
  });

  it.each(['bash --norc', 'busybox sh', 'dash'])(
    'gives a step in a nested %s what it gives one in its own',
    async (shell) => {
      await using session = await openSession(firstNode(lab), 'terminal');
      const run = async (command: string, wishes: Partial<SessionInput> = {}): Promise<string> => {
        const nested = { prompt: 'in# ', nextPrompt: 'in# ', depth: 1 };
        return sanitize((await session.run(input(command, { ...nested, ...wishes }), never)).stdout);
      };
      await run(`PS1='in# ' ${shell}`, { prompt: '$ ', depth: 0, nextDepth: 1 });
      const variables = { id: "it's\ta\nb", long: 'y'.repeat(3000) };
      const wishes = { variables, env: { MODE: 'x y' }, cwd: '/etc', stdin: 'one\n' };
      const show = 'echo "$id ${#long} $MODE"; pwd; cat';
      expect(await run(`sh -c '${show}'`, wishes)).toBe("it's\ta\nb 3000 x y\n/etc\none\n");
      expect(await run('echo "${MODE-unset}"; [ "$PWD" = /etc ] || sh -c \'echo "$id"\'')).toBe("unset\nit's\ta\nb\n");
      await run('readonly fixed=1');
      const refused = run('echo never; false', { variables: { fixed: '2' } });
      await expect(refused).rejects.toThrow('the nested shell could not set the variables of this step');
      await expect(run('echo never; echo ever', { cwd: '/nowhere' })).rejects.toThrow('or go to its folder');
      expect(await run(`echo "$fixed $?"; sh -c 'echo "$long"'`)).toMatch(/^1 \d\ny{3000}\n$/);
    },
  );

  it('types into nested shells, knows their status, and leaves them', async () => {
    await using session = await openSession(firstNode(lab), 'terminal');
    const outer = { prompt: '$ ', nextPrompt: '$ ' };
    const nested = { prompt: 'in# ', nextPrompt: 'in# ', depth: 1 };
    const run = async (
      command: string,
      wishes: Partial<SessionInput>,
    ): Promise<readonly [string, number | null, string]> => {
      const output = await session.run(input(command, wishes), never);
      return [sanitize(output.stdout), output.exit, output.ending];
    };
    expect(await run("PS1='in# ' busybox sh", { ...outer, nextPrompt: 'in# ', nextDepth: 1 })).toMatchObject([
      expect.any(String),
      null,
      'opened',
    ]);
    expect(await run('x=5; cat /nowhere', nested)).toEqual([
      "cat: can't open '/nowhere': No such file or directory\n",
      1,
      'completed',
    ]);
    expect(await run('echo $x; cat <<END\na b\nEND', nested)).toEqual(['5\na b\n', 0, 'completed']);
    expect(await run('if', nested)).toMatchObject([expect.stringContaining('syntax error'), 2, 'completed']);
    expect(await run(`echo ${'y'.repeat(3000)}`, nested)).toEqual([`${'y'.repeat(3000)}\n`, 0, 'completed']);
    expect(await run('exit 6', { ...nested, nextPrompt: '$ ', nextDepth: 0 })).toEqual(['', 6, 'completed']);
    expect(await run('echo $?', outer)).toEqual(['6\n', 0, 'completed']);
    await run("PS1='in# ' busybox sh", { ...outer, nextPrompt: 'in# ', nextDepth: 1 });
    expect(await run('echo out', { ...outer, leavesNested: true })).toEqual(['out\n', 0, 'completed']);
  });

  it('says so when what was opened is no shell, and shows nothing of what it types', async () => {
    await using session = await openSession(firstNode(lab), 'terminal');
    await session.run(input('node -i', { prompt: '$ ', nextPrompt: '> ', nextDepth: 1 }), never);
    const typed = session.run(input('1 + 1', { prompt: '> ', nextPrompt: '> ', depth: 1, nextDepth: 1 }), never);
    await expect(typed).rejects.toThrow('what answers at the prompt ">" is no POSIX shell');
  });
});

describe('a program session', () => {
  it('runs zx programs on the node and keeps their state', async () => {
    await using session = await openSession(firstNode(lab), 'program');
    const run = (command: string, wishes: Partial<SessionInput> = {}): Promise<Output> =>
      session.run(input(command, { language: 'ts', ...wishes }), never);
    expect(
      await run('const links: string = (await $`ip -br link`).stdout; console.log(links.split(" ")[0])'),
    ).toMatchObject({
      stdout: 'lo\n',
      exit: 0,
    });
    expect(await run('console.log(typeof links)')).toMatchObject({ stdout: 'string\n', exit: 0 });
    expect(await run('throw new Error("no")')).toMatchObject({ stdout: 'Error: no\n', exit: 1, ending: 'completed' });
    expect(await run('await $`exit 3`')).toMatchObject({ exit: 1, ending: 'completed' });
    expect(await run('console.error("e"); console.log("o")', { stream: 'stderr' })).toMatchObject({
      stdout: 'o\n',
      stderr: 'e\n',
    });
    expect(await run('await sleep(60_000)', { timeoutMs: 400 })).toMatchObject({ ending: 'timed-out' });
    expect(await run('process.exit(4)')).toMatchObject({ exit: 4, ending: 'shell-ended' });
  });

  it('gives a program its environment and its folder, and takes them back, and nothing else', async () => {
    await using session = await openSession(firstNode(lab), 'program');
    const where = 'process.cwd(), String(await $`pwd`).trim(), $.cwd';
    const text = async (command: string, wishes: Partial<SessionInput> = {}): Promise<string> =>
      (await session.run(input(command, { language: 'js', ...wishes }), never)).stdout;
    const seen = `console.log(process.env.id, process.env.MODE, String(await $\`printenv MODE || true\`).trim(), ${where})`;
    const wishes = { variables: { id: "it's" }, env: { MODE: 'x y' }, cwd: '/etc' };
    // What a program does without a folder of its own stays, however it went there.
    await text('cd("/usr"); process.chdir("/var"); $.cwd = "/home"');
    expect(await text(seen, wishes)).toBe("it's x y x y /etc /etc undefined\n");
    expect(await text(seen)).toBe("it's undefined  /var /home /home\n");
    await text('cd("/tmp"); $.cwd = "/"; process.env.MODE = "other"; throw 1', wishes);
    await expect(text('1', { env: { MODE: 'x' }, cwd: '/nowhere' })).rejects.toThrow('there is no folder /nowhere');
    expect(await text(`$.cwd = undefined; ${seen}`)).toBe("it's undefined  /var /usr undefined\n");
    await text('process.env.MODE = "own"');
    await text('1', wishes);
    expect(await text('console.log(process.env.MODE)')).toBe('own\n');
  });
});
