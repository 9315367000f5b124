import { describe, expect, it } from 'vitest';
import { problemsOf, stepOf, stepsOf, transcript } from './reading.ts';

const commands = (source: string): string[] => stepsOf(source).map((step) => step.command);
const outputs = (source: string): (readonly string[] | undefined)[] =>
  stepsOf(source).map((step) => step.expected?.lines);

/** With an attribute, so that the document is one for netlab. */
const named = (source: string): string => source.replace('console', 'console {name=n}');

describe('prompts', () => {
  it.each([
    ['$ ', '$ '],
    ['# ', '# '],
    ['/ # ', '/ # '],
    ['/var/log # ', '/var/log # '],
    ['~ # ', '~ # '],
    ['~ $ ', '~ $ '],
    ['w1# ', 'w1# '],
    ['user@host:/srv/a$ ', 'user@host:/srv/a$ '],
    ['root@host:~# ', 'root@host:~# '],
    ['root@5f3c:/# ', 'root@5f3c:/# '],
    ['[root@host dir]# ', '[root@host dir]# '],
    ['sh-5.2$ ', 'sh-5.2$ '],
    ['bash-5.2# ', 'bash-5.2# '],
  ])('%j begins a command', (prompt, printed) => {
    expect(stepOf(transcript(`${prompt}ls -l`, 'out'))).toMatchObject({
      command: 'ls -l',
      prompt: printed,
      expected: { lines: ['out'] },
    });
  });

  it.each([
    ['$ ', '# comment'],
    ['# ', '$ money'],
    ['# ', '#!/bin/sh'],
    ['$ ', '$HOME'],
    ['$ ', '/path/to #x'],
    ['$ ', 'a b$ c'],
    ['$ ', '  # indented'],
    ['$ ', 'mysql> select'],
    ['/ # ', '# comment'],
    ['/ # ', '$ money'],
    ['w1# ', '# comment'],
  ])('in a %j block %j is output', (prompt, line) => {
    expect(outputs(named(transcript(`${prompt}x`, line)))).toEqual([[line]]);
  });

  it('takes the prompts that the block names', () => {
    const source = '```console {prompt="mysql> , ->"}\n$ mysql\nmysql> select 1\n1\n-> x\nmysql>\n```\n';
    expect(stepsOf(source).map(({ prompt, command, nextPrompt }) => [prompt, command, nextPrompt])).toEqual([
      ['$ ', 'mysql', 'mysql> '],
      ['mysql> ', 'select 1', '-> '],
      ['-> ', 'x', 'mysql> '],
    ]);
  });

  it('names ">" a prompt of its own', () => {
    expect(commands('```console {prompt=">"}\n> a\n> b\n```\n')).toEqual(['a', 'b']);
  });

  it.each(['output first', '\ttab', '# ', '$x'].slice(0, 2))('refuses a block that begins with %j', (line) => {
    expect(problemsOf(named(transcript(line, '$ x')))).toEqual(['no-prompt 2:1']);
  });

  it('skips empty lines before the first prompt, and empty blocks', () => {
    expect(commands(transcript('', '$ x'))).toEqual(['x']);
    expect(commands(transcript(''))).toEqual([]);
  });

  it('takes a bare prompt for what it shows', () => {
    expect(stepsOf(transcript('# x', 'out', '/ #', '')).map(({ nextPrompt }) => nextPrompt)).toEqual(['/ # ']);
    expect(stepsOf(transcript('# x', '# ')).map(({ nextPrompt }) => nextPrompt)).toEqual(['# ']);
    expect(problemsOf(transcript('# x', '#', 'stray'))).toEqual(['output-without-command 4:1']);
  });
});

