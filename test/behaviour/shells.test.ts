import { describe, expect, it } from 'vitest';
import { attributes, block, ownFolder, sessions, step, verdictOf } from './documents.ts';

const folder = ownFolder();

/** What a step does to its shell; its status in a sh block; whether the session goes on in the same shell. */
const tricks: readonly (readonly [command: string, status: string, goesOn: boolean])[] = [
  ['exit 3', 'failed', false],
  ['exit 0', 'passed', false],
  ['(exit 3)', 'failed', true],
  ['exec sleep 0.1', 'passed', false],
  ['exec false', 'failed', false],
  ['exec /nowhere/program', 'failed', false],
  ['kill -9 $$', 'failed', false],
  ['kill 0', 'failed', false],
  ['kill -9 0', 'failed', false],
  ['kill -TERM $$', 'failed', false],
  ['kill -SEGV $$', 'failed', false],
  ['set -e; false; echo not reached', 'failed', false],
  ['set -e', 'passed', true],
  ['set -u; echo $nowhere', 'failed', false],
  ['set -u', 'passed', true],
  ['set -o pipefail; false | true', 'failed', true],
  ['set -x', 'passed', true],
  ['set -v', 'passed', true],
  ['set -n', 'timed_out', false],
  ['set -f', 'passed', true],
  ['set -m', 'passed', true],
  ['set -o posix', 'passed', true],
  ["trap 'echo trapped' EXIT; exit 0", 'passed', false],
  ["trap 'exit 0' EXIT; exit 3", 'passed', false],
  ["trap '' HUP INT TERM", 'passed', true],
  ["trap 'echo debug' DEBUG", 'passed', true],
  ["trap 'true' ERR; false", 'failed', true],
  ["trap 'exit 0' ERR; false", 'passed', false],
  ["trap 'return 0' RETURN", 'passed', true],
  ['exec >/dev/null', 'passed', true],
  ['exec >/dev/null 2>&1; false', 'failed', true],
  ['exec </dev/zero', 'passed', true],
  ['exec >&- 2>&-', 'passed', true],
  ['exec 0<&- 1>&- 2>&-', 'passed', true],
  ['exec 3>&- 4>&- 5>&- 9>&-', 'passed', true],
  ['exec 3>/tmp/three 9>/tmp/nine', 'passed', true],
  ['exec 10>/tmp/ten 11>/tmp/eleven 12>/tmp/twelve', 'passed', true],
  ['exec 200>/tmp/lock; flock 200', 'passed', true],
  ['exec {free}>/tmp/free', 'passed', true],
  ['for fd in /proc/$$/fd/*; do fd=${fd##*/}; eval "exec $fd>&-"; done', 'failed', false],
  ['stty raw -echo 2>/dev/null || true', 'passed', true],
  ['stty -isig -icanon -opost 2>/dev/null || true', 'passed', true],
  ['stty rows 1 cols 1 2>/dev/null || true', 'passed', true],
  ['reset 2>/dev/null >&2 || true', 'passed', true],
  ['PS1= PS2= PS4=', 'passed', true],
  ['PS1="$(echo \\$\\ )" PROMPT_COMMAND=false', 'passed', true],
  ['PROMPT_COMMAND="exit 9"', 'passed', true],
  ['unset PATH', 'passed', true],
  ['PATH=/nowhere', 'passed', true],
  ['IFS=0123456789', 'passed', true],
  ['unset IFS HOME PWD OLDPWD SHLVL', 'passed', true],
  ['mkdir /tmp/gone && cd /tmp/gone && rmdir /tmp/gone', 'passed', true],
  ['cd /proc/self', 'passed', true],
  ['ulimit -n 64', 'passed', true],
  ['ulimit -n 4', 'errored or timed_out', false],
  ['ulimit -f 0', 'passed', true],
  ['ulimit -t 1', 'passed', true],
  ['ulimit -c 0 -s 256', 'passed', true],
  ['printf() { echo no; }', 'passed', true],
  ['echo() { builtin echo no; }; true() { return 1; }', 'passed', true],
  ['eval() { :; }; cd() { :; }; trap() { :; }; exec() { :; }; return() { :; }', 'passed', true],
  ['builtin() { :; }', 'timed_out', false],
  ['alias eval=: printf=: builtin=: __netlab_end=:', 'passed', true],
  ['enable -n printf eval', 'timed_out', false],
  ['shopt -s extglob nullglob failglob dotglob', 'passed', true],
  ['shopt -u expand_aliases', 'passed', true],
  ['readonly __netlab_last=0; false', 'timed_out', false],
  ['unset -f __netlab_end; __netlab_end() { :; }', 'failed', true],
  ['return 5', 'failed', true],
  ['break', 'passed', true],
  ['if', 'failed', true],
  ['echo "unfinished', 'failed', true],
  ['cat <<END\nunfinished', 'passed', true],
  ['false | true', 'passed', true],
  ['coproc cat', 'passed', true],
  ['disown -a; wait', 'passed', true],
  ['suspend -f & wait $!', 'timed_out', false],
  ['hash -r; bind -r x 2>/dev/null; true', 'passed', true],
  ['source /dev/null', 'passed', true],
  ['bash -c "kill -9 $$" ', 'failed', false],
  ['(sleep 0.2; kill -9 $$) & true', 'passed', true],
  ['umask 777', 'passed', true],
];

