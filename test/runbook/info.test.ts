import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/errors.ts';
import { readAttributes, readLanguage } from '../../src/runbook/info.ts';
import { isTyped, runLanguage, saysOutputOrExpect } from '../../src/runbook/languages.ts';
import { collectProblems } from '../../src/runbook/problems.ts';
import { sourceText } from '../../src/runbook/source-text.ts';
import { brief } from './reading.ts';

/** What is read of the words after a language, as `key form value start valueStart`, and what is wrong with them. */
function words(text: string, strict = false): string[] {
  const problems = collectProblems('doc.md', sourceText(text));
  const read = readAttributes(text, 0, strict, problems).map(
    ({ key, form, value, start, valueStart, strict: isStrict }) =>
      `${key} ${form} ${value} ${start} ${valueStart}${isStrict ? ' strict' : ''}`,
  );
  try {
    problems.throwIfAny();
    return read;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return [...read, ...error.diagnostics.map((each) => `${brief(each)} ${each.message}`)];
  }
}

describe('the words after a language', () => {
  it.each([
    ['', []],
    ['  ', []],
    ['a', ['a flag undefined 0 0']],
    [' a  b', ['a flag undefined 1 1', 'b flag undefined 4 4']],
    ['a,b;c', ['a flag undefined 0 0', 'b flag undefined 2 2', 'c flag undefined 4 4']],
    ['a=b', ['a bare b 0 2']],
    ['a: b', ['a bare b 0 3']],
    ['a\t=\tb', ['a bare b 0 4']],
    ['a="b c"', ['a quoted b c 0 2']],
    ["a='b \"c'", ['a quoted b "c 0 2']],
    ['a=""', ['a quoted  0 2']],
    ['a="\\"\\\\\\n"', ['a quoted "\\\\n 0 2']],
    ['a=/b c/', ['a regex b c 0 2']],
    ['a=/b\\/c\\d/', ['a regex b/c\\d 0 2']],
    ['a=/b/c/d/', ['a bare /b/c/d/ 0 2']],
    ['a=/b/c', ['a bare /b/c 0 2']],
    ['a=/', ['a bare / 0 2']],
    ['a=//', ['a bare // 0 2']],
    ['a=[b, c-d.e]', ['a list b, c-d.e 0 2']],
    ['a=[]', ['a list  0 2']],
    ['a=[b]c', ['a bare [b]c 0 2']],
    ['{a}', ['a flag undefined 1 1 strict']],
    ['{a=b} c', ['a bare b 1 3 strict', 'c flag undefined 6 6']],
    ['{a=/b/}', ['a regex b 1 3 strict']],
    ['{a=[b]}', ['a list b 1 3 strict']],
    ['{a} {b}', ['a flag undefined 1 1 strict', 'b flag undefined 5 5 strict']],
    ['{1,3-5} a', ['a flag undefined 8 8']],
    ['{1, 3 - 5}{a}', ['a flag undefined 11 11 strict']],
    ['{"a":"b","c":1}', ['a quoted b 1 5 strict', 'c bare 1 9 13 strict']],
    ["{'a':'b'}", ['a quoted b 1 5 strict']],
    ['"a" b', []],
    ['a ]b', ['a flag undefined 0 0']],
    ['a b=', ['a flag undefined 0 0', 'b unreadable undefined 2 4']],
    ['a= {b}', ['a unreadable undefined 0 3', 'b flag undefined 4 4 strict']],
    ['a={b c} d', ['a unreadable undefined 0 2', 'd flag undefined 8 8']],
    ['a={{ b: [1] }} d', ['a unreadable undefined 0 2', 'd flag undefined 15 15']],
    [
      'a={b',
      ['a unreadable undefined 0 2', 'b flag undefined 3 3 strict', 'bad-attribute 1:3 this "{" is never closed'],
    ],
    ['{a=}', ['a unreadable undefined 1 3 strict', 'bad-attribute 1:2 the attribute "a" has no value after its "="']],
    ['{a', ['a flag undefined 1 1 strict', 'bad-attribute 1:1 this "{" is never closed']],
    ['b {a=b', ['b flag undefined 0 0', 'a bare b 3 5 strict', 'bad-attribute 1:3 this "{" is never closed']],
    ['{]a}', ['bad-attribute 1:2 "]a}" is no attribute']],
    ['{/abcdefghijklmnopqrstuvwxyz}', ['bad-attribute 1:2 "/abcdefghijklmnopqrs" is no attribute']],
    ['a }', ['a flag undefined 0 0']],
  ])('%j', (text, read) => {
    expect(words(text)).toEqual(read);
  });

  it('are all ours in a hidden comment', () => {
    expect(words('a b=c', true)).toEqual(['a flag undefined 0 0 strict', 'b bare c 2 4 strict']);
    expect(words('a ]', true)).toEqual(['a flag undefined 0 0 strict', 'bad-attribute 1:3 "]" is no attribute']);
    expect(words('a }', true)).toEqual(['a flag undefined 0 0 strict', 'bad-attribute 1:3 "}" is no attribute']);
  });

  it('are at most a hundred', () => {
    expect(words('a '.repeat(100))).toHaveLength(100);
    expect(words('a '.repeat(101)).slice(100)).toEqual([
      'too-many-attributes 1:201 a block has at most 100 attributes',
    ]);
  });
});

describe('a language', () => {
  it.each([
    ['sh', 'sh', 2],
    ['  SH x', 'sh', 4],
    ['sh{a}', 'sh', 2],
    ['{a}', '', 0],
    ['', '', 0],
    ['c++ x', 'c++', 3],
  ])('of %j is %j', (info, language, end) => {
    expect(readLanguage(info)).toEqual({ language, end });
  });

  it.each([
    ['console', 'transcript'],
    ['shell-session', 'transcript'],
    ['shellsession', 'transcript'],
    ['sh-session', 'transcript'],
    ['terminal', 'transcript'],
    ['scrut', 'transcript'],
    ['sh', 'shell'],
    ['bash', 'shell'],
    ['shell', 'shell'],
    ['js', 'js'],
    ['ts', 'ts'],
    ['zsh', undefined],
    ['', undefined],
  ])('%j is run as %s', (language, run) => {
    expect(runLanguage(language)).toBe(run);
  });

  it.each([
    ['text', 'text output', true],
    ['text', 'text {output}', true],
    ['text', 'text {match=contains,output}', true],
    ['text', 'text title="the output"', false],
    ['text', "text title='the output'", false],
    ['text', 'text outputs', false],
    ['yaml', 'yaml expect', true],
    ['yml', 'yml expect', true],
    ['expect', 'expect', true],
    ['yaml', 'yaml "expect"', false],
    ['tcl', 'tcl expect', false],
    ['', '', false],
  ])('%s with the words %j says what is expected: %s', (language, info, says) => {
    expect(saysOutputOrExpect(language, info)).toBe(says);
  });
});

it.each([
  [['$ a'], true],
  [['$   a'], true],
  [['', '# why', ' ', '$ a'], true],
  [['$ '], false],
  [['$a'], false],
  [[' $ a'], false],
  [['a', '$ b'], false],
  [['# $ a'], false],
  [[], false],
])('the script %j shows a terminal: %s', (lines, typed) => {
  expect(isTyped(lines.map((text) => ({ text, start: 0, end: 0, lineStart: 0, next: 0 })))).toBe(typed);
});
