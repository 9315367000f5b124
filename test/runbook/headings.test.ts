import { describe, expect, it } from 'vitest';
import { problemsOf, read } from './reading.ts';

const title = (source: string): string => read(source).title;

describe('a heading', () => {
  it.each([
    ['# One', 'One'],
    ['#   One  ', 'One'],
    ['# One ##', 'One'],
    ['# One #  ', 'One'],
    ['## One', 'One'],
    ['# One#', 'One#'],
    ['# One # two', 'One # two'],
    ['# C#  and\tF#', 'C# and F#'],
    ['One\n===', 'One'],
    ['One\ntwo\n---', 'One two'],
    ['One\r\n===', 'One'],
    ['# `ls` and *more*', 'ls and more'],
    ['# [Text](there) and ![image](here)', 'Text and image'],
    ['# [Text]', '[Text]'],
    ['> # One', 'One'],
    ['#\n\n# Two', 'Two'],
    ['text', 'doc.md'],
  ])('%j is called %j', (source, name) => {
    expect(title(`${source}\n`)).toBe(name);
  });

  it('is the title where the front matter has none', () => {
    expect(title('---\ntitle: Other\n---\n# One\n')).toBe('Other');
  });
});

/** A task that is complete. */
const task = (heading: string): string => `${heading}\n\n\`\`\`sh check\nx\n\`\`\`\n\n\`\`\`sh solution\nx\n\`\`\`\n`;
const tasks = (source: string): (readonly [string, string, number, number])[] =>
  (read(source).exercise?.tasks ?? []).map(({ name, title: text, span: { start, end } }) => {
    return [name, text, start.offset, end.offset];
  });

describe('the heading of a task', () => {
  it.each([
    ['# One {exercise}', 'one', 'One'],
    ['# One{exercise}', 'one', 'One'],
    ['# One \t {exercise name=x}', 'x', 'One'],
    ['# One {name=x exercise}', 'x', 'One'],
    ['# One {exercise} ##', 'one', 'One'],
    ['# One {exercise}  #  ', 'one', 'One'],
    ['# {a} One {exercise}', 'a-one', '{a} One'],
    ['One {exercise}\n===', 'one', 'One'],
    ['# Ä b-c_d, e! {exercise}', 'ä-b-c_d-e', 'Ä b-c_d, e!'],
    ['# ! {exercise}', 'task', '!'],
  ])('%j', (heading, name, text) => {
    expect(tasks(task(heading))).toEqual([[name, text, 0, heading.length]]);
  });

  it('of two lines may have its braces on the first', () => {
    expect(tasks(task('One {exercise name=x}\ntwo\n==='))).toEqual([['x', 'One two', 0, 29]]);
  });

  it.each([
    '# One {exercise} more',
    '# One {exercises}',
    '# One {exercise',
    '# One exercise}',
    '# One {#exercise-1 x} y',
  ])('is not %j', (heading) => {
    expect(read(`${heading}\n`).exercise).toBeUndefined();
  });

  it('has its attributes where they stand', () => {
    expect(problemsOf(task('# {exercise} {exercise nme=x}'))).toEqual(['unknown-attribute 1:24']);
    expect(problemsOf(task('> # One {exercise nme=x}'))).toContain('unknown-attribute 1:19');
  });

  it('ends the task before, as does one of its level or above', () => {
    const source = `${task('## A {exercise}')}### Deeper\n\n${'```sh check\ny\n```\n'}\n${task('## B {exercise}')}# End\n\ntext\n`;
    const { exercise } = read(source);
    expect(exercise?.tasks.map(({ name, criteria }) => [name, criteria.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(exercise?.tasks[1]?.source.endsWith('```\n')).toBe(true);
  });

  it('may be any, where the front matter says that the document is a task', () => {
    const { exercise } = read(`---\nexercise: true\n---\n\n${task('# All')}## Part\n\n# Other\n`);
    expect(exercise?.tasks.map(({ name, source }) => [name, source.endsWith('# Other\n')])).toEqual([['all', true]]);
  });
});

describe('what is folded', () => {
  const withFolded = (html: string): string => `${task('# T {exercise}')}\n${html}\n`;
  const hints = (html: string): (readonly [string, number])[] =>
    (read(withFolded(html)).exercise?.tasks[0]?.hints ?? []).map(({ text, span }) => [text, span.start.column]);

  it.each([
    ['<details><summary>Hint</summary>\n\nDo *it*.\n\n</details>', [['Do *it*.', 1]]],
    ['<details open>\n<summary class="x">Hint <b>1</b></summary>\n\nDo.\n\n</details>', [['Do.', 1]]],
    ['<DETAILS><SUMMARY>Hint</SUMMARY>\n\nDo.\n\n</DETAILS>', [['Do.', 1]]],
    ['<details>\n\nDo.\n\n</details>', [['Do.', 1]]],
    [
      '<details><summary>A</summary>one</details> <details><summary>B</summary>two</details>',
      [
        ['one', 1],
        ['two', 44],
      ],
    ],
    [
      '<details><summary>A</summary>\n\none\n\n<details>\ntwo\n</details>\n\n</details>',
      [['one\n\n<details>\ntwo\n</details>', 1]],
    ],
    ['<!-- <details> -->\n\n<details>\n\nDo.\n\n</details>', [['Do.', 1]]],
    ['<!-- </details> --><details>\n\nDo.\n\n</details>', [['Do.', 20]]],
    ['</details>\n\n<details>\n\nDo.\n\n</details>', [['Do.', 1]]],
    ['<detailsx>\n\nNo.\n\n</detailsx>', []],
    ['`<details>`', []],
  ])('%j', (html, expected) => {
    expect(hints(html)).toEqual(expected);
  });

  it('is told where it is never closed, each at its place', () => {
    expect(problemsOf(withFolded('<details>\n\nDo.\n\n<details>\n\nMore.'))).toEqual([
      'unclosed-details 11:1',
      'unclosed-details 15:1',
    ]);
  });

  it('is no part of the brief, and the prose beside a solution says why', () => {
    const source = [
      '# T {exercise}\n\nDo *it*.   \n\n\n\n<!-- a\nb -->\nAnd this.\n\n[Chinese](zh.md)  \n',
      '```sh check\nx\n```\n',
      '<details><summary>Solution</summary>\n\nFirst.\n\n```sh solution\ny\n```\n\nThen <b>so</b>.\n\n</details>\n',
    ].join('\n');
    const [only] = read(source).exercise?.tasks ?? [];
    expect([only?.brief, only?.why]).toEqual(['Do *it*.\n\nAnd this.', 'First.\n\nThen <b>so</b>.']);
  });
});