describe('commands', () => {
  it.each([
    ['continuation', ['$ for i in 1 2', '> do echo $i', '>', '> done', '1'], 'for i in 1 2\ndo echo $i\n\ndone', ['1']],
    ['backslash', ['$ echo a \\', '  b', 'a b'], 'echo a \\\n  b', ['a b']],
    ['backslash and prompt', ['$ echo a \\', '> b', 'a b'], 'echo a \\\nb', ['a b']],
    ['two backslashes', ['$ echo \\\\', 'x'], 'echo \\\\', ['x']],
    ['here-document', ['$ cat <<EOF', '# a', '$ b', '', 'EOF', '# a'], 'cat <<EOF\n# a\n$ b\n\nEOF', ['# a']],
    ['prompted here-document', ['$ cat <<EOF', '> a', '> EOF', 'a'], 'cat <<EOF\na\nEOF', ['a']],
    ['quoted terminator', ["$ cat <<'E O'", 'x', 'E O', 'x'], "cat <<'E O'\nx\nE O", ['x']],
    ['indented terminator', ['$ cat <<-E', '\tx', '\tE', 'x'], 'cat <<-E\n\tx\n\tE', ['x']],
    ['two here-documents', ['$ f <<A <<B', '1', 'A', '2', 'B', 'x'], 'f <<A <<B\n1\nA\n2\nB', ['x']],
    [
      'here-document in a continuation',
      ['$ if x', '> then cat <<E', 'b', 'E', '> fi'],
      'if x\nthen cat <<E\nb\nE\nfi',
      undefined,
    ],
    ['terminator in double quotes', ['$ cat <<"E O"', 'x', 'E O', 'x'], 'cat <<"E O"\nx\nE O', ['x']],
    ['escaped terminator', ['$ cat <<\\E', 'x', 'E', 'x'], 'cat <<\\E\nx\nE', ['x']],
    ['blanks before the terminator', ['$ cat << \tE', 'x', 'E'], 'cat << \tE\nx\nE', undefined],
    ['tabs before a terminator that may have none', ['$ cat <<E', '\tE', 'x'], 'cat <<E', ['\tE', 'x']],
    ['several tabs', ['$ cat <<-E', '\t\tE', 'x'], 'cat <<-E\n\t\tE', ['x']],
    ['tabs within', ['$ cat <<-E', 'a\tE', 'x'], 'cat <<-E', ['a\tE', 'x']],
    ['terminator with dots and dashes', ['$ cat <<E.a-b', 'x', 'E', 'E.a-b'], 'cat <<E.a-b\nx\nE\nE.a-b', undefined],
    ['terminator that came before', ['$ a', 'E', '$ cat <<E', 'x'], undefined, undefined],
    ['here-document right below', ['$ cat <<E', 'E', 'x'], 'cat <<E\nE', ['x']],
    ['second one without an end', ['$ f <<A <<B', '1', 'A', 'x'], 'f <<A <<B\n1\nA', ['x']],
    ['first one without an end', ['$ f <<A <<B', '1', 'B', 'x'], 'f <<A <<B', ['1', 'B', 'x']],
    ['prompted here-documents', ['$ f <<A <<-B', '> A', '> \tB', '> c', 'x'], 'f <<A <<-B\nA\n\tB\nc', ['x']],
    ['prompted one that goes on without', ['$ cat <<A', '> b', 'c', 'A', 'x'], 'cat <<A\nb\nc\nA', ['x']],
    ['three backslashes', ['$ echo \\\\\\', 'b', 'x'], 'echo \\\\\\\nb', ['x']],
    ['a backslash at the end of the block', ['$ echo \\'], 'echo \\', undefined],
    ['a continuation line without its blank', ['$ a', '>b'], 'a', ['>b']],
    ['no here-document', ['$ echo $((x<<y))', '8'], 'echo $((x<<y))', ['8']],
    ['here-string', ['$ cat <<<EOF', 'EOF'], 'cat <<<EOF', ['EOF']],
  ])('%s', (_, lines, command, output) => {
    const step = stepsOf(transcript(...lines)).at(-1);
    expect([step?.command, step?.expected?.lines]).toEqual([
      command ?? 'cat <<E',
      output ?? (command ? undefined : ['x']),
    ]);
  });

  it('does not go on after a thousand backslashes and one', () => {
    expect(commands(transcript(`$ a ${'\\'.repeat(999)}`, 'b'))).toEqual([`a ${'\\'.repeat(999)}\nb`]);
  });

  it('knows no continuation where ">" is a prompt', () => {
    const source = transcript('> cat <<E', '> a', 'E', '> b').replace('console', 'console {prompt=">"}');
    expect(commands(source)).toEqual(['cat <<E\n> a\nE', 'b']);
  });
});

