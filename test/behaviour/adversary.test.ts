import { describe, expect, it } from 'vitest';
import { attributes, block, ownFolder, sessions, step, verdictOf } from './documents.ts';

const folder = ownFolder();

/** What a step does so that it, or one after it, hangs or lies. Each in a session of its own, all in one lab. */
const tricks: readonly string[] = [
  // What is netlab's own: its marks, its descriptors, its names.
  "printf '\\001E\\002\\001B\\002\\001E0\\002'; for n in 1 2 3 4 5; do printf '%s 0\\n' aaaa.$n; done",
  'for fd in $(seq 3 70); do eval "printf \'x.9 0\\\\n\' >&$fd"; done 2>/dev/null; true',
  'for f in /proc/$$/fd/*; do [ ! -p $f ] || timeout 0.2 sh -c "printf \'x.9 0\\\\n\' >$f"; done 2>/dev/null; true',
  'timeout 0.3 cat /proc/$$/fd/0 /proc/$$/fd/62 /proc/1/fd/0; true',
  "echo 'exited dockerd 0' >/proc/1/fd/3; echo pid 1 >/proc/1/fd/1; true",
  'exec 57</dev/zero 58</dev/zero 59>/dev/null 60>/dev/null 61</dev/zero 62>/dev/null',
  'for i in {0..255}; do eval "exec $i>&-"; done',
  'BASH_XTRACEFD=62; set -x',
  'set -vx',
  'unset -f __netlab_end __netlab_status; readonly __netlab_pipe=0 __netlab_fds= __netlab_cwd=/',
  'declare -n __netlab_last=mark',
  'rm -f /run/netlab/fifo-* /run/netlab/reply-*; true',
  // What a shell runs by itself.
  "trap 'exit 0' ERR",
  "set -E -T; trap 'exit 0' ERR RETURN",
  "shopt -s extdebug; trap 'return 2' DEBUG",
  "trap 'exit 0' DEBUG",
  "trap 'sleep 100' EXIT; exit 0",
  "trap '' CHLD",
  "echo 'exit 0' >/tmp/env; export BASH_ENV=/tmp/env ENV=/tmp/env",
  'command_not_found_handle() { return 0; }; nosuchcommand',
  'enable -n builtin',
  'alias printf=true eval=true builtin=true exec=true command=true [[=true if=true for=true export=true set=true',
  'hash -p /bin/true printf; hash -p /bin/true mkfifo',
  'export LD_PRELOAD=/nowhere.so',
  "IFS=$'\\n \\t0123456789 .'; export LC_ALL=tr_TR.UTF-8 TZ=XXX IFS",
  "export PS4='$(exit 0)'; set -x",
  'TMOUT=1; export TMOUT; sleep 1.2; true',
  // Limits.
  'ulimit -n 3',
  "ulimit -f 0; trap '' XFSZ",
  'ulimit -v 20000',
  'ulimit -s 8',
  'ulimit -t 0',
  'HUGE=$(head -c 3000000 /dev/zero | tr "\\0" x); export HUGE',
  'ulimit -n 20000; for i in {100..1000}; do eval "exec $i</dev/null"; done',
  'set -r',
  // Processes.
  'kill -STOP $$',
  'kill -TSTP $$; kill -TTOU $$; true',
  "trap '' TTIN TTOU; stty tostop 2>/dev/null; (sleep 0.2; echo bg) & true",
  'exec -a bash sleep 0.1',
  'exec bash --norc --noprofile -s',
  'coproc { sleep 100; }; coproc B { cat; }',
  'sleep 100 & disown -a',
  "setsid -f sh -c '(sleep 100 &) ; exec sleep 100'",
  'read -t 0.3 x; read -t 0.3 -N 5 x; true',
  'for h in /sys/fs/cgroup/*/; do mkdir $h/mine && echo $$ >$h/mine/cgroup.procs; mv $h $h.x; done 2>/dev/null; true',
  // Syntax.
  'eval "$(printf \'if true; then\')"',
  '}; true; {',
  "'; exit 0; '",
];

describe.each(sessions)('in a %s', (kind) => {
  it(`${tricks.length} tricks make no verdict of what comes after them wrong, and hang nothing`, async () => {
    const text = tricks.map((trick, index) => {
      const own = (more: string): string => `sh ${attributes(kind, `session=s${index} ${more}`)}`;
      return (
        block(own('timeout=1500ms continue'), trick) +
        block(own('timeout=3s continue'), '\\command echo "mark=$mark" 2>&1; \\command false') +
        block(own('timeout=3s continue'), 'false') +
        block(own('timeout=3s continue'), '/bin/echo truth') +
        block('text output', 'a lie')
      );
    });
    const truth = block(`console ${attributes(kind, 'session=truth')}`, '$ /bin/echo truth', 'truth');
    const result = await verdictOf(folder(), text.join('\n') + truth);
    expect(result.steps).toHaveLength(4 * tricks.length + 1);
    const lies = tricks.flatMap((trick, index) =>
      [1, 2, 3]
        .map((after) => step(result, 4 * index + after))
        .flatMap(({ status, command, exit }) =>
          status === 'passed' ? [`after ${trick}: ${command} passed (${exit})`] : [],
        ),
    );
    expect(lies).toEqual([]);
    expect(result.steps.at(-1)?.status).toBe('passed');
  }, 120_000);
});