describe.each(sessions)('in a %s', (kind) => {
  it.each(tricks)('after `%s` (%s) nothing lies and nothing hangs', async (command, status, goesOn) => {
    const own = attributes(kind, 'timeout=1500ms continue');
    const text =
      block(`sh ${attributes(kind)}`, 'mark=kept') +
      block(`sh ${own}`, command) +
      // True of every shell, whatever became of the last; only what it says of the mark tells which one it is.
      block(`sh ${attributes(kind, 'timeout=3s continue')}`, '\\command echo "mark=$mark" 2>&1; (exit 7)') +
      block(`console ${attributes(kind, 'timeout=6s')}`, '$ /bin/echo still here', 'something else');
    const started = performance.now();
    const result = await verdictOf(folder(), text);
    const [, trick, marked, lie] = result.steps;
    expect(status.split(' or ')).toContain(trick?.status);
    // Never a pass by accident: a false statement and a status of 7 are told as what they are.
    expect(marked?.status).not.toBe('passed');
    expect(lie?.status).not.toBe('passed');
    if (goesOn) {
      expect(marked).toMatchObject({ status: 'failed', exit: 7 });
      expect(marked?.stdout).toContain('mark=kept');
    } else {
      // The step that ended it says so, or the next one could not be run in it.
      expect([trick?.reason, marked?.status].join()).toMatch(
        /ended its shell|the shell ended|no end within|timed_out|errored/,
      );
    }
    expect(performance.now() - started).toBeLessThan(14_000);
  });
});

describe.each(sessions)('a %s', (kind) => {
  it('keeps the statuses of a pipeline from one step to the next', async () => {
    const prompts = [
      ['$ (exit 3) | true | (exit 5)', '[5]'],
      ['$ echo "${PIPESTATUS[@]} $?"', '3 0 5 5'],
      ["$ false | cat '/dev/null'"],
      ['$ echo ${PIPESTATUS[0]} ${PIPESTATUS[1]}', '1 0'],
      ['$ true'],
      ['$ echo "${PIPESTATUS[@]}"', '0'],
    ].flat();
    const text = block('console', ...prompts)
      .replaceAll('(exit 3)', "bash -c 'exit 3'")
      .replaceAll('(exit 5)', "bash -c 'exit 5'");
    expect(
      (await verdictOf(folder(), text.replace('console', `console ${attributes(kind)}`))).steps.map(
        ({ status, stdout }) => [status, stdout],
      ),
    ).toEqual([
      ['passed', ''],
      ['passed', '3 0 5 5\n'],
      ['passed', ''],
      ['passed', '1 0\n'],
      ['passed', ''],
      ['passed', '0\n'],
    ]);
  });

  it('keeps what is open on two-digit descriptors', async () => {
    const text = block(
      `console ${attributes(kind)}`,
      '$ exec 10>/tmp/ten 12>/tmp/twelve 20>/tmp/twenty',
      '$ echo a >&10; echo b >&12; echo c >&20',
      '$ cat /tmp/ten /tmp/twelve /tmp/twenty',
      'a',
      'b',
      'c',
      '$ exec 10>&- 12>&- 20>&-',
      "$ bash -c 'echo d >&10' 2>/dev/null",
      '[1]',
      '$ echo end',
      'end',
    );
    expect((await verdictOf(folder(), text)).steps.map(({ status, stdout }) => [status, stdout])).toEqual(
      [
        ['passed', ''],
        ['passed', ''],
        ['passed', 'a\nb\nc\n'],
        ['passed', ''],
        ['passed', ''],
        ['passed', 'end\n'],
      ].map((each, index) => (index === 4 ? ['passed', expect.any(String)] : each)),
    );
    expect(step(await verdictOf(folder(), text), 5).status).toBe('passed');
  });
});