describe('expected output', () => {
  it.each([
    [['$ x'], undefined, 0],
    [['$ x', ''], undefined, 0],
    [['$ x', 'a', '', 'b', '', ''], ['a', '', 'b'], 0],
    [['$ x', '', 'a'], ['', 'a'], 0],
    [['$ x', 'a', '[2]'], ['a'], 2],
    [['$ x', 'a', '? 3', ''], ['a'], 3],
    [['$ x', '[127]'], undefined, 127],
    [['$ x', '[256]'], ['[256]'], 0],
    [['$ x', '[1]', 'a'], ['[1]', 'a'], 0],
    [['$ x', '  a  '], ['  a  '], 0],
  ])('%j', (lines, output, exit) => {
    const step = stepOf(transcript(...lines));
    expect([step.expected?.lines, step.exit]).toEqual([output, exit]);
  });
});

describe('nested shells', () => {
  const levels = (source: string) =>
    stepsOf(source).map(({ command, nextPrompt, leavesNested }) => [command, nextPrompt, leavesNested]);

  it('come back to the outer prompt after exit', () => {
    expect(levels(transcript('# sh', 'sh-5.2# # no', 'sh-5.2# ls', '# a', 'sh-5.2# exit', '# pwd', '/'))).toEqual([
      ['sh', 'sh-5.2# ', false],
      ['# no', 'sh-5.2# ', false],
      ['ls', 'sh-5.2# ', false],
      ['exit', '# ', false],
      ['pwd', undefined, false],
    ]);
  });

  it('come back without exit when a bare prompt shows that nothing was typed', () => {
    expect(levels(transcript('# sh', '/ # ls', '/ #', '# pwd', '/'))).toEqual([
      ['sh', '/ # ', false],
      ['ls', '/ # ', false],
      ['pwd', undefined, true],
    ]);
  });

  it('go on in the next block, or are left by it', () => {
    const source = [transcript('# sh', '/ # ls'), transcript('/tmp # pwd'), transcript('# w'), transcript('# v')].join(
      '\n',
    );
    expect(levels(source)).toEqual([
      ['sh', '/ # ', false],
      ['ls', undefined, false],
      ['pwd', undefined, false],
      ['w', undefined, true],
      ['v', undefined, false],
    ]);
  });

  it('are opened by the last command of the block before', () => {
    expect(levels(`${transcript('# docker run -it x')}\n${transcript('/ # ls')}`)).toEqual([
      ['docker run -it x', '/ # ', false],
      ['ls', undefined, false],
    ]);
    expect(levels(`${transcript('$ a')}\n${transcript('me@here:~$ ls')}\n${transcript('$ b')}`)).toEqual([
      ['a', undefined, false],
      ['ls', undefined, false],
      ['b', undefined, false],
    ]);
  });

  it('are counted for each session on its own', () => {
    const other = transcript('# w').replace('console', 'console {session=two}');
    expect(levels(`${transcript('# sh', '/ # ls')}\n${other}`).at(-1)).toEqual(['w', undefined, false]);
  });
});

describe('attributes', () => {
  it('name the first command, and number the others', () => {
    const steps = stepsOf(transcript('$ a', '$ b', '$ c').replace('console', 'console {name=n timeout=2s}'));
    expect(steps.map(({ name, blockName, timeoutMs }) => [name, blockName, timeoutMs])).toEqual([
      ['n', 'n', 2000],
      ['n-2', 'n', 2000],
      ['n-3', 'n', 2000],
    ]);
  });

  it('for one command are refused for several', () => {
    const block = transcript('$ a', '$ b').replace('console', 'console {exit=1 background}');
    expect(problemsOf(block)).toEqual(['for-one-command 1:13', 'for-one-command 1:20']);
  });

  it.each(['console', 'shell-session', 'sh-session', 'terminal', 'Console'])('language %s', (language) => {
    expect(commands(transcript('$ a').replace('console', language))).toEqual(['a']);
  });
});