describe('a lab whose ground is taken away', () => {
  it.each([
    ['its /proc is gone', 'umount -l /proc'],
    ['its /proc is covered', 'mount -t tmpfs none /proc'],
    ['its shell may not redirect', 'set -r; true'],
  ])('errs where a step could not begin, whatever status its document wants: %s', async (_, command) => {
    const text =
      block('sh {continue}', command) +
      block('sh {exit=1 continue}', 'echo this is not run; exit 1') +
      block('console {continue}', '$ false', '[1]');
    const result = await verdictOf(folder(), text);
    expect(result.steps.map(({ status }) => status)).toEqual(['passed', 'errored', 'errored']);
    expect(step(result, 1).reason).toMatch(/^the shell on node1 could not begin this step: bash: ./);
  });

  it('errs, and does not hang, when nothing is left to start a shell with', async () => {
    const remove = 'rm -f /bin/bash /usr/bin/bash /bin/mkfifo /usr/bin/mkfifo; kill -9 $$';
    const result = await verdictOf(folder(), block('sh {continue}', remove) + block('sh {exit=127}', 'true'));
    expect(result.steps.map(({ status }) => status)).toEqual(['failed', 'errored']);
  });

  it('goes on when a step fills its files, its inodes and its shared memory', async () => {
    const fill = 'i=0; while mkdir /tmp/d$i 2>/dev/null; do i=$((i+1)); done; head -c 100M /dev/zero >/dev/shm/x; true';
    const text =
      block('sh {timeout=2s continue}', fill) +
      block('sh {stdin="given" continue}', 'read -r x; echo "$x"; exit 7') +
      block('console', '$ echo alive', 'alive');
    const result = await verdictOf(folder(), text, { front: 'lab: { limits: { disk: 8MiB } }' });
    expect(step(result, 1).status).not.toBe('passed');
    expect(step(result, 2).status).toBe('passed');
  });
});

describe.each(sessions)('a step with variables that its shell does not let go, in a %s', (kind) => {
  it('is an error at once, and the next one is right', async () => {
    const own = (more: string): string => `sh ${attributes(kind, `continue ${more}`)}`;
    const result = await verdictOf(
      folder(),
      block(own(''), 'readonly X=1; Y=mine') +
        block(own('env.X=5'), 'true | true') +
        block(own('env.UID=5'), 'true') +
        block(own('env.Y=theirs'), '[ $Y = theirs ]; false') +
        block(own(''), '[ "$X $Y" = "1 mine" ]'),
    );
    expect(result.steps.map(({ status }) => status)).toEqual(['passed', 'errored', 'errored', 'failed', 'passed']);
    expect(step(result, 1).reason).toMatch(
      /^cannot set the variables of this step: one of them is read-only in its shell/,
    );
  });
});

describe.each(sessions)('a coprocess that ends, in a %s', (kind) => {
  it('takes nothing of its shell along', async () => {
    const own = `sh ${attributes(kind, 'timeout=3s')}`;
    const work = 'coproc cat; echo word >&${COPROC[1]}; read -r word <&${COPROC[0]}; echo "$word"; kill $COPROC_PID';
    const text = block(own, work) + block('text output', 'word') + block(own, 'true').repeat(5);
    expect((await verdictOf(folder(), text)).status).toBe('passed');
  });
});

describe.each(sessions)('a step that may end its shell, in a %s', (kind) => {
  it.each([
    ['a signal that comes between', "trap 'exit 0' USR1; (sleep 0.2; kill -USR1 $$) & true"],
    ['its end', "trap 'exit 0' EXIT; (sleep 0.2; kill -TERM $$) & true"],
  ])('is no pass when the shell ended with the wanted status before it: at %s', async (_, command) => {
    const own = attributes(kind, 'continue');
    const result = await verdictOf(
      folder(),
      block(`sh ${own}`, command) +
        block('sh {session=other}', 'sleep 0.5') +
        block(`sh ${own}`, 'touch /tmp/ran; exit 0') +
        block('console', '$ ls /tmp/ran', '[..]/tmp/ran[..]', '[2]'),
    );
    expect(result.steps[2]).toMatchObject({
      status: 'errored',
      reason: expect.stringContaining('had ended before it'),
    });
    expect(result.steps[3]?.status).toBe('passed');
  });
});

describe.each(sessions)('a shell that ends between two steps, in a %s', (kind) => {
  it.each([
    ['at once', "trap 'exit 0' TERM; (sleep 0.2; kill $$) & true"],
    ['killed', '(sleep 0.2; kill -9 $$) & true'],
    ['at its next command', "trap 'exit 0' USR1; (sleep 0.2; kill -USR1 $$) & true"],
  ])('is no pass of the second, which was not run: %s', async (_, command) => {
    const own = attributes(kind, 'continue');
    const result = await verdictOf(
      folder(),
      block(`sh ${own}`, command) +
        block('sh {session=other}', 'sleep 0.5') +
        block(`sh ${own}`, 'touch /tmp/ran') +
        block('console', '$ ls /tmp/ran', '[..]/tmp/ran[..]', '[2]') +
        block(`console ${attributes(kind)}`, '$ echo new', 'new'),
    );
    expect(result.steps.map(({ status }) => status)).toEqual(['passed', 'passed', 'errored', 'passed', 'passed']);
  });
});
