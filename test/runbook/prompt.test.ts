import { describe, expect, it } from 'vitest';
import { promptOf, promptShape } from '../../src/runbook/prompt.ts';

/** What is read of a line, as `kind shape text length`. */
function read(line: string, named: readonly string[] = []): string | undefined {
  const prompt = promptOf(line, named);
  return prompt && `${prompt.kind} ${prompt.shape} "${prompt.text}" ${prompt.length}`;
}

describe('a prompt', () => {
  it.each([
    ['$ ls', 'bare $ "$ " 2'],
    ['$', 'bare $ "$ " 1'],
    ['# ls', 'bare # "# " 2'],
    ['#  ls', 'bare # "# " 2'],
    ['/ # ls', 'shell path # "/ # " 4'],
    ['/ #', 'shell path # "/ # " 3'],
    ['~ $ ls', 'shell path $ "~ $ " 4'],
    ['~/a/b # ls', 'shell path # "~/a/b # " 8'],
    ['/var/log/nginx $ ls', 'shell path $ "/var/log/nginx $ " 17'],
    ['me@host:~$ ls', 'host me@host:path$ "me@host:~$ " 11'],
    ['me@host:~ $ ls', 'host me@host:path$ "me@host:~ $ " 12'],
    ['me@host.lan:/srv/a# ls', 'host me@host.lan:path# "me@host.lan:/srv/a# " 20'],
    ['me-1.a_b@h-1:# x', 'host me-1.a_b@h-1:path# "me-1.a_b@h-1:# " 15'],
    ['host:~# ls', 'host host:path# "host:~# " 8'],
    ['host:/etc$ ls', 'host host:path$ "host:/etc$ " 11'],
    ['h:~ # ls', 'host h:path# "h:~ # " 6'],
    ['[me@host a dir]$ ls', 'host [me@host path]$ "[me@host a dir]$ " 17'],
    ['[me@host ~] # ls', 'host [me@host path]# "[me@host ~] # " 14'],
    ['sh-5.2$ ls', 'shell sh-5.2$ "sh-5.2$ " 8'],
    ['bash# ls', 'shell bash# "bash# " 6'],
    ['ash$ ls', 'shell ash$ "ash$ " 5'],
    ['dash-0.5.12# ls', 'shell dash-0.5.12# "dash-0.5.12# " 13'],
    ['w1# ls', 'host w1# "w1# " 4'],
    ['node-1.lan$ ls', 'host node-1.lan$ "node-1.lan$ " 12'],
  ])('%j is one', (line, prompt) => {
    expect(read(line)).toBe(prompt);
  });

  it.each([
    '$a',
    '$$ a',
    '#!/bin/sh',
    '##',
    ' $ a',
    '> a',
    '% a',
    '/a b # c',
    'x / # ls',
    '//a#b # c',
    '/ #ls',
    '@host:~$ ls',
    'me@:~$ ls',
    'http://a$ b',
    'host:a$ ls',
    '[me@host]$ ls',
    '[host ~]$ ls',
    '[me@host ~$ ls',
    '1w# ls',
    'a b# c',
    'w1#ls',
    'fish$ls',
    '',
    `${'a'.repeat(65)}# ls`,
    `/${'a'.repeat(201)} # ls`,
  ])('%j is none', (line) => {
    expect(read(line)).toBeUndefined();
  });

  it('is one that the block names, before all others', () => {
    expect(read('mysql> select', ['mysql>'])).toBe('named mysql> "mysql> " 7');
    expect(read('mysql>', ['mysql>'])).toBe('named mysql> "mysql> " 6');
    expect(read('mysql>x', ['mysql>'])).toBeUndefined();
    expect(read('a> x', ['mysql>', 'a>'])).toBe('named a> "a> " 3');
    expect(read('$ x', ['$'])).toBe('named $ "$ " 2');
    expect(read('$ x', ['%'])).toBe('bare $ "$ " 2');
    expect(read('$x', ['$', '$x'])).toBe('named $x "$x " 2');
  });

  it('has the shape of its shell, wherever that is', () => {
    expect(promptShape('/tmp # ')).toBe(promptShape('/ # '));
    expect(promptShape('me@h:~$ ')).toBe(promptShape('me@h:/srv$ '));
    expect(promptShape('me@h:~$ ')).not.toBe(promptShape('you@h:~$ '));
    expect(promptShape('mysql> ')).toBe('mysql>');
  });
});
