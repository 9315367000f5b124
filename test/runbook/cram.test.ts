import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/errors.ts';
import { parse } from '../../src/runbook/parse.ts';
import type { Runbook } from '../../src/runbook/types.ts';
import { at } from './reading.ts';

const read = (source: string, path = 'dir/test.t'): Runbook => parse(source, path, { expectationKeys: [] });
const shown = (source: string): unknown[] =>
  read(source).steps.map(({ command, expected, exit }) => [command, expected?.lines, exit]);

describe('a file of cram’s', () => {
  it.each([
    ['prose and a command', 'Prose:\n\n  $ echo a\n  a\n\nMore.\n', [['echo a', ['a'], 0]]],
    ['no line end at the end', '  $ echo a\n  a', [['echo a', ['a'], 0]]],
    ['what is a status of trycmd alone', '  $ a\n  ? failed\n', [['a', ['? failed'], 0]]],
    ['a status', '  $ false\n  [1]\n', [['false', undefined, 1]]],
    [
      'a continuation',
      '  $ for i in 1; do\n  >   echo $i\n  > done\n  1\n',
      [['for i in 1; do\n  echo $i\ndone', ['1'], 0]],
    ],
    ['blanks that belong to the output', '  $ a\n    b\n', [['a', ['  b'], 0]]],
    [
      'two runs of lines',
      '  $ a\nx\n  $ b\n  c\n',
      [
        ['a', undefined, 0],
        ['b', ['c'], 0],
      ],
    ],
    ['the line ends of Windows', '  $ a\r\n  b\r\n', [['a', ['b'], 0]]],
    ['lines that are set off without a command', 'Such as:\n\n  no command\n  $x\n', []],
    ['one blank before the command', ' $ a\n', []],
    ['nothing', '', []],
    ['Markdown, which is prose there', '```console\n$ a\n```\n', []],
  ])('%s', (_, source, steps) => {
    expect(shown(source)).toEqual(steps);
  });

  it('has its places', () => {
    const source = 'x\n  $ echo a\n  a\n  $ b\n  [2]\ny\n';
    const [first, second] = read(source).steps;
    expect([at(source, first?.span), at(source, first?.expected?.span), first?.expected?.prefix]).toEqual([
      'echo a',
      '  a\n',
      '  ',
    ]);
    expect([second?.span.start.line, at(source, second?.outputPlace?.span)]).toEqual([4, '  [2]\n']);
  });

  it('tells its commands of itself and of the world, as cram does', () => {
    expect(read('  $ a\n', '/srv/dir/test.t').env).toEqual({
      ...{ TESTDIR: '/srv/dir', TESTFILE: 'test.t', TESTSHELL: '/bin/bash', CRAMTMP: '/tmp/cramtests' },
      ...{ TMPDIR: '/tmp/cramtests/tmp', TEMP: '/tmp/cramtests/tmp', TMP: '/tmp/cramtests/tmp' },
      ...{ LANG: 'C', LC_ALL: 'C', LANGUAGE: 'C', TZ: 'GMT', CDPATH: '', COLUMNS: '80' },
    });
    expect(read('```sh\na\n```\n', '/srv/t.md')).toMatchObject({ env: {}, steps: [{ command: 'a' }] });
  });

  it('is never plain: each command must print what is there, and nothing else', () => {
    const { steps, note } = read('  $ a\n');
    expect([steps[0]?.statusOnly, note]).toEqual([undefined, undefined]);
  });

  it('that is too large is refused', () => {
    expect(() => read('\n'.repeat(60_000))).toThrow(ParseError);
  });
});
